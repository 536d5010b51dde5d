"""Which column of a file is what: Vietnamese with and without marks, English, typing errors, personal data.

A column with personal data (the owner's name, phone, identity number, date of birth ...) is known by its
header here and by its content in ``persons``; it is never read further.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from data.importers.fields import IGNORED, SYNONYMS, TITLES, Field
from geo.fold import fold


@dataclass(frozen=True)
class Column:
    """A column: its place from 0, its header as a person reads it, and the header of the group it stands in."""

    index: int
    header: str
    group: str = ""

    @property
    def letter(self) -> str:
        """The column's letter in a spreadsheet."""
        letters, number = "", self.index + 1
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters

    @property
    def name(self) -> str:
        """How the column is named to a person."""
        return self.header or self.letter


@dataclass(frozen=True)
class Columns:
    """What the columns of a file are."""

    fields: Mapping[Field, Column]
    personal: Sequence[Column]
    unknown: Sequence[Column]


@dataclass(frozen=True)
class _Meaning:
    """What a header seems to say; ``strength`` orders rival columns: exact, by rule, by likeness."""

    field: Field | None
    strength: int = 0
    personal: bool = False
    ignored: bool = False
    #: A date or place of issue without a word of which paper: it goes with the paper to its left.
    belongs_left: str | None = None


#: Words of headers of personal data, folded.
_PERSONAL_WORDS = (
    "ho (va )?ten", "ten chu", "chu (ho|co so|cs|cskd|hkd|dn|doanh nghiep|quan|nha|dau tu|kinh doanh|kd)",
    "chu (so huu|the|khach san|nha nghi)", "nguoi (dai dien|quan ly|dung ten|dung dau|lien he|phu trach)",
    "nguoi (dieu hanh|thue|dang ky)", "dai dien", "giam doc", "dien thoai", "so dt", "sdt", "dtdd",
    "di dong", "hotline", "zalo", "facebook", "viber", "tel", "telephone", "phone", "mobile", "fax", "cmnd",
    "cmtnd", "cccd", "cmt", "can cuoc", "chung minh", "dinh danh", "ho chieu", "passport", "ngay sinh",
    "sinh ngay", "nam sinh", "birth", "dob", "birthday", "e ?mail", "thu dien tu", "gioi tinh", "que quan",
    "nguyen quan", "ho khau", "thuong tru", "tam tru", "noi o", "dan toc", "quoc tich", "owner",
    "representative", "manager", "contact", "identity", "id card", "citizen", "national id", "gender",
    "anh (chan dung|chu|the)", "photo", "hinh anh", "lien he", "lien lac", "danh sach nhan vien",
)  # fmt: skip
_PERSONAL = re.compile(rf"\b({'|'.join(_PERSONAL_WORDS)})\b|^quan ly( co so)?$|^chu$")
#: Telephone as "ĐT"; without its mark it is also the area (diện tích).
_PHONE_MARKED = re.compile(r"(?<!\w)đt(?!\w)", re.I)
_OWN_REGISTRATION = re.compile(r"\b(mst|ma so thue|tax|dkkd|gpkd|msdn)\b")

_PAPERS: tuple[tuple[re.Pattern[str], tuple[Field, Field, Field]], ...] = (
    (
        re.compile(r"\bantt\b|an ninh,? trat tu|\bsecurity\b"),
        (Field.SECURITY_NUMBER, Field.SECURITY_ISSUED_ON, Field.SECURITY_UNTIL),
    ),
    (
        re.compile(r"\bpccc\b|phong chay|chua chay|\bfire\b"),
        (Field.FIRE_NUMBER, Field.FIRE_ISSUED_ON, Field.FIRE_UNTIL),
    ),
    (
        re.compile(r"\b(gp|giay|phep|licen[cs]e|gcn|cap|han)\b.*karaoke|karaoke.*\b(licen[cs]e|phep|gp)\b"),
        (Field.KARAOKE_NUMBER, Field.KARAOKE_ISSUED_ON, Field.KARAOKE_UNTIL),
    ),
    (
        re.compile(r"dkkd|gpkd|dang ky (ho )?(kinh doanh|doanh nghiep)|phep kinh doanh|registration|\bmsdn\b"),
        (Field.REGISTRATION_NUMBER, Field.REGISTERED_ON, Field.REGISTERED_UNTIL),
    ),
)  # fmt: skip
_UNTIL = re.compile(
    r"het han|het hieu luc|hieu luc den|thoi han|gia tri den|den ngay|expir|until|valid|\bterm\b"
)
_ISSUED = re.compile(r"\bngay\b|\bnam cap\b|\bdate\b|issued")
_PLACE_OF_ISSUE = re.compile(r"noi cap|co quan cap|issued by")
_BARE_ISSUED = re.compile(r"(ngay|nam) (cap|ky|phe duyet)( giay| phep)?|date of issue|issued( on)?")
_BARE_UNTIL = re.compile(
    r"(ngay )?(het han|het hieu luc)|thoi han|co gia tri den|hieu luc den( ngay)?|expiry( date)?"
)

_RULES: tuple[tuple[Field, re.Pattern[str]], ...] = (
    (Field.NAME, re.compile(r"^ten\b.*\b(co so|cs|cskd|hkd|kinh doanh|kd|doanh nghiep|don vi|bien hieu)\b")),
    (Field.TYPE, re.compile(r"\b(loai hinh|nganh nghe|loai co so|linh vuc)\b")),
    (Field.COMMITMENT, re.compile(r"\b(cam ket|commitment)\b")),
    (Field.ROOMS, re.compile(r"\bso (luong )?(phong|buong)\b")),
    (Field.WORKERS, re.compile(r"\bso (luong )?(nguoi )?(lao dong|nhan vien|nguoi lam)\b")),
    (Field.TAX_NUMBER, re.compile(r"\bma so thue\b|\bmst\b")),
    (Field.ADDRESS, re.compile(r"^dia (chi|diem)\b|\baddress\b")),
    (Field.STATUS, re.compile(r"^(tinh trang|trang thai)\b(?!.*\bngay\b)")),
    (Field.LAT, re.compile(r"\bvi do\b|\blatitude\b")),
    (Field.LON, re.compile(r"\bkinh do\b|\blongitude\b")),
)  # fmt: skip
_SIGNS = re.compile(r"[^\w]+")
_IN_BRACKETS = re.compile(r"\(([^)]*)\)?")
_LIKENESS = 88


def match_columns(
    columns: Sequence[Column], explicit: Mapping[Field, Column], learnt: Mapping[str, Field] | None = None
) -> Columns:
    """What each column is. ``explicit`` goes first, then ``learnt`` (plain header to field), then our words."""
    meanings = {c: _meaning(c, learnt or {}) for c in columns if c.header}
    meanings = {c: _with_left(c, m, columns, meanings) for c, m in meanings.items()}
    fields = dict(explicit)
    for column in sorted(meanings, key=lambda c: (-meanings[c].strength, c.index)):
        found = meanings[column].field
        if found is not None and found not in fields and column not in explicit.values():
            fields[found] = column
    taken = set(fields.values())
    personal = [c for c, m in meanings.items() if m.personal and c not in taken]
    unknown = [c for c, m in meanings.items() if not (m.personal or m.ignored or c in taken)]
    return Columns(fields, personal, unknown)


def is_personal(column: Column) -> bool:
    """Whether the header says that the column holds personal data."""
    return _meaning(column, {}).personal


def says_something(header: str, group: str = "") -> str | None:
    """A word for what a header cell says, None where it says nothing we know: by this a header row is found."""
    if not header or len(header) > 120:
        return None
    meaning = _meaning(Column(0, header, group), {})
    if meaning.personal:
        return f"personal {plain_header(header)}"
    if meaning.ignored or meaning.belongs_left:
        return plain_header(header)
    # A likeness or a rule may be met by a long title or by a cell of data.
    return meaning.field.value if meaning.field and meaning.strength > 1 else None


def plain_header(text: str) -> str:
    """A header folded, its signs as single spaces."""
    return " ".join(_SIGNS.sub(" ", fold(text)).replace("_", " ").split())


def _meaning(column: Column, learnt: Mapping[str, Field]) -> _Meaning:
    alone = plain_header(column.header)
    whole = plain_header(f"{column.group} {column.header}")
    if whole in learnt or alone in learnt:
        return _Meaning(learnt.get(whole, learnt.get(alone)), strength=4)
    if _says_personal(column, whole):
        return _Meaning(None, personal=True)
    if alone in IGNORED:
        return _Meaning(None, ignored=True)
    if column.group and whole not in _words():
        # "Giấy phép" under "PCCC" is the paper of its group.
        of_group = _paper(whole)
        if of_group is not None:
            return of_group
    exact = _exact(column, alone, whole)
    if exact is not None:
        return _Meaning(exact, strength=3)
    bare = _bare(alone)
    if bare is not None:
        return _Meaning(None, belongs_left=bare)
    return _paper(whole) or _by_rule(whole) or _by_likeness(alone)


def _says_personal(column: Column, whole: str) -> bool:
    raw = f"{column.group} {column.header}"
    if _OWN_REGISTRATION.search(whole) and not re.search(r"dien thoai|ho (va )?ten", whole):
        # "MST/CCCD": such numbers are kept as a keyed hash only.
        return False
    return _PERSONAL.search(whole) is not None or _PHONE_MARKED.search(raw) is not None


def _exact(column: Column, alone: str, whole: str) -> Field | None:
    texts = [whole, alone, plain_header(_IN_BRACKETS.sub(" ", column.header))]
    texts += [plain_header(inside) for inside in _IN_BRACKETS.findall(column.header)]
    return next((_words()[text] for text in texts if text in _words()), None)


@cache
def _words() -> dict[str, Field]:
    words = {}
    for field in Field:
        for text in (TITLES[field], field.value, *SYNONYMS.get(field, ())):
            words[plain_header(text)] = field
    return words


def _bare(text: str) -> str | None:
    if _BARE_ISSUED.fullmatch(text):
        return "issued"
    if _BARE_UNTIL.fullmatch(text):
        return "until"
    return "place" if _PLACE_OF_ISSUE.fullmatch(text) else None


def _paper(whole: str) -> _Meaning | None:
    """Which paper a header speaks of, and whether of its number, its issue or its term."""
    for paper, (number, issued, until) in _PAPERS:
        if paper.search(whole):
            if _PLACE_OF_ISSUE.search(whole):
                return _Meaning(None, ignored=True)
            aspect = until if _UNTIL.search(whole) else issued if _ISSUED.search(whole) else number
            return _Meaning(aspect, strength=2)
    return None


def _by_rule(whole: str) -> _Meaning | None:
    found = next((field for field, rule in _RULES if rule.search(whole)), None)
    return None if found is None else _Meaning(found, strength=2)


def _by_likeness(alone: str) -> _Meaning:
    """A header with a typing error; short ones are too much alike."""
    if len(alone) < 5:
        return _Meaning(None)
    best = process.extractOne(alone, _words().keys(), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return _Meaning(_words()[best[0]], strength=1) if best else _Meaning(None)


def _with_left(
    column: Column, meaning: _Meaning, columns: Sequence[Column], meanings: Mapping[Column, _Meaning]
) -> _Meaning:
    """A date or place of issue on its own goes with the paper, or the identity card, to its left."""
    if meaning.belongs_left is None:
        return meaning
    for other in reversed(columns[: columns.index(column)]):
        there = meanings.get(other)
        if there is None or there.belongs_left is not None:
            continue
        if there.personal:
            return _Meaning(None, personal=True)
        for _paper, (number, issued, until) in _PAPERS:
            if there.field in (number, issued):
                found = {"issued": issued, "until": until}.get(meaning.belongs_left)
                return _Meaning(found, strength=1, ignored=found is None)
        break
    if meaning.belongs_left == "issued":
        return _Meaning(Field.REGISTERED_ON, strength=1)
    return _Meaning(None, ignored=meaning.belongs_left == "place")
