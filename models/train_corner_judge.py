"""Train the network that tells folded corners. Resumable; the best checkpoint by held-out loss is kept.

python train_corner_judge.py --run runs/corner --minutes 25 [--device cuda]
python train_corner_judge.py --run runs/corner --export weights    # corner.onnx, and its name and hash into page-finder.json
"""

import hashlib
import json
from collections import deque
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from nets.corner_judge import CornerJudge
from nets.training import train, training_parser
from synth.corner_scenes import CornerMaker
from synth.corners import INSIDE, OUTSIDE, PATCH, STATES, patch_of, spoil
from synth.sheets import compose, sheet_bank

BATCH = 64
PAGES = 80
LONG_SIDE = 420
# Held out are corners of whole desks; trained on are corners drawn alone.
SHAPES = [(480, 640), (480, 640), (640, 480), (360, 640), (600, 800)]
KINDS = ("one", "beneath", "several", "cards")
SHARES = (0.4, 0.3, 0.2, 0.1)
# Each corner is cut out so many times, with a quad off in another way; batches are drawn from the newest so many patches.
CUTS = 2
KEPT = 24000
LEAST_KEPT = 500
# New corners for each batch.
NEW = 12
# A smaller fold is seen by hardly anybody.
SMALL, SMALL_WEIGHT = 0.03, 0.3


def corners_of(scene):
    """(sheet's quad, number, state's class, kind, size) of the corners that can be told."""
    high, wide = scene.picture.shape[:2]
    for quad, notes in zip(scene.sheets, scene.notes["corners"]):
        for number, (state, kind, size) in enumerate(notes or []):
            if kind == "out of view":
                continue
            x, y = np.clip(quad[number] + 0.03 * (quad.mean(0) - quad[number]), 0, (wide - 1, high - 1)).astype(int)
            if state != "whole" and scene.fingers[y, x] > 100:
                continue
            yield quad, number, STATES.index(state), kind, size


def off(quad, rng):
    """A quad as the finder gives it: nearly right."""
    unit = min(np.linalg.norm(quad - np.roll(quad, 1, 0), axis=1))
    return quad + rng.normal(0, unit * (0.005 if rng.random() < 0.8 else 0.013), quad.shape)


def scenes(bank, rng):
    while True:
        scene = compose(bank, rng, *SHAPES[rng.integers(len(SHAPES))], rng.choice(KINDS, p=SHARES), spoil)
        if not scene.notes["doubtful"]:
            yield scene


def sample(picture, quad, number, state, kind, size, rng):
    """(patch, class, weight, kind, size)"""
    return patch_of(picture, off(quad, rng), number), state, SMALL_WEIGHT if 0 < size < SMALL else 1.0, kind, size


def produce(send, seed):
    """Worker: batches out of the newest patches, until the trainer is gone."""
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    maker, kept, going = (
        CornerMaker(sheet_bank("train", seed % 1000, PAGES, long_side=LONG_SIDE), rng),
        deque(maxlen=KEPT),
        True,
    )
    while going:
        for _ in range(NEW):
            made = maker.make()
            kept.extend(sample(*made, rng) for _ in range(CUTS))
        if len(kept) >= LEAST_KEPT:
            chosen = [kept[at] for at in rng.integers(len(kept), size=BATCH)]
            going = send(
                [np.stack([one[0] for one in chosen]), *(np.array([one[k] for one in chosen]) for k in (1, 2))]
            )


def held_out(count=500, seed=4545):
    """Patches of pages of the evaluation split, and what is known of them."""
    rng, found = np.random.default_rng(seed), []
    for scene in scenes(sheet_bank("eval", seed, 18, dpi=100, long_side=800), rng):
        found.extend(sample(scene.picture, *corner, rng) for corner in corners_of(scene))
        if len(found) >= count:
            return found


def changed(patches, rng):
    """Mirrored about the diagonal, brighter or darker, in other colours, as often as not."""
    data = torch.from_numpy(patches).permute(0, 3, 1, 2).float()
    turn = torch.from_numpy(rng.random(len(data)) < 0.5)
    data[turn] = data[turn].transpose(2, 3)
    gain = torch.from_numpy(
        np.exp(rng.normal(0, 0.2, (len(data), 1, 1, 1)) + rng.normal(0, 0.06, (len(data), 3, 1, 1))).astype(np.float32)
    )
    return (data * gain).clamp(0, 255)


def loss_of(model, batch, device, rng, bf16):
    patches, states, weights = batch
    data = changed(patches, rng).to(device).contiguous(memory_format=torch.channels_last)
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        logits = model(data)
    each = F.cross_entropy(logits.float(), torch.from_numpy(states).to(device), reduction="none", label_smoothing=0.01)
    return (each * torch.from_numpy(weights).float().to(device)).mean()


def logits_of(model, patches, device):
    data = torch.from_numpy(np.stack(patches)).permute(0, 3, 1, 2)
    return torch.cat([model(part.float().to(device)) for part in data.split(64)]).cpu()


def measure(model, found, device):
    """Held-out loss; prints what share of folds is found where one page in a hundred is called folded wrongly."""
    logits = logits_of(model, [one[0] for one in found], device)
    states, sizes = np.array([one[1] for one in found]), np.array([one[4] for one in found])
    p = torch.softmax(logits, 1)[:, 1].numpy()
    limit = np.quantile(p[states != 1], 1 - 0.0025)
    told = p[(states == 1) & (sizes >= 0.04)] > limit
    print({"limit": round(float(limit), 3), "told": round(float(told.mean()), 4)}, flush=True)
    return float(F.cross_entropy(logits, torch.from_numpy(states)))


class Probabilities(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return torch.softmax(self.model(x), -1)


def export(checkpoint, folder):
    """ONNX with fp16 weights, named in the page finder's manifest."""
    from export import export as write_onnx
    from export import load_state

    model = load_state(CornerJudge(), checkpoint)
    write_onnx(
        Probabilities(model),
        torch.zeros(4, 3, PATCH, PATCH),
        folder / "corner.onnx",
        "x",
        "p",
        {"x": {0: "n"}, "p": {0: "n"}},
    )
    path = folder / "page-finder.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["corners"] = {
        "file": "corner.onnx",
        "sha256": hashlib.sha256((folder / "corner.onnx").read_bytes()).hexdigest(),
        "input": {"name": "x", "side": PATCH, "outside": OUTSIDE, "inside": INSIDE},
        "output": {"name": "p", "states": list(STATES)},
    }
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def main():
    parser = training_parser(__doc__, "runs/corner", 2e-3, 120)
    parser.add_argument("--export", metavar="FOLDER", help="write the run's best as ONNX into a folder; trains nothing")
    args = parser.parse_args()
    if args.export:
        export(Path(args.run) / "best.pt", Path(args.export))
        return
    cv2.setNumThreads(1)
    device, rng, found = torch.device(args.device), np.random.default_rng(), held_out()
    train(
        args,
        CornerJudge(),
        figure="heldOut",
        produce=produce,
        queue=6,
        weight_decay=0.01,
        loss_of=lambda model, batch: loss_of(model, batch, device, rng, args.bf16),
        size_of=lambda batch: len(batch[0]),
        measure=lambda model: measure(model, found, device),
    )


if __name__ == "__main__":
    main()
