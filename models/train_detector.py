"""Train the line detector on generated pages. Resumable; the best checkpoint by held-out loss is kept.

    python train_detector.py --run runs/det --minutes 30 [--start weights/det.onnx] [--device cuda]
"""

import argparse
import json
import random
import time
from pathlib import Path

import cv2
import numpy as np
import torch

from nets.feeding import start_workers
from nets.detector import Detector, loss_of, start_from_onnx
from synth.detection import DetectionMaker
from train_recogniser import learning_rate

BATCH = 16


def produce(send, seed):
    """Worker: keep a pool of crops from many pages and send mixed batches until the trainer is gone."""
    cv2.setNumThreads(0)
    maker, rng, pool = DetectionMaker("train", seed), random.Random(seed), []
    going = True
    while going:
        while len(pool) < 12 * BATCH:
            pool.extend(maker.crops())
        rng.shuffle(pool)
        for _ in range(3):
            batch, pool = pool[:BATCH], pool[BATCH:]
            going = send((np.stack([image for image, _ in batch])[:, None], np.stack([target for _, target in batch])[:, None]))


def held_out(count=24, seed=4242):
    """Fixed crops with held-out fonts, words and layouts."""
    maker = DetectionMaker("eval", seed)
    return [maker.crops()[0] for _ in range(count)]


def run_batch(model, images, targets, device, bf16):
    images = torch.from_numpy(images).to(device).float().contiguous(memory_format=torch.channels_last)
    targets = torch.from_numpy(targets).to(device).float() / 255
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        logits = model(images)
    return loss_of(logits.float(), targets, torch.ones_like(targets))


@torch.no_grad()
def measure(model, crops, device):
    """Mean loss over the held-out crops."""
    model.eval()
    losses = []
    for start in range(0, len(crops), 8):
        part = crops[start : start + 8]
        images, targets = np.stack([c[0] for c in part])[:, None], np.stack([c[1] for c in part])[:, None]
        losses.append(run_batch(model, images, targets, device, False).item())
    model.train()
    return float(np.mean(losses))


def main():
    args = parse_args()
    run = Path(args.run)
    run.mkdir(parents=True, exist_ok=True)
    device = torch.device(args.device)
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(0)
    model = Detector()
    evaluation = held_out()
    state = {"seconds": 0.0, "crops": 0, "best": 99.0, "phase": 0.0}
    last = run / "last.pt"
    saved = torch.load(last, map_location="cpu", weights_only=False) if last.exists() else None
    if saved:
        model.load_state_dict(saved["model"])
        state = saved["state"]
    elif args.start:
        start_from_onnx(model, args.start, torch.tensor(np.stack([c[0] for c in evaluation])[:, None]).float())
    model = model.to(device).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), args.rate, weight_decay=0.01)
    if saved:
        optimiser.load_state_dict(saved["optimiser"])
        if args.new_phase:
            state["phase"] = 0.0
    batches, workers = start_workers(args.workers, produce, 6)
    log = (run / "log.jsonl").open("a")
    report(log, state, measure(model, evaluation, device), 0.0)
    model.train()
    began, total, recent = time.time(), args.minutes * 60, []
    base, seconds, next_check = state["phase"], state["seconds"], time.time() + args.check_every
    finished = False
    while not finished:
        phase = base + time.time() - began
        finished = phase >= total
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(phase, total, args.rate)
        loss = run_batch(model, *batches.get(), device, args.bf16)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        state["crops"] += BATCH
        recent.append(loss.item())
        if finished or time.time() > next_check:
            state["seconds"], state["phase"] = seconds + time.time() - began, phase
            error = measure(model, evaluation, device)
            report(log, state, error, float(np.mean(recent)))
            if error < state["best"]:
                state["best"] = error
                torch.save({name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()}, run / "best.pt")
            torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "state": state}, run / "last.tmp")
            (run / "last.tmp").rename(last)
            recent, next_check = [], time.time() + args.check_every
    for worker in workers:
        worker.terminate()


def report(log, state, held_out_loss, loss):
    row = {"seconds": round(state["seconds"]), "crops": state["crops"], "heldOut": round(held_out_loss, 4), "loss": round(loss, 4), "at": time.strftime("%H:%M:%S")}
    log.write(json.dumps(row) + "\n")
    log.flush()
    print(row, flush=True)


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="runs/det")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--start", help="an exported detector to start from")
    parser.add_argument("--new-phase", action="store_true", help="restart the learning rate's course on resuming")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--check-every", type=float, default=180)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
