"""Train the network that tells which way up a page lies. Resumable; the best checkpoint by held-out error is kept.

python train_orientation.py --run runs/orientation --minutes 15 [--device cuda]
"""

import random

import cv2
import numpy as np
import torch
from torch.nn import functional as F

from nets.orientation import Orientation
from nets.training import train, training_parser
from synth.detection import SIDE, DetectionMaker

BATCH = 10  # patches; each is shown all four ways
PATCH = 176  # side that patches are brought to
CUTS = [176, 176, 208, 240, 288]  # sides that they are cut at
CUTS_A_CROP = 5
ENOUGH_TEXT = 0.015  # part of the crop's area marked as text


def produce(send, seed):
    """Worker: patches of pages that hold some text, mixed from several pages, until the trainer is gone."""
    cv2.setNumThreads(0)
    maker, rng, pool = DetectionMaker("train", seed), random.Random(seed), []
    going = True
    while going:
        while len(pool) < 16 * BATCH:
            pool.extend(texts_of(maker))
        rng.shuffle(pool)
        for _ in range(4):
            batch, pool = pool[:BATCH], pool[BATCH:]
            going = send(np.stack(batch))


def texts_of(maker):
    """Patches `[176, 176]` of one page that show enough text to tell its direction."""
    patches, rng = [], maker.rng
    for image, target in maker.crops():
        for _ in range(CUTS_A_CROP):
            side = CUTS[rng.integers(len(CUTS))]
            x, y = rng.integers(0, SIDE - side + 1, 2)
            if (target[y // 2 : (y + side) // 2, x // 2 : (x + side) // 2] > 127).mean() > ENOUGH_TEXT:
                patches.append(
                    cv2.resize(image[y : y + side, x : x + side], (PATCH, PATCH), interpolation=cv2.INTER_AREA)
                )
    return patches


def all_ways(images):
    """Images `[4n, 1, s, s]` and their classes: the k-th quarter turned k times against the clock."""
    turned = np.concatenate([np.rot90(images, k, (1, 2)) for k in range(4)])[:, None]
    return np.ascontiguousarray(turned), np.repeat(np.arange(4), len(images))


def held_out(count=24, seed=4343):
    """Patches of held-out fonts, words and layouts, all ways up."""
    maker, crops = DetectionMaker("eval", seed), []
    while len(crops) < count * 4:
        crops.extend(texts_of(maker)[:4])
    return all_ways(np.stack(crops))


def loss_of(model, images, device, bf16):
    """Cross entropy over patches shown all four ways."""
    turned, classes = all_ways(images)
    data = torch.from_numpy(turned).to(device).float().contiguous(memory_format=torch.channels_last)
    with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        logits = model(data)
    return F.cross_entropy(logits.float(), torch.from_numpy(classes).to(device), label_smoothing=0.02)


def measure(model, images, classes, device):
    """Share of patches called wrong, plus a little of the loss, which still falls when nothing is wrong."""
    logits = torch.cat(
        [model(torch.from_numpy(images[start : start + 32]).to(device).float()) for start in range(0, len(images), 32)]
    )
    target = torch.from_numpy(classes).to(device)
    return float((logits.argmax(-1) != target).float().mean() + 0.01 * F.cross_entropy(logits, target))


def main():
    args = training_parser(__doc__, "runs/orientation", 2e-3, 120).parse_args()
    cv2.setNumThreads(0)
    device = torch.device(args.device)
    images, classes = held_out()
    train(
        args,
        Orientation(),
        figure="error",
        produce=produce,
        queue=6,
        weight_decay=0.01,
        loss_of=lambda model, batch: loss_of(model, batch, device, args.bf16),
        size_of=lambda batch: 4 * len(batch),
        measure=lambda model: measure(model, images, classes, device),
    )


if __name__ == "__main__":
    main()
