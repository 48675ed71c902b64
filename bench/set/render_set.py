"""Render the pages of a benchmark with models/render.py: {"out": folder, "jobs": [{kind, condition, seed}]} on stdin."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "models"))

from render import render, save  # noqa: E402

order = json.load(sys.stdin)
folder = Path(order["out"])
folder.mkdir(parents=True, exist_ok=True)
for job in order["jobs"]:
    picture, truth = render(job["kind"], job["condition"], job["seed"], "eval", 200)
    save(picture, truth, folder, "jpg", 0)
