"""Render certificate pages with ground truth, for benchmarks and tests. Needs Pillow, numpy, OpenCV, fontTools only.

    python3 render.py --kind business-licence --condition camera --seed 1 --out /some/folder
    python3 render.py --kind all --condition all --count 3 --seed 1 --out /some/folder

For each page NAME.jpg (or .png) and NAME.json are written, and one line each to manifest.jsonl. The JSON:
certificate, kind, condition, split, seed, picture, page {widthMm, heightMm}, corners [[x, y] x 4] of the page in the
picture from its top left clockwise, fields {id: value}, lines [{text, box, quad, field, underSeal}] where box is
[x, y, width, height] in mm on the page and quad the same in picture pixels. Blanks are left out of all texts."""

import argparse
import json
import random
import zlib
from pathlib import Path

import cv2
import numpy as np

from synth.layouts import LAYOUTS, build
from synth.papers import PAPERS
from synth.photograph import homography, take
from synth.texts import Texts

CONDITIONS = ("scan", "camera", "hard")
CERTIFICATES = {"resident-id-card-back": "resident-id-card"}


def render(kind, condition, seed, split, dpi):
    """(picture RGB, ground truth without file name) of one page; the same arguments give the same page."""
    mixed = zlib.crc32(f"{kind}/{condition}/{seed}/{split}".encode())
    rng, texts = np.random.default_rng(mixed), Texts(split, random.Random(mixed))
    page = build(kind, rng, texts, split, dpi, hard=condition == "hard")
    picture, corners = take(page, condition, rng)
    matrix = homography(corners, page.canvas.shape[1], page.canvas.shape[0])
    lines = []
    for line in page.lines:
        x, y, w, h = (value * page.scale for value in line["box"])
        corner_points = np.array([[[x, y], [x + w, y], [x + w, y + h], [x, y + h]]], np.float32)
        quad = cv2.perspectiveTransform(corner_points, matrix)[0]
        lines.append({**line, "quad": [[round(float(value), 1) for value in point] for point in quad]})
    truth = {
        "certificate": CERTIFICATES.get(kind, kind if kind in LAYOUTS else None),
        "kind": kind,
        "condition": condition,
        "split": split,
        "seed": seed,
        "page": {"widthMm": page.width_mm, "heightMm": page.height_mm},
        "corners": [[round(float(value), 1) for value in point] for point in corners],
        "fields": page.fields,
        "lines": lines,
    }
    return picture, truth


def save(picture, truth, folder, suffix, turn):
    """Write one picture and its ground truth; `turn` quarter turns clockwise are noted and not applied to truth."""
    name = f"{truth['kind']}-{truth['condition']}-{truth['seed']:04d}"
    picture = np.ascontiguousarray(np.rot90(picture, -turn)) if turn else picture
    truth = {"picture": f"{name}.{suffix}", **truth, "quarterTurns": turn}
    quality = [cv2.IMWRITE_JPEG_QUALITY, 88 if truth["condition"] != "hard" else 78]
    cv2.imwrite(str(folder / truth["picture"]), picture[..., ::-1], quality if suffix == "jpg" else [])
    (folder / f"{name}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return truth


def main():
    args = parse_args()
    folder = Path(args.out)
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [kind for kind in {**LAYOUTS, **PAPERS} if kind != "mixed"] if args.kind == "all" else [args.kind]
    conditions = CONDITIONS if args.condition == "all" else [args.condition]
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for kind in kinds:
            for condition in conditions:
                for number in range(args.count):
                    picture, truth = render(kind, condition, args.seed + number, args.split, args.dpi)
                    truth = save(picture, truth, folder, args.format, args.turn)
                    brief = {
                        key: truth[key] for key in ("picture", "certificate", "kind", "condition", "split", "seed")
                    }
                    manifest.write(json.dumps(brief, ensure_ascii=False) + "\n")


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", default="all", choices=["all", *LAYOUTS, *PAPERS])
    parser.add_argument("--condition", default="all", choices=["all", *CONDITIONS])
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--split", default="eval", choices=["eval", "train"])
    parser.add_argument("--format", default="jpg", choices=["jpg", "png"])
    parser.add_argument("--dpi", type=float, default=200)
    parser.add_argument(
        "--turn", type=int, default=0, choices=[0, 1, 2, 3], help="quarter turns clockwise of the picture"
    )
    parser.add_argument("--out", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
