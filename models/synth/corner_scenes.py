"""One corner of a sheet and what lies around it: ten times as many pictures in the same time as of whole desks."""

import numpy as np

from .corners import STATES, spoil
from .desks import desk, hand, light, thing
from .sheets import crease, lay, rectangle, sheet

# Of a sheet's shorter side: what the picture shows, and in a picture of 800 px how long that side is.
SHOWN = 0.62
UNITS = (200, 460)
DESKS = 40
DESK_SIZE = (480, 640)
# Fingers, in the unit of synth.desks, on a sheet whose shorter side is 1.
FINGER_UNIT = 1 / 140


class CornerMaker:
    """Draws `(picture RGB uint8, quad in px, number of the corner, class, kind, size)`; grounds are cut from a few desks."""

    def __init__(self, bank, rng):
        self.bank, self.rng = bank, rng
        self.desks = [desk(rng, *DESK_SIZE) for _ in range(DESKS)]

    def make(self):
        rng = self.rng
        canvas, wide, high, is_card = sheet(self.bank, rng)
        unit, number = rng.uniform(*UNITS), int(rng.integers(4))
        side, scale = int(SHOWN * unit), unit / min(wide, high)
        angle = rng.uniform(0, 2 * np.pi) if rng.random() < 0.25 else rng.normal(0, 0.1) + rng.integers(4) * np.pi / 2
        quad = rectangle(np.zeros(2), wide * scale, high * scale, angle) + rng.normal(0, 0.02 * unit, (4, 2))
        inwards = sum(
            (quad[other] - quad[number]) / np.linalg.norm(quad[other] - quad[number])
            for other in ((number + 1) % 4, number - 1)
        )
        quad += side / 2 - quad[number] - 0.1 * unit * inwards + rng.normal(0, 0.03 * unit, 2)
        picture = self.ground(side)
        if rng.random() < 0.1:
            thing(picture, rng)
        for _ in range(rng.integers(1, 3) if rng.random() < 0.4 else 0):
            self.beneath(picture, quad)
        outline, finish, notes = spoil(picture, quad, rng, is_card, share=0.35)
        lay(picture, crease(canvas, rng), quad, rng, is_card, outline=outline)
        finish(canvas)
        fingers = np.zeros((side, side), np.uint8)
        if rng.random() < 0.3:
            hand(picture, rng, quad, fingers, unit * FINGER_UNIT)
        state, kind, size = notes[number]
        x, y = np.clip(quad[number] + 0.03 * unit * inwards, 0, side - 1).astype(int)
        if state != "whole" and fingers[y, x] > 100:
            return self.make()
        return light(picture, rng), quad, number, STATES.index(state), kind, size

    def ground(self, side):
        rng = self.rng
        if rng.random() < 0.02:
            self.desks[rng.integers(DESKS)] = desk(rng, *DESK_SIZE)
        whole = self.desks[rng.integers(DESKS)]
        y, x = (rng.integers(length - side + 1) for length in DESK_SIZE)
        return np.ascontiguousarray(np.rot90(whole[y : y + side, x : x + side], rng.integers(4)))

    def beneath(self, picture, quad):
        """A like sheet that peeps out, or another that lies anyhow."""
        rng, middle = self.rng, quad.mean(0)
        canvas, wide, high, is_card = sheet(self.bank, rng)
        unit = min(np.linalg.norm(quad - np.roll(quad, 1, 0), axis=1))
        if rng.random() < 0.6:
            angle = rng.normal(0, 0.06)
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            points = (quad - middle) @ turn * rng.uniform(0.94, 1.08) + middle + rng.normal(0, 0.04 * unit, 2)
        else:
            scale = unit / min(wide, high) * rng.uniform(0.7, 2)
            points = rectangle(
                middle + rng.normal(0, 0.4 * unit, 2), wide * scale, high * scale, rng.uniform(0, 2 * np.pi)
            )
        lay(picture, canvas, points, rng, is_card)
