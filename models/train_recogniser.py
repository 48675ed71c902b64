"""Train the line recogniser on generated lines. Resumable; the best checkpoint by held-out CER is kept.

    python train_recogniser.py --run runs/rec --minutes 60 [--start weights/rec.onnx] [--device cuda]
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from nets.decode import best_path, edit_distance
from nets.feeding import start_workers
from nets.recogniser import STRIDE, Recogniser, start_from_onnx
from synth import charset
from synth.lines import LineMaker

WIDTHS = ((160, 128, 4), (320, 64, 2))  # crop width, batch, how often


def make_batch(maker, width, count, rng):
    """Images `[n, 2, 32, w]` uint8, CTC labels, sampled frames `[k, 3]` (item, frame, class)."""
    images = np.empty((count, 32, width, 2), np.uint8)
    labels, lengths, frames = [], [], []
    for item in range(count):
        crop = maker.crop(width)
        images[item] = crop["image"]
        labels.extend(crop["labels"])
        lengths.append(len(crop["labels"]))
        frames.extend((item, *frame) for frame in sample_frames(crop, width // STRIDE, rng))
    rng.shuffle(frames)
    frames = frames[: max(1, len(frames) // 128) * 128]  # few different shapes: each new one is compiled anew
    return (np.ascontiguousarray(images.transpose(0, 3, 1, 2)), np.array(labels, np.int32), np.array(lengths, np.int32), np.array(frames, np.int64), width)


def sample_frames(crop, frame_count, rng):
    """One frame within each character's middle, and blanks between characters that stand apart."""
    edge = 0.0
    for label, (x0, x1) in zip(crop["labels"], crop["spans"]):
        quarter = (x1 - x0) * 0.25
        frame = int(rng.uniform(x0 + quarter, max(x0 + quarter + 0.1, x1 - quarter)) / STRIDE)
        yield min(frame_count - 1, max(0, frame)), label
        if x0 - edge > 6 and rng.random() < 0.5:
            yield min(frame_count - 1, int(rng.uniform(edge + 2, x0 - 2) / STRIDE)), 0
        edge = max(edge, x1)
    room = frame_count * STRIDE - edge
    if room > 8:
        yield min(frame_count - 1, int(rng.uniform(edge + 3, edge + room) / STRIDE)), 0


def produce(send, seed, chars):
    """Worker: make batches until the trainer is gone."""
    cv2.setNumThreads(0)
    maker, rng = LineMaker("train", seed, chars), random.Random(seed)
    plan = [(width, count) for width, count, often in WIDTHS for _ in range(often)]
    going = True
    while going:
        width, count = rng.choice(plan)
        going = send(make_batch(maker, width, count, rng))


def held_out(chars, count=512, seed=99):
    """A fixed set of 320 px crops with held-out fonts and words."""
    maker = LineMaker("eval", seed, chars)
    return [maker.crop(320) for _ in range(count)]


@torch.no_grad()
def measure(model, crops, device):
    """Character error rate over crops."""
    model.eval()
    wrong = total = 0
    for start in range(0, len(crops), 64):
        part = crops[start : start + 64]
        images = torch.tensor(np.stack([crop["image"] for crop in part]).transpose(0, 3, 1, 2)).to(device).float()
        for crop, found in zip(part, best_path(model(images).cpu().numpy())):
            wrong += edit_distance(crop["labels"], found)
            total += len(crop["labels"])
    model.train()
    return wrong / total


def loss_of(model, batch, device, ctc_share, bf16):
    """Frame loss on most items, CTC on the first share of them."""
    images, labels, lengths, frames, width = batch
    images = torch.from_numpy(images).to(device).float().contiguous(memory_format=torch.channels_last)
    count = len(lengths)
    ctc_items = int(count * ctc_share)
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        feats = model.features(images)
        item, frame, label = torch.from_numpy(frames).to(device).T
        frame_loss = F.cross_entropy(model.head(feats[item, frame]).float(), label)
        if not ctc_items:
            return frame_loss
        logits = model.head(feats[:ctc_items])
    logp = F.log_softmax(logits.float(), -1).transpose(0, 1)
    sizes = torch.full((ctc_items,), width // STRIDE, dtype=torch.long)
    target = torch.from_numpy(labels[: lengths[:ctc_items].sum()].astype(np.int64))
    ctc = F.ctc_loss(logp, target.to(device), sizes, torch.from_numpy(lengths[:ctc_items].astype(np.int64)), zero_infinity=True, reduction="sum")
    return 0.5 * frame_loss + ctc / max(1, int(lengths[:ctc_items].sum()))


def learning_rate(done, total, peak):
    """A short warm-up, then a cosine to nearly nothing."""
    if done < 0.02 * total:
        return peak * (0.1 + 0.9 * done / (0.02 * total))
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, done / total))))


def main():
    args = parse_args()
    run = Path(args.run)
    run.mkdir(parents=True, exist_ok=True)
    device = torch.device(args.device)
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(0)
    chars = charset.extend(charset.load_charset()) if args.extend else charset.load_charset()
    (run / "chars.txt").write_text("\n".join(chars) + "\n", encoding="utf-8")
    model = Recogniser(len(chars) + 1).to(device).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), args.rate, weight_decay=0.02)
    state = {"seconds": 0.0, "crops": 0, "best": 9.9, "phase": 0.0}
    last = run / "last.pt"
    if last.exists():
        saved = torch.load(last, map_location=device, weights_only=False)
        model.load_state_dict(saved["model"]), optimiser.load_state_dict(saved["optimiser"])
        state = saved["state"]
        if args.new_phase:
            state["phase"] = 0.0
    elif args.start:
        warm = LineMaker("train", 7, chars)
        images = torch.tensor(np.stack([warm.crop(160)["image"] for _ in range(256)]).transpose(0, 3, 1, 2)).float()
        start_from_onnx(model.cpu(), args.start, images)
        model = model.to(device)
    evaluation = held_out(chars)
    batches, workers = start_workers(args.workers, produce, 12, chars)
    log = (run / "log.jsonl").open("a")
    report(log, state, measure(model, evaluation, device), 0.0)
    model.train()
    began, total, steps, recent = time.time(), args.minutes * 60, 0, []
    base_phase, base_seconds, next_check = state["phase"], state["seconds"], time.time() + args.check_every
    while (phase := base_phase + time.time() - began) < total:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(phase, total, args.rate)
        batch = batches.get()
        loss = loss_of(model, batch, device, args.ctc_share, args.bf16)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        steps += 1
        state["crops"] += len(batch[2])
        recent.append(loss.item())
        if time.time() > next_check:
            state["seconds"], state["phase"] = base_seconds + time.time() - began, base_phase + time.time() - began
            check(model, optimiser, evaluation, device, state, run, log, recent)
            recent, next_check = [], time.time() + args.check_every
    state["seconds"], state["phase"] = base_seconds + time.time() - began, total
    check(model, optimiser, evaluation, device, state, run, log, recent)
    for worker in workers:
        worker.terminate()


def check(model, optimiser, evaluation, device, state, run, log, recent):
    """Measure, log, save; keep the best."""
    error = measure(model, evaluation, device)
    report(log, state, error, float(np.mean(recent)) if recent else 0.0)
    if error < state["best"]:
        state["best"] = error
        torch.save({name: value.half() if value.is_floating_point() else value for name, value in model.state_dict().items()}, run / "best.pt")
    torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "state": state}, run / "last.tmp")
    (run / "last.tmp").rename(run / "last.pt")


def report(log, state, error, loss):
    row = {"seconds": round(state["seconds"]), "crops": state["crops"], "cer": round(error, 5), "loss": round(loss, 4), "at": time.strftime("%H:%M:%S")}
    log.write(json.dumps(row) + "\n")
    log.flush()
    print(row, flush=True)


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", default="runs/rec")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--ctc-share", type=float, default=0.34)
    parser.add_argument("--start", help="an exported recogniser to start from")
    parser.add_argument("--extend", action="store_true", help="append the characters the exported charset lacks")
    parser.add_argument("--new-phase", action="store_true", help="restart the learning rate's course on resuming")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--check-every", type=float, default=300)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
