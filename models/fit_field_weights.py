"""Fit the weights of the field finder (domain/reading/candidate-weights.json) on candidates of development families.

    npm run bench -- fields --development --pages 1500 --seed 5001 --features /tmp/candidates.jsonl
    python3 models/fit_field_weights.py /tmp/candidates.jsonl domain/reading/candidate-weights.json

Logistic regression by Newton's method with a small ridge; right and wrong candidates weigh alike in sum."""

import json
import sys
from pathlib import Path

import numpy as np

RIDGE = 2.0
STEPS = 30
WRONG_WEIGHT = 0.5


# What no page of development shows: a declared sentence or region is the word of whoever wrote the document type's file.
FIXED = {"passage": 8.0, "region": 1.0}


def fit(features: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Weights by feature; `features` has one row a candidate, `right` is 1 or 0."""
    weights = np.zeros(features.shape[1])
    share = np.where(right > 0, 1.0, WRONG_WEIGHT)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-features @ weights))
        gradient = features.T @ (share * (right - likely)) - RIDGE * weights
        curve = (features * (share * likely * (1 - likely))[:, None]).T @ features + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curve, gradient)
    return weights


def main() -> None:
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    names = json.loads(lines[0])
    rows = np.array([json.loads(line) for line in lines[1:]])
    weights = fit(rows[:, 1:], rows[:, 0])
    table = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=True)} | FIXED
    Path(sys.argv[2]).write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    print(f"{len(rows)} candidates, {int(rows[:, 0].sum())} right")


if __name__ == "__main__":
    main()
