"""Certificate pages: what stands where. Each layout draws on a Page and leaves fields and lines as ground truth.

The evaluation split uses other proportions, orders and decorations than the training split."""

from . import codes
from .page import Page
from .papers import PAPERS
from .placing import bright_or_dark, write_spread
from .texts import GAP

A4, A4_WIDE, A3_WIDE, ID_CARD = (210, 297), (297, 210), (420, 297), (85.6, 54)
BLACK, RED = (28, 28, 32), (185, 35, 40)


def full_date(texts, low=1990, high=2025):
    """A full date as on licences."""
    rng = texts.rng
    return f"{rng.randint(low, high)}年{rng.randint(1, 12):02d}月{rng.randint(1, 28):02d}日"


def business_licence(make, rng, texts, split, hard):
    """营业执照: landscape with two columns when evaluated, portrait with one column in training."""
    wide = split == "eval"
    page = make(A4_WIDE if wide else A4)
    page.ground((235, 190, 120) if wide else (200, 220, 200), rng.uniform(0.12, 0.4))
    page.frame(7 if wide else 9, (150, 110, 60), 1.4)
    page.frame(9.5 if wide else 12, (180, 140, 80), 0.4)
    place, authority = texts.place(), None
    authority = place[1] + texts.rng.choice(["市场监督管理局", "行政审批服务局", "行政审批局", "工商行政管理局"])
    centre, top = page.width_mm / 2, 18 if wide else 24
    page.emblem(centre, top, 18)
    title_face = page.choose_face("song")
    page.write(
        GAP.join("营业执照"), centre, top + 13, 13 if wide else 15, colour=(40, 30, 20), face=title_face, align="centre"
    )
    copy = texts.rng.choice(["（副本）", "(副本)", "（正本）", "（副 本）"])
    page.write(copy, centre, top + 30, 5.5, align="centre", face=page.face)
    em = rng.uniform(3.9, 4.5)
    code_x = 22 if wide else 26
    page.write("统一社会信用代码", code_x, top + 12 if wide else top + 40, em * 0.9)
    page.value("creditCode", codes.credit_code(texts.rng), code_x, top + 18 if wide else top + 46, em * 1.1, 90)
    if wide:
        page.matrix_code(page.width_mm - 52, 20, 24)
        notice = "扫描二维码登录“国家企业信用信息公示系统”了解更多登记、备案、许可、监管信息。"
        page.paragraph(notice, page.width_mm - 27, 21, 2.3, 15, leading=1.35)
    company = texts.company()
    values = {
        "companyName": ("名称", company),
        "companyType": ("类型", texts.rng.choice(texts.company_types)),
        "legalRepresentative": ("法定代表人", texts.person()),
        "businessScope": ("经营范围", texts.scope(texts.rng.randint(4, 11))),
        "registeredCapital": ("注册资本", texts.money_capital()),
        "establishedOn": ("成立日期", full_date(texts)),
        "businessTerm": (
            "营业期限",
            texts.rng.choice(
                [
                    full_date(texts, 1995, 2024) + "至长期",
                    full_date(texts, 1995, 2020) + "至" + full_date(texts, 2030, 2060),
                    "长期",
                ]
            ),
        ),
        "address": ("住所", texts.address()),
    }
    left = ["companyName", "companyType", "legalRepresentative", "businessScope"]
    right = ["registeredCapital", "establishedOn", "businessTerm", "address"]
    columns = (
        [(code_x, 92, left), (158, 82, right)]
        if wide
        else [(code_x, 118, left[:1] + right[-1:] + left[1:3] + right[:3] + left[3:])]
    )
    spaced = rng.random() < 0.7
    for x, width, order in columns:
        y = top + (44 if wide else 66)
        for field in order:
            label, text = values[field]
            write_spread(page, label, x, y, em, 5 if spaced else 0, colour=(70, 50, 30))
            y = page.value(field, text, x + em * 7, y, em, width, leading=1.45) + em * rng.uniform(0.5, 0.9)
    y = page.height_mm - (46 if wide else 52)
    x = page.width_mm - (96 if wide else 110)
    write_spread(page, "登记机关", x, y, em, 6 if rng.random() < 0.5 else 0)
    page.value("registrationAuthority", authority, x + em * 7.5, y, em, 80)
    date = f"{texts.rng.randint(2008, 2026)}{GAP}年{GAP}{texts.rng.randint(1, 12):02d}{GAP}月{GAP}{texts.rng.randint(1, 28):02d}{GAP}日"
    page.write(date, x + em * 5, y + em * 2.2, em)
    ink, strength = bright_or_dark(rng, hard)
    page.seal(x + em * 11 + rng.uniform(-5, 5), y + 6 + rng.uniform(-4, 5), 42, authority, ink=ink, strength=strength)
    foot = page.height_mm - 15.5
    page.write("国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", 16, foot, 2.7)
    page.write("国家市场监督管理总局监制", page.width_mm - 16, foot, 2.7, align="right")
    page.write("市场主体应当于每年1月1日至6月30日通过国家企业信用信息公示系统报送公示年度报告。", 16, foot - 4.6, 2.5)
    return page


def construction_qualification(make, rng, texts, split, hard):
    """建筑业企业资质证书: landscape (evaluated) or portrait (training), labels with full-width colons."""
    wide = split == "eval"
    page = make(A4_WIDE if wide else A4)
    page.ground((170, 205, 225) if wide else (235, 215, 190), rng.uniform(0.15, 0.5))
    page.frame(10, (120, 90, 40), 1.0)
    centre = page.width_mm / 2
    page.emblem(centre, 24, 16)
    page.write(
        "建筑业企业资质证书",
        centre,
        36,
        11,
        colour=RED if rng.random() < 0.4 else BLACK,
        face=page.choose_face(),
        spacing=1.5,
        align="centre",
    )
    page.write("（副本）" if rng.random() < 0.6 else "(正本)", centre, 50, 5, align="centre")
    em = rng.uniform(3.8, 4.6)
    company, place = texts.company(), texts.place()
    qualification = texts.rng.choice(texts.qualifications)
    grade = texts.rng.choice(texts.grades[:6])
    number = (
        texts.rng.choice("DA")
        + texts.rng.choice("123")
        + texts.rng.choice(codes.AREA_PREFIXES)
        + codes.digits(texts.rng, 6)
    )
    valid = full_date(texts, 2024, 2031)
    rows = [
        ("companyName", "企业名称", company),
        (None, "详细地址", texts.address()),
        ("creditCode", "统一社会信用代码", codes.credit_code(texts.rng)),
        ("legalRepresentative", "法定代表人", texts.person()),
        (None, "注册资本", texts.money_capital()),
        (None, "经济性质", texts.rng.choice(texts.company_types)),
        ("certificateNumber", "证书编号", number),
        ("validUntil", "有效期", texts.rng.choice(["", "至"]) + valid),
    ]
    if not wide:
        rows = rows[:2] + rows[6:] + rows[2:6]
    colon = texts.rng.choice(["：", ":", "：" + GAP])
    pairs = [("legalRepresentative", "注册资本"), ("certificateNumber", "有效期")] if wide else []
    x, y, width = (34 if wide else 28), 62.0, page.width_mm - (70 if wide else 56)
    index = 0
    while index < len(rows):
        field, label, text = rows[index]
        together = wide and any(field == first for first, _ in pairs) and rng.random() < 0.85
        right = page.write(label + colon.rstrip(GAP), x, y, em)
        below = place_value(
            page,
            field,
            text,
            right + em * (0.3 if colon.endswith(GAP) else 0.05),
            y,
            em,
            width * (0.4 if together else 0.75),
        )
        if together and index + 1 < len(rows):
            field, label, text = rows[index + 1]
            start = x + width * 0.56
            right = page.write(label + colon.rstrip(GAP), start, y, em)
            below = max(below, place_value(page, field, text, right + em * 0.05, y, em, width * 0.34))
            index += 1
        index += 1
        y = below + em * rng.uniform(0.35, 0.65)
        if rng.random() < 0.12:
            page.rule(right, y - em * 0.6, x + width, y - em * 0.6, dotted=True)
    page.write("资质类别及等级" + colon.rstrip(GAP), x, y, em)
    y += em * 1.7
    page.value("qualificationCategoryAndGrade", qualification + grade, x + em * 2, y, em, width)
    held = [(qualification, grade)]
    for extra in texts.rng.sample(texts.qualifications, texts.rng.randint(0, 2)):
        y += em * 1.6
        if extra != qualification:
            held.append((extra, texts.rng.choice(texts.grades[:6])))
            page.write("".join(held[-1]), x + em * 2, y, em, field="qualificationCategoryAndGrade")
    together = "；".join(name + level for name, level in held)
    page.fields.update(
        qualificationCategoryAndGrade=together, qualificationName=qualification, grade=grade, validUntil=valid
    )
    authority = place[0] + "住房和城乡建设厅" if rng.random() < 0.6 else place[1] + "行政审批服务局"
    y = page.height_mm - (44 if wide else 60)
    sx = page.width_mm - 112
    right = page.write("发证机关" + colon.rstrip(GAP), sx, y, em)
    place_value(page, "issuingAuthority", authority, right + em * 0.1, y, em, 80)
    date = f"{texts.rng.randint(2018, 2026)}年{texts.rng.randint(1, 12):02d}月{texts.rng.randint(1, 28):02d}日"
    page.write(date, sx + em * 5, y + em * 2.1, em)
    ink, strength = bright_or_dark(rng, hard)
    page.seal(
        sx + em * 9 + rng.uniform(-6, 6),
        y + 5 + rng.uniform(-4, 5),
        42,
        authority,
        "资质专用章",
        ink=ink,
        strength=strength,
    )
    page.write(
        "中华人民共和国住房和城乡建设部制" if wide else "住房和城乡建设部监制",
        page.width_mm / 2 if wide else 28,
        page.height_mm - 19,
        3.2,
        align="centre" if wide else "left",
    )
    return page


def place_value(page, field, text, x, y, em, width):
    """A field's value, or plain text where the layout has no field id; returns the y below."""
    if field:
        return page.value(field, text, x, y, em, width)
    return page.paragraph(text, x, y, em, width, leading=1.5)


def resident_id_front(make, rng, texts, split, hard):
    """居民身份证, the side with name, address and number."""
    page = make(ID_CARD, face_kind="hei" if split == "train" or rng.random() < 0.7 else None)
    page.canvas[:] = (225, 236, 242)
    page.ground((150, 190, 215), rng.uniform(0.15, 0.45))
    blue = (50, 100, 150)
    shift = 0.0 if split == "train" else rng.uniform(-1, 1)
    em, x, vx = 2.9, 7.5 + shift, 16.2 + shift
    born = (texts.rng.randint(1950, 2006), texts.rng.randint(1, 12), texts.rng.randint(1, 28))
    page.write("姓名", x, 6.8, em * 0.85, colour=blue, spacing=0.6)
    page.value("name", texts.person(), vx, 6.4, em * 1.15, 30)
    page.write("性别", x, 13.6, em * 0.85, colour=blue, spacing=0.6)
    sex = texts.rng.choice("男女")
    page.value("sex", sex, vx, 13.4, em, 8)
    page.write("民族", x + 19, 13.6, em * 0.85, colour=blue, spacing=0.6)
    page.value("nation", texts.rng.choice(texts.nations), x + 27.5, 13.4, em, 20)
    page.write("出生", x, 19.8, em * 0.85, colour=blue, spacing=0.6)
    for text, dx, label in ((str(born[0]), 0, "年"), (str(born[1]), 13.5, "月"), (str(born[2]), 21.5, "日")):
        page.write(text, vx + dx, 19.6, em)
        page.write(label, vx + dx + (9.5 if label == "年" else 5), 19.8, em * 0.85, colour=blue)
    page.fields["bornOn"] = f"{born[0]}年{born[1]}月{born[2]}日"
    page.write("住址", x, 26.2, em * 0.85, colour=blue, spacing=0.6)
    page.value("address", texts.address(), vx, 26.0, em, 36, leading=1.4)
    page.write("公民身份号码", x, 45.2, em * 0.85, colour=blue, spacing=0.15)
    number = codes.id_number(texts.rng, f"{born[0]}{born[1]:02d}{born[2]:02d}", sex)
    page.value("idNumber", number, 29, 44.6, 3.6, 55, spacing=0.35)
    portrait(page, rng, 58, 8, 22, 30)
    return page


def portrait(page, rng, x, y, width, height):
    """A flat head-and-shoulders figure in place of a photo."""
    import cv2

    x0, y0, x1, y1 = page.px(x, y, x + width, y + height)
    page.canvas[y0:y1, x0:x1] = page.canvas[y0:y1, x0:x1] // 2 + 120
    cx = (x0 + x1) // 2
    skin = (int(rng.integers(190, 230)), int(rng.integers(150, 185)), int(rng.integers(130, 160)))
    coat = tuple(int(value) for value in rng.integers(20, 120, 3))
    cv2.ellipse(page.canvas, (cx, y1), ((x1 - x0) // 2, (y1 - y0) // 3), 0, 180, 360, coat, -1)
    cv2.ellipse(page.canvas, (cx, y0 + (y1 - y0) * 2 // 5), ((x1 - x0) // 4, (y1 - y0) // 4), 0, 0, 360, skin, -1)
    cv2.ellipse(page.canvas, (cx, y0 + (y1 - y0) // 4), ((x1 - x0) // 4, (y1 - y0) // 7), 0, 180, 360, (25, 20, 20), -1)


def resident_id_back(make, rng, texts, split, hard):
    """居民身份证, the side with the emblem, the issuing office and the validity."""
    page = make(ID_CARD, face_kind="hei" if split == "train" or rng.random() < 0.7 else None)
    page.canvas[:] = (228, 238, 240)
    page.ground((170, 200, 190), rng.uniform(0.15, 0.45))
    page.emblem(15, 14, 17)
    page.write("中华人民共和国", 52, 7, 4.4, face=page.choose_face("song"), align="centre", spacing=1.2)
    page.write(
        GAP.join("居民身份证") if split == "eval" else "居民身份证",
        52,
        17,
        4.8 if split == "eval" else 6.5,
        face=page.choose_face("song"),
        align="centre",
    )
    place = texts.place()
    office = texts.rng.choice([place[1] + "公安局", place[2] + "公安局", place[1] + "公安局" + place[2] + "分局"])
    start = (texts.rng.randint(2006, 2025), texts.rng.randint(1, 12), texts.rng.randint(1, 28))
    day = lambda year: f"{year}.{start[1]:02d}.{start[2]:02d}"
    validity = day(start[0]) + "-" + texts.rng.choice([day(start[0] + 10), day(start[0] + 20), "长期"])
    page.write("签发机关", 15, 37.6, 2.6, spacing=0.3)
    page.value("issuer", office, 33, 37.4, 2.9, 48)
    page.write("有效期限", 15, 44.6, 2.6, spacing=0.3)
    page.value("validity", validity, 33, 44.4, 2.9, 48)
    return page


LAYOUTS = {
    "business-licence": business_licence,
    "construction-qualification": construction_qualification,
    "resident-id-card": resident_id_front,
    "resident-id-card-back": resident_id_back,
}


def page_factory(rng, texts, split, dpi):
    """A function that makes an empty page of a size, with one family of faces chosen for it."""

    def make(size, face_kind=None):
        tint = tuple(int(value) for value in rng.integers(236, 256, 3))
        page = Page(
            *size, dpi if size != ID_CARD else max(dpi, 300) if dpi >= 150 else dpi * 2.6, rng, texts, split, tint
        )
        if face_kind:
            page.face = page.choose_face(face_kind)
        return page

    return make


def build(kind, rng, texts, split, dpi=200, hard=False):
    """A finished page of a kind. `rng` is numpy's generator, `texts` draws the words."""
    layout = {**LAYOUTS, **PAPERS}[kind]
    page = layout(page_factory(rng, texts, split, dpi), rng, texts, split, hard)
    for line in page.lines:
        line["underSeal"] = page.under_seal(line["box"])
    return page
