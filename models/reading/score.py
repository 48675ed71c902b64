"""Scores readings: folding, alignment, matching of found lines to true lines."""

import collections
import unicodedata

FOLD = str.maketrans({"－": "-", "—": "-", "–": "-", "〇": "○", "￥": "¥", "·": ".", "．": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "〔": "[", "〕": "]", "【": "[", "】": "]"})


def fold(text):
    """Full and half width as one, dashes and quotation marks as one: what the product compares."""
    wide = "".join(unicodedata.normalize("NFKC", char) if "！" <= char <= "～" else char for char in text)
    return wide.translate(FOLD).replace(" ", "")


def align(true, found):
    """Pairs (true char or "", found char or "") of a cheapest alignment."""
    rows = [list(range(len(found) + 1))]
    for i, a in enumerate(true, 1):
        row = [i]
        for j, b in enumerate(found, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
        rows.append(row)
    pairs, i, j = [], len(true), len(found)
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


def errors(pairs):
    """How many of the pairs differ."""
    return sum(a != b for a, b in pairs)


def assign(true_boxes, quads):
    """For each true box [x, y, w, h] the found quads whose centres lie in it, left to right; and the quads left over.

    A found quad that covers several true boxes in a row goes to the one it overlaps most."""
    owned, left_over = collections.defaultdict(list), []
    for number, quad in enumerate(quads):
        x0, y0 = quad.min(0)
        x1, y1 = quad.max(0)
        best, best_area = None, 0.0
        for index, (x, y, w, h) in enumerate(true_boxes):
            area = max(0.0, min(x1, x + w) - max(x0, x)) * max(0.0, min(y1, y + h) - max(y0, y))
            if area > best_area:
                best, best_area = index, area
        if best is None or best_area < 0.3 * min((x1 - x0) * (y1 - y0), true_boxes[best][2] * true_boxes[best][3]):
            left_over.append(number)
        else:
            owned[best].append((x0, number))
    return {index: [number for _, number in sorted(found)] for index, found in owned.items()}, left_over


def overlap(box, quad):
    """Intersection over union of a true box [x, y, w, h] and the upright hull of a found quad."""
    x, y, w, h = box
    x0, y0 = quad.min(0)
    x1, y1 = quad.max(0)
    inner = max(0.0, min(x1, x + w) - max(x0, x)) * max(0.0, min(y1, y + h) - max(y0, y))
    return inner / (w * h + (x1 - x0) * (y1 - y0) - inner)
