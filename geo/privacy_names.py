"""Names of people in Vietnamese text: a title or label followed by capitalised words, unless it is a place."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TITLES = "ông|bà|anh|chị|cô|chú|bác|cậu|dì|thím|mợ|cụ|em|cháu"
_LABELS = "họ và tên|họ tên|tên là|tên thật là|tên gọi là"
# "ông Chủ tịch" names nobody, "ông Chủ tịch Nguyễn Văn A" does.
_OFFICES = (
    "(?:phó )?(?:chủ tịch|giám đốc|tổng giám đốc|bí thư|chánh văn phòng|trưởng phòng|trưởng ban|trưởng công an)"
    "|phó (?:phòng|ban|đội)|đội trưởng|đội phó|tổ trưởng|tổ phó|đại diện|cán bộ|công an|cảnh sát khu vực"
    "|đại úy|thượng úy|trung úy|thiếu tá|trung tá|thượng tá|đại tá|ubnd|hđnd|ttxvn"
)
_UPPER = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_NAME = rf"[{_UPPER}][^\W\d_]*\.?(?: {{1,3}}[{_UPPER}][^\W\d_]*\.?){{0,4}}"
_TITLED = re.compile(
    rf"(?<!\w)(?P<title>(?i:{_TITLES}))\.? {{1,3}}(?:(?i:{_OFFICES}) {{1,3}})*(?!(?i:{_OFFICES})\b)(?P<name>{_NAME})"
)
_LABELLED = re.compile(rf"(?<!\w)(?i:{_LABELS}) ?:? {{0,3}}(?P<name>{_NAME})")

# After these words a capitalised title begins the name of a street, a place or a business.
_PLACE_WORDS = frozenset(
    {"phố", "đường", "ngõ", "ngách", "hẻm", "phường", "xã", "thôn", "xóm", "làng", "chợ", "cầu", "đền", "chùa"}
    | {"miếu", "hồ", "đầm", "kênh", "núi", "đèo", "khu", "tổ", "quán", "hàng", "hiệu", "tiệm", "nghỉ", "sạn"}
    | {"karaoke", "massage", "spa", "bar", "cafe", "phê", "trường", "vườn", "ga", "bến", "ngã", "p.", "đ."}
)
# Streets and places whose own name begins with a title.
_KNOWN_PLACES = (
    *("bà triệu", "bà huyện thanh quan", "bà rịa", "bà nà", "bà đen", "bà điểm", "bà đá", "bà hạt", "bà chiểu"),
    *("ông ích khiêm", "ông lãnh", "cô giang", "cô bắc", "anh quốc"),
)


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each title or label with its name in composed ``text``."""
    for match in _TITLED.finditer(text):
        if not _is_place(text, match):
            yield match.span()
    for match in _LABELLED.finditer(text):
        yield match.span("name")


def _is_place(text: str, match: re.Match[str]) -> bool:
    """Whether the match is a part of a place's name: "phố Bà Triệu", "12 Bà Triệu", "Hoàng Anh Spa"."""
    title = match.group("title")
    if title[0].islower():
        return False
    words = text[: match.start()].split()
    previous = words[-1] if words else ""
    if previous.casefold() in _PLACE_WORDS:
        return True
    if _is_known_place(f"{title} {match.group('name')}"):
        if not words:
            return text[match.end() :].lstrip(" ")[:1] in {"", ",", "-", "("}
        if previous[:1].isdigit() or previous.endswith(","):
            return True
    begins_sentence = len(words) < 2 or words[-2].endswith((".", "!", "?", ":", ";"))
    inside_a_name = previous[:1].isupper() and previous[-1:].isalpha() and not previous.isupper()
    return inside_a_name and (title.casefold() == "anh" or not begins_sentence)


def _is_known_place(name: str) -> bool:
    bare = " ".join(name.rstrip(".").casefold().split())
    return any(bare == place or bare.startswith(f"{place} ") for place in _KNOWN_PLACES)
