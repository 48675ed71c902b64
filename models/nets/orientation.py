"""Which way up a page lies: a small convolutional network that looks at every place and trusts some more than others.

Input `[n, 1, h, w]`, floats 0..255, sides multiples of 16. Output logits `[n, 4]`: class k says that k quarter turns
clockwise bring the page upright."""

import torch
from torch import nn

from .recogniser import conv

SIDE_MULTIPLE = 16


class Orientation(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            conv(1, 12, 3, stride=2, padding=1),
            conv(12, 24, 3, stride=2, padding=1),
            conv(24, 48, 3, stride=2, padding=1),
            conv(48, 48, 3, padding=1),
            conv(48, 80, 3, stride=2, padding=1),
            conv(80, 80, 3, padding=1),
        )
        self.says = nn.Conv2d(80, 4, 1)
        self.weighs = nn.Conv2d(80, 1, 1)

    def forward(self, x):
        x = self.body((x - 160.0) / 64.0)
        trust = torch.softmax(self.weighs(x).flatten(2), -1)
        return (self.says(x).flatten(2) * trust).sum(-1)
