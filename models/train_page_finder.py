"""Train the page finder on composed desks. Resumable; the best checkpoint by held-out loss is kept.

python train_page_finder.py --run runs/page --minutes 40 [--device cuda]
python train_page_finder.py --run runs/page --export weights    # page.onnx and page-finder.json
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import cv2
import numpy as np
import torch

from nets.feeding import start_workers
from nets.page_finder import PageFinder, loss_of
from synth.sheets import CHANNELS, compose, sheet_bank, targets
from nets.training import learning_rate

BATCH = 16
LONG_SIDE = 256
SHAPES = [(192, 256), (192, 256), (192, 256), (256, 192), (128, 256), (256, 256)]  # multiples of 64, to be halved too
PAGES = 240
# A composed batch costs as much as a step: each serves several times, mirrored in one way or another.
USES = 6
POOL = 60


def scenes(bank, rng, count, shape):
    pictures, marks = [], []
    while len(pictures) < count:
        scene = compose(bank, rng, *shape)
        if not scene.notes["doubtful"]:
            pictures.append(scene.picture.transpose(2, 0, 1))
            marks.append(targets(scene))
    return np.stack(pictures), np.stack(marks)


def produce(send, seed):
    """Worker: compose batches until the trainer is gone."""
    cv2.setNumThreads(1)
    bank, rng = sheet_bank("train", seed % 1000, PAGES, long_side=330), np.random.default_rng(seed)
    while send(scenes(bank, rng, BATCH, SHAPES[rng.integers(len(SHAPES))])):
        pass


def held_out(count=4, seed=4242):
    """Fixed batches with pages of the evaluation split."""
    bank, rng = sheet_bank("eval", seed, 27, long_side=330), np.random.default_rng(seed)
    return [scenes(bank, rng, BATCH, SHAPES[number % len(SHAPES)]) for number in range(count)]


def forward(model, batch, device, bf16, shrink=1):
    pictures = torch.from_numpy(batch[0]).to(device).float().contiguous(memory_format=torch.channels_last)
    marks = torch.from_numpy(batch[1]).to(device).float() / 255
    if shrink > 1:
        pictures, marks = (torch.nn.functional.avg_pool2d(part, shrink) for part in (pictures, marks))
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        logits = model(pictures)
    return logits.float(), marks


class Pool:
    """Keeps batches for further uses; each use is mirrored anew."""

    def __init__(self, batches):
        self.batches, self.kept, self.drawn, self.rng = batches, [], 0, np.random.default_rng()

    def get(self):
        while len(self.kept) < min(POOL, 1 + self.drawn // USES):
            self.kept.append([self.batches.get(), USES])
        self.drawn += 1
        entry = self.kept[self.rng.integers(len(self.kept))]
        entry[1] -= 1
        flips = [axis for axis in (2, 3) if self.rng.random() < 0.5]
        batch = [np.flip(part, flips) for part in entry[0]]
        if entry[1] == 0:
            self.kept = [other for other in self.kept if other is not entry]
        return [np.ascontiguousarray(part) for part in batch]


@torch.no_grad()
def measure(model, batches, device):
    """(mean loss, share of pixels right for each channel as intersection over union)."""
    model.eval()
    losses, both, either = [], np.zeros(len(CHANNELS)), np.zeros(len(CHANNELS))
    for batch in batches:
        logits, marks = forward(model, batch, device, False)
        losses.append(loss_of(logits, marks).item())
        found, true = logits > 0, marks > 0.5
        both += (found & true).sum((0, 2, 3)).cpu().numpy()
        either += (found | true).sum((0, 2, 3)).cpu().numpy()
    model.train()
    return float(np.mean(losses)), {
        name: round(float(value), 3) for name, value in zip(CHANNELS, both / np.maximum(1, either))
    }


def main():
    args = parse_args()
    run = Path(args.run)
    if args.export:
        export(run / "best.pt", Path(args.export))
        return
    run.mkdir(parents=True, exist_ok=True)
    device = torch.device(args.device)
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    model, state = PageFinder(), {"seconds": 0.0, "scenes": 0, "best": 99.0, "phase": 0.0}
    last = run / "last.pt"
    saved = torch.load(last, map_location="cpu", weights_only=False) if last.exists() else None
    if saved:
        model.load_state_dict(saved["model"])
        state = saved["state"]
    elif args.start:
        model.load_state_dict(
            {
                name: value.float() if value.is_floating_point() else value
                for name, value in torch.load(args.start, map_location="cpu").items()
            }
        )
    model = model.to(device).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), args.rate, weight_decay=0.01)
    if saved:
        optimiser.load_state_dict(saved["optimiser"])
        if args.new_phase:
            state["phase"] = 0.0
    batches, workers = start_workers(args.workers, produce, 6)
    pool, evaluation, log = Pool(batches), held_out(), (run / "log.jsonl").open("a")
    model.train()
    began, total, recent = time.time(), args.minutes * 60, []
    base, seconds, next_check = state["phase"], state["seconds"], time.time() + args.check_every
    finished = False
    while not finished:
        phase = base + time.time() - began
        finished = phase >= total
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(phase, total, args.rate)
        loss = loss_of(*forward(model, pool.get(), device, args.bf16, 2 if phase < args.half_size * total else 1))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        state["scenes"] += BATCH
        recent.append(loss.item())
        if finished or time.time() > next_check:
            state["seconds"], state["phase"] = seconds + time.time() - began, phase
            error, shares = measure(model, evaluation, device)
            row = {
                "seconds": round(state["seconds"]),
                "scenes": state["scenes"],
                "heldOut": round(error, 4),
                "loss": round(float(np.mean(recent)), 4),
                **shares,
            }
            log.write(json.dumps(row) + "\n")
            log.flush()
            print(row, flush=True)
            if error < state["best"]:
                state["best"] = error
                torch.save(
                    {
                        name: value.half() if value.is_floating_point() else value
                        for name, value in model.state_dict().items()
                    },
                    run / "best.pt",
                )
            torch.save(
                {"model": model.state_dict(), "optimiser": optimiser.state_dict(), "state": state}, run / "last.tmp"
            )
            (run / "last.tmp").rename(last)
            recent, next_check = [], time.time() + args.check_every
    for worker in workers:
        worker.terminate()


class Probabilities(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, x):
        return torch.sigmoid(self.model(x))


def export(checkpoint, folder):
    """ONNX with fp16 weights and the manifest that names its hash."""
    from export import export as write_onnx
    from export import load_state

    model = PageFinder()
    load_state(model, checkpoint)
    axes = {"x": {0: "n", 2: "h", 3: "w"}, "p": {0: "n", 2: "h", 3: "w"}}
    write_onnx(Probabilities(model), torch.zeros(1, 3, 192, 256), folder / "page.onnx", "x", "p", axes)
    sha = hashlib.sha256((folder / "page.onnx").read_bytes()).hexdigest()
    manifest = {
        "schemaVersion": 1,
        "licence": "the project's own",
        "file": "page.onnx",
        "sha256": sha,
        "input": {"name": "x", "longSide": LONG_SIDE, "sideMultiple": 32},
        "output": {"name": "p", "stride": 2, "channels": list(CHANNELS)},
    }
    path = folder / "page-finder.json"
    if path.exists():  # train_corner_judge.py writes that part
        manifest["corners"] = json.loads(path.read_text(encoding="utf-8"))["corners"]
    path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", default="runs/page")
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", help="a checkpoint to start from")
    parser.add_argument("--new-phase", action="store_true", help="restart the learning rate's course on resuming")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--check-every", type=float, default=180)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument(
        "--half-size",
        type=float,
        default=0.6,
        help="first part of the run, in which pictures have half the size: four times as many, for the rough shape of things",
    )
    parser.add_argument("--export", metavar="FOLDER", help="write the run's best as ONNX into a folder; trains nothing")
    return parser.parse_args()


if __name__ == "__main__":
    main()
