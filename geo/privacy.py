"""Finding personal data in free text: the register holds places, never people (Law 91/2025/QH15).

A guard for people who type in good faith, not a proof: it finds phone numbers, identity numbers, e-mail
addresses, vehicle plates, and titles or labels followed by a name. It lets addresses, streets named after
people ("phố Bà Triệu"), document numbers, dates, coordinates and amounts of money pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from geo.privacy_cues import cue_spans
from geo.privacy_names import name_spans

#: What stands in a masked text instead of personal data.
MASK = "█████"


class HitKind(StrEnum):
    """What kind of personal data was found."""

    PHONE = "phone"
    IDENTITY = "identity"
    EMAIL = "email"
    PLATE = "plate"
    NAME = "name"


@dataclass(frozen=True, order=True)
class Hit:
    """Personal data at ``text[start:end]``."""

    start: int
    end: int
    kind: HitKind


# Letters that a scanner reads, or a person types, in place of 0 and 1.
_READ_WRONG = re.compile(r"(?<=\d)[OoIl](?=\d{2})")
# What may stand between two digits of a number that someone types in groups.
_GAP = r"[ .\-_()·]{0,3}"
_MONEY = r"(?:đồng|đ\b|vnđ|vnd|nghìn|ngàn|triệu|tr\b|tỷ|tỉ|usd)"

# Numbers that are no personal data, blanked before the search; the order matters.
_HARMLESS = [
    # dates and times
    re.compile(r"(?<!\d)[0-3]?\d ?[./-] ?[01]?\d ?[./-] ?(?:19|20)\d\d(?!\d)"),
    re.compile(r"(?<!\d)(?:19|20)\d\d-[01]\d-[0-3]\d(?!\d)"),
    re.compile(r"(?<!\d)[0-2]?\d(?::|h)[0-5]\d(?!\d)"),
    # coordinates in degrees inside and around Việt Nam
    re.compile(r"(?<![\d.,])(?:[89]|1\d|2[0-4]|10[1-9]|11[0-8])[.,]\d{3,}(?![\d]|[.,]\d)"),
    # amounts of money
    re.compile(rf"(?<!\d)(?!0)\d{{1,3}}(?:[. ,]\d{{3}})+(?: ?{_MONEY})", re.I),
    re.compile(rf"(?<!\d)(?!0)\d+ ?{_MONEY}", re.I),
    # numbers of papers: a document's letters follow, or a word for a licence or a receipt stands before; twelve
    # digits are an identity number there too (the tax code of a household is its owner's)
    re.compile(r"(?<!\d)\d[\d.-]*/[A-ZĐ]{2}"),
    re.compile(
        r"(?:mst|mã số thuế|mã số doanh nghiệp|msdn|đkkd|gpkd|đăng ký kinh doanh|giấy phép|giấy chứng nhận|gcn"
        r"|mã số|mã doanh nghiệp|hóa đơn|biên lai|hồ sơ|hợp đồng|phiếu (?:thu|chi)|sê-?ri|seri|mã khách hàng)"
        r"(?: [^\W\d]+){0,2}[ :số.]{0,6}(?:\d{10}(?:[ -]?\d{3})?|\d{9})(?!\d)",
        re.I,
    ),
    re.compile(r"(?<!\d)\d{10}[ -]?\d{3}(?!\d)"),
]

_DIGIT_WORD = "(?:không|một|mốt|hai|ba|bốn|tư|năm|lăm|sáu|bảy|bẩy|tám|chín)"
_ID_WORD = r"(?:cmnd|cmtnd|cccd|cmt|căn cước(?: công dân)?|chứng minh(?: nhân dân| thư)?|số định danh|hộ chiếu)"
# Series of the army, navy and general departments (Circular 169/2021/TT-BQP).
_ARMY = (
    "(?:A[ABCDNPTV]|B[BCHKLPSTV]|C[ABCDHKMNPTV]|D[BCHKMNT]|H[ABCDEHINQTX]|K[ABCDHKNPTV]|P[ABCGKMNPQTX]"
    "|Q[ABCHKMNPTX]|T[CHKMNTY]|V[BKT]|X[ABX])"
)
_NOT_A_PLOT = "".join(f"(?<!{word} )" for word in ("lô", "Lô", "căn", "Căn", "ô", "thửa", "tòa"))
_PATTERNS: list[tuple[HitKind, re.Pattern[str]]] = [
    (
        HitKind.EMAIL,
        re.compile(
            r"[\w.+-]{1,64} ?(?:@|\(at\)|\[at\]) ?[a-z0-9-]+"
            r"(?:(?:\.[a-z0-9-]+)*\.[a-z]{2,}| ?[.,] ?(?:com|net|org|vn)(?:[.,]vn)?)(?![a-z0-9])",
            re.I,
        ),
    ),
    # mobile: 0 or +84, then 3 5 7 8 9 and eight digits
    (
        HitKind.PHONE,
        re.compile(
            rf"(?<!\d)(?<!\d\d\.)(?:(?:\+|00)?{_GAP}8{_GAP}4|0|(?<!\w)[Oo]){_GAP}(?:\(0\){_GAP})?"
            rf"[35789](?:{_GAP}\d){{8}}(?!\d)"
        ),
    ),
    # landline 02x..., mobiles of eleven digits and Hà Nội's 04 before 2018
    (HitKind.PHONE, re.compile(rf"(?<!\d)(?:\+{_GAP}8{_GAP}4|0){_GAP}2(?:{_GAP}\d){{9}}(?!\d)")),
    (HitKind.PHONE, re.compile(rf"(?<!\d)0{_GAP}1{_GAP}[2689](?:{_GAP}\d){{8}}(?!\d)")),
    (HitKind.PHONE, re.compile(rf"(?<!\d)\(?0{_GAP}4\)?{_GAP}[36](?:{_GAP}\d){{7}}(?!\d)")),
    # grouped with commas or strokes, and spelled out
    (HitKind.PHONE, re.compile(r"(?<!\d)0[35789]\d\d([,/])\d{3}\1\d{3}(?![\d/])")),
    (HitKind.PHONE, re.compile(rf"(?<!\w){_DIGIT_WORD}(?:[ ,.-]{{1,2}}{_DIGIT_WORD}){{8,10}}(?!\w)", re.I)),
    # after the word for it, any grouping; else in one piece, or in regular groups from 0 on
    (
        HitKind.IDENTITY,
        re.compile(
            rf"(?<=\W)?{_ID_WORD}[ :số.]{{0,6}}(?P<hit>\d(?:{_GAP}\d){{8}}(?:(?:{_GAP}\d){{3}})?)(?!\d)", re.I
        ),
    ),
    (HitKind.IDENTITY, re.compile(r"(?i:hộ chiếu|passport)[ :số.]{0,6}(?P<hit>[A-Z]\d{7})(?!\d)")),
    # letters on both sides: the number of a parcel or a batch
    (HitKind.IDENTITY, re.compile(r"(?<!\d)(?<!\d[.,])(?<![A-Z]{2})(?:\d{12}|\d{9})(?!\d|[A-Z]{2})")),
    (HitKind.IDENTITY, re.compile(r"(?<!\d)0\d\d(?:[ .-]\d{3}){2}(?:[ .-]\d{3})?(?!\d|[.-]\d)")),
    (HitKind.IDENTITY, re.compile(r"(?<!\d)0\d{3}(?:[ .-]\d{4}){2}(?!\d|[.-]\d)")),
    (HitKind.IDENTITY, re.compile(r"(?<!\d)0\d{5}[ .-]\d{6}(?!\d|[.-]\d)")),
    (HitKind.IDENTITY, re.compile(r"(?<!\d)0\d\d([ .-])\d{3}\1\d{6}(?!\d|[.-]\d)")),
    # plates: 29A-123.45, 29A 12345, 30E1-123.45, 29-H1 123.45, 29LD-123.45
    (
        HitKind.PLATE,
        re.compile(
            r"(?<![\w/])[1-9]\d ?-?(?:[A-HK-NPS-VX-ZĐ] ?\d?|[a-hln-ps-vxyz]\d?|m\d(?=-)|[A-ZĐ]{2}\d?)"
            r" ?[-. ]? ?\d{3} ?[.-]?\d{2}(?![\d/])"
        ),
    ),
    # of the army ("TC-12-34") and of foreign bodies ("29-123-NG-45", "80 NN 123-45")
    (HitKind.PLATE, re.compile(rf"(?<![\w/-]){_ARMY} ?[-. ] ?\d\d ?[-.] ?\d\d(?![\w/-])")),
    (HitKind.PLATE, re.compile(r"(?<![\w/])\d\d[- ]\d{3}[- ](?:NG|NN|QT|CV)[- ]\d\d(?!\d)")),
    (HitKind.PLATE, re.compile(r"(?<![\w/])(?:NG|NN|QT|CV)[- ]\d\d[- ]\d{3}[-. ]\d\d(?!\d)")),
    # of motorcycles before 2010: "29Y7-1234"
    (HitKind.PLATE, re.compile(rf"(?<![\w/-]){_NOT_A_PLOT}[1-9]\d ?-?[A-HK-NPS-VXYZ][1-9]-\d{{4}}(?![\d/])")),
    # the old form with four digits is like the number of a flat: only after a word for it
    (
        HitKind.PLATE,
        re.compile(
            r"(?:biển (?:số|kiểm soát)|bks|\bxe)(?: \w+){0,2}[ :]{1,2}"
            r"(?P<hit>[1-9]\d ?-?[A-ZĐ]{1,2}\d? ?[-. ]? ?\d{4})(?!\d)",
            re.I,
        ),
    ),
]


def personal_data(text: str) -> list[Hit]:
    """The personal data in ``text``, in order and without overlap; indices into ``text`` as given.

    Works on composed and decomposed Vietnamese (NFC, NFD), full-width digits, invisible characters inside
    numbers, and numbers typed in groups with spaces, dots or hyphens.
    """
    plain, origin = _plain(text)
    taken = [False] * len(plain)
    hits = []
    for kind, start, end in _spans(plain):
        if start < end and not any(taken[start:end]):
            taken[start:end] = [True] * (end - start)
            hits.append(Hit(origin[start][0], origin[end - 1][1], kind))
    return sorted(hits)


def unexcused(text: str, hits: Iterable[Hit], phrases: Iterable[str]) -> list[Hit]:
    """The hits that lie in none of the ``phrases`` of which a person has said that they are no personal data.

    A phrase counts as it stands, whatever its capitals and blanks, and not as a part of a longer word.
    """
    words = [r"\s+".join(re.escape(word) for word in _plain(phrase)[0].split()) for phrase in phrases]
    plain, origin = _plain(text)
    excused = [
        (origin[found.start()][0], origin[found.end() - 1][1])
        for pattern in words
        if pattern
        for found in re.finditer(rf"(?<!\w){pattern}(?!\w)", plain, re.I)
    ]
    return [hit for hit in hits if not any(start <= hit.start and hit.end <= end for start, end in excused)]


def mask(text: str, phrases: Collection[str] = ()) -> str:
    """``text`` with all personal data replaced by ``MASK``, save the excused ``phrases``; nothing else is found
    in the result."""
    while hits := unexcused(text, personal_data(text), phrases):
        for hit in reversed(hits):
            text = text[: hit.start] + MASK + text[hit.end :]
    return text


def _spans(plain: str) -> Iterator[tuple[HitKind, int, int]]:
    numbers = _READ_WRONG.sub(lambda match: "0" if match.group() in "Oo" else "1", plain)
    for harmless in _HARMLESS:
        numbers = harmless.sub(lambda match: "\0" * len(match.group()), numbers)
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(numbers):
            yield kind, *match.span("hit" if "hit" in pattern.groupindex else 0)
    for start, end in (*name_spans(plain), *cue_spans(plain)):
        yield HitKind.NAME, start, end


def _plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Compatibility-composed text, and for each of its characters the span of ``text`` it came from."""
    plain: list[str] = []
    origin: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        for character in unicodedata.normalize("NFKC", text[start:end]):
            if unicodedata.category(character) != "Cf":
                plain.append(" " if character in "\t\xa0" else character)
                origin.append((start, end))
        start = end
    return "".join(plain), origin
