"""Which hanzi look alike in print: writes domain/text/similar-hanzi-table.ts for the characters of places and offices.

    python3 models/similar_hanzi.py domain/fields/dictionaries domain/text/similar-hanzi-table.ts

Each character of the dictionaries is set in a serif and a sans face and compared with all of GB 2312; the nearest are kept.
Needs Pillow, numpy and fonts-noto-cjk."""

import re
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FACES = [
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
]
SIZE, KEPT, LEAST = 40, 8, 0.75


def gb2312() -> list[str]:
    """All hanzi of GB 2312."""
    chars = []
    for high in range(0xB0, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                chars.append(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return chars


def glyphs(chars: list[str], face: str) -> np.ndarray:
    """One blurred and normalised picture a row."""
    font = ImageFont.truetype(face, SIZE, index=2)
    rows = np.empty((len(chars), (SIZE + 8) ** 2), np.float32)
    for index, char in enumerate(chars):
        picture = Image.new("L", (SIZE + 8, SIZE + 8))
        ImageDraw.Draw(picture).text((4, -6), char, 255, font)
        row = np.asarray(picture.filter(ImageFilter.GaussianBlur(1.4)), np.float32).ravel()
        row -= row.mean()
        rows[index] = row / (np.linalg.norm(row) or 1)
    return rows


def main() -> None:
    source = "".join((Path(sys.argv[1]) / name).read_text(encoding="utf-8") for name in ("places.ts", "words.ts"))
    wanted = sorted(set(re.findall(r"[\u4e00-\u9fff]", re.sub(r"//.*|/\*.*?\*/", "", source))))
    others = sorted({*gb2312(), *wanted, *"帀舂"})
    likeness = sum(glyphs(wanted, face) @ glyphs(others, face).T for face in FACES) / len(FACES)
    lines = []
    for char, row in zip(wanted, likeness, strict=True):
        near = [others[at] for at in np.argsort(-row)[: KEPT + 1] if others[at] != char and row[at] >= LEAST]
        if near:
            lines.append(f"  {char}: '{''.join(near)}',")
    text = "/** Written by models/similar_hanzi.py: hanzi of places and offices, and what looks like each of them in print. */\n"
    text += "export const similarHanziTable: Readonly<Record<string, string>> = {\n" + "\n".join(lines) + "\n};\n"
    Path(sys.argv[2]).write_text(text, encoding="utf-8")
    print(len(lines), "characters")


if __name__ == "__main__":
    main()
