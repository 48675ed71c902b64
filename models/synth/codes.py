"""Codes with valid check digits: credit codes (GB 32100-2015), ID numbers (GB 11643-1999), certificate numbers."""

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
AREA_PREFIXES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65".split()
PROVINCE_SHORT = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"


def credit_check(body):
    """The check character of a 17-character credit code body."""
    total = sum(CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return CREDIT_ALPHABET[-total % 31]


def organisation_check(body):
    """The check character of an eight-character organisation code (GB 11714-1997): X stands for ten."""
    total = sum(ORGANISATION_ALPHABET.index(char) * weight for char, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2)))
    return "0123456789X0"[11 - total % 11]


def id_check(body):
    """The check character of a 17-digit citizen number body."""
    total = sum(int(char) * pow(2, 17 - place, 11) for place, char in enumerate(body))
    return "10X98765432"[total % 11]


def area_code(rng):
    """A six-digit administrative area code."""
    return rng.choice(AREA_PREFIXES) + f"{rng.randint(0, 30):02d}{rng.randint(0, 40):02d}"


def credit_code(rng):
    """A unified social credit code of a company."""
    organ = "".join(rng.choice(CREDIT_ALPHABET) if rng.random() < 0.7 else "M" for _ in range(8))
    body = rng.choice(["91", "91", "92", "93", "12", "52"]) + area_code(rng) + organ + organisation_check(organ)
    return body + credit_check(body)


def id_number(rng, born=None, sex=None):
    """A citizen number; `born` is eight digits, `sex` 男 or 女, drawn at random when absent."""
    if born is None:
        born = f"{rng.randint(1945, 2007)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    order = rng.randint(1, 999)
    if sex is not None and order % 2 != (sex == "男"):  # GB 11643-1999: odd numbers go to men
        order = order - 1 if order > 1 else 2
    body = area_code(rng) + born + f"{order:03d}"
    return body + id_check(body)


def digits(rng, count):
    """`count` random digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def certificate_number(rng):
    """A certificate number in one of the usual patterns."""
    short = rng.choice(PROVINCE_SHORT)
    year = rng.randint(2001, 2026)
    patterns = [
        lambda: rng.choice("DDDABE") + rng.choice("123") + rng.choice(AREA_PREFIXES) + digits(rng, 6),
        lambda: f"（{short}）JZ安许证字[{year}]{digits(rng, 6)}",
        lambda: f"({short})JZ安许证字〔{year}〕{digits(rng, 6)}",
        lambda: f"{short}{year}{digits(rng, 9)}",
        lambda: f"地字第{digits(rng, 15)}号",
        lambda: f"建字第{digits(rng, 6)}{year}{digits(rng, 5)}号",
        lambda: f"{short}房权证字第{digits(rng, 8)}号",
        lambda: f"{short}（{year}）{rng.choice('昆长沈沪')}市不动产权第{digits(rng, 7)}号",
        lambda: f"{rng.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{digits(rng, 9)}",
        lambda: f"{digits(rng, 6)}{year}{digits(rng, 4)}-{rng.choice('SXJ')}{rng.choice('XYZ')}-{digits(rng, 3)}",
        lambda: f"{rng.choice(['YJZ', 'EJZ', 'JLG', 'ZJS'])}-{digits(rng, 4)}-{digits(rng, 5)}",
        lambda: f"№ {digits(rng, 8)}",
        lambda: f"No.{digits(rng, 10)}",
        lambda: f"{short}建安B（{year}）{digits(rng, 7)}",
        lambda: "".join(rng.choice("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(rng.randint(6, 18))),
        lambda: "".join(rng.choice("0O1IlQ5S8B2Z") for _ in range(rng.randint(5, 12))),
    ]
    return rng.choice(patterns)()
