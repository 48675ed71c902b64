"""Render desks with one sheet, several, none, a sheet on others, cards, a display: pictures and where each sheet lies.

    python3 render_desks.py --what all --count 4 --seed 1 --out /some/folder

Writes WHAT-SEED.jpg and WHAT-SEED.json: "sheets", in no order, each with corners (from the page's own top left, clockwise) and
its size in mm. With --spoil SHARE that share of corners is folded, others are cut, torn, rounded, clipped: "states" says what
befell each corner, [state, kind, size in parts of the shorter side]. Pages come from the evaluation split; the same arguments give the same pictures.
"""

import argparse
import json
import zlib
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from synth.corners import spoil
from synth.sheets import compose, sheet_bank

WHATS = ("empty", "one", "several", "beneath", "filling", "screen", "cards")
ASPECT = 0.75


def render(bank, what, seed, size, spoil=None):
    """A scene in which no sheet's being a page hangs by a hair."""
    rng = np.random.default_rng(zlib.crc32(f"{what}/{seed}".encode()))
    while True:
        scene = compose(bank, rng, *size, what, spoil)
        if not scene.notes["doubtful"]:
            return scene


def main():
    args = parse_args()
    folder = Path(args.out)
    folder.mkdir(parents=True, exist_ok=True)
    bank = sheet_bank("eval", args.seed, 18, dpi=150)
    size = (round(args.long_side * ASPECT), args.long_side)
    spoil_some = partial(spoil, share=args.spoil) if args.spoil is not None else None
    for what in WHATS if args.what == "all" else [args.what]:
        for number in range(args.seed, args.seed + args.count):
            scene = render(bank, what, number, size, spoil_some)
            name = f"{what}-{number:04d}"
            cv2.imwrite(str(folder / f"{name}.jpg"), scene.picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])
            sheets = [
                {
                    "corners": [[round(float(value), 1) for value in point] for point in corners],
                    "widthMm": round(size[0], 1),
                    "heightMm": round(size[1], 1),
                }
                for corners, size in zip(scene.sheets, scene.sizes)
            ]
            for sheet, states in zip(sheets, scene.notes["corners"]):
                if states:
                    sheet["states"] = [[state, kind, round(share, 3)] for state, kind, share in states]
            truth = {"picture": f"{name}.jpg", "what": what, "seed": number, "sheets": sheets}
            (folder / f"{name}.json").write_text(json.dumps(truth), encoding="utf-8")


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", default="all", choices=["all", *WHATS])
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long-side", type=int, default=3264, help="of the picture, in px")
    parser.add_argument(
        "--spoil",
        type=float,
        metavar="SHARE",
        help="share of corners that are folded; those cut, torn, rounded and so on come along",
    )
    parser.add_argument("--out", required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
