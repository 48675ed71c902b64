"""What layouts of certificates and of other papers share: a seal's ink, spread labels, text that must fit."""

from typing import Any

import numpy as np

from .page import Page

Colour = tuple[int, int, int]


def bright_or_dark(rng: np.random.Generator, hard: bool) -> tuple[Colour, float]:
    """(ink colour, strength) of a seal; hard pictures have dark and bluish ink more often."""
    roll = rng.random() - (0.45 if hard else 0.0)
    if roll > 0.35:
        return (int(rng.integers(200, 245)), int(rng.integers(30, 85)), int(rng.integers(35, 85))), rng.uniform(
            0.6, 0.95
        )
    if roll > 0.08:
        return (int(rng.integers(125, 185)), int(rng.integers(20, 55)), int(rng.integers(25, 65))), rng.uniform(
            0.65, 0.95
        )
    return (int(rng.integers(95, 150)), int(rng.integers(25, 60)), int(rng.integers(70, 120))), rng.uniform(0.6, 0.9)


def write_spread(page: Page, label: str, x: float, y: float, em: float, width_chars: int, **style: Any) -> float:
    """Write a label spaced out to the width of `width_chars` characters, as printed forms do."""
    spacing = em * max(0.0, width_chars - len(label)) / max(1, len(label) - 1)
    return float(page.write(label, x, y, em, spacing=spacing, **style))


def fitting(page: Page, text: str, em: float, width_mm: float, face: Any = None, spacing: float = 0.0) -> float:
    """The em, at most `em`, at which the text fits the width."""
    return float(em * min(1.0, width_mm / max(1.0, page.width_of(text, em, face, spacing))))
