"""From a flat page to a picture of it: a scan, a camera picture, or a hard camera picture."""

import cv2
import numpy as np

from . import backdrops

PHOTO = (2448, 3264)


def homography(corners, width, height):
    """Page pixels to picture pixels."""
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.getPerspectiveTransform(source, np.array(corners, np.float32))


def take(page, condition, rng):
    """(picture RGB uint8, corners TL TR BR BL in picture pixels) of a Page."""
    return scan(page.canvas, rng) if condition == "scan" else camera(page, condition == "hard", rng)


def scan(canvas, rng):
    """A flat-bed scan: a little skew, slight blur and noise, no surroundings."""
    height, width = canvas.shape[:2]
    turn = np.radians(rng.normal(0, 0.25))
    cos, sin, cx, cy = np.cos(turn), np.sin(turn), width / 2, height / 2
    corners = [
        [cx + (x - cx) * cos - (y - cy) * sin, cy + (x - cx) * sin + (y - cy) * cos]
        for x, y in ((0, 0), (width, 0), (width, height), (0, height))
    ]
    picture = cv2.warpPerspective(
        canvas, homography(corners, width, height), (width, height), borderValue=(248, 248, 248)
    )
    picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 0.8))
    level = rng.uniform(0.86, 1.03)
    return finish(picture.astype(np.float32) * level, rng, rng.uniform(0.5, 3.0)), corners


def desk(hard, rng, height, width):
    """The ground that the page lies on: a dark mat, or a pale desk."""
    if hard and rng.random() < 0.6:
        level = rng.uniform(145, 235)
        colour = level + np.array([rng.uniform(-4, 12), rng.uniform(-8, 4), rng.uniform(-45, 2)])
    else:
        shade = rng.uniform(18, 70)
        colour = np.array([shade, shade + rng.uniform(-6, 10), shade + rng.uniform(-6, 14)])
    small = np.ones((height // 8, width // 8, 3), np.float32) * colour.astype(np.float32)
    small += (
        cv2.resize(rng.random((40, 3)).astype(np.float32), (small.shape[1], small.shape[0]))[..., None] - 0.5
    ) * rng.uniform(2, 20)
    ground = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    grain = rng.normal(0, rng.uniform(1, 6), (256, 256, 1)).astype(np.float32)
    return ground + np.tile(grain, (height // 256 + 1, width // 256 + 1, 1))[:height, :width]


def place(page, hard, rng, height, width):
    """Corners of the page in the picture: nearly filling it, turned and seen at a slant."""
    wide, high = page.width_mm, page.height_mm
    # The camera's field is about an A4 sheet with a rim; smaller papers stay small in the picture.
    field = 232 if max(wide, high) <= 300 else max(wide, high) * 0.78
    fit = min(height * 0.93 / high, width * 0.93 / wide)
    scale = min(fit, height / field * (1.6 if max(wide, high) < 120 else 1.25))
    turn = np.radians(rng.normal(0, 4 if hard else 2.2))
    slant = rng.normal(0, 0.03 if hard else 0.018, (4, 2))
    corners = []
    for (x, y), lean in zip(((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)), slant):
        px, py = x * wide * scale * (1 + lean[0]), y * high * scale * (1 + lean[1])
        corners.append([px * np.cos(turn) - py * np.sin(turn), px * np.sin(turn) + py * np.cos(turn)])
    corners = np.array(corners)
    extent = np.ptp(corners, axis=0)
    corners *= min(1.0, 0.97 * width / extent[0], 0.97 * height / extent[1])
    low, top = corners.min(0), corners.max(0)
    offset = [
        rng.uniform(8 - low[0], max(9 - low[0], width - 8 - top[0])),
        rng.uniform(8 - low[1], max(9 - low[1], height - 8 - top[1])),
    ]
    return (corners + offset).tolist()


def camera(page, hard, rng):
    """An 8-megapixel picture of the page lying on a desk."""
    height, width = PHOTO
    picture = desk(hard, rng, height, width)
    corners = place(page, hard, rng, height, width)
    canvas = page.canvas.astype(np.float32)
    if rng.random() < (0.5 if hard else 0.2):
        fold(canvas, rng)
    if hard and rng.random() < 0.55:
        sheet_beneath(picture, corners, rng)
    shadow(picture, corners, rng)
    matrix = homography(corners, canvas.shape[1], canvas.shape[0])
    flat = cv2.warpPerspective(canvas, matrix, (width, height), flags=cv2.INTER_AREA)
    solid = cv2.warpPerspective(np.ones(canvas.shape[:2], np.float32), matrix, (width, height))[..., None]
    picture = picture * (1 - solid) + flat * solid
    if hard and rng.random() < 0.45:
        thumb(picture, corners, rng)
    picture *= lighting(rng, height, width, hard)[..., None]
    if hard and rng.random() < 0.35:
        glare(picture, rng)
    if rng.random() < (0.3 if hard else 0.12):
        bands = backdrops.moire(rng, height // 4, width // 4, rng.uniform(0.04, 0.2 if hard else 0.1))
        picture *= cv2.resize(bands, (width, height), interpolation=cv2.INTER_CUBIC)
    cast = 1 + rng.normal(0, 0.015 if not hard else 0.035, 3)
    picture = cv2.GaussianBlur(
        picture * cast.astype(np.float32), (0, 0), rng.uniform(0.6, 1.1) if not hard else rng.uniform(0.7, 1.7)
    )
    return finish(picture, rng, rng.uniform(1.5, 4) if not hard else rng.uniform(3, 8)), corners


def fold(canvas, rng):
    """A crease across the page: a thin bright line beside a thin dark one."""
    height, width = canvas.shape[:2]
    at = rng.uniform(0.3, 0.7)
    if rng.random() < 0.5:
        row = int(at * height)
        canvas[row : row + 3] *= 0.88
        canvas[row + 3 : row + 5] *= 1.04
        canvas[:row] *= rng.uniform(0.93, 1.0)
    else:
        column = int(at * width)
        canvas[:, column : column + 3] *= 0.88
        canvas[:, column + 3 : column + 5] *= 1.04
        canvas[:, :column] *= rng.uniform(0.93, 1.0)


def sheet_beneath(picture, corners, rng):
    """Another, slightly turned sheet peeping out from under the page."""
    points = np.array(corners, np.float32)
    centre = points.mean(0)
    turn = np.radians(rng.uniform(-9, 9))
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]], np.float32)
    moved = (points - centre) @ rotate.T * rng.uniform(0.95, 1.08) + centre + rng.uniform(-120, 120, 2)
    shade = rng.uniform(195, 250)
    cv2.fillPoly(picture, [moved.round().astype(np.int32)], (shade, shade - 2, shade - 8), cv2.LINE_AA)
    cv2.polylines(picture, [moved.round().astype(np.int32)], True, (shade * 0.8,) * 3, 3, cv2.LINE_AA)


def shadow(picture, corners, rng):
    """The soft shadow of the page's edge on the desk."""
    height, width = picture.shape[:2]
    mask = np.zeros((height // 8, width // 8), np.float32)
    points = (np.array(corners) + rng.uniform(-14, 14, 2)) / 8
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 1.0)
    mask = cv2.GaussianBlur(mask, (0, 0), rng.uniform(1, 4))
    picture *= 1 - rng.uniform(0.15, 0.45) * cv2.resize(mask, (width, height))[..., None]


def thumb(picture, corners, rng):
    """A fingertip that holds the page at an edge; kept to its outer rim."""
    points = np.array(corners)
    side = rng.integers(4)
    at = points[side] + (points[(side + 1) % 4] - points[side]) * rng.uniform(0.15, 0.85)
    outward = at - points.mean(0)
    outward /= np.linalg.norm(outward)
    centre = at + outward * rng.uniform(60, 110)
    skin = np.array([rng.uniform(190, 235), rng.uniform(140, 180), rng.uniform(115, 155)])
    angle = float(np.degrees(np.arctan2(outward[1], outward[0])))
    cv2.ellipse(picture, (centre.round().astype(int).tolist(), (340, 170), angle), skin.tolist(), -1, cv2.LINE_AA)


def lighting(rng, height, width, hard):
    """Uneven light: a slope and a falling-off lamp, dim when hard."""
    ys, xs = np.mgrid[0 : height // 16, 0 : width // 16].astype(np.float32)
    ys, xs = ys / ys.max(), xs / xs.max()
    lamp_x, lamp_y = rng.uniform(-0.2, 1.2, 2)
    fall = 1 - rng.uniform(0.08, 0.3 if not hard else 0.5) * np.sqrt((xs - lamp_x) ** 2 + (ys - lamp_y) ** 2)
    level = rng.uniform(0.85, 1.05) if not hard else rng.uniform(0.5, 1.0)
    if hard and rng.random() < 0.4:
        edge = 1 / (1 + np.exp(-(xs * np.cos(lamp_x * 3) + ys * np.sin(lamp_x * 3) - rng.uniform(0.2, 0.8)) * 24))
        fall *= 1 - rng.uniform(0.15, 0.4) * edge
    return cv2.resize(fall * level, (width, height))


def glare(picture, rng):
    """A soft bright spot, as from a lamp on a glossy page; text under it stays faintly visible."""
    height, width = picture.shape[:2]
    ys, xs = np.mgrid[0 : height // 16, 0 : width // 16].astype(np.float32) * 16
    cx, cy, reach = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(120, 380)
    spot = np.exp(-((xs - cx) ** 2 + (ys - cy) ** 2 * rng.uniform(0.5, 2)) / (2 * reach**2)) * rng.uniform(0.25, 0.7)
    picture += (255 - picture) * cv2.resize(spot, (width, height))[..., None]


def finish(picture, rng, noise):
    """Sensor noise and clipping."""
    height, width = picture.shape[:2]
    bank = rng.normal(0, noise, (512, 512, 3)).astype(np.float32)
    turns = np.tile(bank, (height // 512 + 1, width // 512 + 1, 1))[:height, :width]
    return np.clip(picture + turns, 0, 255).astype(np.uint8)


def straighten(picture, corners, width, height):
    """The page cut out of the picture by its corners, upright at a size in pixels."""
    matrix = np.linalg.inv(homography(corners, width, height))
    return cv2.warpPerspective(picture, matrix, (width, height), flags=cv2.INTER_AREA)
