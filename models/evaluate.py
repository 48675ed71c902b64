"""Evaluate an exported pack on rendered pages of the evaluation split and on lines of each kind.

    python evaluate.py --weights weights --pages runs/pages --count 3 --out report/figures.json

The first run renders the pages (`--count` of each kind and condition) straightened by their true corners into
--pages; later runs read them from there. Error rates are per cent after folding widths."""

import argparse
import collections
import json
import time
from pathlib import Path

import cv2
import numpy as np

from reading.reader import Reader
from reading.score import align, errors, errors_by_part, fold, group, overlap
from synth.detection import merge_rows

CONDITIONS = ("scan", "camera", "hard")
KINDS = (
    "business-licence",
    "construction-qualification",
    "resident-id-card",
    "resident-id-card-back",
    "prose",
    "table",
    "form",
)
SURE = 0.5  # lines under this confidence are dropped, as the station does
GROW = 0.12  # true boxes grow by this part of their height on each side before they are read
CODE_FIELDS = ("creditCode", "idNumber", "certificateNumber")


def make_pages(folder, count, seed):
    """Render the evaluation pages and keep them straightened, about 8 px/mm (cards 16)."""
    from render import render
    from synth.photograph import straighten

    folder.mkdir(parents=True, exist_ok=True)
    for condition in CONDITIONS:
        for kind in KINDS:
            for number in range(count):
                picture, truth = render(kind, condition, seed + number, "eval", 200)
                scale = 16 if truth["page"]["widthMm"] < 100 else 8
                size = (int(truth["page"]["widthMm"] * scale), int(truth["page"]["heightMm"] * scale))
                straight = straighten(picture, truth["corners"], *size)
                name = f"{kind}-{condition}-{number}"
                cv2.imwrite(str(folder / f"{name}.png"), straight[..., ::-1])
                (folder / f"{name}.json").write_text(
                    json.dumps({**truth, "scale": scale}, ensure_ascii=False), encoding="utf-8"
                )


class Tally:
    """Counts of characters, errors and exact texts under a name."""

    def __init__(self):
        self.chars, self.wrong, self.texts, self.exact = (collections.Counter() for _ in range(4))

    def add(self, names, true, wrong):
        for name in names:
            self.chars[name] += len(true)
            self.wrong[name] += wrong
            self.texts[name] += 1
            self.exact[name] += wrong == 0

    def table(self):
        return {
            name: {
                "cer": round(100 * self.wrong[name] / max(1, self.chars[name]), 2),
                "exact": round(100 * self.exact[name] / self.texts[name], 1),
                "chars": self.chars[name],
                "lines": self.texts[name],
            }
            for name in sorted(self.texts)
        }


def quad_of(box, scale, grow=0.0):
    """A box in mm as a quad in page pixels, grown by a part of its height."""
    x, y, w, h = (value * scale for value in box)
    g = h * grow
    return np.array([[x - g, y - g], [x + w + g, y - g], [x + w + g, y + h + g], [x - g, y + h + g]])


def names_of(truth, line):
    """The headings under which a line counts."""
    condition = truth["condition"]
    names = [condition, f"{condition}/{truth['kind']}"]
    if line["underSeal"]:
        names.append(f"{condition}/under seals")
    if line["field"]:
        names.append(f"{condition}/fields")
    if line["field"] in CODE_FIELDS:
        names.append(f"{condition}/codes")
    return names


def evaluate_pages(reader, folder, confusions, failures):
    """Figures with true boxes, with the detector's boxes, of the detector itself, and seconds a page."""
    by_box, whole = Tally(), Tally()
    boxes, seconds = collections.Counter(), []
    for path in sorted(folder.glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        page = np.ascontiguousarray(cv2.imread(str(path.with_suffix(".png")))[..., ::-1])
        lines, scale = truth["lines"], truth["scale"]
        for line, (text, sure) in zip(lines, reader.read(page, [quad_of(line["box"], scale, GROW) for line in lines])):
            true = fold(line["text"])
            pairs = align(true, fold(text))
            by_box.add(names_of(truth, line), true, errors(pairs))
            confusions.update(pair for pair in pairs if pair[0] != pair[1])
            if errors(pairs):
                failures.append(
                    {"page": path.stem, "box": line["box"], "true": line["text"], "read": text, "sure": round(sure, 3)}
                )
        began = time.process_time()
        quads = reader.detect(page)
        read = reader.read(page, quads)
        seconds.append(time.process_time() - began)
        kept = [number for number, (text, sure) in enumerate(read) if text and sure >= SURE]
        true_boxes = [[value * scale for value in line["box"]] for line in lines]
        for trues, founds in group(true_boxes, [quads[number] for number in kept]):
            found = fold("".join(read[kept[number]][0] for number in founds))
            if not trues:
                for name in (truth["condition"], f"{truth['condition']}/{truth['kind']}"):
                    whole.wrong[name] += len(found)
                continue
            parts = [fold(lines[index]["text"]) for index in trues]
            for index, true, wrong in zip(trues, parts, errors_by_part(parts, found)):
                whole.add(names_of(truth, lines[index]), true, wrong)
        rows = merge_rows(true_boxes)
        for level in (0.5, 0.7):
            boxes[f"hit{level}"] += sum(any(overlap(box, quad) >= level for quad in quads) for box in rows)
        boxes["true"] += len(rows)
        boxes["found"] += len(quads)
    detector = {
        f"f1 at {level}": round(200 * boxes[f"hit{level}"] / (boxes["true"] + boxes["found"]), 1)
        for level in (0.5, 0.7)
    }
    return {
        "true boxes": by_box.table(),
        "whole page": whole.table(),
        "detector": detector,
        "secondsPerPage": round(float(np.mean(seconds)), 3),
    }


def evaluate_orientation(reader, folder):
    """How often the page's turn is named right, all pages turned all four ways, and how often where it is sure."""
    sure_enough = reader.pack["orientation"]["minConfidence"]
    counts, seconds = collections.Counter(), []
    for path in sorted(folder.glob("*.json")):
        page = cv2.imread(str(path.with_suffix(".png")))[..., ::-1]
        for turns in range(4):
            turned = np.ascontiguousarray(np.rot90(page, turns))
            began = time.process_time()
            found, sure = reader.turns(turned)
            seconds.append(time.process_time() - began)
            counts["pages"] += 1
            counts["right"] += found == turns
            counts["sure"] += sure >= sure_enough
            counts["sure and wrong"] += sure >= sure_enough and found != turns
    return {**counts, "secondsPerPage": round(float(np.mean(seconds)), 3)}


def evaluate_lines(reader, count):
    """CER of generated 320 px lines with held-out fonts and words, by kind of text, mild and hard."""
    from synth.lines import LineMaker

    figures = {}
    wanted = reader.channels()
    for name, hardness in (("mild", 0.4), ("hard", 1.0)):
        maker = LineMaker("eval", 77, reader.chars, hardness)
        tally = Tally()
        for kind in maker.texts.MIX:
            crops = [maker.crop(320, kind) for _ in range(count)]
            images = [
                np.ascontiguousarray(crop["image"] if wanted == ["grey", "red"] else crop["image"][..., 1:])
                for crop in crops
            ]
            for crop, frames in zip(crops, reader.logits(images)):
                true = fold("".join(reader.chars[label - 1] for label in crop["labels"]))
                tally.add([kind, "all"], true, errors(align(true, fold(reader.decode(frames)[0]))))
        figures[name] = tally.table()
    return figures


def evaluate_confusions(reader, count):
    """How often each member of a group of look-alikes is read right, in words, on mild lines."""
    from synth.lines import LineMaker
    from synth.texts import CONFUSIONS

    maker = LineMaker("eval", 78, reader.chars, 0.6)
    wanted, table = reader.channels(), {}
    rng = maker.texts.rng
    for members in CONFUSIONS:
        right, seen, wrong = 0, 0, collections.Counter()
        texts = [
            "".join(rng.choice(members) if place % 3 == 1 else rng.choice(maker.texts.common) for place in range(6))
            for _ in range(count)
        ]
        crops = [maker.crop(320, text=text) for text in texts]
        images = [
            np.ascontiguousarray(crop["image"] if wanted == ["grey", "red"] else crop["image"][..., 1:])
            for crop in crops
        ]
        for crop, frames in zip(crops, reader.logits(images)):
            true = "".join(reader.chars[label - 1] for label in crop["labels"])
            for a, b in align(true, reader.decode(frames)[0]):
                if a and a in members:
                    seen += 1
                    right += a == b
                    if a != b:
                        wrong[f"{a}→{b or '∅'}"] += 1
        table[members] = {
            "right": round(100 * right / max(1, seen), 1),
            "seen": seen,
            "wrong": dict(wrong.most_common(6)),
        }
    return table


def main():
    args = parse_args()
    cv2.setNumThreads(1)
    folder = Path(args.pages)
    if not any(folder.glob("*.json")):
        make_pages(folder, args.count, args.seed)
    reader = Reader(args.weights, args.pack)
    confusions, failures = collections.Counter(), []
    figures = {"pack": reader.pack["id"], **evaluate_pages(reader, folder, confusions, failures)}
    if reader.turner:
        figures["orientation"] = evaluate_orientation(reader, folder)
        print(figures["orientation"])
    figures["errors"] = {f"{a or '∅'}→{b or '∅'}": n for (a, b), n in confusions.most_common(60)}
    if args.lines:
        figures["lines"] = evaluate_lines(reader, args.lines)
        figures["confusions"] = evaluate_confusions(reader, args.lines)
    figures["failures"] = failures[:400]
    Path(args.out).parent.mkdir(parents=True, exist_ok=True)
    Path(args.out).write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    for part in ("true boxes", "whole page"):
        print(part, {name: row["cer"] for name, row in figures[part].items()})
    print(figures["detector"], figures["secondsPerPage"], "s/page")
    if args.lines:
        print({name: {kind: row["cer"] for kind, row in table.items()} for name, table in figures["lines"].items()})


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", default="weights")
    parser.add_argument("--pack")
    parser.add_argument("--pages", default="runs/pages")
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--lines", type=int, default=0, help="lines of each kind; 0 leaves the line figures out")
    parser.add_argument("--out", default="report/figures.json")
    return parser.parse_args()


if __name__ == "__main__":
    main()
