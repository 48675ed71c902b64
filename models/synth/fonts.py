"""Fonts: which faces serve training and which are held out, and which characters each one draws."""

import functools
import subprocess

import numpy as np
from PIL import ImageFont

# (file name, index within the file, kind). Files are found through fontconfig by name, wherever they lie.
CJK_TRAIN = [
    ("uming.ttc", 0, "song"),
    ("gbsn00lp.ttf", 0, "song"),
    ("NotoSerifCJK-Light.ttc", 2, "song"),
    ("NotoSerifCJK-Regular.ttc", 2, "song"),
    ("NotoSerifCJK-Medium.ttc", 2, "song"),
    ("NotoSerifCJK-SemiBold.ttc", 2, "song"),
    ("NotoSerifCJK-Bold.ttc", 2, "song"),
    ("NotoSerifCJK-Black.ttc", 2, "song"),
    ("ukai.ttc", 0, "kai"),
    ("gkai00mp.ttf", 0, "kai"),
    ("NotoSansCJK-Light.ttc", 2, "hei"),
    ("NotoSansCJK-DemiLight.ttc", 2, "hei"),
    ("NotoSansCJK-Regular.ttc", 2, "hei"),
    ("NotoSansCJK-Medium.ttc", 2, "hei"),
    ("NotoSansCJK-Bold.ttc", 2, "hei"),
    ("NotoSansCJK-Black.ttc", 2, "hei"),
    ("wqy-microhei.ttc", 0, "hei"),
    ("DroidSansFallbackFull.ttf", 0, "hei"),
    ("SmileySans-Oblique.ttf", 0, "hei"),
]
CJK_EVAL = [
    ("BabelStoneHan.ttf", 0, "song"),
    ("LXGWWenKai-Regular.ttf", 0, "kai"),
    ("wqy-zenhei.ttc", 0, "hei"),
]
LATIN_TRAIN = [
    "LiberationSerif-Regular.ttf",
    "LiberationSerif-Bold.ttf",
    "LiberationSans-Regular.ttf",
    "LiberationSans-Bold.ttf",
    "LiberationMono-Regular.ttf",
    "LiberationSansNarrow-Regular.ttf",
    "DejaVuSans.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSansMono.ttf",
    "DejaVuSansCondensed.ttf",
    "FreeSans.ttf",
    "FreeMono.ttf",
    "FreeMonoBold.ttf",
    "Lato-Regular.ttf",
    "Lato-Bold.ttf",
    "Roboto-Regular.ttf",
    "Roboto-Medium.ttf",
    "RobotoSlab-Regular.otf",
    "Courier Prime Sans.otf",
    "Courier Prime Code.otf",
    "Caladea-Regular.ttf",
    "Cabin-Regular.otf",
    "Cantarell-Regular.otf",
    "OpenSans-Regular.ttf",
    "OpenSans-Semibold.ttf",
    "Inconsolata.otf",
    "FiraCode-Regular.ttf",
    "Go-Regular.ttf",
    "Go-Mono.ttf",
    "LinLibertine_R.otf",
    "LinBiolinum_R.otf",
    "texgyretermes-regular.otf",
    "texgyrepagella-regular.otf",
    "texgyreheros-regular.otf",
    "texgyrecursor-regular.otf",
    "texgyrebonum-regular.otf",
    "texgyreschola-regular.otf",
    "C059-Roman.otf",
    "P052-Roman.otf",
    "NimbusMonoPS-Bold.otf",
    "NimbusSansNarrow-Regular.otf",
    "URWGothic-Book.otf",
    "URWBookman-Light.otf",
    "OCRB.otf",
    "Inter-Regular.otf",
    "InterDisplay-Medium.otf",
    "JetBrainsMono-Regular.ttf",
    "EBGaramond12-Regular.otf",
    "Quattrocento-Regular.otf",
    "B612-Regular.otf",
    "B612Mono-Regular.otf",
    "Anonymous Pro.ttf",
    "LeagueMono-Regular.otf",
    "Manrope-Regular.ttf",
    "STIXGeneral-Regular.otf",
    "STIXGeneral-Bold.otf",
    "AerialMono.ttf",
    "Veranda.ttf",
    "GilliusADF-Regular.otf",
    "BaskervaldADFStd.otf",
    "UniversalisADFStd-Regular.otf",
    "NotoSans-Regular.ttf",
    "NotoSerif-Regular.ttf",
]
LATIN_EVAL = [
    "FreeSerif.ttf",
    "PTS55F.ttf",
    "PTF55F.ttf",
    "Hack-Regular.ttf",
    "Carlito-Regular.ttf",
    "ClearSans-Regular.ttf",
    "Courier Prime.otf",
]
# Faces that a complete page may use: the plain ones of real papers.
PAGE_WEIGHTS = {"song": 5, "kai": 2, "hei": 2}


@functools.lru_cache(maxsize=1)
def installed():
    """File name -> path of every installed font."""
    listing = subprocess.run(["fc-list", "-f", "%{file}\n"], capture_output=True, text=True, check=True).stdout
    return {path.rsplit("/", 1)[-1]: path for path in listing.splitlines() if path}


def faces(split, script):
    """The faces of one split ("train" or "eval") for one script ("cjk" or "latin") that are installed.

    Returns a list of (file name, index, kind); kind is song, kai, hei or latin."""
    tables = {("train", "cjk"): CJK_TRAIN, ("eval", "cjk"): CJK_EVAL}
    if script == "cjk":
        wanted = tables[(split, "cjk")]
    else:
        wanted = [(name, 0, "latin") for name in (LATIN_TRAIN if split == "train" else LATIN_EVAL)]
    there = installed()
    found = [face for face in wanted if face[0] in there]
    if not found:
        raise RuntimeError(f"no {script} font of the {split} split is installed; see models/README.md")
    return found


@functools.lru_cache(maxsize=512)
def load(name, index, size):
    """The face at a size in pixels."""
    return ImageFont.truetype(installed()[name], size, index=index, layout_engine=ImageFont.Layout.BASIC)


@functools.lru_cache(maxsize=128)
def coverage(name, index):
    """The set of code points that the face draws."""
    from fontTools.ttLib import TTCollection, TTFont

    path = installed()[name]
    if path.endswith((".ttc", ".otc")):
        with TTCollection(path, lazy=True) as collection:
            return frozenset(collection.fonts[index].getBestCmap())
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@functools.lru_cache(maxsize=200_000)
def advance(name, index, char):
    """The advance of a character as a part of the em."""
    return load(name, index, 100).getlength(char) / 100


@functools.lru_cache(maxsize=20_000)
def glyph(name, index, size, char):
    """(alpha mask `[h, w]` uint8, left, top) of a character at a size, from its origin on the baseline."""
    mask, (left, top) = load(name, index, size).getmask2(char, mode="L", anchor="ls")
    return np.array(mask, np.uint8).reshape(mask.size[1], mask.size[0]), left, top
