"""Draw the report's pictures: learning curves from the runs' logs, and a page of failures.

python plot.py --runs runs --figures report/figures.json --pages runs/pages --out report
"""

import argparse
import json
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from matplotlib import pyplot
from PIL import Image, ImageDraw

from evaluate import GROW, quad_of
from synth import fonts

matplotlib.use("Agg")


def curve(log, key, title, unit, out):
    """One curve over crops seen, with the wall-clock minutes beside some of its points."""
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    figure, axes = pyplot.subplots(figsize=(8, 4))
    axes.plot([row["crops"] / 1000 for row in rows], [row[key] for row in rows], marker="o", markersize=3)
    for row in rows[:: max(1, len(rows) // 8)]:
        axes.annotate(
            f"{row['seconds'] // 60} min",
            (row["crops"] / 1000, row[key]),
            textcoords="offset points",
            xytext=(2, 7),
            fontsize=7,
        )
    axes.set(xlabel="thousand crops", ylabel=unit, title=title)
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(out, dpi=90)


def failure_sheet(figures, pages, out, count=36):
    """Worst lines first: the crop, what it says, what was read."""
    from reading.score import align, errors, fold

    worst = sorted(figures["failures"], key=lambda item: -errors(align(fold(item["true"]), fold(item["read"]))))
    step = max(1, len(worst) // count)
    chosen = (worst[: count // 2] + worst[count // 2 :: step])[:count]
    face = fonts.faces("eval", "cjk")[-1]
    font = fonts.load(face[0], face[1], 17)
    rows = []
    for item in chosen:
        truth = json.loads((pages / f"{item['page']}.json").read_text(encoding="utf-8"))
        page = cv2.imread(str(pages / f"{item['page']}.png"))[..., ::-1]
        (x0, y0), (x1, y1) = quad_of(item["box"], truth["scale"], GROW)[[0, 2]].astype(int)
        crop = page[max(0, y0) : y1, max(0, x0) : x1]
        zoom = min(32 / crop.shape[0], 560 / crop.shape[1])
        crop = cv2.resize(crop, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
        row = Image.new("RGB", (1180, 52), "white")
        row.paste(Image.fromarray(crop), (4, 8))
        draw = ImageDraw.Draw(row)
        draw.text((580, 4), item["true"][:33], fill="black", font=font)
        draw.text((580, 28), item["read"][:33] or "(nothing)", fill=(190, 0, 0), font=font)
        rows.append(np.asarray(row))
    Image.fromarray(np.concatenate(rows)).quantize(64).save(out, optimize=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", default="runs")
    parser.add_argument("--figures", default="report/figures.json")
    parser.add_argument("--pages", default="runs/pages")
    parser.add_argument("--out", default="report")
    args = parser.parse_args()
    runs, out = Path(args.runs), Path(args.out)
    curve(
        runs / "rec/log.jsonl",
        "cer",
        "Recogniser: held-out fonts and words, hard lines",
        "character error rate",
        out / "recogniser.png",
    )
    curve(
        runs / "det/log.jsonl", "heldOut", "Detector: held-out fonts, words and layouts", "loss", out / "detector.png"
    )
    curve(
        runs / "orientation/log.jsonl",
        "error",
        "Orientation: patches of held-out fonts, words and layouts",
        "share called wrong",
        out / "orientation.png",
    )
    curve(runs / "corner/log.jsonl", "heldOut", "Corners: whole desks with held-out pages", "loss", out / "corner.png")
    failure_sheet(json.loads(Path(args.figures).read_text(encoding="utf-8")), Path(args.pages), out / "failures.png")


if __name__ == "__main__":
    main()
