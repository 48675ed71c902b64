"""Scores readings: folding, alignment, matching of found lines to true lines."""

import collections
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Box = Sequence[float]
Quad = NDArray[np.floating]
Pair = tuple[str, str]

FOLD = str.maketrans(
    {
        "－": "-",
        "—": "-",
        "–": "-",
        "〇": "○",
        "￥": "¥",
        "·": ".",
        "．": ".",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "〔": "[",
        "〕": "]",
        "【": "[",
        "】": "]",
    }
)


def fold(text: str) -> str:
    """Full and half width as one, dashes and quotation marks as one: what the product compares."""
    wide = "".join(unicodedata.normalize("NFKC", char) if "！" <= char <= "～" else char for char in text)
    return wide.translate(FOLD).replace(" ", "")


def align(true: str, found: str) -> list[Pair]:
    """Pairs (true char or "", found char or "") of a cheapest alignment."""
    rows = [list(range(len(found) + 1))]
    for i, a in enumerate(true, 1):
        row = [i]
        for j, b in enumerate(found, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
        rows.append(row)
    pairs: list[Pair] = []
    i, j = len(true), len(found)
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + (true[i - 1] != found[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((true[i], found[j]))
        elif i and rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
            pairs.append((true[i], ""))
        else:
            j -= 1
            pairs.append(("", found[j]))
    return pairs[::-1]


def errors(pairs: Sequence[Pair]) -> int:
    """How many of the pairs differ."""
    return sum(a != b for a, b in pairs)


def group(true_boxes: Sequence[Box], quads: Sequence[Quad]) -> list[tuple[list[int], list[int]]]:
    """Sets of true boxes [x, y, w, h] and found quads that cover each other: [(true indices, found indices)].

    A found box may cover a label and its value, and a true line may be found in parts: within a group texts are joined
    from left to right and compared as one. Found boxes that meet no true box come as groups without true indices."""
    rects = [(*quad.min(0), *quad.max(0)) for quad in quads]
    parent = list(range(len(true_boxes) + len(quads)))

    def root(node: int) -> int:
        while parent[node] != node:
            node = parent[node]
        return node

    for i, (x, y, w, h) in enumerate(true_boxes):
        for j, (x0, y0, x1, y1) in enumerate(rects):
            area = max(0.0, min(x1, x + w) - max(x0, x)) * max(0.0, min(y1, y + h) - max(y0, y))
            if area > 0.4 * min(w * h, (x1 - x0) * (y1 - y0)):
                parent[root(len(true_boxes) + j)] = root(i)
    members: dict[int, tuple[list[int], list[int]]] = collections.defaultdict(lambda: ([], []))
    for i in range(len(true_boxes)):
        members[root(i)][0].append(i)
    for j in range(len(quads)):
        members[root(len(true_boxes) + j)][1].append(j)
    for trues, founds in members.values():
        trues.sort(key=lambda i: true_boxes[i][0])
        founds.sort(key=lambda j: rects[j][0])
    return list(members.values())


def errors_by_part(parts: Sequence[str], found: str) -> list[int]:
    """The errors of each of several true texts that were read as one; an insertion counts for the text before it."""
    wrong, part, room = [0] * len(parts), 0, len(parts[0])
    for a, b in align("".join(parts), found):
        while a and room == 0 and part + 1 < len(parts):
            part += 1
            room = len(parts[part])
        wrong[part] += a != b
        room -= bool(a)
    return wrong


def overlap(box: Box, quad: Quad) -> float:
    """Intersection over union of a true box [x, y, w, h] and the upright hull of a found quad."""
    x, y, w, h = box
    x0, y0 = quad.min(0)
    x1, y1 = quad.max(0)
    inner = max(0.0, min(x1, x + w) - max(x0, x)) * max(0.0, min(y1, y + h) - max(y0, y))
    return float(inner / (w * h + (x1 - x0) * (y1 - y0) - inner))
