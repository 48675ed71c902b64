"""Texts for lines and fields, made from our own word lists. All randomness comes from the generator given."""

import functools
import zlib
from pathlib import Path

from . import charset, codes

WORDS = Path(__file__).parent / "words"
GAP = "\u3000"  # drawn as empty space, never part of a label
EVAL_SHARE = 6  # one word in six is held out

CONFUSIONS = [
    "0OoQD",
    "1lI|i",
    "5S",
    "8B",
    "2Zz",
    "仟千干于任",
    "佰伯",
    "叁参",
    "土士工",
    "末未",
    "已己巳",
    "日曰目",
    "一二三",
    "人入八",
    "大太犬",
    "王玉主",
    "由甲申田",
    "天夫无",
    "右石",
    "兔免",
    "折拆",
    "戊戌戍",
    "治冶",
    "晴睛",
    "壹壶",
    "。.．",
    "，,、",
    "：:；;",
    "（(【〔[",
    "）)】〕]",
    "—-－一",
    "《〈",
    "》〉",
    "“”",
    "佳住往",
    "白自",
    "间问",
    "为力",
    "名各",
    "代伐",
    "今令",
    "贷货",
    "侯候",
    "陈阵",
    "微徽",
    "候侯",
    "申甲",
    "刀力",
    "千干",
]


def is_held_out(word):
    """Whether a word belongs to the evaluation split; fixed by its content."""
    return zlib.crc32(word.encode()) % EVAL_SHARE == 0


@functools.lru_cache(maxsize=None)
def sections(name):
    """A word file as {comment heading: [entries]}; entries are split on blanks, prose on lines."""
    by_heading, heading = {}, ""
    for line in (WORDS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            heading = line[2:]
            continue
        by_heading.setdefault(heading, []).extend([line] if name == "prose" else line.split(" "))
    return by_heading


def split_words(words, split):
    """The part of a list that belongs to the split; the whole list when it is too short to divide."""
    if len(words) < 12:
        return words
    return [word for word in words if word and is_held_out(word) == (split == "eval")] or words


class Texts:
    """Draws texts for one split from one random generator (random.Random)."""

    def __init__(self, split, rng):
        self.split, self.rng = split, rng
        pick = functools.partial(split_words, split=split)
        self.prose = pick(sections("prose")[""])
        companies, quals = sections("companies"), sections("quals")
        self.trade_names, self.industries = pick(companies["trade names"]), pick(companies["industries"])
        self.forms, self.company_types = companies["forms"], companies["company types"]
        self.scopes = pick(sections("scopes")[""])
        self.qualifications, self.grades, self.organs = quals["qualifications"], quals["grades"], quals["organs"]
        self.titles, self.nations, self.labels = quals["certificate titles"], quals["nations"], quals["labels"]
        self.streets, self.within = pick(quals["streets"]), quals["places within"]
        names = sections("names")
        self.surnames = list(names["surnames"][0]) + names["surnames"][1:]
        self.given = list(names["given"][0])
        self.rare_given = list("".join(names["given"][1:]))
        self.latin = pick([word for word in sections("latin")[""] if word])
        lines = (WORDS / "places.txt").read_text(encoding="utf-8").splitlines()
        self.places = [line for line in lines if "|" in line and not line.startswith("#")]
        gb = charset.gb2312_hanzi()
        self.common, self.rarer = gb[:3755], gb[3755:]
        self.use_charset(charset.load_charset())

    def use_charset(self, chars):
        """Draw random characters from these classes."""
        hanzi = {*self.common, *self.rarer}
        self.all_chars, self.beyond = list(chars), [char for char in chars if char not in hanzi]
        self.rare_general = [char for char in charset.general_hanzi() if char in set(self.beyond)]

    # ---- fields

    def place(self):
        """(province, city, district)."""
        province, rest = self.rng.choice(self.places).split("|")
        city, districts = rest.split(":")
        return province, city, self.rng.choice(districts.split())

    def person(self):
        """A person's name, now and then with rare hanzi."""
        pool = self.rare_given if self.rng.random() < 0.3 else self.given
        if self.rng.random() < 0.06:
            pool = self.rare_general
        count = 1 if self.rng.random() < 0.25 else 2
        return self.rng.choice(self.surnames) + "".join(self.rng.choice(pool) for _ in range(count))

    def company(self):
        """A company's name with its place."""
        rng = self.rng
        province, city, _ = self.place()
        where = rng.choice([city, city[:-1] if city.endswith("市") else city, province, province.rstrip("省市"), ""])
        name = rng.choice(self.trade_names)
        if rng.random() < 0.25:
            name = "".join(rng.choice(self.common) for _ in range(rng.randint(2, 3)))
        form = rng.choice(self.forms if rng.random() < 0.4 else self.forms[:4])
        text = where + name + rng.choice(self.industries) + form
        if rng.random() < 0.06:
            text = f"{name}（{where or city}）{rng.choice(self.industries)}{form}"
        return text

    def address(self):
        """A street or village address in any province."""
        rng = self.rng
        province, city, district = self.place()
        head = province + (city if city != province else "") + district
        if rng.random() < 0.3:
            head = city + district
        street = rng.choice(self.streets) + f"{rng.randint(1, 1999)}号"
        tails = [
            lambda: f"{rng.choice(self.trade_names)}{rng.choice(['花园', '大厦', '广场', '科技园', '国际公馆', '小区'])}"
            f"{rng.randint(1, 48)}{rng.choice(['号楼', '栋', '幢', '座'])}{rng.randint(1, 6)}单元{rng.randint(101, 3305)}室",
            lambda: f"{rng.choice('ABCDEF')}座{rng.randint(1, 40)}层{rng.randint(101, 4012)}号",
            lambda: f"附{rng.randint(1, 40)}号",
            lambda: f"{rng.randint(1, 30)}-{rng.randint(1, 6)}-{rng.randint(101, 1802)}",
            lambda: f"（{rng.choice(self.trade_names)}产业园内）",
            lambda: f"第{rng.choice('一二三四五六七八九十')}层{rng.choice('ABCD')}{rng.randint(100, 999)}室",
            lambda: "",
        ]
        if rng.random() < 0.25:
            hamlet = "".join(rng.choice(self.common) for _ in range(2))
            street = f"{hamlet}镇{rng.choice(self.trade_names)[:1]}家村委会{rng.choice('一二三四五六七八九十')}组{rng.randint(1, 300)}号"
        return head + street + rng.choice(tails)()

    def date(self):
        """A date in one of the usual spellings."""
        rng = self.rng
        year, month, day = rng.randint(1958, 2049), rng.randint(1, 12), rng.randint(1, 28)
        chinese = "〇一二三四五六七八九"
        return rng.choice(
            [
                f"{year}年{month:02d}月{day:02d}日",
                f"{year}年{month}月{day}日",
                f"{year}-{month:02d}-{day:02d}",
                f"{year}.{month:02d}.{day:02d}",
                f"{year}/{month}/{day}",
                f"{year}{GAP}年{GAP}{month}{GAP}月{GAP}{day}{GAP}日",
                "".join(chinese[int(char)] for char in str(year)) + f"年{self.numeral(month)}月{self.numeral(day)}日",
                f"{year}年{month:02d}月{day:02d}日至{year + rng.choice([5, 10, 20, 30])}年{month:02d}月{day:02d}日",
                f"{year}.{month:02d}.{day:02d}-{year + 10}.{month:02d}.{day:02d}",
                f"{year}.{month:02d}.{day:02d}-长期",
                f"{year}年{month:02d}月{day:02d}日至长期",
                f"至{year}年{month:02d}月{day:02d}日",
            ]
        )

    @staticmethod
    def numeral(number):
        """A number below 100 in hanzi."""
        ones = "〇一二三四五六七八九"
        tens, unit = divmod(number, 10)
        return (ones[tens] if tens > 1 else "") + ("十" if tens else "") + (ones[unit] if unit or not tens else "")

    def money(self):
        """An amount in one of the usual spellings."""
        rng = self.rng
        big = "壹贰叁肆伍陆柒捌玖"
        return rng.choice(
            [
                lambda: f"{rng.randint(1, 99999)}万元整",
                lambda: f"{rng.randint(1, 99999)}.{rng.randint(0, 999999)}万元人民币",
                lambda: f"人民币{rng.randint(1, 99999):,}万元",
                lambda: f"¥{rng.randint(1, 10**9):,}.{rng.randint(0, 99):02d}".replace("¥", "￥"),
                lambda: f"{rng.randint(1, 10**8):,}.{rng.randint(0, 99):02d}元",
                lambda: f"{rng.randint(1, 10**7)}.{rng.randint(0, 99):02d}",
                lambda: rng.choice(big)
                + rng.choice("仟佰")
                + rng.choice(big)
                + rng.choice("佰拾")
                + rng.choice(["万元整", "万圆整", "元整", "万元人民币"]),
                lambda: rng.choice(big)
                + "仟"
                + rng.choice(big)
                + "佰"
                + rng.choice(big)
                + "拾"
                + rng.choice(big)
                + "万元整",
                lambda: rng.choice(big)
                + "亿"
                + rng.choice(big)
                + "仟"
                + rng.choice(["零", ""])
                + rng.choice(big)
                + rng.choice(["拾万元", "佰万元整", "万元整"]),
                lambda: f"{rng.randint(1, 999)}.{rng.randint(0, 9)}亿元",
                lambda: f"US${rng.randint(1, 10**6):,}.00",
                lambda: f"{rng.randint(1, 99999)}.{rng.randint(0, 99):02d}㎡",
                lambda: f"{rng.randint(1, 100)}.{rng.randint(0, 99):02d}%",
            ]
        )()

    def money_capital(self):
        """A registered capital."""
        rng = self.rng
        big = "壹贰叁肆伍陆柒捌玖"
        return rng.choice(
            [
                f"{rng.randint(1, 99999)}万元整",
                f"{rng.randint(1, 99)}{rng.randint(0, 9)}0.{rng.randint(0, 9999):04d}万元人民币",
                f"人民币{rng.randint(1, 50000):,}万元",
                rng.choice(big) + "仟" + rng.choice(big) + "佰" + rng.choice(big) + "拾万元整",
                rng.choice(big) + "佰万元整",
                rng.choice(big) + "亿" + rng.choice(big) + "仟万元整",
            ]
        )

    def scope(self, count=None):
        """A business scope of `count` items with its usual punctuation."""
        items = [self.rng.choice(self.scopes) for _ in range(count or self.rng.randint(3, 14))]
        text = self.rng.choice(["；", "；", "、", "，"]).join(items)
        head = self.rng.choice(["", "", "一般项目：", "许可项目："])
        tail = self.rng.choice(
            [
                "。",
                "。（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
                "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）",
                "",
            ]
        )
        return head + text + tail

    # ---- lines of running text

    def sentence(self):
        """A sentence of prose; words are exchanged so that few sentences come twice."""
        text = self.rng.choice(self.prose)
        if self.rng.random() < 0.1:
            return (
                text.rstrip("。；：，")
                + self.rng.choice(["（", "，应符合", "，按", "，执行《"])
                + self.standard()
                + self.rng.choice(["）。", "的规定。", "，", "。"])
            )
        if self.rng.random() < 0.35:
            parts = [part for part in text.rstrip("。；：，").replace("。", "，").split("，") if part]
            text = "，".join(self.rng.sample(parts, len(parts))).strip("，") + self.rng.choice(["。", "；", "，", "："])
        return text

    def babble(self):
        """Random hanzi with punctuation of both widths between: no language to lean on."""
        rng = self.rng
        out = []
        for _ in range(rng.randint(2, 6)):
            pool = self.common if rng.random() < 0.7 else self.rarer
            run = "".join(rng.choice(pool) for _ in range(rng.randint(1, 7)))
            wrap = rng.random()
            if wrap < 0.12:
                run = rng.choice(
                    ["（{}）", "({})", "“{}”", "《{}》", "【{}】", "〔{}〕", "[{}]", "‘{}’", "「{}」", "〈{}〉"]
                ).format(run)
            elif wrap < 0.2:
                run += codes.digits(rng, rng.randint(1, 5))
            # As on paper: hanzi are followed by wide signs nearly always.
            out.append(
                run + rng.choice("，。、；：，。、；：，。、；：！？ " if rng.random() < 0.8 else ",.;:·—…/-%％ ")
            )
        return "".join(out).replace("—", "——" if rng.random() < 0.7 else "—").replace(" ", "")

    def hanzi(self):
        """Random characters of the whole charset, so that every class is met."""
        rng = self.rng
        pool = rng.choice([self.common, self.rarer, self.beyond, self.all_chars])
        return "".join(rng.choice(pool) for _ in range(rng.randint(1, 12)))

    def confusable(self):
        """Characters that are often taken for each other, in words and in rows."""
        rng = self.rng
        group = rng.choice(CONFUSIONS)
        if group.isascii():
            return "".join(rng.choice(group + "0123456789ABCX") for _ in range(rng.randint(3, 12)))
        return "".join(
            rng.choice(group) if rng.random() < 0.5 else rng.choice(self.common) for _ in range(rng.randint(1, 9))
        )

    def labelled(self):
        """A label and its value with a colon or a wide gap, the label now and then spaced out."""
        rng = self.rng
        label = rng.choice(self.labels)
        if rng.random() < 0.4 and len(label) < 6:
            label = (GAP * rng.randint(1, 2)).join(label)
        value = rng.choice(
            [
                self.person,
                self.company,
                self.address,
                self.date,
                self.money,
                self.code,
                lambda: rng.choice(self.company_types),
                lambda: rng.choice(self.grades),
            ]
        )()
        return label + rng.choice(["：", "：", ":", GAP * 2, GAP, "：" + GAP, ""]) + value

    def code(self):
        """A code of any kind."""
        rng = self.rng
        return rng.choice(
            [
                codes.credit_code,
                codes.id_number,
                codes.certificate_number,
                codes.certificate_number,
                lambda r: codes.digits(r, r.randint(4, 19)),
                lambda r: f"0{codes.digits(r, 3)}-{codes.digits(r, 8)}",
                lambda r: f"1{codes.digits(r, 10)}",
            ]
        )(rng)

    def short(self):
        """One to three characters: a cell, a lone 一, a sign."""
        rng = self.rng
        return rng.choice(
            [
                lambda: rng.choice("一二三〇无有男女汉是否正副√×/—-"),
                lambda: rng.choice(self.nations),
                lambda: rng.choice(self.grades),
                lambda: rng.choice(["年", "月", "日", "元", "项", "（章）", "（签字）", "第", "号", "。", "㎡"]),
                lambda: str(rng.randint(0, 99)),
                lambda: f"（{self.numeral(rng.randint(1, 30))}）",
                lambda: f"{rng.randint(1, 30)}.",
                lambda: rng.choice(self.labels),
            ]
        )()

    def table_row(self):
        """Cells of a table row with gaps between."""
        rng = self.rng
        cells = [
            rng.choice([self.short, self.person, self.money, self.date, lambda: rng.choice(self.labels)])()
            for _ in range(rng.randint(2, 4))
        ]
        return (GAP * rng.randint(1, 3)).join(cells)

    def heading(self):
        """A title, usually of a certificate or organ, spaced or not."""
        rng = self.rng
        text = rng.choice(
            [
                rng.choice(self.titles),
                self.place()[1] + rng.choice(self.organs),
                rng.choice(self.qualifications) + rng.choice(self.grades),
            ]
        )
        return GAP.join(text) if rng.random() < 0.2 and len(text) < 9 else text

    def standard(self):
        """The number of a standard, with every dash in use."""
        rng = self.rng
        head = rng.choice(
            [
                "GB",
                "GB/T",
                "GB/T ",
                "GB ",
                "JGJ",
                "JGJ/T",
                "CJJ",
                "CECS",
                "DB",
                "DBJ",
                "DBJ/T ",
                "SL",
                "JTG",
                "TB",
                "YB/T",
                "Q/",
                "ISO",
                "T/",
            ]
        )
        number = codes.digits(rng, rng.choice([2, 3, 4, 5, 5])) + rng.choice(
            ["", "", "", f".{rng.randint(1, 9)}", f"/T {rng.randint(10, 99)}"]
        )
        return f"{head}{number}{rng.choice(['-', '-', '—', '—', '－', '–'])}{rng.randint(1989, 2026)}"

    def tail(self):
        """Words that end in signs which are easily lost, lone strokes, brackets in brackets."""
        rng = self.rng
        run = "".join(rng.choice(self.common) for _ in range(rng.randint(1, 8)))
        digit = rng.choice("一一二三十")
        return rng.choice(
            [
                lambda: run
                + rng.choice(
                    [
                        "。",
                        "。",
                        "）",
                        "）。",
                        "；",
                        "，",
                        "、",
                        "：",
                        "》。",
                        "》",
                        "”。",
                        "”",
                        "……",
                        "）；",
                        "】",
                        "）：",
                    ]
                ),
                lambda: run + GAP * rng.randint(1, 3) + digit,
                lambda: digit + GAP * rng.randint(1, 3) + run,
                lambda: f"{run}{digit}",
                lambda: f"（（{run}））",
                lambda: f"（{run}（{digit}））",
                lambda: f"（{digit}）{run}（{run[:2]}）",
                lambda: f"（{run}）（{rng.randint(1, 12)}）",
                lambda: f"（{rng.randint(1, 20)}）{run}{rng.choice('，；。：')}",
                lambda: f"【{run}】（{digit}）",
                lambda: f"《{run}》（{self.standard()}）、《{run}》",
                lambda: f"“{run}”",
                lambda: f"{run}：{digit}",
                lambda: f"第{digit}{rng.choice('条章项款页层')}",
            ]
        )()

    def sparse(self):
        """Short pieces with wide gaps, as on forms and in blanks that were filled in."""
        rng = self.rng
        year, gap = rng.randint(1990, 2030), lambda: GAP * rng.randint(1, 4)
        piece = lambda: rng.choice(
            [
                self.short,
                self.short,
                self.person,
                lambda: str(rng.randint(1, 99999)),
                lambda: rng.choice(self.labels) + "：",
            ]
        )()
        return rng.choice(
            [
                lambda: f"{year}{gap()}年{gap()}{rng.randint(1, 12)}{gap()}月{gap()}{rng.randint(1, 31)}{gap()}日",
                lambda: f"{gap()}年{gap()}月{gap()}日",
                lambda: gap().join(piece() for _ in range(rng.randint(2, 6))),
                lambda: gap().join(piece() for _ in range(rng.randint(2, 6))),
                lambda: gap().join(self.tail() for _ in range(2)),
            ]
        )()

    def figures(self):
        """Amounts and counts with separators: commas and points of the same type face side by side."""
        rng = self.rng
        amount = lambda: rng.choice(
            [
                f"{rng.randint(1000, 10**9):,}.{rng.randint(0, 99):02d}",
                f"{rng.randint(1000, 10**8):,}",
                f"{rng.randint(0, 99999)}.{rng.randint(0, 999)}",
            ]
        )
        return rng.choice(
            [
                amount,
                lambda: rng.choice(["￥", "US$", "¥", "合计", "计", "共", "人民币", "RMB", "EUR"])
                + amount()
                + rng.choice(["元", "", "万元", "㎡", "%", "。"]),
                lambda: amount() + rng.choice(["元。", "元，", "㎡，", "元（含税）", "㎡", "万元；"]),
                lambda: f"{amount()}{GAP}{amount()}",
                lambda: f"№{codes.digits(rng, rng.randint(5, 10))}",
                lambda: f"编号：№{rng.choice(['', ' '])}{codes.digits(rng, rng.randint(5, 10))}",
                lambda: rng.choice("111235") * rng.randint(2, 4) + codes.digits(rng, rng.randint(0, 5)),
            ]
        )()

    def foreign(self):
        """Latin words, addresses of web pages, standards."""
        rng = self.rng
        words = [rng.choice(self.latin) for _ in range(rng.randint(1, 3))]
        text = words[0] if rng.random() < 0.4 else " ".join(words)
        if rng.random() < 0.2:
            return self.standard()
        if rng.random() < 0.35:
            letters = "abcdefghijklmnopqrstuvwxyz0123456789"
            word = lambda low, high: "".join(rng.choice(letters) for _ in range(rng.randint(low, high)))
            text = (
                rng.choice(["http://www.", "https://", "www."])
                + word(3, 8)
                + rng.choice([".gov.cn", ".com", ".org.cn", ".cn/"])
                + rng.choice(["", "/" + word(2, 6)])
            )
        return text

    MIX = {
        "prose": 20,
        "babble": 16,
        "hanzi": 14,
        "labelled": 11,
        "code": 12,
        "confusable": 7,
        "company": 6,
        "address": 6,
        "money": 5,
        "date": 5,
        "scope": 7,
        "short": 6,
        "table_row": 4,
        "heading": 4,
        "foreign": 6,
        "person": 4,
        "tail": 8,
        "sparse": 7,
        "figures": 6,
    }

    def line(self):
        """(kind, text) of one line, drawn from the mix."""
        kind = self.rng.choices(list(self.MIX), weights=list(self.MIX.values()))[0]
        return kind, self.of_kind(kind)

    def of_kind(self, kind):
        """A text of the kind."""
        return self.sentence() if kind == "prose" else getattr(self, kind)()
