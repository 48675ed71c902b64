"""Desks with sheets on them, seen by a camera, and where each sheet's corners are: for training and measuring the page finder.

A scene has any size. At 256 px it costs some milliseconds and is made afresh for each training step."""

import random
from dataclasses import dataclass, field

import cv2
import numpy as np

from .desks import blob, desk, hand, light, smooth_field, thing
from .photograph import homography
from .texts import Texts

CARD = (85.6, 54.0)
KINDS = (
    "business-licence",
    "construction-qualification",
    "prose",
    "prose",
    "table",
    "form",
    "mixed",
    "resident-id-card",
    "resident-id-card-back",
)
# What an upper sheet, a hand apart, may hide of a sheet that still is a page of its own; more than MOST_HIDDEN is a sheet
# beneath, which nobody wants; between them nobody could tell, and no such scene is made.
LEAST_HIDDEN, MOST_HIDDEN = 0.03, 0.12
LEAST_IN_VIEW = 0.5


@dataclass
class Scene:
    picture: np.ndarray  # RGB uint8
    sheets: (
        list  # corner quads [4, 2] in px, clockwise from the page's own top left; of cut-off sheets they lie outside
    )
    sizes: list  # (width, height) in mm
    fingers: np.ndarray  # uint8 masks
    folds: np.ndarray
    screens: np.ndarray
    notes: dict = field(default_factory=dict)


def sheet_bank(split, seed, count, dpi=60, long_side=None):
    """Small pictures of printed pages: [(RGB uint8, width mm, height mm)]; dpi is for A4, `long_side` in px bounds them."""
    from .layouts import build

    rng, texts, bank = np.random.default_rng(seed), Texts(split, random.Random(seed)), []
    for number in range(count):
        page = build(KINDS[number % len(KINDS)], rng, texts, split, dpi, hard=bool(rng.random() < 0.3))
        canvas = page.canvas
        if long_side:
            scale = long_side / max(canvas.shape[:2])
            canvas = cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        bank.append((canvas, page.width_mm, page.height_mm))
    return bank


def sheet(bank, rng):
    """(canvas float32, width mm, height mm, is card) of a random paper: printed, blank, tinted, a receipt, a cover."""
    canvas, wide, high = bank[rng.integers(len(bank))]
    is_card = max(wide, high) < 100
    canvas = canvas.astype(np.float32)
    roll = rng.random()
    if is_card and roll < 0.3:
        canvas = canvas * rng.uniform(0.4, 1, 3).astype(np.float32)
    elif not is_card:
        rows, columns = canvas.shape[:2]
        if roll < 0.06:  # a receipt or a slip: a strip of a page
            part = rng.uniform(0.25, 0.6)
            canvas, wide = canvas[:, : max(8, int(columns * part))], wide * part
            high, wide = high * 0.6, wide * 0.6
        elif roll < 0.14:  # blank or nearly
            canvas = np.full_like(canvas, rng.uniform(215, 255)) * (
                1 if rng.random() < 0.5 else 0.9
            ) + 0.1 * canvas * rng.integers(0, 2)
        elif roll < 0.22:  # the cover of a certificate, with gilt on cloth
            mask = 255 - canvas.mean(2)
            canvas = np.ones_like(canvas) * (rng.uniform(10, 130, 3) * np.array([1.3, 0.7, 0.7])).astype(np.float32)
            blob(canvas, mask, (205, 170, 90))
        elif roll < 0.4:
            canvas = canvas * rng.uniform(0.72, 1.0, 3).astype(np.float32)
        scale = rng.choice([1.0, 0.707, 1.0, 1.414, 0.5]) if max(wide, high) < 300 else rng.choice([1.0, 0.707])
        wide, high = wide * scale, high * scale
    turns = int(rng.integers(4))
    canvas = np.ascontiguousarray(np.rot90(canvas, turns)) if turns else canvas
    return canvas, *((high, wide) if turns % 2 else (wide, high)), is_card


def view(rng, height, width, tilt_deg):
    """A function from desk millimetres (picture's middle is 0, 0; 1 unit = the long side of the field) to pixels."""
    tilt, towards, focal = np.radians(tilt_deg), rng.uniform(0, 2 * np.pi), rng.uniform(0.9, 1.8)
    axis = np.array([np.cos(towards), np.sin(towards)])

    def project(points):
        points = np.asarray(points, float)
        along = points @ axis
        depth = 1 + along * np.sin(tilt) / focal
        flat = points + axis * (along * (np.cos(tilt) - 1))[..., None]
        return flat / depth[..., None] * max(height, width) + np.array([width / 2, height / 2])

    return project


def rectangle(centre, wide, high, angle):
    half = np.array([[-wide, -high], [wide, -high], [wide, high], [-wide, high]]) / 2
    cos, sin = np.cos(angle), np.sin(angle)
    return half @ np.array([[cos, sin], [-sin, cos]]) + centre


def polygon_mask(points, height, width):
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [(np.asarray(points) * 16).round().astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask


def lay(picture, canvas, corners, rng, is_card, solid=None, outline=None):
    """Draw a page into the picture with its shadow, within an outline in px if one is given; returns the mask of what it covers."""
    height, width = picture.shape[:2]
    k = max(height, width) / 256
    matrix = homography(corners, canvas.shape[1], canvas.shape[0])
    if outline is not None or solid is None and not is_card:
        mask = polygon_mask(corners if outline is None else outline, height, width)
    else:
        shape = np.zeros(canvas.shape[:2], np.uint8) if solid is None else solid
        if solid is None:  # rounded by 3.2 mm
            r = int(min(shape.shape) * 0.06)
            shape[r:-r], shape[:, r:-r] = 255, 255
            for y in (r, shape.shape[0] - r - 1):
                for x in (r, shape.shape[1] - r - 1):
                    cv2.circle(shape, (x, y), r, 255, -1)
        mask = cv2.warpPerspective(shape, matrix, (width, height))
    deep = rng.uniform(0, 0.5) if rng.random() < 0.85 else 0.0
    shade = np.roll(
        cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.5, 4) * k),
        tuple((rng.normal(0, 1.2, 2) * k).round().astype(int)),
        (0, 1),
    )
    picture *= 1 - deep * (shade[..., None] / np.float32(255))
    shrink = np.sqrt(
        max(
            1.0,
            cv2.contourArea(
                np.array(
                    [[0, 0], [canvas.shape[1], 0], [canvas.shape[1], canvas.shape[0]], [0, canvas.shape[0]]], np.float32
                )
            )
            / max(1.0, cv2.contourArea(np.array(corners, np.float32))),
        )
    )
    if shrink > 1.5:  # the camera averages what it cannot resolve
        canvas = cv2.resize(
            canvas,
            (max(4, int(canvas.shape[1] / shrink)), max(4, int(canvas.shape[0] / shrink))),
            interpolation=cv2.INTER_AREA,
        )
        matrix = homography(corners, canvas.shape[1], canvas.shape[0])
    flat = cv2.warpPerspective(canvas, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    picture += (flat - picture) * (mask[..., None] / np.float32(255))
    return mask


def crease(canvas, rng):
    """Folds and waves of the paper: bright and dark bands."""
    rows, columns = canvas.shape[:2]
    if rng.random() < 0.25:
        at, wide = int(rng.uniform(0.25, 0.75) * rows), max(1, rows // 150)
        canvas[at : at + wide] *= rng.uniform(0.75, 0.95)
        canvas[:at] *= rng.uniform(0.88, 1.0)
    if rng.random() < 0.15:
        canvas *= 1 + (smooth_field(rng, rows, columns, 4, 4)[..., None] - 0.5) * rng.uniform(0.05, 0.3)
    if rng.random() < 0.05:  # crumpled
        canvas *= 1 + (smooth_field(rng, rows, columns, 14, 18)[..., None] - 0.5) * rng.uniform(0.2, 0.5)
    return canvas


def fold_corner(picture, before, corners, rng, folds):
    """One corner turned over: the desk shows where it lay, the paper's back covers the page beside it."""
    height, width = picture.shape[:2]
    number, part = rng.integers(4), rng.uniform(0.08, 0.3)
    points = np.array(corners)
    at, ahead, behind = points[number], points[(number + 1) % 4], points[number - 1]
    reach = part * min(np.linalg.norm(ahead - at), np.linalg.norm(behind - at))
    first = at + (ahead - at) / np.linalg.norm(ahead - at) * reach * rng.uniform(0.7, 1.2)
    second = at + (behind - at) / np.linalg.norm(behind - at) * reach * rng.uniform(0.7, 1.2)
    along = (second - first) / np.linalg.norm(second - first)
    mirrored = 2 * (first + along * np.dot(at - first, along)) - at
    gap, back = polygon_mask([at, first, second], height, width), polygon_mask([mirrored, first, second], height, width)
    picture += (before - picture) * (gap[..., None] / np.float32(255))
    shade = cv2.GaussianBlur(back, (0, 0), max(0.7, 1.5 * max(height, width) / 256))
    blob(picture, shade, (0, 0, 0), rng.uniform(0.05, 0.35))
    blob(picture, back, rng.uniform(160, 250) + rng.uniform(-6, 6, 3))
    np.maximum(folds, np.maximum(gap, back), out=folds)


def on_screen(canvas, rng):
    """A page shown on a display: bezel, window bars, glow, the beat between its grid and the camera's. (canvas, solid mask of the display)"""
    rows, columns = canvas.shape[:2]
    canvas = canvas * np.array([0.9, 0.97, 1.08], np.float32) * rng.uniform(0.8, 1.1)
    ys, xs = np.mgrid[0:rows, 0:columns].astype(np.float32) / max(rows, columns)
    for _ in range(rng.integers(0, 3)):
        angle, bands = rng.uniform(0, np.pi), rng.uniform(12, 90)
        wave = np.sin(
            (xs * np.cos(angle) + ys * np.sin(angle)) * bands * 2 * np.pi + 3 * np.sin(ys * rng.uniform(2, 9))
        )
        canvas *= 1 + wave[..., None] * rng.uniform(0.02, 0.12, 3).astype(np.float32)
    if rng.random() < 0.6:
        canvas[: max(2, rows // int(rng.integers(12, 30)))] = rng.uniform(20, 230, 3)
    edge = max(3, int(min(rows, columns) * rng.uniform(0.02, 0.07)))
    frame = np.full((rows + 2 * edge, columns + 2 * edge, 3), rng.uniform(3, 40), np.float32)
    frame[edge:-edge, edge:-edge] = canvas
    return frame, edge


def compose(bank, rng, height, width, what=None, spoil=None):
    """One Scene. `what`: empty, one, several, beneath, filling, screen, cards; by chance if left out.

    `spoil(picture, corners, rng, is_card)` may change a sheet's corners: it returns the sheet's outline, what to draw when the
    sheet lies there, and what stands for each page in notes["corners"]. Without it one corner is folded now and then.
    """
    what = what or rng.choice(
        ["empty", "one", "several", "beneath", "filling", "screen", "cards"],
        p=[0.06, 0.32, 0.14, 0.28, 0.06, 0.05, 0.09],
    )
    picture = desk(rng, height, width)
    ratio = np.array([width, height]) / max(width, height)
    scene = Scene(picture, [], [], *(np.zeros((height, width), np.uint8) for _ in range(3)), {"what": str(what)})
    project = view(rng, height, width, abs(rng.normal(0, 7)))
    for _ in range(rng.integers(1, 6) if rng.random() < 0.4 else 0):
        thing(picture, rng)
    placed = []  # (desk corners, canvas, mm, is card, is screen)

    def put(centre, share, angle, is_screen=False, item=None):
        canvas, wide, high, is_card = item or sheet(bank, rng)
        edge = 0
        if is_screen:
            canvas, edge = on_screen(canvas, rng)
        scale = share / np.hypot(wide, high)
        placed.append(
            (rectangle(np.asarray(centre), wide * scale, high * scale, angle), canvas, (wide, high), is_card, edge)
        )

    def any_angle():
        return rng.uniform(0, 2 * np.pi) if rng.random() < 0.35 else rng.normal(0, 0.12) + rng.integers(4) * np.pi / 2

    diagonal = float(np.hypot(*ratio))
    if what in ("one", "beneath", "screen"):
        share = diagonal * rng.uniform(0.25, 0.97) if rng.random() < 0.5 else diagonal * rng.uniform(0.7, 0.97)
        angle = any_angle()
        centre = rng.normal(0, 0.06, 2) * ratio
        if share < 0.5 * diagonal:
            centre = rng.uniform(-0.3, 0.3, 2) * ratio
        if what == "beneath":
            for _ in range(rng.integers(1, 4)):
                if rng.random() < 0.35:  # a big sheet or a newspaper that fills most of the view
                    put(rng.normal(0, 0.1, 2), diagonal * rng.uniform(1.0, 2.2), any_angle())
                elif (
                    rng.random() < 0.6
                ):  # a like sheet that hardly peeps out: the two outlines must not be taken for one
                    off = rng.normal(0, 0.05)
                    put(centre + rng.normal(0, 0.03, 2), share * rng.uniform(0.94, 1.08), angle + off)
                else:
                    put(centre + rng.normal(0, 0.12, 2), share * rng.uniform(0.8, 1.2), angle + rng.normal(0, 0.25))
        put(centre, share, angle, is_screen=what == "screen")
    elif what == "filling":
        put(
            rng.normal(0, 0.12, 2) * ratio,
            diagonal * rng.uniform(0.97, 1.5),
            rng.normal(0, 0.08) + rng.integers(4) * np.pi / 2,
        )
    elif what in ("several", "cards"):
        angle, same = any_angle(), rng.random() < 0.5
        cards = [item for item in bank if max(item[1:]) < 100]
        number = 2 if what == "cards" else int(rng.integers(2, 5))
        share = diagonal * (rng.uniform(0.22, 0.62) if number == 2 else rng.uniform(0.2, 0.42))
        for _ in range(number):
            item = (*cards[rng.integers(len(cards))], True) if what == "cards" else None
            if item:
                item = (item[0].astype(np.float32), *item[1:])
            for _ in range(12):
                centre = rng.uniform(-0.42, 0.42, 2) * ratio
                before = len(placed)
                put(
                    centre,
                    share * (1 if same or what == "cards" else rng.uniform(0.6, 1.4)),
                    angle + (rng.normal(0, 0.05) if same else rng.normal(0, 0.5)),
                    item=item,
                )
                if all(overlap(placed[-1][0], other[0]) < 1e-4 for other in placed[:before]):
                    break
                placed.pop()
    covered = []
    for points, canvas, size, is_card, edge in placed:
        corners = project(points)
        before, outline, finish, state = picture.copy(), None, None, None
        if spoil and not edge:
            outline, finish, state = spoil(picture, corners, rng, is_card)
        mask = lay(picture, crease(canvas, rng) if not edge else canvas, corners, rng, is_card, outline=outline)
        if edge:
            np.maximum(scene.screens, mask, out=scene.screens)
            inner = cv2.perspectiveTransform(
                np.array(
                    [
                        [
                            [edge, edge],
                            [canvas.shape[1] - edge, edge],
                            [canvas.shape[1] - edge, canvas.shape[0] - edge],
                            [edge, canvas.shape[0] - edge],
                        ]
                    ],
                    np.float32,
                ),
                homography(corners, canvas.shape[1], canvas.shape[0]),
            )[0]
            corners = inner.astype(float)
        elif finish:
            finish(canvas)
        elif not is_card and rng.random() < 0.12:
            fold_corner(picture, before, corners, rng, scene.folds)
        covered.append((corners, size, mask, state))
    keep_pages(scene, covered, height, width)
    if scene.sheets and rng.random() < 0.25:
        for _ in range(rng.integers(1, 3)):
            hand(picture, rng, scene.sheets[rng.integers(len(scene.sheets))], scene.fingers)
    if rng.random() < 0.06:
        thing(picture, rng)
    scene.picture = light(picture, rng)
    return scene


def overlap(a, b):
    return cv2.intersectConvexConvex(np.array(a, np.float32), np.array(b, np.float32))[0]


def keep_pages(scene, covered, height, width):
    """Sheets that lie open and mostly in view are pages; whether a sheet is one must not hang by a hair."""
    view_polygon = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    scene.notes["doubtful"], scene.notes["corners"] = False, []
    for number, (corners, size, _, state) in enumerate(covered):
        area = cv2.contourArea(np.array(corners, np.float32))
        hidden = sum(overlap(corners, other[0]) for other in covered[number + 1 :]) / max(1.0, area)
        seen = overlap(corners, view_polygon) / max(1.0, area)
        share = area * seen / (width * height)
        if LEAST_HIDDEN < hidden < MOST_HIDDEN or 0.3 < seen < LEAST_IN_VIEW and share < 0.9:
            scene.notes["doubtful"] = True
        if hidden <= LEAST_HIDDEN and (seen >= LEAST_IN_VIEW or share >= 0.9) and share > 0.012:
            scene.sheets.append(np.array(corners))
            scene.sizes.append(size)
            scene.notes["corners"].append(state)


CHANNELS = ("inside", "edge", "core", "finger", "fold", "screen")


def targets(scene, stride=2):
    """uint8 [6, h / stride, w / stride]: see CHANNELS. Sheets are drawn whole, whatever lies on them."""
    height, width = (side // stride for side in scene.picture.shape[:2])
    out = np.zeros((len(CHANNELS), height, width), np.uint8)
    for corners in scene.sheets:
        points = corners / stride
        np.maximum(out[0], polygon_mask(points - 0.5, height, width), out=out[0])
        cv2.polylines(out[1], [((points - 0.5) * 16).round().astype(np.int32)], True, 255, 2, cv2.LINE_AA, 4)
        middle = points.mean(0)
        np.maximum(out[2], polygon_mask(middle + (points - middle) * 0.7 - 0.5, height, width), out=out[2])
    for channel, mask in ((3, scene.fingers), (4, scene.folds), (5, scene.screens)):
        out[channel] = cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA)
    return out
