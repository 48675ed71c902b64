"""A page that is drawn in millimetres and remembers every line of text it holds."""

import cv2
import numpy as np

from . import backdrops, fonts
from .texts import GAP


class Page:
    """Colour canvas (RGB, uint8) with ground truth. Lengths are in mm, boxes are [x, y, width, height] in mm."""

    def __init__(self, width_mm, height_mm, dpi, rng, texts, split, tint=(252, 252, 250)):
        self.width_mm, self.height_mm, self.scale = width_mm, height_mm, dpi / 25.4
        self.rng, self.texts = rng, texts
        size = (int(round(height_mm * self.scale)), int(round(width_mm * self.scale)), 3)
        self.canvas = np.full(size, tint, np.uint8)
        self.lines, self.fields, self.seals = [], {}, []
        self.cjk_faces, self.latin_faces = fonts.faces(split, "cjk"), fonts.faces(split, "latin")
        self.face, self.latin = self.choose_face(), None
        if rng.random() < 0.5:
            self.latin = self.latin_faces[rng.integers(len(self.latin_faces))]

    def choose_face(self, kind=None):
        """A face of a kind (song, kai, hei), or of any kind by how common it is on papers."""
        pool = [face for face in self.cjk_faces if face[2] == kind] if kind else self.cjk_faces
        weights = np.array([fonts.PAGE_WEIGHTS[face[2]] / sum(other[2] == face[2] for other in pool) for face in pool])
        return pool[self.rng.choice(len(pool), p=weights / weights.sum())]

    # ---- text

    def face_for(self, char, face):
        """The face that draws a character: a Latin one for ASCII, another hanzi face where this one lacks it."""
        if self.latin and char.isascii() and ord(char) in fonts.coverage(self.latin[0], 0):
            return self.latin
        if ord(char) in fonts.coverage(face[0], face[1]):
            return face
        return next(other for other in self.cjk_faces if ord(char) in fonts.coverage(other[0], other[1]))

    def layout(self, text, size_px, face, spacing):
        """Glyph placements [(face, char, x)], width in px."""
        placed, pen = [], 0.0
        for char in text:
            if char in (GAP, " "):
                pen += size_px * (1.0 if char == GAP else 0.3) + spacing
                continue
            use = self.face_for(char, face)
            placed.append((use, char, pen))
            pen += fonts.advance(use[0], use[1], char) * size_px + spacing
        return placed, pen - (spacing if text else 0)

    def width_of(self, text, em, face=None, spacing=0.0):
        """The width in mm that the text would take."""
        return self.layout(text, em * self.scale, face or self.face, spacing * self.scale)[1] / self.scale

    def write(self, text, x, y, em, colour=(25, 25, 30), face=None, spacing=0.0, align="left", field=None, record=True):
        """Draw one line with its top at y and its em height in mm; returns the right edge in mm."""
        size_px = max(6, int(round(em * self.scale)))
        placed, width = self.layout(text, size_px, face or self.face, spacing * self.scale)
        left = x * self.scale - {"left": 0, "centre": width / 2, "right": width}[align]
        baseline = y * self.scale + size_px * 0.86
        ink = np.array(colour, np.float32)
        x0, y0, x1, y1 = 1e9, 1e9, -1e9, -1e9
        for use, char, dx in placed:
            mask, inset, top = fonts.glyph(use[0], use[1], size_px, char)
            if not mask.size:
                continue
            gx, gy = int(round(left + dx + inset)), int(round(baseline + top))
            self.blend(mask, gx, gy, ink)
            x0, y0, x1, y1 = min(x0, gx), min(y0, gy), max(x1, gx + mask.shape[1]), max(y1, gy + mask.shape[0])
        clean = text.replace(GAP, "").replace(" ", "")
        if record and clean and x1 > x0:
            # Flat lines (一, dashes) still get a box of a character's height.
            y0, y1 = min(y0, baseline - size_px * 0.72), max(y1, baseline + size_px * 0.05)
            box = [round(float(value) / self.scale, 2) for value in (x0, y0, x1 - x0, y1 - y0)]
            self.lines.append({"text": clean, "box": box, "field": field})
        return (left + width) / self.scale

    def blend(self, mask, x, y, ink):
        """Print a mask: paper times (1 - alpha) plus ink times alpha."""
        h, w = self.canvas.shape[:2]
        cx0, cy0, cx1, cy1 = max(0, x), max(0, y), min(w, x + mask.shape[1]), min(h, y + mask.shape[0])
        if cx1 <= cx0 or cy1 <= cy0:
            return
        alpha = mask[cy0 - y : cy1 - y, cx0 - x : cx1 - x, None].astype(np.float32) / 255
        part = self.canvas[cy0:cy1, cx0:cx1]
        part[:] = (part * (1 - alpha) + ink * alpha).astype(np.uint8)

    def wrap(self, text, em, width_mm, face=None):
        """The text broken into lines that fit; closing marks never start a line."""
        lines, current, taken = [], "", 0.0
        for char in text:
            wide = self.width_of(char, em, face)
            if taken + wide > width_mm and char not in "。，、；：）)”》】":
                lines.append(current)
                current, taken = "", 0.0
            current += char
            taken += wide
        return lines + [current] if current else lines

    def paragraph(self, text, x, y, em, width_mm, leading=1.6, indent=0.0, **style):
        """Write wrapped text; returns the y below it."""
        for line in self.wrap(GAP * int(indent) + text, em, width_mm, style.get("face")):
            self.write(line, x, y, em, **style)
            y += em * leading
        return y

    def value(self, field, text, x, y, em, width_mm, leading=1.5, **style):
        """Write a field's value, wrapped, and note it as ground truth; returns the y below it."""
        self.fields[field] = text.replace(GAP, "").replace(" ", "")
        return self.paragraph(text, x, y, em, width_mm, leading, field=field, **style)

    # ---- drawing

    def px(self, *values):
        return [int(round(value * self.scale)) for value in values]

    def rule(self, x0, y0, x1, y1, colour=(60, 60, 60), width_mm=0.25, dotted=False):
        """A straight line, maybe dotted."""
        a, b, c, d = self.px(x0, y0, x1, y1)
        thick = max(1, int(round(width_mm * self.scale)))
        if not dotted:
            cv2.line(self.canvas, (a, b), (c, d), colour, thick, cv2.LINE_AA)
            return
        for x in range(a, c, max(3, int(0.8 * self.scale))):
            cv2.line(self.canvas, (x, b), (min(c, x + max(1, int(0.35 * self.scale))), d), colour, thick)

    def frame(self, inset, colour, width_mm=0.6):
        """A border around the page."""
        a, b, c, d = self.px(inset, inset, self.width_mm - inset, self.height_mm - inset)
        cv2.rectangle(self.canvas, (a, b), (c, d), colour, max(1, int(width_mm * self.scale)), cv2.LINE_AA)

    def ground(self, colour, depth):
        """Print a guilloche over the page in a colour, `depth` 0..1."""
        h, w = self.canvas.shape[:2]
        tile = backdrops.guilloche(self.rng)
        whole = np.tile(tile, (h // tile.shape[0] + 1, w // tile.shape[1] + 1))[:h, :w, None] * depth
        self.canvas = (self.canvas * (1 - whole) + np.array(colour, np.float32) * whole).astype(np.uint8)

    def watermark(self, text, colour, depth):
        """Faint large text across the page; it is no ground truth."""
        mark = backdrops.watermark(self.rng, [text], self.cjk_faces)
        h, w = self.canvas.shape[:2]
        whole = cv2.resize(mark, (w, h))[..., None] * depth
        self.canvas = (self.canvas * (1 - whole) + np.array(colour, np.float32) * whole).astype(np.uint8)

    def emblem(self, x, y, diameter, colour=(190, 40, 35)):
        """A round device with a star, standing for a printed emblem."""
        cx, cy, radius = self.px(x, y, diameter / 2)
        cv2.circle(self.canvas, (cx, cy), radius, colour, max(1, radius // 9), cv2.LINE_AA)
        mask = np.zeros((radius * 2, radius * 2), np.uint8)
        backdrops.draw_star(mask, radius, radius * 0.5)
        self.blend(mask, cx - radius, cy - radius, np.array(colour, np.float32))

    def clear(self, x, y, width, height):
        """Make room: paper again, and no line that stood there is left as ground truth."""
        kept = [line for line in self.lines if not self.meets(line["box"], (x, y, width, height))]
        gone = [line["box"] for line in self.lines if line not in kept]
        for box in [[x, y, width, height], *gone]:
            a, b, c, d = self.px(
                max(0, box[0] - 0.4), max(0, box[1] - 0.4), box[0] + box[2] + 0.4, box[1] + box[3] + 0.4
            )
            self.canvas[b:d, a:c] = 246
        self.lines = kept

    @staticmethod
    def meets(one, other):
        """Whether two boxes overlap."""
        return (
            one[0] < other[0] + other[2]
            and other[0] < one[0] + one[2]
            and one[1] < other[1] + other[3]
            and other[1] < one[1] + one[3]
        )

    def matrix_code(self, x, y, side):
        """A square of random modules with the three corner marks of a QR code."""
        modules = (self.rng.random((29, 29)) < 0.5).astype(np.uint8) * 255
        finder = np.full((7, 7), 255, np.uint8)
        finder[1:6, 1:6], finder[2:5, 2:5] = 0, 255
        modules[:7, :7], modules[:7, -7:], modules[-7:, :7] = finder, finder, finder
        edge = int(side * self.scale)
        left, top = self.px(x, y)
        self.blend(
            cv2.resize(modules, (edge, edge), interpolation=cv2.INTER_NEAREST),
            left,
            top,
            np.array((20, 20, 20), np.float32),
        )

    def seal(self, x, y, diameter, owner, middle="", ink=(205, 45, 50), strength=0.85):
        """Stamp a seal centred at x, y over what is there."""
        face = self.choose_face("song")
        mask = backdrops.seal_mask(self.rng, owner[:20], middle or "专用章", face)
        edge = int(diameter * self.scale)
        mask = cv2.resize(mask, (edge, edge), interpolation=cv2.INTER_AREA)
        left, top = self.px(x - diameter / 2, y - diameter / 2)
        h, w = self.canvas.shape[:2]
        x0, y0, x1, y1 = max(0, left), max(0, top), min(w, left + edge), min(h, top + edge)
        alpha = mask[y0 - top : y1 - top, x0 - left : x1 - left, None].astype(np.float32) / 255 * strength
        part = self.canvas[y0:y1, x0:x1]
        part[:] = (part * (1 - alpha * (1 - np.array(ink, np.float32) / 255))).astype(np.uint8)
        self.seals.append([x - diameter / 2, y - diameter / 2, diameter, diameter])

    def under_seal(self, box):
        """Whether a line's box meets a seal by more than a tenth of its area."""
        for sx, sy, sw, sh in self.seals:
            wide = min(box[0] + box[2], sx + sw) - max(box[0], sx)
            high = min(box[1] + box[3], sy + sh) - max(box[1], sy)
            if wide > 0 and high > 0 and wide * high > 0.1 * box[2] * box[3]:
                return True
        return False
