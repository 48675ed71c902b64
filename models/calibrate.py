"""Fit the temperature of a recogniser's confidence on held-out lines and write it into the manifest.

    python calibrate.py --weights weights [--pages runs/calibration]

The pages are its own, not the evaluation's: the first run renders one of each kind and condition. The temperature minimises the CTC loss of the true texts; the table shows how often characters of a confidence are right.
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from evaluate import GROW, make_pages, quad_of
from reading.reader import Reader
from reading.score import align
from synth.charset import classes_of

TEMPERATURES = [0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.7, 2.0, 2.4]
BINS = [0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0001]


def collect(reader, folder, limit):
    """(logits, class list) of lines of the evaluation pages, spread over all of them."""
    classes = classes_of(reader.chars)
    samples = []
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        page = np.ascontiguousarray(cv2.imread(str(path.with_suffix(".png")))[..., ::-1])
        lines = [line for line in truth["lines"] if all(char in classes for char in line["text"])][:limit]
        crops = [reader.crop(page, quad_of(line["box"], truth["scale"], GROW)) for line in lines]
        for line, frames in zip(lines, reader.logits(crops)):
            if len(frames) > 2 * len(line["text"]):
                samples.append((frames, [classes[char] for char in line["text"]]))
    return samples


def loss_at(samples, temperature):
    """CTC loss per character."""
    total = count = 0
    for frames, labels in samples:
        logp = F.log_softmax(torch.from_numpy(frames) / temperature, -1)[:, None]
        loss = F.ctc_loss(
            logp,
            torch.tensor([labels]),
            torch.tensor([len(frames)]),
            torch.tensor([len(labels)]),
            reduction="sum",
            zero_infinity=True,
        )
        total, count = total + min(float(loss), 20.0 * len(labels)), count + len(labels)
    return total / count


def reliability(samples, temperature):
    """[(lower, upper, characters, mean confidence, share right)] of best path characters."""
    found = []
    for frames, labels in samples:
        p = F.softmax(torch.from_numpy(frames) / temperature, -1).numpy()
        best = p.argmax(-1)
        read = [
            (int(label), float(p[place].max()))
            for place, label in enumerate(best)
            if label and (place == 0 or best[place - 1] != label)
        ]
        number = 0
        for true, got in align(labels, [label for label, _ in read]):
            if got != "":
                found.append((read[number][1], true == got))
                number += 1
    rows = []
    for low, high in zip(BINS, BINS[1:]):
        part = [(sure, right) for sure, right in found if low <= sure < high]
        if part:
            rows.append(
                (
                    low,
                    min(1.0, high),
                    len(part),
                    round(float(np.mean([s for s, _ in part])), 3),
                    round(float(np.mean([r for _, r in part])), 3),
                )
            )
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", default="weights")
    parser.add_argument("--pages", default="runs/calibration")
    parser.add_argument("--limit", type=int, default=12, help="lines of each page")
    args = parser.parse_args()
    torch.set_num_threads(1)
    folder = Path(args.weights)
    reader = Reader(folder)
    if not any(Path(args.pages).glob("*.json")):
        make_pages(Path(args.pages), 1, 9000)
    samples = collect(reader, Path(args.pages), args.limit)
    losses = {temperature: loss_at(samples, temperature) for temperature in TEMPERATURES}
    best = min(losses, key=losses.get)
    print({temperature: round(loss, 4) for temperature, loss in losses.items()}, "->", best)
    for row in reliability(samples, best):
        print(*row)
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for pack in manifest["packs"]:
        if pack["id"] == reader.pack["id"]:
            pack["recogniser"]["calibration"] = {"temperature": best}
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
