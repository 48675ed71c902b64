"""Training crops for the detector: parts of generated pages with the map of shrunk text."""

import random

import cv2
import numpy as np

from .backdrops import moire, noise_field
from .layouts import ID_CARD, LAYOUTS, build
from .texts import Texts

SIDE = 416
SHRINK = 0.55
CROPS_A_PAGE = 16
KINDS = ["mixed"] * 6 + ["form"] * 4 + ["table"] * 5 + ["prose"] * 2 + list(LAYOUTS)


def merge_rows(boxes, gap=0.8):
    """Boxes [x, y, w, h] with those joined that stand in one row closer than `gap` of their height: a label and its
    value look like one line then, and no detector could tell them apart."""
    merged = []
    for box in sorted(boxes, key=lambda box: box[0]):
        x, y, w, h = box
        for other in merged:
            ox, oy, ow, oh = other
            level = min(y + h, oy + oh) - max(y, oy)
            if 0 <= x - (ox + ow) < gap * min(h, oh) and level > 0.6 * max(h, oh):
                top, bottom = min(y, oy), max(y + h, oy + oh)
                other[:] = [ox, top, x + w - ox, bottom - top]
                break
        else:
            merged.append(list(box))
    return merged


def shrunk_quad(box, matrix, scale):
    """The band of a line in crop pixels `[4, 2]`: both sides shorter by a part of the line's height."""
    x, y, w, h = (value * scale for value in box)
    inset = min(w, h) * (1 - SHRINK) / 2
    points = np.array(
        [
            [
                [x + inset, y + inset],
                [x + w - inset, y + inset],
                [x + w - inset, y + h - inset],
                [x + inset, y + h - inset],
            ]
        ],
        np.float32,
    )
    return cv2.perspectiveTransform(points, matrix)[0]


def draw_target(page, matrix):
    """The map at half size, exact to a quarter pixel: drawn twice as large as the crop and averaged."""
    large = np.zeros((SIDE * 2, SIDE * 2), np.uint8)
    for box in merge_rows([line["box"] for line in page.lines]):
        quad = shrunk_quad(box, matrix, page.scale) * 2
        centre = quad.mean(0)
        quad = quad - 0.5 - np.sign(quad - centre) * 0.5  # OpenCV fills the pixels of the outline too
        cv2.fillConvexPoly(large, quad.round().astype(np.int32), 255)
    return cv2.resize(large, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)


class DetectionMaker:
    """Makes (image `[416, 416]` uint8, target `[208, 208]` uint8) from one seed."""

    def __init__(self, split, seed):
        self.rng = np.random.default_rng(seed)
        self.texts, self.split = Texts(split, random.Random(seed)), split
        self.noise = self.rng.normal(0, 1, (SIDE * 2, SIDE * 2)).astype(np.float32)
        self.lights = [noise_field(self.rng, SIDE, int(self.rng.integers(2, 5))) for _ in range(24)]

    def crops(self):
        """The crops of one fresh page."""
        rng = self.rng
        kind = KINDS[rng.integers(len(KINDS))]
        page = build(kind, rng, self.texts, self.split, rng.uniform(75, 150), hard=rng.random() < 0.5)
        return [self.crop(page) for _ in range(CROPS_A_PAGE)]

    def crop(self, page):
        rng = self.rng
        small = (page.width_mm, page.height_mm) == ID_CARD
        zoom = rng.uniform(0.75, 1.15) * (rng.uniform(0.8, 1.4) if small else 1)
        height, width = page.canvas.shape[:2]
        cx, cy = rng.uniform(0.12, 0.88) * width, rng.uniform(0.08, 0.92) * height
        if page.seals and rng.random() < 0.3:
            x, y, wide, high = page.seals[rng.integers(len(page.seals))]
            cx, cy = (x + wide * rng.uniform(0, 1)) * page.scale, (y + high * rng.uniform(0, 1)) * page.scale
        turn = np.radians(rng.normal(0, 1.0))
        half = SIDE / 2 / zoom
        corners = np.array([[-half, -half], [half, -half], [half, half], [-half, half]]) * (
            1 + rng.normal(0, 0.012, (4, 2))
        )
        rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        source = (corners @ rotate.T + [cx, cy]).astype(np.float32)
        matrix = cv2.getPerspectiveTransform(source, np.array([[0, 0], [SIDE, 0], [SIDE, SIDE], [0, SIDE]], np.float32))
        rim = float(rng.uniform(20, 240))
        colour = cv2.warpPerspective(
            page.canvas, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderValue=(rim, rim, rim)
        )
        return self.degrade(colour), draw_target(page, matrix)

    def degrade(self, colour):
        rng = self.rng
        roll = rng.random()
        if roll < 0.5:
            grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
        else:
            grey = colour[..., 0] if roll < 0.9 else colour[..., 1]
        image = grey.astype(np.float32)
        if rng.random() < 0.5:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.1))
        level, contrast = rng.uniform(0.5, 1.1), rng.uniform(0.5, 1.0)
        image = (image - 230) * contrast + 230 * level
        if rng.random() < 0.5:
            image = image * (0.65 + 0.5 * self.lights[rng.integers(len(self.lights))])
        if rng.random() < 0.7:
            y, x = rng.integers(0, SIDE, 2)
            image = image + self.noise[y : y + SIDE, x : x + SIDE] * np.float32(rng.uniform(0.5, 8))
        if rng.random() < 0.12:
            bands = moire(rng, SIDE // 2, SIDE // 2, rng.uniform(0.03, 0.18))[..., 0]
            image = image * cv2.resize(bands, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        image = np.clip(image, 0, 255).astype(np.uint8)
        if rng.random() < 0.4:
            _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 90))])
            image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
        return image
