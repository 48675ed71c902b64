"""The line recogniser: a dense convolutional network, one frame each 4 px, with a factorised head.

Input `[n, 2, 32, w]`, floats 0..255, channels grey and red, w a multiple of 4. Output logits `[n, w/4, classes]`,
class 0 is the blank."""

import torch
from torch import nn
from torch.nn import functional as F

WIDTHS = (16, 32, 80, 160, 320)
RANK = 160
STRIDE = 4


def conv(inside, outside, kernel, stride=1, padding=0, groups=1, act=True):
    layers = [nn.Conv2d(inside, outside, kernel, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(outside)]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.a, self.b = conv(width, width, 3, padding=1), conv(width, width, 3, padding=1, act=False)

    def forward(self, x):
        return F.relu(x + self.b(self.a(x)))


class Context(nn.Module):
    """Looks two frames to each side: depthwise 1x5, then a wide pointwise pair."""

    def __init__(self, width):
        super().__init__()
        self.a = conv(width, width, (1, 5), padding=(0, 2), groups=width, act=False)
        self.b = conv(width, width * 2, 1)
        self.c = conv(width * 2, width, 1, act=False)

    def forward(self, x):
        return x + self.c(self.b(self.a(x)))


class Recogniser(nn.Module):
    def __init__(self, classes, channels=2, widths=WIDTHS, rank=RANK):
        super().__init__()
        a, b, c, d, e = widths
        self.channels = channels
        self.body = nn.Sequential(
            conv(channels, a, 3, stride=2, padding=1),
            conv(a, b, 3, stride=2, padding=1),
            Residual(b),
            conv(b, c, 3, stride=(2, 1), padding=1),
            Residual(c),
            conv(c, d, 3, stride=(2, 1), padding=1),
            Residual(d),
            Residual(d),
            conv(d, e, (2, 1)),
            Context(e),
            Context(e),
        )
        self.proj = nn.Conv2d(e, rank, 1)
        self.head = nn.Linear(rank, classes)

    def features(self, x):
        """Frames `[n, t, rank]` before the head. Contrast is normalised by the last channel (red)."""
        ruler = x[:, -1:]
        mean = ruler.mean((2, 3), keepdim=True)
        spread = ((ruler - mean) ** 2).mean((2, 3), keepdim=True).sqrt()
        x = self.body((x - mean) / (spread + 8.0))
        return self.proj(x).squeeze(2).transpose(1, 2)

    def forward(self, x):
        return self.head(self.features(x))


def read_onnx_weights(path):
    """The folded convolutions and the head of an exported recogniser, in order, as float tensors."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load(str(path)).graph
    arrays = {
        item.name.removesuffix("_h"): torch.tensor(numpy_helper.to_array(item).astype("float32"))
        for item in graph.initializer
    }
    convs = [(arrays[node.input[1]], arrays[node.input[2]]) for node in graph.node if node.op_type == "Conv"]
    matmul = next(arrays[node.input[1]] for node in graph.node if node.op_type == "MatMul")
    bias = next(value for name, value in arrays.items() if name.endswith("head.bias"))
    return convs, matmul, bias


@torch.no_grad()
def start_from_onnx(model, path, images):
    """Load an exported recogniser's folded weights and rebuild the batch norms from `images` `[n, c, 32, w]`.

    A folded one-channel net is spread over two channels: most of the weight to red, the rest to grey. Classes the
    exported net lacks start small and unlikely. The function of the net on grey ink is kept."""
    convs, matmul, bias = read_onnx_weights(path)
    pairs = [
        (m[0], m[1])
        for m in model.modules()
        if isinstance(m, nn.Sequential) and len(m) >= 2 and isinstance(m[1], nn.BatchNorm2d)
    ]
    pairs_weights = convs[:-1]
    assert len(pairs) == len(pairs_weights), (len(pairs), len(pairs_weights))
    for (layer, norm), (weight, shift) in zip(pairs, pairs_weights):
        if weight.shape[1] == 1 and layer.weight.shape[1] == 2:
            weight = torch.cat([weight * 0.3, weight * 0.7], 1)
        layer.weight.copy_(weight)
        norm.weight.fill_(1.0), norm.bias.copy_(shift), norm.running_mean.zero_(), norm.running_var.fill_(
            1.0 - norm.eps
        )
    model.proj.weight.copy_(convs[-1][0]), model.proj.bias.copy_(convs[-1][1])
    known = matmul.shape[1]
    model.head.weight.normal_(0, 0.02), model.head.bias.fill_(float(bias[1:].mean()) - 1.0)
    model.head.weight[:known].copy_(matmul.T), model.head.bias[:known].copy_(bias)
    model.eval()
    rebuild_norms([norm for _, norm in pairs], model, images)


@torch.no_grad()
def grow_head(saved, classes):
    """Give a training checkpoint as many classes as asked; new ones start small and unlikely, old ones stay.

    `saved` holds `model`, maybe `average`, and the state of AdamW, whose moments grow with zeros."""
    known = len(saved["model"]["head.bias"])
    if known == classes:
        return
    assert known < classes, "classes cannot be taken away"
    more = classes - known
    weight = torch.randn(more, RANK) * 0.02
    for part in ("model", "average"):
        if part in saved:
            head = saved[part]
            bias = head["head.bias"][1:].mean().float() - 1.0
            head["head.weight"] = torch.cat([head["head.weight"].float(), weight])
            head["head.bias"] = torch.cat([head["head.bias"].float(), bias.expand(more)])
    for moments in saved["optimiser"]["state"].values():
        for name, value in moments.items():
            if value.dim() and value.shape[0] == known:
                moments[name] = torch.cat([value, value.new_zeros(more, *value.shape[1:])])


@torch.no_grad()
def rebuild_norms(norms, model, images):
    """Give folded batch norms the statistics of their inputs without changing what the net computes."""

    def rebuild(norm, inputs):
        x = inputs[0].float()
        mean, var = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean), norm.running_var.copy_(var)
        norm.bias.copy_(norm.bias + mean), norm.weight.copy_((var + norm.eps).sqrt())

    hooks = [norm.register_forward_pre_hook(rebuild) for norm in norms]
    model(images)
    for hook in hooks:
        hook.remove()
