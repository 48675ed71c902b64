"""The characters the recogniser knows: the file `weights/chars.txt`, one character a line, class 1 first."""

from pathlib import Path

from . import fonts

CHARS_FILE = Path(__file__).parent.parent / "weights" / "chars.txt"
EXTRA_FILE = Path(__file__).parent / "words" / "names_extra.txt"
GENERAL_FILE = EXTRA_FILE.with_name("general_standard.txt")
EXTRA_SIGNS = "．※№Φφ³μ‰→↑↓☆▲◆◇✓№•–⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳ⅥⅦⅧⅨⅩ㎜㎝㎏αβγδλπΩ≤≥≠≈′″＝＜＞＠＃＆｜～﹏〃々½¼¾²¹·"


# Signs whose two widths look alike on paper: the recogniser knows the narrow form only, context widens it afterwards.
NARROW = dict(zip("，：；？！（）", ",:;?!()"))


def classes_of(charset):
    """Character -> class number, with wide signs under their narrow form's number."""
    classes = {char: number + 1 for number, char in enumerate(charset)}
    return {**classes, **{wide: classes[narrow] for wide, narrow in NARROW.items()}}


def gb2312_hanzi():
    """The 6,763 hanzi of GB 2312 in the standard's order."""
    hanzi = []
    for row in range(0xB0, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                hanzi.append(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return hanzi


def extra_hanzi():
    """Hanzi beyond GB 2312 that occur in names, from our own list, each once."""
    known = set(gb2312_hanzi())
    lines = EXTRA_FILE.read_text(encoding="utf-8").splitlines()
    seen = dict.fromkeys("".join(line for line in lines if not line.startswith("#")))
    return [char for char in seen if char not in known and "\u3400" <= char <= "\u9fff"]


def general_hanzi():
    """The 8,105 hanzi of the general standard in its order."""
    lines = GENERAL_FILE.read_text(encoding="utf-8").splitlines()
    return list("".join(line for line in lines if not line.startswith("#")))


def load_charset():
    """The classes in order, without the blank: class i is `load_charset()[i - 1]`."""
    return CHARS_FILE.read_text(encoding="utf-8").splitlines()


def extend(base):
    """`base` with the hanzi and signs it lacks appended; classes that exist keep their number.

    Of the general standard only what some training face draws: a class that no picture shows cannot be learned."""
    have = set(base)
    given = (EXTRA_FILE.parent / "names.txt").read_text(encoding="utf-8").split("# given\n")[1]
    drawn = set().union(*(fonts.coverage(name, index) for name, index, _ in fonts.faces("train", "cjk")))
    general = [char for char in general_hanzi() if ord(char) in drawn]
    wanted = dict.fromkeys(extra_hanzi() + list(given.replace("\n", "")) + list(EXTRA_SIGNS) + general)
    more = [char for char in wanted if char not in have]
    return list(base) + more
