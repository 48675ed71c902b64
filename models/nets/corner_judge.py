"""What befell a sheet's corner, from a patch that shows it at the upper left.

Input `[n, 3, 64, 64]` RGB 0..255 (synth.corners.patch_of). Output logits `[n, 3]` of synth.corners.STATES."""

from torch import nn

from .recogniser import Residual, conv

WIDTHS = (12, 24, 48, 72)


class CornerJudge(nn.Module):
    def __init__(self):
        super().__init__()
        a, b, c, d = WIDTHS
        self.body = nn.Sequential(
            conv(3, a, 5, stride=2, padding=2),
            conv(a, b, 3, stride=2, padding=1),
            Residual(b),
            conv(b, c, 3, stride=2, padding=1),
            Residual(c),
            conv(c, d, 3, stride=2, padding=1),
            Residual(d),
        )
        # Where on the patch something lies matters: no mean over places.
        self.says = nn.Sequential(
            nn.Flatten(), nn.Dropout(0.2), nn.Linear(16 * d, 48), nn.ReLU(inplace=True), nn.Linear(48, 3)
        )

    def forward(self, x):
        # A dim picture shows a fold as well as a bright one: each patch is brought to one contrast.
        x = x - x.mean((1, 2, 3), keepdim=True)
        return self.says(self.body(x / (x.square().mean((1, 2, 3), keepdim=True).sqrt() + 4.0)))
