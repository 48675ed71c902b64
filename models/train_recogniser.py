"""Train the line recogniser on generated lines. Resumable; the best checkpoint by held-out CER is kept.

    python train_recogniser.py --run runs/rec --minutes 60 [--start checkpoints/rec.pt] [--extend] [--device cuda]

--extend appends the characters of synth/charset.py that the charset lacks; a run that exists grows with it."""

import random
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from nets.decode import best_path, edit_distance
from nets.recogniser import STRIDE, Recogniser, grow_head, start_from_onnx
from nets.training import train, training_parser
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
    return (
        np.ascontiguousarray(images.transpose(0, 3, 1, 2)),
        np.array(labels, np.int32),
        np.array(lengths, np.int32),
        np.array(frames, np.int64),
        width,
    )


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


def measure(model, crops, device):
    """Character error rate over crops."""
    wrong = total = 0
    for start in range(0, len(crops), 64):
        part = crops[start : start + 64]
        images = torch.tensor(np.stack([crop["image"] for crop in part]).transpose(0, 3, 1, 2)).to(device).float()
        for crop, found in zip(part, best_path(model(images).cpu().numpy())):
            wrong += edit_distance(crop["labels"], found)
            total += len(crop["labels"])
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
    ctc = F.ctc_loss(
        logp,
        target.to(device),
        sizes,
        torch.from_numpy(lengths[:ctc_items].astype(np.int64)),
        zero_infinity=True,
        reduction="sum",
    )
    return 0.5 * frame_loss + ctc / max(1, int(lengths[:ctc_items].sum()))


def charset_of(run, start, wider):
    """The run's classes, or those beside what a new run starts from; `wider` appends what they lack."""
    file = run / "chars.txt"
    beside = Path(start).with_name("chars.txt") if start else charset.CHARS_FILE
    chars = (file if file.exists() else beside).read_text(encoding="utf-8").splitlines()
    chars = charset.extend(chars) if wider else chars
    run.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(chars) + "\n", encoding="utf-8")
    return chars


def main():
    parser = training_parser(__doc__, "runs/rec", 1e-3, 300)
    parser.add_argument("--ctc-share", type=float, default=0.5, help="part of each batch whose whole lines count")
    parser.add_argument("--extend", action="store_true", help="append the characters that the charset lacks")
    args = parser.parse_args()
    cv2.setNumThreads(0)
    device = torch.device(args.device)
    chars = charset_of(Path(args.run), args.start, args.extend)
    evaluation = held_out(chars)

    def begin(model):
        if args.start:
            warm = LineMaker("train", 7, chars)
            images = torch.tensor(np.stack([warm.crop(160)["image"] for _ in range(256)]).transpose(0, 3, 1, 2)).float()
            start_from_onnx(model, args.start, images)

    train(
        args,
        Recogniser(len(chars) + 1),
        figure="cer",
        produce=produce,
        produce_args=(chars,),
        queue=12,
        loss_of=lambda model, batch: loss_of(model, batch, device, args.ctc_share, args.bf16),
        size_of=lambda batch: len(batch[2]),
        measure=lambda model: measure(model, evaluation, device),
        begin=begin,
        fit=lambda saved: grow_head(saved, len(chars) + 1),
    )


if __name__ == "__main__":
    main()
