"""Train the line detector on generated pages. Resumable; the best checkpoint by held-out loss is kept.

python train_detector.py --run runs/det --minutes 30 [--start checkpoints/det.pt] [--device cuda]
"""

import random

import cv2
import numpy as np
import torch

from nets.detector import Detector, loss_of, start_from_onnx
from nets.training import train, training_parser
from synth.detection import DetectionMaker

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
            going = send(
                (np.stack([image for image, _ in batch])[:, None], np.stack([target for _, target in batch])[:, None])
            )


def held_out(count=24, seed=4242):
    """Fixed crops with held-out fonts, words and layouts."""
    maker = DetectionMaker("eval", seed)
    return [maker.crops()[0] for _ in range(count)]


def run_batch(model, images, targets, device, bf16):
    """The loss of one batch: images `[n, 1, h, w]` and targets `[n, 1, h/2, w/2]`, uint8."""
    images = torch.from_numpy(images).to(device).float().contiguous(memory_format=torch.channels_last)
    targets = torch.from_numpy(targets).to(device).float() / 255
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        logits = model(images)
    return loss_of(logits.float(), targets, torch.ones_like(targets))


def measure(model, crops, device):
    """Mean loss over the held-out crops."""
    losses = []
    for start in range(0, len(crops), 8):
        part = crops[start : start + 8]
        images, targets = np.stack([c[0] for c in part])[:, None], np.stack([c[1] for c in part])[:, None]
        losses.append(run_batch(model, images, targets, device, False).item())
    return float(np.mean(losses))


def main():
    parser = training_parser(__doc__, "runs/det", 1e-3, 180)
    args = parser.parse_args()
    cv2.setNumThreads(0)
    device, evaluation = torch.device(args.device), held_out()

    def begin(model):
        if args.start:
            start_from_onnx(model, args.start, torch.tensor(np.stack([c[0] for c in evaluation])[:, None]).float())

    train(
        args,
        Detector(),
        figure="heldOut",
        produce=produce,
        queue=6,
        weight_decay=0.01,
        begin=begin,
        loss_of=lambda model, batch: run_batch(model, *batch, device, args.bf16),
        size_of=lambda batch: len(batch[0]),
        measure=lambda model: measure(model, evaluation, device),
    )


if __name__ == "__main__":
    main()
