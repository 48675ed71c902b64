"""What lies around a sheet in a photograph: desks of many makes, things on them, hands, light. Sizes follow the picture's."""

import cv2
import numpy as np

# Lengths are given for a picture whose long side is 256 px and grow with the picture.
UNIT = 256.0


def unit_of(picture):
    return max(picture.shape[:2]) / UNIT


def smooth_field(rng, height, width, across, down):
    """A field in 0..1 with about `across` x `down` bumps."""
    small = rng.random((max(2, int(down)), max(2, int(across)))).astype(np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def turned(field, angle, height, width):
    """A field twice as large as the picture, turned about its middle and cut to the picture."""
    rows, columns = field.shape[:2]
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), angle, 1.0)
    matrix[:, 2] += ((width - columns) / 2, (height - rows) / 2)
    return cv2.warpAffine(field, matrix, (width, height), borderMode=cv2.BORDER_REFLECT)


def plain(rng, height, width):
    roll = rng.random()
    if roll < 0.4:
        colour = rng.uniform(150, 250) + np.array([rng.uniform(-4, 14), rng.uniform(-8, 6), rng.uniform(-45, 6)])
    elif roll < 0.7:
        colour = rng.uniform(12, 80) + rng.uniform(-10, 14, 3)
    else:
        colour = rng.uniform(20, 240, 3)
    return np.ones((height, width, 3), np.float32) * colour.astype(np.float32)


def wood(rng, height, width):
    side = int(1.5 * max(height, width))
    grain = smooth_field(rng, side, side, rng.uniform(2, 8), rng.uniform(40, 200))
    grain = grain * 0.7 + 0.3 * smooth_field(rng, side, side, rng.uniform(4, 30), side / 3)
    if rng.random() < 0.4:
        planks = int(rng.integers(3, 12))
        rows = (np.arange(side) * planks // side)[:, None]
        grain = grain * 0.7 + 0.3 * rng.random(planks + 1).astype(np.float32)[rows]
        grain[np.diff(rows[:, 0], prepend=0) > 0] -= 0.5
    base = np.array([rng.uniform(90, 225), 0, 0])
    base[1] = base[0] * rng.uniform(0.68, 0.9)
    base[2] = base[0] * rng.uniform(0.38, 0.8)
    return base.astype(np.float32) * (
        1 + (turned(grain, rng.uniform(0, 180), height, width)[..., None] - 0.5) * rng.uniform(0.1, 0.6)
    )


def cloth(rng, height, width):
    side = int(1.5 * max(height, width))
    ys, xs = np.mgrid[0:side, 0:side].astype(np.float32) / max(height, width) * UNIT
    first, second = rng.uniform(2.5, 30, 2)
    weave = np.sin(xs * 2 * np.pi / first) * rng.uniform(0, 1) + np.sin(ys * 2 * np.pi / second) * rng.uniform(0, 1)
    if rng.random() < 0.5:
        weave = np.sign(weave)
    ground, other = plain(rng, 1, 1)[0, 0], plain(rng, 1, 1)[0, 0]
    mix = (turned(weave, rng.uniform(0, 180), height, width)[..., None] * 0.25 + 0.5) * rng.uniform(0.1, 1)
    return ground * (1 - mix) + other * mix


def mat(rng, height, width):
    """A cutting mat or a tiled top: one colour with thin lines."""
    ground = plain(rng, height, width)
    lines = np.zeros((int(1.5 * max(height, width)),) * 2, np.float32)
    step = rng.uniform(8, 60) * max(height, width) / UNIT
    wide = max(1, int(round(rng.uniform(0.3, 1.2) * max(height, width) / UNIT)))
    for at in np.arange(0, len(lines), step):
        lines[int(at) : int(at) + wide] = 1
        lines[:, int(at) : int(at) + wide] = 1
    return ground + turned(lines, rng.uniform(0, 90), height, width)[..., None] * rng.uniform(-60, 60)


def stone(rng, height, width):
    ground = plain(rng, height, width)
    veins = sum(
        smooth_field(rng, height, width, cells, cells) / weight for cells, weight in ((4, 1), (11, 2), (31, 3), (90, 4))
    )
    if rng.random() < 0.4:
        veins = np.abs(veins - 1.0)
    return ground + ((veins - 1.0) * rng.uniform(10, 90))[..., None]


DESKS = (plain, plain, wood, wood, cloth, mat, stone)


def desk(rng, height, width):
    ground = DESKS[rng.integers(len(DESKS))](rng, height, width)
    if rng.random() < 0.25:  # the desk ends, or another begins
        other = DESKS[rng.integers(len(DESKS))](rng, height, width)
        angle, off = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 0.5)
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        beyond = ((xs / width - 0.5) * np.cos(angle) + (ys / height - 0.5) * np.sin(angle) > off)[..., None]
        ground = np.where(beyond, other, ground)
    return np.ascontiguousarray(ground, np.float32)


def blob(picture, mask, colour, strength=1.0):
    """Lay a colour over the picture where the mask (0..255) is."""
    picture += (np.asarray(colour, np.float32) - picture) * (mask[..., None].astype(np.float32) * (strength / 255))


def thing(picture, rng):
    """A pen, a cup, a telephone, a keyboard, a bound book, a cable: none of them a sheet."""
    height, width = picture.shape[:2]
    k, mask = unit_of(picture), np.zeros((height, width), np.uint8)
    at = (rng.random(2) * (width, height)).astype(int)
    colour = rng.uniform(5, 250) + rng.uniform(-50, 50, 3)
    kind, angle = rng.integers(5), rng.uniform(0, 360)
    if kind == 0:
        end = at + (np.array([np.cos(angle), np.sin(angle)]) * rng.uniform(25, 90) * k).astype(int)
        cv2.line(mask, at.tolist(), end.tolist(), 255, max(1, int(rng.uniform(1.5, 5) * k)), cv2.LINE_AA)
    elif kind == 1:
        size = rng.uniform(8, 30) * k
        cv2.ellipse(
            mask, at.tolist(), (int(size), int(size * rng.uniform(0.8, 1))), angle, 0, 360, 255, -1, cv2.LINE_AA
        )
        blob(picture, mask, colour)
        mask[:] = 0
        cv2.ellipse(mask, at.tolist(), (int(size * 0.8), int(size * 0.75)), angle, 0, 360, 255, -1, cv2.LINE_AA)
        colour = rng.uniform(10, 240, 3)
    elif kind == 2:
        size = (rng.uniform(20, 36) * k, rng.uniform(45, 70) * k)
        cv2.fillPoly(mask, [cv2.boxPoints((at.tolist(), size, angle)).astype(np.int32)], 255, cv2.LINE_AA)
        colour = rng.uniform(4, 45) + rng.uniform(-3, 3, 3)
    elif kind == 3:
        size, keys = (rng.uniform(80, 160) * k, rng.uniform(30, 60) * k), np.zeros((height, width), np.uint8)
        cv2.fillPoly(mask, [cv2.boxPoints((at.tolist(), size, angle)).astype(np.int32)], 255, cv2.LINE_AA)
        blob(picture, mask, colour)
        turn = np.array(
            [
                [np.cos(np.radians(angle)), np.sin(np.radians(angle))],
                [-np.sin(np.radians(angle)), np.cos(np.radians(angle))],
            ]
        )
        for x in np.arange(-0.45, 0.5, 0.075):
            for y in np.arange(-0.38, 0.45, 0.2):
                spot = at + np.array([x * size[0], y * size[1]]) @ turn
                cv2.circle(keys, spot.astype(int).tolist(), max(1, int(size[0] * 0.027)), 255, -1)
        mask, colour = keys, colour + rng.uniform(-90, 90)
    else:
        points = (at + np.cumsum(rng.normal(0, 22 * k, (8, 2)), 0)).astype(np.int32)
        cv2.polylines(mask, [points], False, 255, max(1, int(rng.uniform(1, 3) * k)), cv2.LINE_AA)
    blob(picture, mask, colour)


def hand(picture, rng, corners, hidden, unit=None):
    """One to three fingers that hold a sheet at an edge, coming from outside of it; `hidden` [h, w] marks them."""
    k, points = unit or unit_of(picture), np.array(corners)
    side = rng.integers(4)
    along = points[(side + 1) % 4] - points[side]
    length = np.linalg.norm(along)
    if length < 20 * k:
        return
    skin = np.array([rng.uniform(120, 240), 0, 0])
    skin[1], skin[2] = skin[0] * rng.uniform(0.62, 0.82), skin[0] * rng.uniform(0.45, 0.74)
    wide, deep = rng.uniform(6, 13) * k, rng.uniform(1, 22) * k
    outward = np.array([along[1], -along[0]]) / length
    if np.dot(outward, points.mean(0) - points[side]) > 0:
        outward = -outward
    place, mask = rng.uniform(0.1, 0.9), np.zeros(picture.shape[:2], np.uint8)
    lean = outward + rng.normal(0, 0.35, 2)
    for number in range(int(rng.integers(1, 4))):
        tip = (
            points[side]
            + along * place
            - outward * deep * rng.uniform(0.7, 1.1)
            + along / length * number * wide * 1.15
        )
        end = tip + lean / np.linalg.norm(lean) * rng.uniform(40, 120) * k
        cv2.line(mask, tip.astype(int).tolist(), end.astype(int).tolist(), 255, max(2, int(wide)), cv2.LINE_AA)
    shade = cv2.GaussianBlur(mask, (0, 0), max(0.6, wide * 0.3))
    blob(picture, np.roll(shade, int(2 * k), 1), (0, 0, 0), rng.uniform(0.1, 0.4))
    tone = skin.astype(np.float32) * (
        0.75 + 0.4 * smooth_field(rng, *picture.shape[:2], 5, 5)[..., None] * rng.uniform(0, 1) + 0.1
    )
    picture += (tone - picture) * (mask[..., None] / np.float32(255))
    np.maximum(hidden, mask, out=hidden)


def light(picture, rng):
    """Slope, lamp, hard shadow, dimness, colour cast, glare, blur, sensor noise, JPEG: returns uint8."""
    height, width = picture.shape[:2]
    k = unit_of(picture)
    ys, xs = np.mgrid[0:48, 0:64].astype(np.float32) / np.array([48, 64], np.float32).reshape(2, 1, 1)
    lamp = rng.uniform(-0.3, 1.3, 2)
    fall = 1 - rng.uniform(0, 0.55) * np.sqrt((xs - lamp[0]) ** 2 + (ys - lamp[1]) ** 2)
    if rng.random() < 0.3:
        angle, sharp = rng.uniform(0, 2 * np.pi), rng.uniform(6, 60)
        fall *= 1 - rng.uniform(0.1, 0.5) / (
            1 + np.exp(-((xs - 0.5) * np.cos(angle) + (ys - 0.5) * np.sin(angle) - rng.uniform(-0.4, 0.4)) * sharp)
        )
    level = rng.uniform(0.8, 1.15) if rng.random() < 0.75 else rng.uniform(0.25, 0.8)
    picture *= cv2.resize(np.clip(fall, 0.15, 2) * level, (width, height))[..., None]
    for _ in range(rng.integers(1, 3) if rng.random() < 0.2 else 0):
        reach, at = rng.uniform(0.02, 0.16), rng.random(2)
        spot = np.exp(
            -((xs - at[0]) ** 2 + (ys - at[1]) ** 2 * rng.uniform(0.4, 2.5)) / (2 * reach**2)
        ) * rng.uniform(0.3, 1.3)
        picture += (255 - picture) * cv2.resize(np.clip(spot, 0, 1), (width, height))[..., None]
    picture *= (1 + rng.normal(0, 0.04, 3)).astype(np.float32)
    if rng.random() < 0.06:
        picture[:] = picture.mean(2, keepdims=True)
    if rng.random() < 0.6:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.25, 0.9) * max(1.0, k * 0.3))
    noise = rng.normal(0, rng.uniform(0.3, 5), (128, 128, 3)).astype(np.float32)
    picture += np.tile(noise, (height // 128 + 1, width // 128 + 1, 1))[:height, :width]
    return np.clip(picture, 0, 255).astype(np.uint8)
