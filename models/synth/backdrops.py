"""Paper and seals as small banks that line crops are cut from: two channels, grey and red, 0..255."""

import math

import cv2
import numpy as np

from . import fonts

SIDE = 640


def noise_field(rng, side, cells):
    """Smooth random field in 0..1 with about `cells` bumps a side."""
    small = rng.random((cells, cells)).astype(np.float32)
    return cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC)


def guilloche(rng, side=SIDE):
    """Fine interlaced curves, 1 where a line is drawn."""
    canvas = np.zeros((side, side), np.uint8)
    xs = np.arange(0, side, 4)
    for _ in range(rng.integers(1, 4)):
        period, swing = rng.uniform(60, 260), rng.uniform(8, 60)
        step, turn = rng.uniform(5, 16), rng.uniform(0.0, 0.3)
        for number, base in enumerate(np.arange(-swing, side + swing, step)):
            ys = base + swing * np.sin(2 * math.pi * xs / period + number * turn)
            points = np.stack([xs, ys], 1).round().astype(np.int32)
            cv2.polylines(canvas, [points], False, 255, 1, cv2.LINE_AA)
    if rng.random() < 0.4:
        canvas = cv2.rotate(canvas, cv2.ROTATE_90_CLOCKWISE)
    return canvas.astype(np.float32) / 255


def mask_of_text(text, face, size):
    """Text drawn as an alpha mask, 0..255 `[h, w]`."""
    font = fonts.load(face[0], face[1], size)
    left, top, right, bottom = font.getbbox(text)
    mask = font.getmask(text, mode="L")
    array = np.array(mask, np.uint8).reshape(mask.size[1], mask.size[0])
    return array if array.size else np.zeros((max(1, bottom - top), max(1, right - left)), np.uint8)


def watermark(rng, words, faces, side=SIDE):
    """Large faint text, repeated and slanted, 1 where it is drawn."""
    canvas = np.zeros((side, side), np.float32)
    face = faces[rng.integers(len(faces))]
    text = mask_of_text(words[rng.integers(len(words))], face, int(rng.integers(28, 90))).astype(np.float32) / 255
    step_y, step_x = int(text.shape[0] * rng.uniform(1.3, 3)), int(text.shape[1] * rng.uniform(1.05, 1.6))
    for y in range(0, side - text.shape[0], max(20, step_y)):
        for x in range(int(rng.integers(0, 60)), side - text.shape[1], max(40, step_x)):
            canvas[y : y + text.shape[0], x : x + text.shape[1]] = text
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), rng.uniform(-50, 50), 1.3)
    return cv2.warpAffine(canvas, turn, (side, side))


def paper(rng, words, faces):
    """One piece of paper `[640, 640, 2]` uint8 with tint, texture and maybe a printed ground."""
    grey = rng.uniform(185, 252) if rng.random() < 0.85 else rng.uniform(90, 190)
    red = np.clip(grey + rng.normal(4, 9), 60, 255)
    base = np.stack([np.full((SIDE, SIDE), grey), np.full((SIDE, SIDE), red)], -1).astype(np.float32)
    base += (noise_field(rng, SIDE, int(rng.integers(3, 30)))[..., None] - 0.5) * rng.uniform(0, 24)
    if rng.random() < 0.3:
        base += (noise_field(rng, SIDE, 320)[..., None] - 0.5) * rng.uniform(4, 20)
    roll = rng.random()
    if roll < 0.4:
        depth = np.array([rng.uniform(6, 60), rng.uniform(3, 45)], np.float32)
        base -= guilloche(rng)[..., None] * depth
    if roll < 0.12 or roll > 0.78:
        depth = np.array([rng.uniform(6, 80), rng.uniform(3, 75)], np.float32)
        base -= watermark(rng, words, faces)[..., None] * depth
    return np.clip(base, 0, 255).astype(np.uint8)


def moire(rng, height, width, depth):
    """Factors `[h, w, 3]` of the bands that a sensor's grid makes with a fine print or a screen.

    Two gratings of nearly one pitch beat slowly; the bands bend a little, and each colour's grid lies elsewhere."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    turn, pitch = rng.uniform(0, math.pi), math.exp(rng.uniform(math.log(2.5), math.log(60)))
    along = (xs * math.cos(turn) + ys * math.sin(turn)) * (2 * math.pi / pitch)
    along += rng.uniform(0, 3) * np.sin(
        (ys * math.cos(turn) - xs * math.sin(turn)) * (2 * math.pi / rng.uniform(60, 400)) + rng.uniform(0, 6)
    )
    shift = rng.uniform(0, 2.5)
    bands = np.stack([np.sin(along + shift * colour) for colour in range(3)], -1)
    if rng.random() < 0.4:
        bands = (
            bands
            + np.sin((ys * math.cos(turn + 0.3) + xs) * (2 * math.pi / (pitch * rng.uniform(0.8, 1.25))))[..., None]
        ) * 0.6
    return (1 - depth * (0.5 + 0.5 * bands)).astype(np.float32)


def seal_mask(rng, ring_text, middle_text, face, side=360):
    """The ink of one seal as alpha `[side, side]` uint8: round, oval or square, unevenly inked."""
    canvas = np.zeros((side, side), np.uint8)
    centre, radius = side // 2, side // 2 - 8
    kind = rng.random()
    squeeze = 1.0
    if kind < 0.82:
        cv2.circle(canvas, (centre, centre), radius, 255, int(rng.integers(5, 11)), cv2.LINE_AA)
        if rng.random() < 0.3:
            cv2.circle(canvas, (centre, centre), int(radius * 0.93), 255, 2, cv2.LINE_AA)
        if rng.random() < 0.75:
            draw_star(canvas, centre, radius * rng.uniform(0.24, 0.36))
        draw_ring_text(canvas, ring_text, face, radius, rng)
        if rng.random() < 0.7:
            mask = mask_of_text(middle_text, face, int(side * rng.uniform(0.075, 0.11)))
            paste(canvas, mask, centre - mask.shape[1] // 2, int(centre + radius * rng.uniform(0.42, 0.6)))
        if kind > 0.72:
            squeeze = rng.uniform(0.65, 0.8)
    else:
        width = int(radius * rng.uniform(0.9, 1.9))
        height = int(width * rng.uniform(0.4, 1.0))
        cv2.rectangle(
            canvas,
            (centre - width // 2, centre - height // 2),
            (centre + width // 2, centre + height // 2),
            255,
            int(rng.integers(4, 9)),
        )
        rows = [ring_text[:4], ring_text[4:8]] if height > width * 0.6 else [ring_text[:5]]
        size = max(12, int(min(width / 5.4, height / (len(rows) + 0.6))))
        for number, row in enumerate(rows):
            mask = mask_of_text(row or "印", face, size)
            paste(canvas, mask, centre - mask.shape[1] // 2, int(centre - height * 0.36 + number * size * 1.15))
    angle = rng.uniform(-180, 180) if rng.random() < 0.4 else rng.uniform(-25, 25)
    turn = cv2.getRotationMatrix2D((centre, centre), angle, 1.0)
    turn[1] = turn[1] * squeeze + np.array([0, 0, centre * (1 - squeeze)])
    canvas = cv2.warpAffine(canvas, turn, (side, side))
    wear = np.clip(
        noise_field(rng, side, int(rng.integers(4, 40))) * rng.uniform(0.5, 1.6) + rng.uniform(0.1, 0.7), 0, 1
    )
    if rng.random() < 0.5:
        wear *= np.clip(noise_field(rng, side, 180) * 2 + rng.uniform(-0.4, 0.6), 0, 1)
    return (canvas * wear).astype(np.uint8)


def paste(canvas, mask, x, y):
    """Draw a mask into a canvas at a place, clipped to it."""
    x0, y0 = max(0, x), max(0, y)
    x1, y1 = min(canvas.shape[1], x + mask.shape[1]), min(canvas.shape[0], y + mask.shape[0])
    if x1 > x0 and y1 > y0:
        part = canvas[y0:y1, x0:x1]
        np.maximum(part, mask[y0 - y : y1 - y, x0 - x : x1 - x], out=part)


def draw_star(canvas, centre, radius):
    """The five-pointed star in the middle of a round seal."""
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.pi * corner / 5 - math.pi / 2
        points.append((centre + reach * math.cos(angle), centre + reach * math.sin(angle)))
    cv2.fillPoly(canvas, [np.array(points).round().astype(np.int32)], 255, cv2.LINE_AA)


def draw_ring_text(canvas, text, face, radius, rng):
    """The owner's name along the upper arc of a round seal."""
    centre = canvas.shape[0] // 2
    size = int(radius * min(0.3, 3.6 / max(6, len(text))))
    reach = radius * 0.92 - size * 0.62
    span = math.radians(min(300, 26 * len(text)) if rng.random() < 0.7 else 270)
    for number, char in enumerate(text):
        angle = -span / 2 + span * (number + 0.5) / len(text)
        mask = mask_of_text(char, face, size)
        box = int(size * 1.6)
        tile = np.zeros((box, box), np.uint8)
        paste(tile, mask, (box - mask.shape[1]) // 2, (box - mask.shape[0]) // 2)
        turn = cv2.getRotationMatrix2D((box / 2, box / 2), -math.degrees(angle), 1.0)
        tile = cv2.warpAffine(tile, turn, (box, box))
        x, y = centre + reach * math.sin(angle), centre - reach * math.cos(angle)
        paste(canvas, tile, int(x - box / 2), int(y - box / 2))


def seal_ink(rng):
    """(grey, red) factors of full ink: bright, dark, bluish or blue ink."""
    roll = rng.random()
    if roll < 0.5:
        return rng.uniform(0.35, 0.6), rng.uniform(0.82, 0.99)
    if roll < 0.8:
        return rng.uniform(0.22, 0.45), rng.uniform(0.5, 0.85)
    if roll < 0.93:
        return rng.uniform(0.25, 0.5), rng.uniform(0.35, 0.65)
    return rng.uniform(0.25, 0.5), rng.uniform(0.15, 0.4)
