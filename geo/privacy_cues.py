"""Names of people that no title tells: nicknames, names in small letters, a name before what its bearer does.

Narrower than ``geo.privacy_names``: each pattern needs a word beside the name that only people have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from geo.fold import fold
from geo.privacy_names import (
    FAMILY,
    GIVEN_IN_CAPITALS,
    PLACE_WORDS,
    STREETS,
    UPPER,
    WORD,
    any_of,
    words_before,
)

_GIVEN_CAPITAL = any_of(word.title() for word in GIVEN_IN_CAPITALS)
_GIVEN_SMALL = any_of(
    (
        *GIVEN_IN_CAPITALS,
        *(
            "hoa",
            "mai",
            "hà",
            "nam",
            "minh",
            "long",
            "tài",
            "thành",
            "hòa",
            "liên",
            "chi",
            "đào",
            "thái",
            "toàn",
        ),
        *("tuyên", "tình", "nhân"),
    )
)
_FAMILY_CAPITAL = any_of(FAMILY)
_SMALL_TITLE = "(?:ông|bà|anh|chị|cô|chú|bác|em|dì|cậu)"
_BIRTH_ORDER = "(?:hai|ba|tư|năm|sáu|bảy|tám|chín|mười|út)"
_DOES = (
    "(?:cho (?:biết|thuê)|nói|bảo|báo|kể|khai|trình bày|thừa nhận|ký|thu tiền|quản lý|đứng tên|lễ tân|bảo vệ"
    "|chủ (?:quán|nhà|trọ|hộ)|xe ôm|bán|giữ|mở cửa|trông|nhận|hẹn|dẫn|đưa|thuê|làm chủ|phụ trách|phản ánh)"
)
_OCCUPATION = (
    "(?:chủ|lễ tân|bảo vệ|quản lý|nhân viên|ktv|nv|thu ngân|kế toán|phục vụ|tạp vụ|tiếp viên|lái xe|xe ôm"
    "|người (?:thuê|báo|trông|đứng)|tổ trưởng|trưởng ca)"
)
_HOLDS = (
    r"(?:đứng tên|ký(?: tên| thay| nhận)?|khai|trình bày|cho biết|thừa nhận|vắng mặt|không ký|làm chủ|là chủ"
    r"|là người|nộp phạt|nhận lỗi|sinh năm|sn ?\d|\(?sn\b|, ?\d\d tuổi)"
)

_NICKNAMED = re.compile(
    rf"(?<!\w)(?i:biệt danh|bí danh|biệt hiệu|tên thường gọi|thường gọi|hay gọi"
    rf"|(?:người|ai|hắn|khách)\b.{{0,12}}gọi là)"
    rf"(?i: là)? ?:? ?[“\"']?(?P<name>{WORD}(?: {WORD}){{0,3}}(?: (?:sẹo|trọc|đen|béo|gầy|lùn|cụt|còi|xăm))?)"
)
_CALLED = re.compile(
    rf"(?<!\w)(?i:gọi là|zalo|fb|facebook|nick|má|tài khoản)(?i: tên| của)? ?:? ?"
    rf"(?P<name>(?:{WORD} ){{0,2}}(?:{_GIVEN_CAPITAL}|Anh))(?!\w| [{UPPER}])"
)
_LISTED = re.compile(
    rf"(?<!\w)(?i:nhân viên|tiếp viên|lễ tân|ktv|khách) (?P<name>{WORD}(?:, {WORD})+)(?!\w| [{UPPER}])"
)
_DEROGATORY = re.compile(
    rf"(?<!\w)(?:sếp|thằng|gã|mụ|lão|ả|hắn tên|má mì|ma cô|cô chủ|ông chủ) (?P<name>{WORD}(?: {WORD})?)"
)
_BEFORE_OCCUPATION = re.compile(
    rf"(?<![\w-])(?P<name>(?:{WORD} ){{0,2}}(?:{_GIVEN_CAPITAL})) ?(?:\(|[-–] |, )(?i:{_OCCUPATION})\b"
)
_TWO_WORDS = re.compile(rf"(?<!\w)(?P<name>(?:{_FAMILY_CAPITAL}) {WORD})(?=\.? ?(?i:{_HOLDS}))")
_SMALL_TITLED = re.compile(
    rf"(?<!\w)(?i:{_SMALL_TITLE}) (?:(?:{_BIRTH_ORDER} )?(?:{_GIVEN_SMALL})|{_BIRTH_ORDER})(?= {_DOES})"
)
_SMALL_FULL = re.compile(
    rf"(?<!\w)(?P<name>(?:{any_of(map(str.lower, FAMILY))}) (?:văn|thị) [^\W\d_]+(?: [^\W\d_]+)?)"
)
#: Without marks, less what is an ordinary word then ("duong van", "do thi").
_BARE = any_of(
    sorted({fold(word) for word in FAMILY} - {"duong", "do", "ly", "dao", "to", "ta", "lai", "lo", "be", "con"})
)
_BARE_SMALL = re.compile(rf"(?<!\w)(?P<name>(?:{_BARE}) (?:van|thi) [a-z]+)(?!\w)")
_BARE_CAPITAL = re.compile(rf"(?<!\w)(?P<name>(?:{_BARE}) (?:van|thi)(?: [a-z]+){{1,2}})(?!\w)", re.I)
_SPOUSES = re.compile(rf"(?<!\w)(?:bố|mẹ|vợ|chồng|con|em|chị|anh) (?:là )?(?P<name>{WORD}) (?i:{_DOES})\b")
# A longer name, of a firm, of which the match is only the end: "Công ty Đầu tư Lê Hoàng Long".
_GOES_ON_BEFORE = re.compile(rf"[^.:;,] ?{WORD} $")
_BARE_STREETS = frozenset(fold(street) for street in STREETS)
# Words for places without marks, less what is an ordinary word or a name then.
_BARE_PLACES = {fold(word) for word in PLACE_WORDS} - {"ho", "nghi", "duong", "an", "ba", "tu", "giao", "to"}


def cue_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name in composed ``text`` beside a word about people; they may overlap."""
    for pattern in (_NICKNAMED, _CALLED, _DEROGATORY, _BEFORE_OCCUPATION, _SPOUSES, _LISTED):
        for match in pattern.finditer(text):
            if not _of_a_place(text, match.start("name")) and _begins_a_name(match.group("name")):
                yield match.span("name")
    for match in _SMALL_TITLED.finditer(text):
        yield match.span()
    for pattern in (_TWO_WORDS, _SMALL_FULL, _BARE_SMALL):
        for match in pattern.finditer(text):
            place = _is_street(match.group("name")) or _of_a_place(text, match.start("name"))
            if not place and not _GOES_ON_BEFORE.search(text[: match.start()]):
                yield match.span("name")
    for match in _BARE_CAPITAL.finditer(text):
        name = match.group("name")
        if (name.isupper() or name.istitle()) and not _is_street(name) and not _of_a_place(text, match.start()):
            yield match.span("name")


def _begins_a_name(name: str) -> bool:
    return name.split()[0].casefold() not in PLACE_WORDS


def _is_street(name: str) -> bool:
    bare = fold(name)
    return any(bare == street or bare.startswith(f"{street} ") for street in _BARE_STREETS)


def _of_a_place(text: str, start: int) -> bool:
    """Whether a word for a way, a place or a business stands before, at most two words away."""
    before = words_before(text, start)[-2:]
    last = before[-1] if before else ""
    return last in PLACE_WORDS or last[:1].isdigit() or any(word in _BARE_PLACES for word in before)
