"""Reads a straight page with an exported pack, in the way the station does: detect, cut, recognise."""

import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from .score import fold

MAX_SIDE, MAX_WIDTH, BATCH = 1600, 2400, 8
# at 200 dpi, as in paper/ocr/detector.ts
A4_WIDTH_PX = 1654


class Reader:
    """A pack of the manifest, ready to read. Pictures are RGB uint8."""

    def __init__(self, folder, pack_id=None, threads=1):
        folder = Path(folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        wanted = pack_id or manifest["default"]
        self.pack = next(pack for pack in manifest["packs"] if pack["id"] == wanted)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        open_net = lambda part: onnxruntime.InferenceSession(
            str(folder / self.pack[part]["file"]), options, providers=["CPUExecutionProvider"]
        )
        self.recogniser, self.detector = open_net("recogniser"), open_net("detector")
        self.turner = open_net("orientation") if self.pack["orientation"] else None
        self.chars = (folder / self.pack["recogniser"]["charset"]["file"]).read_text(encoding="utf-8").splitlines()

    # ---- boxes

    def turns(self, page):
        """(quarter turns clockwise that bring the page upright, how sure)."""
        spec = self.pack["orientation"]["input"]
        logits = self.turner.run(None, {spec["name"]: shrunk(page, spec)[None]})[0][0]
        odds = np.exp(logits - logits.max())
        return int(odds.argmax()), float(odds.max() / odds.sum())

    def probabilities(self, page):
        """The detector's map `[h, w]` and the factors from map to page pixels."""
        spec = self.pack["detector"]["input"]
        found = self.detector.run(None, {spec["name"]: shrunk(page, spec)[None]})[0][0, 0]
        return found, page.shape[1] / found.shape[1], page.shape[0] / found.shape[0]

    def detect(self, page):
        """Quads `[4, 2]` of lines in page pixels."""
        spec = self.pack["detector"]
        found, kx, ky = self.probabilities(page)
        return [quad * [kx, ky] for quad in regions(found, spec)]

    # ---- text

    def logits(self, crops):
        """Logits `[t, classes]` of each crop `[32, w, channels]`, in order."""
        spec = self.pack["recogniser"]["input"]
        order = sorted(range(len(crops)), key=lambda i: crops[i].shape[1])
        out = [None] * len(crops)
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            width = max(crops[i].shape[1] for i in part)
            width = -(-width // spec["widthMultiple"]) * spec["widthMultiple"]
            data = np.stack(
                [np.pad(crops[i], ((0, 0), (0, width - crops[i].shape[1]), (0, 0)), mode="edge") for i in part]
            )
            mean, std = np.array(spec["mean"], np.float32), np.array(spec["std"], np.float32)
            data = ((data.astype(np.float32) * spec["scale"] - mean) / std).transpose(0, 3, 1, 2)
            result = self.recogniser.run(None, {spec["name"]: np.ascontiguousarray(data)})[0]
            for row, i in enumerate(part):
                out[i] = result[row][: -(-crops[i].shape[1] // 4)]
        return out

    def crop(self, page, quad):
        """The line cut out at the recogniser's height."""
        spec = self.pack["recogniser"]["input"]
        across = (np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])) / 2
        down = max(1.0, (np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])) / 2)
        width = int(max(spec["minWidth"], min(MAX_WIDTH, round(across / down * spec["height"]))))
        taps = max(1, min(4, round(down / spec["height"])))
        size = (width * taps, spec["height"] * taps)
        target = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32) - 0.5
        matrix = cv2.getPerspectiveTransform(np.array(quad, np.float32) - 0.5, target)
        large = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        line = cv2.resize(large, (width, spec["height"]), interpolation=cv2.INTER_AREA) if taps > 1 else large
        return channels_of(line, self.channels())

    def channels(self):
        """The channels to read: one grey channel is fed from red, where red ink is as pale as paper."""
        wanted = self.pack["recogniser"]["input"]["channels"]
        return ["red"] if wanted == ["grey"] else wanted

    def read(self, page, quads):
        """(text, mean confidence) of each quad."""
        return [self.decode(frames) for frames in self.logits([self.crop(page, quad) for quad in quads])]

    def decode(self, frames):
        """Best path of logits `[t, classes]` as (text, mean confidence of its characters)."""
        frames = frames / self.pack["recogniser"]["calibration"]["temperature"]
        best = frames.argmax(-1)
        text, sure = [], []
        for place, label in enumerate(best):
            if label and (place == 0 or best[place - 1] != label):
                char = self.chars[label - 1]
                if text and text[-1] != char and fold(text[-1]) == fold(char):
                    continue  # one sign read in two widths, as the station drops it
                row = frames[place] - frames[place].max()
                text.append(char)
                sure.append(float(1 / np.exp(row).sum()))
        return "".join(text), float(np.mean(sure)) if sure else 0.0


def channels_of(picture, wanted):
    """`[h, w, k]` of the named channels of an RGB picture."""
    made = {
        "grey": lambda: cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY),
        "red": lambda: picture[..., 0],
        "green": lambda: picture[..., 1],
        "blue": lambda: picture[..., 2],
    }
    return np.stack([made[name]() for name in wanted], -1)


def shrunk(page, spec):
    """Network input of a page whose shorter side is brought to the width that the network was trained for, a card's to less."""
    height, width = page.shape[:2]
    shorter = min(width, height)
    page_width = round(spec["pageWidth"] * min(1, shorter / A4_WIDTH_PX))
    scale = min(page_width / shorter, spec.get("longSide", MAX_SIDE) / max(width, height))
    multiple = spec["sideMultiple"]
    to = [max(multiple, round(side * scale / multiple) * multiple) for side in (width, height)]
    return planes(cv2.resize(page, to, interpolation=cv2.INTER_AREA), spec)


def planes(picture, spec):
    """Network input `[k, h, w]` float32 of a picture."""
    data = channels_of(picture, spec["channels"]).astype(np.float32)
    data = (data * spec["scale"] - np.array(spec["mean"], np.float32)) / np.array(spec["std"], np.float32)
    return np.ascontiguousarray(data.transpose(2, 0, 1).astype(np.float32))


def regions(found, spec):
    """Quads in map pixels from a probability map; rules and thresholds as in the manifest."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        (found >= spec["threshold"]).astype(np.uint8), connectivity=4
    )
    quads = []
    for number in range(1, count):
        x, y, w, h, area = stats[number]
        if area < 6:
            continue
        part = labels[y : y + h, x : x + w] == number
        if found[y : y + h, x : x + w][part].mean() < spec["boxThreshold"]:
            continue
        ys, xs = np.nonzero(part)
        points = np.concatenate([np.stack([xs + dx, ys + dy], 1) for dx in (0, 1) for dy in (0, 1)]).astype(
            np.float32
        ) + [x, y]
        (cx, cy), (across, down), angle = cv2.minAreaRect(points.astype(np.float32))
        angle = np.radians(angle)
        while angle > np.pi / 4:
            angle, across, down = angle - np.pi / 2, down, across
        while angle <= -np.pi / 4:
            angle, across, down = angle + np.pi / 2, down, across
        if min(across, down) < spec["minSidePx"] / spec["output"]["stride"]:
            continue
        grow = spec["unclip"]["factor"] * min(across, down)
        hy = (down + grow) / 2
        hx = (across + grow) / 2 + spec["unclip"].get("along", 0) * 2 * hy
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        quads.append(np.array([[-hx, -hy], [hx, -hy], [hx, hy], [-hx, hy]]) @ turn + [cx, cy])
    return quads
