"""The loop that every trainer shares: resume, the learning rate's course, averaged weights, checks, log, checkpoints.

A trainer builds its network, makes batches in worker processes and calls `train`. The run folder holds `last.pt` (all
that is needed to go on), `best.pt` (half-precision averaged weights with the best held-out figure) and `log.jsonl`."""

import argparse
import copy
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from .feeding import start_workers

AVERAGE = 0.998  # share of the averaged weights that each step keeps
RESERVE = 0.03  # share of a phase at its end that runs at the lowest rate


def training_parser(description, run, rate, check_every):
    """The options that all trainers take."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", default=run, help="folder of the run; the same folder goes on where it stopped")
    parser.add_argument("--minutes", type=float, default=60, help="wall clock of the whole phase")
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument(
        "--hold", type=float, default=0.3, help="share of the phase at the full rate, before the cosine"
    )
    parser.add_argument(
        "--start", help="what a new run starts from: a checkpoint (.pt) or, for some networks, an export (.onnx)"
    )
    parser.add_argument(
        "--new-phase", action="store_true", help="begin a new course of the learning rate, and a new best"
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--check-every", type=float, default=check_every, help="seconds between checks")
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    return parser


def learning_rate(done, total, peak, hold=0.0):
    """A short warm-up, the full rate for a share of the phase, then a cosine to nearly nothing."""
    share = done / total
    if share < 0.02:
        return peak * (0.1 + 0.9 * share / 0.02)
    falling = min(1.0, max(0.0, (share - hold) / (1 - RESERVE - hold)))
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * falling)))


def train(
    args,
    model,
    *,
    loss_of,
    size_of,
    measure,
    figure,
    produce,
    produce_args=(),
    queue=8,
    weight_decay=0.02,
    clip=5.0,
    begin=None,
    fit=None,
):
    """Train `model` until the phase of `args.minutes` is over.

    loss_of(model, batch) -> tensor; size_of(batch) -> crops in it; measure(model) -> held-out figure, the lower the
    better, logged under the name `figure`; produce(send, seed, *produce_args) makes batches (see feeding);
    begin(model) fills the network of a new run that does not start from a checkpoint; fit(saved) changes a checkpoint whose shapes have since grown.
    """
    run = Path(args.run)
    run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    last = run / "last.pt"
    saved = torch.load(last, map_location="cpu", weights_only=False) if last.exists() else None
    state = {"seconds": 0.0, "crops": 0, "best": math.inf, "phase": 0.0}
    if saved:
        if fit:
            fit(saved)
        state.update(saved["state"])
        model.load_state_dict(saved["model"])
        if args.new_phase:
            state.update(phase=0.0, best=math.inf)
    elif args.start and args.start.endswith(".pt"):
        given = {"model": torch.load(args.start, map_location="cpu", weights_only=True), "optimiser": {"state": {}}}
        if fit:
            fit(given)
        model.load_state_dict(
            {name: value.float() if value.is_floating_point() else value for name, value in given["model"].items()}
        )
    elif begin:
        begin(model)
    model.to(args.device).to(memory_format=torch.channels_last)
    average = copy.deepcopy(model)
    if saved and "average" in saved and not args.new_phase:
        average.load_state_dict(saved["average"])
    optimiser = torch.optim.AdamW(model.parameters(), args.rate, weight_decay=weight_decay)
    if saved:
        optimiser.load_state_dict(saved["optimiser"])
    keep = Keeper(run, state, model, average, optimiser, measure, figure)
    batches, workers = start_workers(args.workers, produce, queue, *produce_args)
    keep.check([])
    model.train()
    total, base, recent = args.minutes * 60, dict(state), []
    began, next_check = time.time(), time.time() + args.check_every
    finished = base["phase"] >= total
    while not finished:
        passed = time.time() - began
        state.update(phase=base["phase"] + passed, seconds=base["seconds"] + passed)
        finished = state["phase"] >= total
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(state["phase"], total, args.rate, args.hold)
        batch = batches.get()
        loss = loss_of(model, batch)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimiser.step()
        follow(average, model, min(AVERAGE, (1 + keep.steps) / (10 + keep.steps)))
        keep.steps += 1
        state["crops"] += size_of(batch)
        recent.append(loss.item())
        if finished or time.time() > next_check:
            keep.check(recent)
            recent, next_check = [], time.time() + args.check_every
    for worker in workers:
        worker.terminate()


@torch.no_grad()
def follow(average, model, share):
    """Move the averaged weights towards the model's; counters and other whole numbers are copied."""
    for ours, new in zip(average.state_dict().values(), model.state_dict().values()):
        if ours.is_floating_point():
            ours.lerp_(new, 1 - share)
        else:
            ours.copy_(new)


class Keeper:
    """Measures the averaged weights, logs, and writes checkpoints."""

    def __init__(self, run, state, model, average, optimiser, measure, figure):
        self.run, self.state, self.steps = run, state, 0
        self.model, self.average, self.optimiser = model, average, optimiser
        self.measure, self.figure = measure, figure
        self.log = (run / "log.jsonl").open("a")

    def check(self, losses):
        """One check; the first of a run has no losses yet. A killed run loses what came after its last check."""
        self.average.eval()
        with torch.no_grad():
            found = float(self.measure(self.average))
        mean = round(float(np.mean(losses)), 4) if losses else 0.0
        row = {
            "seconds": round(self.state["seconds"]),
            "crops": self.state["crops"],
            self.figure: round(found, 5),
            "loss": mean,
            "at": time.strftime("%H:%M:%S"),
        }
        self.log.write(json.dumps(row) + "\n")
        self.log.flush()
        print(row, flush=True)
        if found < self.state["best"]:
            self.state["best"] = found
            self.write(halved(self.average), "best.pt")
        self.write(
            {
                "model": self.model.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "state": self.state,
            },
            "last.pt",
        )

    def write(self, what, name):
        """A file that is whole or absent, whenever the process ends."""
        torch.save(what, self.run / (name + ".tmp"))
        (self.run / (name + ".tmp")).rename(self.run / name)


def halved(model):
    """A model's weights in half precision."""
    return {name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()}
