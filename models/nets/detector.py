"""The line detector: a small feature pyramid that marks shrunk text at half size.

Input `[n, 1, h, w]` grey 0..255, sides multiples of 32. Output `[n, 1, h/2, w/2]`: logits of shrunk text."""

import torch
from torch import nn
from torch.nn import functional as F

from .recogniser import Residual, conv, rebuild_norms

SHRINK = 0.55  # the height of the marked band as a part of the line's height


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.s1 = conv(1, 16, 3, stride=2, padding=1)
        self.stages = nn.ModuleList(
            nn.Sequential(conv(inside, outside, 3, stride=2, padding=1), Residual(outside))
            for inside, outside in ((16, 24), (24, 48), (48, 96), (96, 128))
        )
        self.lateral = nn.ModuleList(nn.Conv2d(width, 48, 1) for width in (24, 48, 96, 128))
        self.out = conv(48, 24, 3, padding=1)
        self.up = nn.Sequential(nn.ConvTranspose2d(24, 16, 2, 2, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True))
        self.p = nn.Conv2d(16, 1, 1)

    def forward(self, x):
        x = self.s1((x - 128.0) / 64.0)
        levels = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        merged = self.lateral[3](levels[3])
        for level in (2, 1, 0):
            merged = self.lateral[level](levels[level]) + F.interpolate(merged, scale_factor=2.0, mode="nearest")
        return self.p(self.up(self.out(merged)))


def loss_of(logits, target, weight):
    """Binary cross entropy over text and the hardest ground (three to one), plus a dice term."""
    entropy = F.binary_cross_entropy_with_logits(logits, target, weight=weight, reduction="none")
    text = target > 0.5
    count = int(text.sum().clamp(min=100))
    ground = entropy[~text]
    hardest = ground.topk(min(len(ground), 3 * count)).values
    balanced = (entropy[text].sum() + hardest.sum()) / (4 * count)
    p = torch.sigmoid(logits)
    dice = 1 - (2 * (p * target * weight).sum() + 1) / ((p * weight).sum() + (target * weight).sum() + 1)
    return balanced + 0.5 * dice + 0.2 * entropy.mean()


@torch.no_grad()
def start_from_onnx(model, path, images):
    """Load an exported detector's weights; batch norms are rebuilt from `images` `[n, 1, h, w]`."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    arrays = {
        item.name.removesuffix("_h"): torch.tensor(numpy_helper.to_array(item).astype("float32"))
        for item in graph.initializer
    }
    folded = [
        (arrays[node.input[1]], arrays[node.input[2]])
        for node in graph.node
        if node.op_type == "Conv" and node.input[1].startswith("onnx::")
    ]
    pairs = [
        (m[0], m[1])
        for m in model.modules()
        if isinstance(m, nn.Sequential)
        and len(m) >= 2
        and isinstance(m[1], nn.BatchNorm2d)
        and isinstance(m[0], nn.Conv2d)
    ]
    assert len(pairs) == len(folded)
    for (layer, norm), (weight, shift) in zip(pairs, folded):
        layer.weight.copy_(weight)
        norm.weight.fill_(1.0), norm.bias.copy_(shift), norm.running_mean.zero_(), norm.running_var.fill_(
            1.0 - norm.eps
        )
    for level in range(4):
        model.lateral[level].weight.copy_(arrays[f"m.l.{level}.weight"]), model.lateral[level].bias.copy_(
            arrays[f"m.l.{level}.bias"]
        )
    model.up[0].weight.copy_(arrays["m.up.0.weight"])
    for name in ("weight", "bias", "running_mean", "running_var"):
        getattr(model.up[1], name).copy_(arrays[f"m.up.1.{name}"])
    model.p.weight.copy_(arrays["m.p.weight"]), model.p.bias.copy_(arrays["m.p.bias"])
    model.eval()
    rebuild_norms([norm for _, norm in pairs], model, images)
