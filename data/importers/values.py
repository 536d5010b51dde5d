"""What the cells of a register say: kinds of premises, dates, counts, states, yes and no.

Each function gives the value, None for an empty cell, and raises ``BadCell`` with a sentence for the person
where the cell cannot be understood. Nothing is guessed that could as well be something else.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from data.importers.headers import plain_header
from data.importers.tables import Cell
from geo.errors import InputError
from geo.fold import fold
from geo.messages import msg
from geo.words import PremisesStatus, PremisesType


class BadCell(InputError):
    """A cell that cannot be understood; ``code`` is a stable word, ``message`` says why."""


_EMPTY = {
    "",
    "-",
    "--",
    "/",
    "\\",
    ".",
    "n/a",
    "na",
    "null",
    "none",
    "khong co",
    "chua co",
    "khong ro",
    "chua ro",
    "?",
}
_YES = {
    "x",
    "co",
    "da",
    "da ky",
    "da co",
    "roi",
    "yes",
    "y",
    "true",
    "1",
    "v",
    "✓",
    "✔",
    "√",
    "da ky cam ket",
    "+",
}
_NO = {"chua", "khong", "chua ky", "no", "n", "false", "0", "k", "ko", "o", "chua ky cam ket"} | _EMPTY
#: Longer texts than these need not be folded to know that they are none of the words.
_LONGEST_EMPTY, _LONGEST_MARK = 12, 24
_NO_TERM = {"khong thoi han", "vo thoi han", "lau dai", "khong xac dinh thoi han", "khong", "khong het han"}

#: Words of kinds, folded; a longer word is looked for before the shorter one inside it.
_TYPES: tuple[tuple[PremisesType, tuple[str, ...]], ...] = (
    (PremisesType.MASSAGE, ("xoa bop", "massage", "mat xa", "matxa", "tam quat", "bam huyet", "spa")),
    (PremisesType.KARAOKE, ("karaoke", "kara", "phong hat")),
    (PremisesType.DANCE_HALL, ("vu truong", "san nhay", "dance hall", "dancing", "discotheque", "nightclub")),
    (
        PremisesType.RENTED_ROOMS,
        ("phong tro", "nha tro", "can ho cho thue", "cho thue phong", "nha cho thue", "rented rooms", "can ho"),
    ),
    (PremisesType.HOTEL, ("khach san", "ks", "hotel", "motel")),
    (
        PremisesType.GUESTHOUSE,
        ("nha nghi", "nn", "nha khach", "luu tru", "guesthouse", "guest house", "homestay", "hostel"),
    ),
    (PremisesType.BAR, ("bar", "quan bar", "pub", "beer club", "lounge")),
    (PremisesType.CAFE, ("ca phe", "caphe", "cafe", "cf", "coffee", "cafe den mo")),
)  # fmt: skip
_TYPE_WORDS = {word: kind for kind, words in _TYPES for word in words} | {
    plain_header(kind.value): kind for kind in PremisesType
}
_TYPE_PATTERN = re.compile(
    r"\b(" + "|".join(re.escape(w) for w in sorted(_TYPE_WORDS, key=len, reverse=True)) + r")\b"
)

_STATUS_WORDS: dict[str, PremisesStatus] = {
    **dict.fromkeys(
        ("dang hoat dong", "hoat dong", "con hoat dong", "dang kinh doanh", "binh thuong", "active", "open"),
        PremisesStatus.ACTIVE,
    ),
    **dict.fromkeys(
        ("tam ngung", "tam ngung hoat dong", "tam ngung kinh doanh", "tam dung", "tam dung hoat dong",
         "dinh chi", "tam dong cua", "tam nghi", "suspended", "bi dinh chi", "tam dinh chi"),
        PremisesStatus.SUSPENDED,
    ),
    **dict.fromkeys(
        ("da dong cua", "dong cua", "ngung hoat dong", "ngung kinh doanh", "giai the", "cham dut", "da nghi",
         "cham dut hoat dong", "khong hoat dong", "khong con hoat dong", "da ngung hoat dong", "nghi", "closed",
         "da giai the", "dung hoat dong", "chuyen dia diem", "da chuyen di"),
        PremisesStatus.CLOSED,
    ),
}  # fmt: skip

_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_DAYS = range(10_000, 80_000)
_YEARS = range(1945, 2101)
_DMY = re.compile(r"(\d{1,2}) ?[./\- ] ?(\d{1,2}) ?[./\- ] ?(\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_YMD = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_WORDED = re.compile(r"(?:ngay )?(\d{1,2})(?: thang |/)(\d{1,2})(?: nam |/)(\d{4})")
_MONTH = re.compile(r"(?:thang )?(\d{1,2})(?: ?[/\-.] ?| nam )(\d{4})")
_COUNT = re.compile(r"(?:khoang |tong )?(\d{1,3}(?:[.,]\d{3})*|\d+)(?:[.,]0+)?(?: ?[^\d]*)?")
_MOST = 10_000


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: empty, a dash, "không có"."""
    return cell is None or (isinstance(cell, str) and len(cell) < _LONGEST_EMPTY and _short(cell) in _EMPTY)


@lru_cache(maxsize=10_000)
def _short(text: str) -> str:
    return fold(text)


def parse_type(cell: Cell) -> PremisesType:
    """The kind of premises; of several ("nhà nghỉ, karaoke") the first named. Raises BadCell."""
    if is_empty(cell):
        raise BadCell("no_type", msg("Thiếu loại hình."))
    kind = _type(fold(str(cell)))
    if kind is None:
        raise BadCell("unknown_type", msg("Không có loại hình này trong danh mục."))
    return kind


@lru_cache(maxsize=10_000)
def _type(text: str) -> PremisesType | None:
    found = _TYPE_PATTERN.search(plain_header(text))
    return None if found is None else _TYPE_WORDS[found.group(1)]


def parse_date(cell: Cell) -> date | None:
    """A day: a real date, dd/mm/yyyy in its usual spellings, an ISO date, a month or year (its first day), or
    the number under which a spreadsheet keeps a day. Raises BadCell for a day that does not exist."""
    if is_empty(cell) or (isinstance(cell, str) and fold(cell) in _NO_TERM):
        return None
    if isinstance(cell, date):
        return _within_reason(cell.year, cell.month, cell.day)
    if isinstance(cell, bool):
        raise _bad_date()
    if isinstance(cell, int | float):
        return _from_number(float(cell))
    return _date(fold(str(cell)))


@lru_cache(maxsize=20_000)
def _date(text: str) -> date:
    if text.isdigit():
        return _from_number(float(text)) if len(text) <= 5 else _compact(text)
    for pattern, order in ((_YMD, (1, 2, 3)), (_DMY, (3, 2, 1)), (_WORDED, (3, 2, 1))):
        match = pattern.fullmatch(text)
        if match:
            year, month, day = (int(match.group(i)) for i in order)
            return _within_reason(_whole_year(year, len(match.group(order[0]))), month, day)
    match = _MONTH.fullmatch(text)
    if match:
        return _within_reason(int(match.group(2)), int(match.group(1)), 1)
    raise _bad_date()


def _compact(text: str) -> date:
    if len(text) != 8:
        raise _bad_date()
    year_first = int(text[:4]) in _YEARS and int(text[4:6]) <= 12
    year, month, day = (text[:4], text[4:6], text[6:]) if year_first else (text[4:], text[2:4], text[:2])
    return _within_reason(int(year), int(month), int(day))


def _whole_year(year: int, digits: int) -> int:
    if digits == 4:
        return year
    return year + (2000 if year < 80 else 1900)


def _from_number(number: float) -> date:
    if number.is_integer() and int(number) in _YEARS:
        return date(int(number), 1, 1)
    if int(number) in _EXCEL_DAYS:
        return _EXCEL_DAY_0 + timedelta(days=int(number))
    raise _bad_date()


def _within_reason(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise _bad_date()
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise BadCell("bad_date", msg("Ngày không có thật.")) from fault


def _bad_date() -> BadCell:
    return BadCell("bad_date", msg("Không hiểu ngày này; viết như 31/01/2026."))


def parse_count(cell: Cell) -> int | None:
    """A number of rooms or people, also "10 phòng". Raises BadCell for anything else."""
    if is_empty(cell):
        return None
    if isinstance(cell, str):
        match = _COUNT.fullmatch(fold(cell))
        count = float(re.sub(r"[.,]", "", match.group(1))) if match else -1.0
    else:
        count = -1.0 if isinstance(cell, bool | date) or cell is None else float(cell)
    if not (count.is_integer() and 0 <= count <= _MOST):
        raise BadCell("bad_number", msg("Không hiểu số này; cần một số nguyên không âm."))
    return int(count)


def parse_status(cell: Cell) -> PremisesStatus | None:
    """Whether the premises does business. Raises BadCell for a word that says neither."""
    if is_empty(cell):
        return None
    text = plain_header(str(cell))
    status = _STATUS_WORDS.get(text)
    if status is None:
        raise BadCell(
            "unknown_status",
            msg("Không hiểu trạng thái; dùng “đang hoạt động”, “tạm ngừng” hoặc “đã đóng cửa”."),
        )
    return status


def parse_mark(cell: Cell) -> bool | None:
    """Yes or no of a cell such as "x", "Có", "Chưa"; None where it says something else."""
    if isinstance(cell, bool):
        return cell
    if is_empty(cell):
        return False
    text = str(cell)
    if len(text) > _LONGEST_MARK:
        return None
    text = _short(text)
    return True if text in _YES else False if text in _NO else None
