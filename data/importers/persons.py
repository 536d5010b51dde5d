"""People in a register of places: named in a cell, behind a business, in a column without a telling header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from data.importers.syllables import is_plain_syllable
from data.importers.tables import Cell
from geo.fold import fold
from geo.privacy import MASK, HitKind, mask, personal_data

#: Family names that hardly begin the name of a business, and others.
_COMMON_FAMILIES = frozenset(
    {"nguyễn", "trần", "lê", "phạm", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "ngô", "trịnh", "đinh"}
)
_FAMILIES = _COMMON_FAMILIES | {
    "hoàng", "hồ", "dương", "lý", "đào", "đoàn", "vương", "trương", "lâm", "mai", "tô", "lưu", "phùng", "chu",
    "cao", "thái", "tăng", "quách", "kiều", "khuất", "đàm", "hà", "nghiêm", "bạch", "lương", "triệu", "tạ",
}  # fmt: skip
#: Middle names that only people have.
_MIDDLES = frozenset({"văn", "thị"})
_TITLES = re.compile(r"^(ông|bà|anh|chị|cô|chú|bác|ong|ba)\.?\s+", re.I)
_HOUSEHOLD = re.compile(
    r"^(hộ\s+(kinh\s+doanh|kd)(\s+cá\s+thể)?|hộ\s+cá\s+thể|hkd|hộ|chủ\s+hộ|cơ\s+sở(\s+kinh\s+doanh)?|cskd|dntn"
    r"|ho\s+(kinh\s+doanh|kd)(\s+ca\s+the)?|co\s+so(\s+kinh\s+doanh)?|doanh\s+nghiệp\s+tư\s+nhân)\b[\s:.-]*",
    re.I,
)
_KIND_WORDS = re.compile(
    r"^(nhà\s+nghỉ|khách\s+sạn|karaoke|massage|xoa\s+bóp|quán(\s+(bar|cà\s*phê|cafe|karaoke))?|nhà\s+trọ"
    r"|phòng\s+trọ|vũ\s+trường|cà\s*phê|cafe|spa|bar|nha\s+nghi|khach\s+san|xoa\s+bop|quan|nha\s+tro)\b[\s:.-]*",
    re.I,
)
_SEGMENTS = re.compile(r"\s+[-–—]\s+|[,;/|]|(?=\()|\)")
_EDGES = " ()-–—.,:"
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ .\-]{0,2}\d){8,}(?!\d)")
#: A number of five digits, however grouped, or an e-mail address.
_MAY_HOLD_NUMBERS = re.compile(r"@|\(at\)|(?:\d\D{0,3}){5}")
_ANY_NUMBER = re.compile(r"\d[\w./-]*")
_EMPTY_BRACKETS = re.compile(r"\s*\(\s*(?:đt|sđt|tel|liên hệ|điện thoại)?\s*[:.]?\s*\)", re.I)
_MOST_WORDS = 5


def masked(value: Cell) -> str:
    """A cell as it may be shown: personal data in it is covered."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    text = f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
    hidden = _LONG_NUMBER.sub(MASK, mask(text))
    return MASK if is_person(hidden, alone=True) else hidden


@lru_cache(maxsize=50_000)
def without_personal_data(text: str) -> str:
    """An address or a note without telephone and identity numbers, names and the like."""
    if not _MAY_HOLD_NUMBERS.search(text) and not _names_somebody(_ANY_NUMBER.sub("0", text)):
        return text
    plain = _LONG_NUMBER.sub(" ", text)
    for hit in reversed(personal_data(plain)):
        plain = plain[: hit.start] + " " + plain[hit.end :]
    return text if plain == text else _EMPTY_BRACKETS.sub(" ", " ".join(plain.split())).strip(_EDGES)


@lru_cache(maxsize=50_000)
def _names_somebody(text: str) -> bool:
    """Whether a text holds personal data. Asked with all numbers alike: a street has many houses."""
    return bool(personal_data(text))


@lru_cache(maxsize=50_000)
def without_persons(name: str) -> str:
    """The name of a business without the people in it, "" where only a person is left.

    A household bears its owner's name ("Hộ kinh doanh Nguyễn Văn A"): its place is told by kind and address.

    >>> without_persons("Hộ kinh doanh Nguyễn Văn A"), without_persons("Nhà nghỉ Hoa Sen (bà Trần Thị B)")
    ('', 'Nhà nghỉ Hoa Sen')
    """
    plain = _LONG_NUMBER.sub(" ", name)
    if _MAY_HOLD_NUMBERS.search(plain):
        for hit in reversed(personal_data(plain)):
            if hit.kind is not HitKind.NAME:
                plain = plain[: hit.start] + " " + plain[hit.end :]
    segments = [text for segment in _SEGMENTS.split(plain) if (text := segment.strip(_EDGES))]
    kept = [text for text in segments if not _is_personal(text)]
    if plain == name and kept == segments:
        return name
    return " ".join(plain.split()).strip(_EDGES) if kept == segments else " - ".join(kept)


def is_person(text: str, *, alone: bool = False) -> bool:
    """Whether the whole text is a person's name: family name first, 2 to 5 Vietnamese words.

    ``alone``: nothing around says household or person, so a business might be meant: only the commonest family
    names count, and two words are not enough.
    """
    words = _TITLES.sub("", text).split()
    if not 2 <= len(words) <= _MOST_WORDS or not all(map(is_plain_syllable, words)):
        return False
    if alone and _TITLES.match(text) is None:
        return len(words) > 2 and _among(words[0], _COMMON_FAMILIES)
    return _among(words[0], _FAMILIES)


def personal_column(cells: Sequence[Cell]) -> bool:
    """Whether a column without a telling header holds personal data: at least half of its filled cells do."""
    filled = [cell for cell in cells if cell is not None and not isinstance(cell, date | bool)]
    hits = sum(_is_personal_cell(cell) for cell in filled)
    return bool(filled) and hits * 2 >= len(filled)


def _is_personal_cell(cell: Cell) -> bool:
    if isinstance(cell, int | float):
        # A telephone or identity number that lost its zeros as a number.
        return float(cell).is_integer() and 9 <= len(str(abs(int(cell)))) <= 12
    text = str(cell)
    # Two words may be a street: "Trần Phú".
    return (
        (is_person(text) and len(text.split()) > 2)
        or _LONG_NUMBER.search(text) is not None
        or bool(personal_data(text))
    )


def _is_personal(segment: str) -> bool:
    """Whether a part of a business name is a person, or personal data altogether."""
    bare = _HOUSEHOLD.sub("", segment, count=1)
    household = bare != segment
    inner = _KIND_WORDS.sub("", bare, count=1)
    if household and inner == bare and (not bare or is_person(bare) or _TITLES.match(bare)):
        return True
    if inner != bare:
        # "Karaoke Hoàng Gia" is a business, "Nhà nghỉ Nguyễn Thị Lan" a person's.
        return is_person(inner) and any(_among(word, _MIDDLES) for word in inner.split()[1:-1])
    return is_person(bare, alone=True)


def _among(word: str, names: frozenset[str]) -> bool:
    """Whether the word is one of the names; a word without marks also counts where the name has them."""
    small = word.casefold()
    return small in names or (small.isascii() and small in _folded(names))


@lru_cache(maxsize=8)
def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(fold(name) for name in names)
