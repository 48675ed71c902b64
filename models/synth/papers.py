"""Pages that are no certificate of a known kind: contracts, tables, forms, letters, mixed pages."""

from . import codes
from .placing import bright_or_dark, fitting, write_spread
from .texts import GAP

A4, A4_WIDE = (210, 297), (297, 210)
BLACK = (28, 28, 32)


def maybe_stamp(page, rng, texts, hard, x, y):
    """One or two seals near a place."""
    for _ in range(int(rng.integers(0, 3))):
        ink, strength = bright_or_dark(rng, hard)
        page.seal(
            x + rng.uniform(-25, 25),
            y + rng.uniform(-12, 12),
            rng.uniform(34, 45),
            texts.company(),
            "合同专用章",
            ink=ink,
            strength=strength,
        )


def code_with_notice(page, rng, texts, at_top):
    """A matrix code somewhere near the rim, with a few lines of very small print close beside or below it."""
    side, em = rng.uniform(16, 30), rng.uniform(1.9, 3.0)
    x = rng.uniform(6, 30) if rng.random() < 0.4 else page.width_mm - side - rng.uniform(22, 45)
    y = rng.uniform(6, 34) if at_top else page.height_mm - side - rng.uniform(8, 30)
    page.clear(x - 2, y - 2, side + 24, side + 2)
    page.matrix_code(x, y, side)
    text = texts.sentence() + texts.sentence()
    if rng.random() < 0.75:
        page.paragraph(
            text[: int(rng.integers(18, 60))],
            x + side + rng.uniform(0.4, 2),
            y + 0.5,
            em,
            rng.uniform(12, 19),
            leading=rng.uniform(1.2, 1.5),
        )
    else:
        page.paragraph(text[:16], x, y + side + 0.6, em, side, leading=1.3)


def prose(make, rng, texts, split, hard):
    """A page of clauses with headings, lists and a closing block."""
    page = make(A4)
    if rng.random() < 0.25:
        page.watermark(
            texts.rng.choice(["副本", "样本", "内部资料", "严禁复制"]), (170, 170, 180), rng.uniform(0.15, 0.5)
        )
    margin = rng.uniform(22, 32)
    width = page.width_mm - 2 * margin
    em = rng.uniform(3.5, 4.6)
    title = texts.rng.choice(
        ["建设工程施工合同", "承诺书", "授权委托书", "关于资质延续的批复", "补充协议", "会议纪要", "情况说明"]
    )
    page.write(
        title, page.width_mm / 2, 24, em * 1.8, face=page.choose_face(), align="centre", spacing=rng.uniform(0, 2)
    )
    y = 40.0
    leading = rng.uniform(1.5, 2.0)
    while y < page.height_mm - 62:
        text = "".join(texts.sentence() for _ in range(texts.rng.randint(1, 3)))
        y = page.paragraph(text, margin, y, em, width, leading, indent=2)
    x = page.width_mm - margin - 70
    page.write("单位（盖章）：" + texts.company(), x - 20, y + 4, em)
    page.write("法定代表人（签字）：" + texts.person(), x, y + 4 + em * 2, em)
    page.write(texts.date(), x + 10, y + 4 + em * 4, em)
    maybe_stamp(page, rng, texts, hard, x + 30, y + 10)
    page.write(f"第{texts.rng.randint(1, 30)}页", page.width_mm / 2, page.height_mm - 16, 3, align="centre")
    return page


def table(make, rng, texts, split, hard):
    """A ruled table with headings, short cells, numbers and sums."""
    page = make(A4_WIDE if rng.random() < 0.4 else A4)
    margin = rng.uniform(14, 22)
    page.write(
        texts.rng.choice(texts.titles) + texts.rng.choice(["一览表", "明细表", "汇总表", "登记表"]),
        page.width_mm / 2,
        18,
        6.2,
        face=page.choose_face(),
        align="centre",
    )
    columns = int(rng.integers(3, 7))
    em = rng.uniform(3.0, 4.0)
    shares = rng.uniform(0.6, 1.6, columns)
    edges = [margin]
    for share in shares / shares.sum():
        edges.append(edges[-1] + share * (page.width_mm - 2 * margin))
    y, row_high = 34.0, em * rng.uniform(2.0, 3.0)
    makers = [
        texts.person,
        texts.money,
        texts.date,
        texts.code,
        texts.company,
        texts.short,
        lambda: texts.rng.choice(texts.grades),
        lambda: str(texts.rng.randint(1, 999)),
    ]
    kinds = [texts.rng.choice(makers) for _ in range(columns)]
    first = y
    while y < page.height_mm - 40:
        page.rule(margin, y, page.width_mm - margin, y)
        for column in range(columns):
            room = edges[column + 1] - edges[column] - em * 0.8
            text = texts.rng.choice(texts.labels) if y == first else kinds[column]()
            text = text.replace(GAP, "")
            while text and page.width_of(text, em) > room:
                text = text[:-1]
            if text and rng.random() < 0.94:
                page.write(text, (edges[column] + edges[column + 1]) / 2, y + row_high / 2 - em / 2, em, align="centre")
        y += row_high
    page.rule(margin, y, page.width_mm - margin, y)
    for edge in edges:
        page.rule(edge, first, edge, y)
    maybe_stamp(page, rng, texts, hard, page.width_mm * 0.7, y - 15)
    return page


def form(make, rng, texts, split, hard):
    """A form: spread labels, wide gaps, dotted or solid lines under the values."""
    page = make(A4_WIDE if rng.random() < 0.35 else A4)
    if rng.random() < 0.5:
        page.ground((200, 205, 190), rng.uniform(0.1, 0.5))
    if rng.random() < 0.4:
        page.watermark(texts.rng.choice(texts.titles), (150, 160, 190), rng.uniform(0.12, 0.4))
    title, title_face = texts.rng.choice(texts.titles), page.choose_face()
    title = GAP.join(title) if rng.random() < 0.4 else title
    title_em = fitting(page, title, rng.uniform(6, 11), page.width_mm - 30, title_face)
    page.write(
        title,
        page.width_mm / 2,
        rng.uniform(18, 32),
        title_em,
        colour=(190, 40, 40) if rng.random() < 0.3 else BLACK,
        face=title_face,
        align="centre",
    )
    em = rng.uniform(3.2, 5.0)
    margin = rng.uniform(18, 34)
    wide_labels = int(rng.integers(4, 9))
    step = em * rng.uniform(1.7, 3.2)
    colon, ruled, dotted = texts.rng.choice(["：", ":", ""]), rng.random() < 0.45, rng.random() < 0.5
    value_x = margin + em * (wide_labels + rng.uniform(1.6, 3.0))
    face = page.choose_face() if rng.random() < 0.4 else page.face
    y = 52.0
    while y < page.height_mm - 58:
        label = texts.rng.choice(texts.labels)
        right = write_spread(page, label, margin, y, em, wide_labels if rng.random() < 0.7 else 0)
        if colon:
            page.write(colon, right, y, em, record=False)
            page.lines[-1]["text"] += colon
            page.lines[-1]["box"][2] = round(page.lines[-1]["box"][2] + em * 0.6, 2)
            right += em
        start = max(value_x, right + em * 0.3)  # a long label pushes its value along
        text = texts.rng.choice(
            [
                texts.company,
                texts.person,
                texts.address,
                texts.date,
                texts.money,
                texts.code,
                texts.code,
                lambda: texts.scope(3),
                lambda: texts.rng.choice(texts.company_types),
            ]
        )()
        below = page.paragraph(text, start, y, em, page.width_mm - margin - start, leading=1.5, face=face)
        if ruled:
            page.rule(start - em * 0.4, y + em * 1.25, page.width_mm - margin, y + em * 1.25, dotted=dotted)
        y = max(below, y + step)
    page.write(
        "编号：" + codes.certificate_number(texts.rng),
        page.width_mm - margin,
        12,
        em * 0.8,
        align="right",
        colour=(200, 40, 40) if rng.random() < 0.4 else BLACK,
    )
    if rng.random() < 0.4:
        code_with_notice(page, rng, texts, True)
    office = texts.place()[1] + texts.rng.choice(texts.organs)
    page.write("发证机关（章）" + ("：" if colon else ""), page.width_mm / 2, page.height_mm - 50, em)
    page.write(office, page.width_mm / 2 + em * 2, page.height_mm - 50 + em * 1.8, em)
    page.write(texts.date(), page.width_mm / 2 + em * 3, page.height_mm - 50 + em * 3.6, em)
    maybe_stamp(page, rng, texts, hard, page.width_mm / 2 + 30, page.height_mm - 40)
    return page


def mixed(make, rng, texts, split, hard):
    """Lines of every kind and size anywhere: for the detector's training."""
    page = make(A4 if rng.random() < 0.6 else A4_WIDE)
    if rng.random() < 0.6:
        page.ground(tuple(int(value) for value in rng.integers(120, 235, 3)), rng.uniform(0.1, 0.6))
    if rng.random() < 0.35:
        page.watermark(
            texts.rng.choice(texts.titles),
            tuple(int(value) for value in rng.integers(120, 210, 3)),
            rng.uniform(0.1, 0.5),
        )
    y = rng.uniform(6, 20)
    while y < page.height_mm - 14:
        em = float(rng.choice([rng.uniform(2.2, 3.2), rng.uniform(3.2, 5), rng.uniform(5, 12)], p=[0.3, 0.55, 0.15]))
        x = rng.uniform(6, page.width_mm * 0.45)
        face = page.choose_face()
        while x < page.width_mm - 3 * em:
            text = texts.line()[1]
            while text and page.width_of(text, em, face) > page.width_mm - 6 - x:
                text = text[:-1].rstrip(GAP + " ")
            if not text:
                break
            colour = BLACK if rng.random() < 0.8 else tuple(int(value) for value in rng.integers(0, 200, 3))
            spaced = rng.uniform(0.2, 0.9) * em if rng.random() < 0.15 else 0.0
            if spaced and page.width_of(text, em, face, spaced) > page.width_mm - 6 - x:
                spaced = 0.0
            x = page.write(text, x, y, em, colour=colour, face=face, spacing=spaced) + em * rng.uniform(2.0, 6)
            if rng.random() < 0.5:
                break
        y += em * rng.uniform(1.25, 2.4)
        if rng.random() < 0.1:
            page.rule(8, y - 0.8, page.width_mm - 8, y - 0.8, dotted=rng.random() < 0.4)
    for _ in range(int(rng.integers(0, 4))):
        maybe_stamp(page, rng, texts, hard, rng.uniform(20, page.width_mm - 20), rng.uniform(20, page.height_mm - 20))
    if rng.random() < 0.5:
        code_with_notice(page, rng, texts, rng.random() < 0.6)
    return page


PAPERS = {"prose": prose, "table": table, "form": form, "mixed": mixed}
