"""Write the tables of REPORT.md from figures: everything between its marks `<!-- tables` and `<!-- end of tables -->`.

python tables.py --figures report/figures.json --before report/figures-before.json
"""

import argparse
import json
from pathlib import Path

CONDITIONS = ("scan", "camera", "hard")
PARTS = ("", "/under seals", "/fields")
TARGETS = {"camera": "0.4", "hard": "1.2", "camera/under seals": "3", "hard/under seals": "8"}
BEGIN, END = "<!-- tables", "<!-- end of tables -->"


def table(head, rows):
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"


def both(before, now, unit=""):
    """A figure before and now; the older one only where it exists."""
    return f"{before}{unit} → **{now}{unit}**" if before is not None else f"**{now}{unit}**"


def look(figures, way, name, key):
    return figures.get(way, {}).get(name, {}).get(key)


def page_tables(now, before):
    """CER, exact lines, CER by kind of page, detector and orientation."""
    names = [condition + part for part in PARTS for condition in CONDITIONS]
    rows = [
        [
            name,
            *(
                both(look(before, way, name, "cer"), look(now, way, name, "cer"))
                for way in ("true boxes", "whole page")
            ),
            TARGETS.get(name, "–"),
        ]
        for name in names
    ]
    yield table(["CER, %", "true boxes", "whole page", "target, whole page"], rows)
    names = [condition + part for part in ("", "/codes", "/fields") for condition in CONDITIONS]
    rows = [
        [
            f"{name} ({look(now, 'true boxes', name, 'lines')})",
            *(
                both(look(before, way, name, "exact"), look(now, way, name, "exact"))
                for way in ("true boxes", "whole page")
            ),
            "99" if "codes" in name else "–",
        ]
        for name in names
    ]
    yield table(["exact lines, % (lines)", "true boxes", "whole page", "target"], rows)
    kinds = dict.fromkeys(
        name.split("/")[1]
        for name in now["whole page"]
        if "/" in name and name.split("/")[1] not in ("under seals", "fields", "codes")
    )
    yield table(
        ["whole page CER, % by kind", *CONDITIONS],
        [
            [
                kind,
                *(
                    both(
                        look(before, "whole page", f"{c}/{kind}", "cer"), look(now, "whole page", f"{c}/{kind}", "cer")
                    )
                    for c in CONDITIONS
                ),
            ]
            for kind in kinds
        ],
    )
    rows = [
        [f"detector, {name}", both(before.get("detector", {}).get(name), value)]
        for name, value in now["detector"].items()
    ]
    turns = now.get("orientation")
    if turns:
        rows.append(
            [
                f"orientation, {turns['pages']} turned pages: right, %",
                f"**{100 * turns['right'] / turns['pages']:.1f}**",
            ]
        )
        rows.append(
            [
                "orientation: sure, % of pages (the rest is turned by reading)",
                f"**{100 * turns['sure'] / turns['pages']:.1f}**",
            ]
        )
        rows.append(["orientation: sure and wrong, pages", f"**{turns.get('sure and wrong', 0)}**"])
    yield table(["other figures", "before → now"], rows)


def line_tables(now, before):
    """Lines by kind of text, and look-alikes."""
    if "lines" not in now:
        return
    old = before.get("lines", {})
    rows = [
        [
            kind,
            *(
                both(old.get(level, {}).get(kind, {}).get("cer"), now["lines"][level][kind]["cer"])
                for level in ("mild", "hard")
            ),
        ]
        for kind in now["lines"]["mild"]
    ]
    yield table(["kind of text, CER %", "mild", "hard"], rows)
    rows = []
    for group, found in now["confusions"].items():
        wrong = ", ".join(f"{pair} {count}" for pair, count in list(found["wrong"].items())[:4]) or "–"
        rows.append(
            [
                group.replace("|", "\\|"),
                both(before.get("confusions", {}).get(group, {}).get("right"), found["right"]),
                wrong.replace("|", "\\|"),
            ]
        )
    yield table(["look-alikes", "right, %", "read as"], rows)
    yield "Most frequent errors on the pages, true boxes (∅ is nothing): " + ", ".join(
        f"{pair} {count}" for pair, count in list(now["errors"].items())[:30]
    ) + ".\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", default="report/figures.json")
    parser.add_argument("--before", default="report/figures-before.json")
    parser.add_argument("--report", default="REPORT.md")
    args = parser.parse_args()
    now, before = (json.loads(Path(name).read_text(encoding="utf-8")) for name in (args.figures, args.before))
    made = "\n".join([*page_tables(now, before), *line_tables(now, before)])
    text = Path(args.report).read_text(encoding="utf-8")
    head, rest = text.split(BEGIN, 1)
    note, rest = rest.split("-->", 1)
    Path(args.report).write_text(
        head + BEGIN + note + "-->\n\n" + made + "\n" + END + rest.split(END, 1)[1], encoding="utf-8"
    )


if __name__ == "__main__":
    main()
