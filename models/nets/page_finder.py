"""The page finder: a small pyramid that marks sheets, their edges, and what spoils them, at half size.

Input `[n, 3, h, w]` RGB 0..255, sides multiples of 32, the longer one 256. Output `[n, 6, h/2, w/2]`: logits of
synth.sheets.CHANNELS."""

import torch
from torch import nn
from torch.nn import functional as F

from .recogniser import Residual, conv

CHANNELS = 6
WIDTHS = (12, 24, 48, 80, 112)
PYRAMID = 32
# Edges and small things cover few pixels: theirs weigh more.
WEIGHTS = (1.0, 4.0, 2.0, 12.0, 16.0, 6.0)


class Everywhere(nn.Module):
    """Adds what the whole picture looks like to each place."""

    def __init__(self, width):
        super().__init__()
        self.mix = nn.Sequential(nn.Linear(width, width // 2), nn.ReLU(inplace=True), nn.Linear(width // 2, width))

    def forward(self, x):
        return x + self.mix(x.mean((2, 3)))[..., None, None]


class PageFinder(nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c, d, e = WIDTHS
        self.stem = conv(3, a, 3, stride=2, padding=1)
        self.stages = nn.ModuleList(
            [
                nn.Sequential(conv(a, b, 3, stride=2, padding=1), conv(b, b, 3, padding=1)),
                nn.Sequential(conv(b, c, 3, stride=2, padding=1), Residual(c)),
                nn.Sequential(conv(c, d, 3, stride=2, padding=1), Residual(d)),
                nn.Sequential(conv(d, e, 3, stride=2, padding=1), Residual(e), Everywhere(e), Residual(e)),
            ]
        )
        self.lateral = nn.ModuleList(nn.Conv2d(width, PYRAMID, 1) for width in (b, c, d, e))
        self.smooth = nn.ModuleList(conv(PYRAMID, PYRAMID, 3, padding=1) for _ in range(3))
        self.narrow = nn.Conv2d(PYRAMID, a, 1)
        self.last = conv(a, a, 3, padding=1)
        self.out = nn.Conv2d(a, CHANNELS, 1)

    def forward(self, x):
        fine = self.stem((x - 128.0) / 64.0)
        levels, x = [], fine
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        merged = self.lateral[3](levels[3])
        for level in (2, 1, 0):
            merged = self.lateral[level](levels[level]) + F.interpolate(
                merged, scale_factor=2.0, mode="bilinear", align_corners=False
            )
            merged = self.smooth[level](merged)
        fine = fine + F.interpolate(self.narrow(merged), scale_factor=2.0, mode="bilinear", align_corners=False)
        return self.out(self.last(fine))


def loss_of(logits, target):
    """Weighted cross entropy of each channel, and dice for sheets and edges. `target` 0..1."""
    weight = torch.tensor(WEIGHTS, device=logits.device).reshape(1, -1, 1, 1)
    entropy = F.binary_cross_entropy_with_logits(logits, target, reduction="none") * (1 + (weight - 1) * target)
    p = torch.sigmoid(logits[:, :3])
    t = target[:, :3]
    dice = 1 - (2 * (p * t).sum((0, 2, 3)) + 1) / ((p + t).sum((0, 2, 3)) + 1)
    return entropy.mean((0, 2, 3)).sum() + 0.3 * dice.sum()
