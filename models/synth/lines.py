"""Line crops with character positions: `[32, width, 2]` uint8 (grey, red), made faster than a network learns."""

import random

import cv2
import numpy as np

from . import backdrops, fonts
from .charset import classes_of
from .texts import GAP, Texts

HEIGHT = 32
EM = 44  # glyphs are drawn at this size and scaled down
STRIP = 96  # height of the strip that a line is composed on
BASE = 64  # baseline within the strip
PAPERS, SEALS, MOIRES = 36, 30, 40


class LineMaker:
    """Makes labelled line crops for one split from one seed. Not safe to share between processes."""

    def __init__(self, split, seed, charset, hardness=1.0):
        self.rng = np.random.default_rng(seed)
        self.texts = Texts(split, random.Random(seed))
        self.classes = classes_of(charset)
        self.hardness = hardness
        self.cjk, self.latin = fonts.faces(split, "cjk"), fonts.faces(split, "latin")
        self.glyphs = {}
        words = [self.texts.rng.choice(self.texts.titles) for _ in range(12)] + [
            "副本",
            "样本",
            "复印无效",
            "SAMPLE",
            "中国",
        ]
        self.papers = [backdrops.paper(self.rng, words, self.cjk) for _ in range(PAPERS)]
        self.seals = [self.make_seal() for _ in range(SEALS)]
        self.texts.use_charset(charset)
        self.bands = [
            backdrops.moire(self.rng, HEIGHT, backdrops.SIDE, self.rng.uniform(0.03, 0.22))[..., :2]
            for _ in range(MOIRES)
        ]
        self.noise = self.rng.normal(0, 1, (4, 256, 1024, 2)).astype(np.float32)
        self.last = None

    def make_seal(self):
        company = self.texts.company()[:16]
        face = self.cjk[self.rng.integers(len(self.cjk))]
        middle = self.texts.rng.choice(["合同专用章", "行政审批专用章", "资质专用章", "财务专用章", "5301020088888"])
        return backdrops.seal_mask(self.rng, company, middle, face)

    # ---- glyphs

    def glyph(self, face, char):
        """(mask, left, top, advance) at EM size, or None when the face lacks the character."""
        key = (face[0], face[1], char)
        if key not in self.glyphs:
            self.glyphs[key] = self.draw_glyph(face, char)
        return self.glyphs[key]

    @staticmethod
    def draw_glyph(face, char):
        if ord(char) not in fonts.coverage(face[0], face[1]):
            return None
        font = fonts.load(face[0], face[1], EM)
        mask, (left, top) = font.getmask2(char, mode="L", anchor="ls")
        array = np.array(mask, np.uint8).reshape(mask.size[1], mask.size[0])
        return array, left, top, font.getlength(char)

    def compose(self, text, cjk, latin, limit):
        """Lay out characters up to `limit` strip pixels: (alpha strip, labels, [(x0, x1)])."""
        rng = self.rng
        spacing = rng.normal(0, 0.03) * EM if rng.random() < 0.6 else rng.uniform(0, 0.35) * EM
        gap = EM * rng.uniform(0.4, 1.3)
        strip = np.zeros((STRIP, int(limit) + EM * 2), np.uint8)
        pen, labels, spans = 2.0, [], []
        for char in text:
            if char in (GAP, " "):
                pen += gap if char == GAP else EM * 0.3
                continue
            label = self.classes.get(char)
            glyph = None
            if label is not None:
                glyph = self.glyph(latin, char) if latin and char.isascii() else None
                glyph = glyph or self.glyph(cjk, char)
            if glyph is None:
                continue
            mask, left, top, advance = glyph
            if pen + advance > limit:
                break
            if mask.size:
                backdrops.paste(strip, mask, int(round(pen + left)), BASE + top)
            inner = (pen + left, pen + left + mask.shape[1]) if mask.size else (pen, pen + advance)
            spans.append(inner)
            labels.append(label)
            pen += max(advance + spacing, advance * 0.8)
        return strip[:, : int(pen) + 4], labels, spans

    # ---- one crop

    def window(self, text):
        """A part of a long text: its end often, its beginning sometimes, else any part."""
        if len(text) <= 6:
            return text, False
        roll = self.rng.random()
        if roll < 0.4:
            return text, True
        start = 0 if roll < 0.6 else int(self.rng.integers(0, len(text) - 3))
        return text[start:], False

    def crop(self, width, kind=None, text=None):
        """One crop: dict with image `[32, width, 2]`, labels, spans in pixels, text kind.

        The text is drawn from the mix, or from a kind, or given."""
        rng, given = self.rng, text
        while True:
            if given is not None:
                drawn, text = "given", given
            elif kind is not None:
                drawn, text = kind, self.texts.of_kind(kind)
            else:
                drawn, text = self.texts.line()
            cjk = self.cjk[rng.integers(len(self.cjk))]
            latin = self.latin[rng.integers(len(self.latin))] if rng.random() < 0.62 else None
            # A box is tight around what is there: digits and capitals alone fill it more than hanzi do.
            em = rng.uniform(20, 37) if text.isascii() else rng.uniform(18.5, 31)
            stretch = rng.uniform(0.86, 1.14)
            limit = (width - rng.uniform(3, 8)) / (em * stretch) * EM
            text, from_end = self.window(text)
            if from_end:
                text = text[-max(1, int(limit / EM * rng.uniform(0.85, 1.6))) :]
            strip, labels, spans = self.compose(text, cjk, latin, limit)
            if labels:
                break
        scale = em / EM
        image, to_x = self.paint(strip, width, scale, stretch)
        spans = [(to_x(x0), to_x(x1)) for x0, x1 in spans]
        return {"image": image, "labels": labels, "spans": spans, "kind": drawn}

    def paint(self, strip, width, scale, stretch):
        """Warp the strip into the crop, over paper, under seals, and degrade it."""
        rng = self.rng
        sx, sy = scale * stretch, scale
        slack = width - strip.shape[1] * sx
        shift = rng.uniform(0, min(10, max(0.5, slack))) if rng.random() < 0.75 else rng.uniform(0, max(0.5, slack))
        tilt = rng.normal(0, 0.006)
        shear = rng.normal(0, 0.05) if rng.random() < 0.5 else 0.0
        middle = BASE - EM * 0.36  # the middle of a hanzi in the strip
        y_mid = HEIGHT / 2 + rng.normal(0, min(1.1, max(0.3, (HEIGHT - EM * scale * 0.9) / 4)))
        matrix = np.array(
            [
                [sx, shear * sy, shift - shear * sy * middle],
                [tilt * sx, sy, y_mid - sy * middle - tilt * sx * strip.shape[1] / 2],
            ],
            np.float32,
        )
        alpha = self.warp(strip, matrix, width)
        thick = rng.random()
        if thick < 0.08:
            alpha = cv2.dilate(alpha, np.ones((2, 2), np.uint8))
        elif thick < 0.14:
            alpha = cv2.erode(alpha, np.ones((2, 1), np.uint8))
        if self.last is not None and rng.random() < 0.14:
            other = matrix.copy()
            other[1, 2] += rng.choice([-1, 1]) * EM * sy * rng.uniform(1.15, 1.5)
            alpha = np.maximum(alpha, self.warp(self.last, other, width))
        self.last = strip
        ink_a = alpha.astype(np.float32) * (1 / 255)
        if rng.random() < 0.12:
            ink_a *= np.clip(
                backdrops.noise_field(rng, 64, int(rng.integers(6, 32)))[:HEIGHT].repeat(-(-width // 64), 1)[:, :width]
                * 1.6
                + 0.1,
                0,
                1,
            )
        base = self.papers[rng.integers(PAPERS)]
        y, x = rng.integers(0, backdrops.SIDE - HEIGHT), rng.integers(0, backdrops.SIDE - width)
        image = base[y : y + HEIGHT, x : x + width].astype(np.float32)
        ink = self.ink()
        cover = ink_a[..., None] * (1 - ink)
        seal_first = rng.random() < 0.3
        if not seal_first:
            image *= 1 - cover
        if rng.random() < 0.3:
            image = self.stamp(image, width, scale)
        if seal_first:
            image *= 1 - cover
        if rng.random() < 0.2:
            self.rule(image, width)
        if rng.random() < 0.03:
            image = 255 - image
        return self.degrade(image, width), (lambda value: value * sx + shift)

    @staticmethod
    def warp(strip, matrix, width):
        return cv2.warpAffine(strip, matrix, (width, HEIGHT), flags=cv2.INTER_LINEAR)

    def ink(self):
        """(grey, red) factors of the print: black mostly, faded, blue or red now and then."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.68:
            dark = rng.uniform(0.03, 0.4)
            return np.array([dark, np.clip(dark + rng.normal(0.02, 0.04), 0, 0.6)], np.float32)
        if roll < 0.86:
            pale = rng.uniform(0.4, 0.78)
            return np.array([pale, np.clip(pale + rng.normal(0, 0.04), 0.2, 0.85)], np.float32)
        if roll < 0.92:
            return np.array([rng.uniform(0.2, 0.5), rng.uniform(0.05, 0.4)], np.float32)
        if roll < 0.98:
            return np.array([rng.uniform(0.25, 0.55), rng.uniform(0.6, 0.93)], np.float32)
        return np.array([rng.uniform(0.3, 0.6), rng.uniform(0.4, 0.7)], np.float32)

    def stamp(self, image, width, scale):
        rng = self.rng
        mask = self.seals[rng.integers(SEALS)]
        size = EM * scale * rng.uniform(5.5, 11)
        zoom = size / mask.shape[0]
        angle = rng.uniform(-0.5, 0.5)
        cos, sin = np.cos(angle) * zoom, np.sin(angle) * zoom
        half = mask.shape[0] / 2
        cx, cy = rng.uniform(-0.2 * size, width + 0.2 * size), HEIGHT / 2 + rng.uniform(-0.52, 0.52) * size
        matrix = np.array(
            [[cos, -sin, cx - cos * half + sin * half], [sin, cos, cy - sin * half - cos * half]], np.float32
        )
        alpha = cv2.warpAffine(mask, matrix, (width, HEIGHT)).astype(np.float32) * (rng.uniform(0.5, 1.0) / 255)
        return image * (1 - alpha[..., None] * (1 - np.array(backdrops.seal_ink(rng), np.float32)))

    def rule(self, image, width):
        """An underline, a dotted line or a table border."""
        rng = self.rng
        dark = rng.uniform(0.3, 0.9)
        roll = rng.random()
        if roll < 0.55:
            y = int(rng.choice([rng.integers(27, 32), rng.integers(0, 4)]))
            step = int(rng.integers(2, 6)) if rng.random() < 0.4 else 1
            image[y : y + 1, ::step] *= dark
        else:
            x = int(rng.choice([0, 1, 2, width - 1, width - 2, width - 3]))
            image[:, x : x + int(rng.integers(1, 3))] *= dark

    def degrade(self, image, width):
        rng, hard = self.rng, self.hardness
        if rng.random() < 0.07 * hard:
            image = self.dim_corner(image, width)
        if rng.random() < 0.4 * hard:
            factor = rng.uniform(0.45, 0.95)
            small = cv2.resize(
                image, (max(16, int(width * factor)), int(HEIGHT * factor)), interpolation=cv2.INTER_AREA
            )
            if rng.random() < 0.3:
                small += self.noise_patch(small.shape[0], small.shape[1]) * rng.uniform(1, 8)
            image = cv2.resize(
                small, (width, HEIGHT), interpolation=cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
            )
        roll = rng.random()
        if roll < 0.35 * hard:
            image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.25))
        elif roll < 0.45 * hard:
            length = int(rng.integers(2, 5))
            kernel = np.ones((1, length), np.float32) / length
            image = cv2.filter2D(image, -1, kernel if rng.random() < 0.5 else kernel.T)
        if rng.random() < 0.6:
            light = np.linspace(rng.uniform(0.6, 1.1), rng.uniform(0.6, 1.1), width, dtype=np.float32)
            image = image * light[None, :, None]
        if rng.random() < 0.06 * hard:
            glare = np.exp(-((np.arange(width) - rng.uniform(0, width)) ** 2) / (2 * rng.uniform(8, 40) ** 2)).astype(
                np.float32
            )
            image = image + (255 - image) * (glare * rng.uniform(0.2, 0.75))[None, :, None]
        if rng.random() < 0.05 * hard:
            image = (
                image
                * np.where(np.arange(width) < rng.uniform(0, width), 1.0, rng.uniform(0.6, 0.95)).astype(np.float32)[
                    None, :, None
                ]
            )
        if rng.random() < 0.5:
            image = image + self.noise_patch(HEIGHT, width) * rng.uniform(0.5, 9) * hard
        if rng.random() < 0.1 * hard:
            bank = self.bands[rng.integers(MOIRES)]
            x = rng.integers(0, bank.shape[1] - width)
            image = image * bank[:, x : x + width]
        image = np.clip(image, 0, 255).astype(np.uint8)
        if rng.random() < 0.3 * hard:
            stacked = np.concatenate([image[..., 0], image[..., 1]], 0)
            _, data = cv2.imencode(".jpg", stacked, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))])
            stacked = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
            image = np.stack([stacked[:HEIGHT], stacked[HEIGHT:]], -1)
        return image

    def dim_corner(self, image, width):
        """The corner of a table far from the lamp: dark, soft, grainy and often under moire, all at once.

        Half of them are lightened again with their grain, as a page is whose lighting was flattened."""
        rng, light = self.rng, self.rng.uniform(0.25, 0.6)
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.6, 1.1)) * light
        if rng.random() < 0.6:
            bank = self.bands[rng.integers(MOIRES)]
            x = rng.integers(0, bank.shape[1] - width)
            image = image * bank[:, x : x + width]
        image = image + self.noise_patch(HEIGHT, width) * rng.uniform(1, 5)
        return image / light if rng.random() < 0.5 else image

    def noise_patch(self, height, width):
        bank = self.noise[self.rng.integers(4)]
        y, x = self.rng.integers(0, 256 - height + 1), self.rng.integers(0, 1024 - width + 1)
        return bank[y : y + height, x : x + width]
