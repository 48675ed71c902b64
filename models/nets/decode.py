"""Reading logits: best path decoding and edit distance, in numpy."""

import numpy as np


def best_path(logits):
    """`[n, t, classes]` -> a list of class lists, repeats joined and blanks dropped."""
    found = []
    for frames in logits.argmax(-1):
        keep = np.ones(len(frames), bool)
        keep[1:] = frames[1:] != frames[:-1]
        found.append([int(frame) for frame in frames[keep & (frames != 0)]])
    return found


def edit_distance(true, found):
    """Levenshtein distance between two sequences."""
    row = list(range(len(found) + 1))
    for i, a in enumerate(true, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(found, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
