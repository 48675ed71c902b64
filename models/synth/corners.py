"""Sheets' corners: folded over, under or up, and what could be taken for that: cut or torn off, rounded, creased, adorned, clipped.

Places on a corner are counted in parts of the sheet's shorter side: along the side that follows it clockwise, and along the
one before it."""

import cv2
import numpy as np

from .desks import blob, smooth_field
from .photograph import homography

STATES = ("whole", "folded", "missing")
# A patch reaches from so far outside the corner to so far inside, on both sides.
OUTSIDE, INSIDE = 0.06, 0.26
PATCH = 64
REACH = 0.5


class Corner:
    """The surroundings of one corner of a sheet in a picture; drawing goes into the picture itself."""

    def __init__(self, picture, corners, number):
        self.corners, points = corners, np.asarray(corners, float)
        at, ahead, behind = points[number], points[(number + 1) % 4], points[number - 1]
        self.unit = min(np.linalg.norm(ahead - at), np.linalg.norm(behind - at))
        self.axes = np.array([(side - at) / np.linalg.norm(side - at) * self.unit for side in (ahead, behind)])
        self.size, reach = picture.shape[:2], REACH * self.unit
        (left, right), (top, bottom) = (
            [int(np.clip(at[k] + d * reach, 0, self.size[1 - k])) for d in (-1, 1)] for k in (0, 1)
        )
        self.view, self.origin = picture[top:bottom, left:right], np.array([left, top], float)
        self.at = at

    def is_in_view(self):
        (high, wide), (x, y) = self.size, self.at
        return min(self.view.shape[:2]) > 24 and 2 < x < wide - 2 and 2 < y < high - 2

    def points(self, places):
        return self.at - self.origin + np.asarray(places, float) @ self.axes

    def mask(self, places):
        mask = np.zeros(self.view.shape[:2], np.uint8)
        cv2.fillPoly(mask, [(self.points(places) * 16).round().astype(np.int32)], 255, cv2.LINE_AA, 4)
        return mask

    def soft(self, mask, share):
        return cv2.GaussianBlur(mask, (0, 0), max(0.5, share * self.unit))

    def shadow(self, places, rng, share, deep):
        """The shadow of something that stands off, blurred and moved by about `share`."""
        mask = self.soft(self.mask(places), share)
        blob(
            self.view,
            np.roll(mask, tuple((rng.normal(0, 0.6 * share, 2) * self.unit).round().astype(int)), (0, 1)),
            (0, 0, 0),
            deep,
        )

    def line(self, places, change, rng):
        """A crease: thin, a little brighter or darker."""
        mask = np.zeros(self.view.shape[:2], np.uint8)
        wide = max(1, int(round(self.unit * rng.uniform(0.002, 0.006))))
        cv2.polylines(mask, [(self.points(places) * 16).round().astype(np.int32)], False, 255, wide, cv2.LINE_AA, 4)
        self.view += change * (mask[..., None] / np.float32(255))

    def crumpled(self, rng, most):
        high, wide = self.view.shape[:2]
        return 1 + (
            smooth_field(rng, high, wide, rng.integers(2, 20), rng.integers(2, 20))[..., None] - 0.5
        ) * rng.uniform(0, most)

    def fill(self, places, colour):
        self.view += (np.clip(colour, 0, 255) - self.view) * (self.mask(places)[..., None] / np.float32(255))


def legs(rng):
    size = rng.uniform(0.02, 0.13) if rng.random() < 0.85 else rng.uniform(0.13, 0.3)
    lean = np.exp(rng.normal(0, 0.22))
    return np.array([[size * lean, 0.0], [0.0, size / lean]])


def size_of(crease):
    return float(np.sqrt(crease[0, 0] * crease[1, 1]))


def foot_of(crease):
    """The place on the crease that the corner's tip turns about."""
    along = (crease[1] - crease[0]) / np.linalg.norm(crease[1] - crease[0])
    return crease[0] + along * np.dot(-crease[0], along)


class Spoilt:
    """What befell one corner: `edge` replaces the corner in the sheet's outline, `draw(corner, canvas)` adds what lies on it."""

    def __init__(self, state, kind, edge=((0.0, 0.0),), draw=None, size=0.0):
        self.state, self.kind, self.edge, self.draw, self.size = state, kind, np.asarray(edge, float), draw, size


def folded_over(rng):
    """Turned over: the desk shows where it lay, the paper's back covers the page beside it; flat, or standing up a little."""
    crease = legs(rng)
    tip = foot_of(crease) * (1 + (1.0 if rng.random() < 0.5 else rng.uniform(0.35, 1.0)))
    flap = [tip, *crease]

    def draw(corner, canvas):
        near = corner.view[corner.mask([crease[0], crease[1], 1.6 * tip]) > 128].reshape(-1, 3)
        paper = np.percentile(near, 80, axis=0) if len(near) else 230.0
        corner.shadow(flap, rng, rng.uniform(0.004, 0.03), rng.uniform(0.05, 0.45))
        roll = rng.random()
        tone = (
            paper * rng.uniform(0.72, 1.04)
            if roll < 0.6
            else rng.uniform(150, 250) + rng.uniform(-10, 6, 3) if roll < 0.9 else paper * rng.uniform(0.5, 1, 3)
        )
        corner.fill(flap, np.asarray(tone, np.float32) * corner.crumpled(rng, 0.25))
        corner.line(crease, rng.uniform(-60, 30), rng)

    return Spoilt("folded", "over", crease[::-1], draw, size_of(crease))


def folded_under(rng):
    """Turned under the page: the desk shows; the page bends down at the crease and stands off the desk, with a broad shadow."""
    crease = legs(rng)

    def draw(corner, canvas):
        gap = corner.mask([[-0.1, -0.1], [crease[0, 0], -0.1], *crease, [-0.1, crease[1, 1]]])
        page = cv2.bitwise_not(gap)
        shade = corner.soft(page, rng.uniform(0.012, 0.035))
        blob(corner.view, (shade * (gap / np.float32(255))).astype(np.uint8), (0, 0, 0), rng.uniform(0.35, 0.9))
        bend = corner.soft(gap, rng.uniform(0.006, 0.02)) * (page / np.float32(255))
        corner.view *= 1 + rng.uniform(0.15, 0.5) * rng.choice([-1, -1, 1]) * (bend[..., None] / np.float32(255))
        if rng.random() < 0.6:
            corner.line(crease, rng.uniform(-40, 40), rng)

    return Spoilt("folded", "under", crease[::-1], draw, size_of(crease))


def ear(rng):
    """Standing up: seen from above it is shorter, shaded, crumpled, and throws a shadow."""
    crease = legs(rng)
    tip = foot_of(crease) * (1 - np.cos(np.radians(rng.uniform(42, 88))))

    def draw(corner, canvas):
        corner.shadow([0.5 * tip, *crease], rng, rng.uniform(0.01, 0.04), rng.uniform(0.1, 0.5))
        bend = np.eye(3)
        bend[:2] = cv2.getAffineTransform(
            *(corner.points([place, *crease]).astype(np.float32) for place in ((0, 0), tip))
        )
        move = np.eye(3)
        move[:2, 2] = -corner.origin
        matrix = bend @ move @ homography(corner.corners, canvas.shape[1], canvas.shape[0])
        high, wide = corner.view.shape[:2]
        page = cv2.warpPerspective(canvas, matrix, (wide, high), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
        corner.fill(
            [tip, *crease], page * corner.crumpled(rng, 0.4) * (1 + rng.choice([-1, -1, 1]) * rng.uniform(0.08, 0.4))
        )
        corner.line(crease, rng.uniform(-50, 50), rng)

    return Spoilt("folded", "ear", [crease[1], tip, crease[0]], draw, size_of(crease))


def cut_off(rng):
    """Cut with scissors: what is left lies flat."""
    crease = legs(rng)
    return Spoilt("missing", "cut off", crease[::-1], size=size_of(crease))


def torn_off(rng):
    crease = legs(rng)
    steps, size = np.linspace(0, 1, int(rng.integers(7, 24)))[:, None], size_of(crease)
    edge = crease[1:] * (1 - steps) + crease[:1] * steps
    edge[1:-1] += rng.normal(0, 0.05 * size, (len(edge) - 2, 2)) + rng.uniform(-0.15, 0.15) * size * np.sin(
        np.pi * steps[1:-1]
    )

    def draw(corner, canvas):
        if rng.random() < 0.6:  # white fibres
            fibres = cv2.polylines(
                np.zeros(corner.view.shape[:2], np.uint8),
                [(corner.points(edge + 0.004) * 16).round().astype(np.int32)],
                False,
                255,
                max(1, int(corner.unit * rng.uniform(0.004, 0.012))),
                cv2.LINE_AA,
                4,
            )
            blob(corner.view, fibres, np.full(3, rng.uniform(215, 250)), rng.uniform(0.2, 0.9))

    return Spoilt("missing", "torn off", edge, draw, size)


def rounded(rng, r=None):
    r, turn = r or rng.uniform(0.02, 0.08), np.linspace(0, np.pi / 2, 12)
    return Spoilt("whole", "rounded", r - r * np.stack([np.cos(turn), np.sin(turn)], 1))


def pressed(rng):
    """It was folded once and lies flat again."""
    crease = legs(rng)

    def draw(corner, canvas):
        blob(corner.view, corner.mask([[0, 0], *crease]), (0, 0, 0), rng.uniform(0, 0.07))
        corner.line(crease, rng.uniform(-45, 25), rng)

    return Spoilt("whole", "pressed flat", draw=draw)


def clipped(rng):
    """A paper clip, a staple, the seam of a transparent pocket."""

    def draw(corner, canvas):
        mask, colour = np.zeros(corner.view.shape[:2], np.uint8), rng.uniform(40, 220) + rng.uniform(-40, 40, 3)
        start, wide = rng.uniform(-0.02, 0.1, 2), max(1, int(round(corner.unit * rng.uniform(0.003, 0.012))))
        end = start + rng.normal(0, 0.06, 2) + 0.03
        for off in ([0.0, 0.0], [0.012, -0.012], [0.024, -0.024])[: rng.integers(1, 4)]:
            ends = (corner.points([start + off, end + off]) * 16).round().astype(int)
            cv2.line(mask, ends[0].tolist(), ends[1].tolist(), 255, wide, cv2.LINE_AA, 4)
        blob(corner.view, mask, colour, rng.uniform(0.5, 1))

    return Spoilt("whole", "clipped", draw=draw)


def shaded(rng):
    """A wedge of shadow or of light across the corner: of a hand, of the lamp's arm."""

    def draw(corner, canvas):
        a, b, c = rng.uniform(-0.1, 0.25, 3)
        mask = corner.mask([[-0.6, -0.6], [a, -0.6], [a, 0.0], [0.0, b], [-0.6, c]])
        blob(
            corner.view,
            corner.soft(mask, rng.uniform(0.002, 0.05)),
            np.full(3, rng.choice([0, 0, 255])),
            rng.uniform(0.1, 0.5),
        )

    return Spoilt("whole", "shaded", draw=draw)


def ornament(corner, colour, shape, size, inset):
    """What certificates print in their corners: triangles, angles, discs, frames, bars."""
    turn = np.linspace(0, 2 * np.pi, 24)
    places = (
        [[0, 0], [size, 0], [0, size]],
        [[0, 0], [size, 0], [size, 0.3 * size], [0.3 * size, 0.3 * size], [0.3 * size, size], [0, size]],
        size / 2 + size / 2 * np.stack([np.cos(turn), np.sin(turn)], 1),
        [[0, 0], [0.5, 0], [0.5, size / 3], [size / 3, size / 3], [size / 3, 0.5], [0, 0.5]],
        [[size, 0], [0.7 * size, 0], [0, 0.7 * size], [0, size]],
    )[shape]
    blob(corner.view, corner.mask(np.asarray(places) + inset), colour, 0.9)


FOLDS = (folded_over, folded_over, folded_under, ear)
LOSSES = (cut_off, torn_off)
TRAPS = (rounded, pressed, clipped, shaded)
CARD_ROUND = 0.06


def spoil(picture, corners, rng, is_card, share=0.25):
    """What befalls a sheet's corners, for synth.sheets.compose: each note is (state, kind, size)."""
    drawn, spoilt = [Corner(picture, corners, number) for number in range(4)], []
    for corner in drawn:
        roll, one = rng.random(), Spoilt("whole", "plain")
        if not corner.is_in_view():
            one = Spoilt("whole", "out of view")
        elif is_card:
            if roll < 0.2:
                one = (clipped, shaded)[rng.integers(2)](rng)
            one.edge = rounded(rng, CARD_ROUND).edge
        elif roll < share:
            one = FOLDS[rng.integers(len(FOLDS))](rng)
        elif roll < share * 1.5:
            one = LOSSES[rng.integers(len(LOSSES))](rng)
        elif roll < share * 2.2:
            one = TRAPS[rng.integers(len(TRAPS))](rng)
        spoilt.append(one)
    outline = np.concatenate([corner.points(one.edge) + corner.origin for corner, one in zip(drawn, spoilt)])
    look = (
        (rng.uniform(10, 235, 3), int(rng.integers(5)), rng.uniform(0.02, 0.14), rng.uniform(0, 0.04))
        if not is_card and rng.random() < 0.2
        else None
    )

    def finish(canvas):
        for corner, one in zip(drawn, spoilt):
            if look and one.state == "whole" and corner.is_in_view():
                ornament(corner, *look)
            if one.draw:
                one.draw(corner, canvas)

    return outline, finish, [(one.state, one.kind, one.size) for one in spoilt]


def patch_of(picture, corners, number):
    """RGB uint8 `[PATCH, PATCH, 3]` of a corner, turned so that the corner lies at its upper left."""
    turned = np.roll(np.asarray(corners, float), -number, axis=0)
    across = (np.linalg.norm(turned[1] - turned[0]) + np.linalg.norm(turned[2] - turned[3])) / 2
    down = (np.linalg.norm(turned[3] - turned[0]) + np.linalg.norm(turned[2] - turned[1])) / 2
    unit, fine = min(across, down), 2 * PATCH
    step = (INSIDE + OUTSIDE) / fine
    # From the patch to the page's plane in units of its shorter side to the picture; pixel i has its middle at i + 0.5.
    plane = homography(turned, across / unit, down / unit)
    to_plane = np.array([[step, 0, step / 2 - OUTSIDE], [0, step, step / 2 - OUTSIDE], [0, 0, 1]])
    pixels = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]])
    patch = cv2.warpPerspective(
        picture,
        pixels @ plane @ to_plane,
        (fine, fine),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return cv2.resize(patch, (PATCH, PATCH), interpolation=cv2.INTER_AREA)
