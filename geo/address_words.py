"""The words of Vietnamese addresses: what announces a house, an alley, a street, a ward, and what does not.

Folding loses what tells "tổ" (residents' group) from Tô Hiệu, "ngõ" (alley) from Ngô Quyền, "đường" from
Dương Nội and "quận" from Văn Quán. So a word with marks has to be the very word; a word typed without marks
counts where what follows allows only that reading.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geo.address_match import NameIndex
from geo.address_tokens import Token, folded
from geo.fold import fold

_UNIT_WORDS = ("phường ", "xã ", "thị trấn ", "đặc khu ", "quận ", "huyện ", "thị xã ")


def bare_unit_name(name: str) -> str:
    """A unit's name without its kind: "Phường Hà Cầu" is "Hà Cầu", "Phường 5" is "5"."""
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    return next((clean[len(word) :] for word in _UNIT_WORDS if clean.lower().startswith(word)), clean)


class UnitNames:
    """Names of administrative units, without their kind, to be recognised in addresses."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {fold(bare): bare for bare in map(bare_unit_name, names)}
        self._spellings = list(self._names.values())
        self._index = NameIndex(self._spellings)

    def __contains__(self, key: object) -> bool:
        """Whether a folded name is one of them."""
        return key in self._names

    def __bool__(self) -> bool:
        return bool(self._names)

    def named(self, text: str) -> str:
        """The unit that a text names, typing errors allowed, in its usual spelling; "" for none or several."""
        key = fold(text)
        if key in self._names:
            return self._names[key]
        sure = [match.place for match in self._index.find(text) if match.sure]
        return self._spellings[sure[0]] if len(sure) == 1 else ""


class Kind(StrEnum):
    """What a word of an address announces."""

    HOUSE = "house"
    KILOMETRE = "kilometre"
    ROOM = "room"
    ALLEY = "alley"
    LANE = "lane"
    NOOK = "nook"
    STREET = "street"
    ROAD = "road"
    GROUP = "group"
    HAMLET = "hamlet"
    AREA = "area"
    SETTLEMENT = "settlement"
    LOT = "lot"
    BLOCK = "block"
    WARD = "ward"
    WARD_OR_STREET = "ward_or_street"
    DISTRICT = "district"
    CITY = "city"
    PLAIN = "plain"


class Need(StrEnum):
    """What must follow so that a word is what it looks like."""

    WORD = "word"
    NUMBER = "number"
    ROAD_NUMBER = "road_number"
    WARD = "ward"
    DISTRICT = "district"
    NO_NAME = "no_name"
    DOT = "dot"
    DOT_OR_DISTRICT = "dot_or_district"


@dataclass(frozen=True, slots=True)
class Marker:
    """An announcing word found in an address: its kind and how many words it takes."""

    kind: Kind
    size: int


_WORDS: dict[Kind, str] = {
    Kind.HOUSE: "số nhà|nhà số|số|sn|s.n|nhà",
    Kind.KILOMETRE: "km",
    Kind.ROOM: "phòng|phòng số|căn hộ|căn hộ số|căn|tầng|lầu",
    Kind.ALLEY: "ngõ|ngõ số|kiệt",
    Kind.LANE: "ngách|ngách số",
    Kind.NOOK: "hẻm|hẻm số",
    Kind.STREET: "đường|phố|đường phố|đại lộ|mặt đường|mặt phố|đường số|phố số|đ|d|đừơng|đưòng|đuờng",
    Kind.ROAD: "quốc lộ|quốc lộ số|ql|tỉnh lộ|tl|đường tỉnh|đường tỉnh lộ|đt",
    Kind.GROUP: "tổ dân phố|tổ dân phố số|tổ dp|tdp|tdp số|tổ|tổ số",
    Kind.HAMLET: "thôn|xóm|làng|cụm|cụm dân cư|khối|khu phố|khu dân cư|đội|ấp",
    Kind.AREA: "khu đô thị mới|khu đô thị|khu đt|khu đtm|kđt mới|kđtm|kđt|kdt",
    Kind.SETTLEMENT: "khu tập thể|tập thể|ktt|khu công nghiệp|kcn|cụm công nghiệp|ccn|khu nhà ở|khu đấu giá"
    "|khu đất đấu giá|khu đất dịch vụ|khu dịch vụ|khu giãn dân|khu biệt thự|khu chung cư|khu",
    Kind.LOT: "lô|lô số|lô đất|lô đất số|ô|ô số|ô đất|toà|tòa|toà nhà|tòa nhà|chung cư|nhà chung cư|cc|block",
    Kind.BLOCK: "liền kề|lk|biệt thự|bt|ki ốt|kiot|kiốt|shophouse",
    Kind.WARD: "phường|xã|thị trấn|x|tt|phừơng|phưòng|phuờng",
    Kind.WARD_OR_STREET: "p",
    Kind.DISTRICT: "quận|huyện|thị xã|tx|q|h",
    Kind.CITY: "thành phố|tỉnh|tp|t.p",
    # These contain an announcing word and announce nothing.
    Kind.PLAIN: "khu vực|văn phòng|đường vào|đường sắt|đường rẽ|nhà văn hoá|nhà văn hóa",
}

_NEEDS: dict[str, Need] = {
    **dict.fromkeys(("số", "nhà", "sn", "s.n", "km", "phòng", "căn", "tầng", "lầu"), Need.NUMBER),
    **dict.fromkeys(("cụm", "khối", "đội", "ô", "lk", "bt", "đường số", "phố số"), Need.NUMBER),
    **dict.fromkeys(("quốc lộ", "ql", "tỉnh lộ", "tl", "đường tỉnh", "đt"), Need.ROAD_NUMBER),
    **dict.fromkeys(("d", "h", "x", "tt"), Need.DOT),
    "q": Need.DOT_OR_DISTRICT,
}

#: What these need when they are typed without marks, where they look like parts of names.
_BARE_NEEDS: dict[str, Need] = {
    **dict.fromkeys(("to", "ngo", "lo", "xom", "lang", "kiet", "ap", "toa", "hem"), Need.NUMBER),
    **dict.fromkeys(("duong", "phuong", "pho"), Need.NO_NAME),
    **dict.fromkeys(("quan", "huyen"), Need.DISTRICT),
    "d": Need.DOT,
    "xa": Need.WARD,
}

_ROAD_NUMBER = re.compile(r"\d{1,3}[a-z]?", re.IGNORECASE)


_Table = dict[tuple[str, ...], tuple[Kind, Need]]


def _marker_tables() -> tuple[_Table, _Table]:
    """Announcing words as written, and those of several words also without marks."""
    exact: _Table = {}
    bare: _Table = {}
    for kind, texts in _WORDS.items():
        for text in texts.split("|"):
            parts = tuple(text.split())
            need = _NEEDS.get(text, Need.NUMBER if parts[-1] == "số" else Need.WORD)
            exact.setdefault(parts, (kind, need))
            plain = tuple(fold(text).split())
            need = _BARE_NEEDS.get(fold(text), need)
            (exact if len(parts) == 1 else bare).setdefault(plain, (kind, need))
    return exact, bare


_EXACT, _BARE = _marker_tables()
#: How many words a marker that begins with a word can have.
_LONGEST = {parts[0]: 0 for parts in (*_EXACT, *_BARE)}
for _parts in (*_EXACT, *_BARE):
    _LONGEST[_parts[0]] = max(_LONGEST[_parts[0]], len(_parts))

#: The districts of Hà Nội until 30 June 2025, when the level was closed: a finished list.
_DISTRICT_NAMES = (
    "Ba Đình|Hoàn Kiếm|Tây Hồ|Long Biên|Cầu Giấy|Đống Đa|Hai Bà Trưng|Hoàng Mai|Thanh Xuân|Nam Từ Liêm"
    "|Bắc Từ Liêm|Hà Đông|Sơn Tây|Ba Vì|Chương Mỹ|Đan Phượng|Đông Anh|Gia Lâm|Hoài Đức|Mê Linh|Mỹ Đức"
    "|Phú Xuyên|Phúc Thọ|Quốc Oai|Sóc Sơn|Thạch Thất|Thanh Oai|Thanh Trì|Thường Tín|Ứng Hòa"
)
DISTRICTS = UnitNames(_DISTRICT_NAMES.split("|"))
#: Cities and provinces as they stand in addresses of the region; Hà Tây was Hà Đông's province until 2008.
CITIES: dict[str, str] = {
    **dict.fromkeys(("ha noi", "hn", "hanoi"), "Hà Nội"),
    "ha tay": "Hà Tây",
    **dict.fromkeys(("ho chi minh", "hcm", "tphcm", "sai gon"), "Hồ Chí Minh"),
}
COUNTRY = ("viet nam", "vietnam", "vn")

#: These say where something lies without naming it: "Đối diện 29 Tô Hiệu".
_LEADER_TEXTS = "doi dien|gan|truoc|sau|canh|qua|giua|tai|nga tu|nga ba|nga 3|nga 4|giap"
LEADERS = frozenset(_LEADER_TEXTS.split("|"))
#: A part of an address that begins so names a building or business, not a street.
_LANDMARK_TEXTS = (
    "ubnd|karaoke|cafe|spa|massage|hotel|cty|cong ty|khach san|nha nghi|nha hang|nha cho|nha thi|nha may"
    "|nha van|ben xe|sieu thi|ngan hang|trung tam|hoc vien|dai hoc|benh vien|van phong|cho|truong tieu"
    "|truong trung|truong mam|truong thpt|truong thcs|truong dai|cay xang|cong an|tram y|khu vuc|duong vao"
    "|san van|ho kinh|quan karaoke|quan bar|co so|buu dien|loi vao|nghia trang"
)
_LANDMARKS = frozenset(_LANDMARK_TEXTS.split("|"))


def is_landmark(tokens: Sequence[Token]) -> bool:
    """Whether words begin like the name of a building or business: "Khách sạn ...", "UBND ..."."""
    return any(folded(tokens[:size]) in _LANDMARKS for size in (1, 2))


def marker_at(
    tokens: list[Token], at: int, wards: UnitNames, *, after_street_word: bool = False
) -> Marker | None:
    """The announcing word that begins at a position, if there is one.

    ``after_street_word``: "đường" or "phố" stands right before, so what follows is a name: in "phố Xốm",
    "phố Ngõ Huyện" nothing else is announced.
    """
    longest = max(_LONGEST.get(tokens[at].low, 0), _LONGEST.get(tokens[at].key, 0))
    for size in range(min(longest, len(tokens) - at), 0, -1):
        group = tokens[at : at + size]
        if size > 1 and any(token.first for token in group[1:]):
            continue
        found = _EXACT.get(tuple([token.low for token in group]))
        if found is None and size > 1:
            found = _BARE.get(tuple([token.key for token in group]))
        if found is None:
            continue
        kind, need = found
        if after_street_word and kind is not Kind.ROAD:
            continue
        if _holds(need, group, _following(tokens, at + size), tokens[:at], wards):
            return Marker(kind, size)
    return None


def _following(tokens: list[Token], at: int) -> list[Token]:
    """The words up to the next separator."""
    end = at
    while end < len(tokens) and not (tokens[end].first and end > 0):
        end += 1
    return tokens[at:end]


def _holds(
    need: Need, marker: list[Token], following: list[Token], before: list[Token], wards: UnitNames
) -> bool:
    """Whether what follows allows the reading; nothing announces nothing."""
    if not following:
        return False
    number = following[0].is_number or following[0].is_code
    dotted = marker[-1].dotted
    district = following[0].text.isdigit() or any(name in DISTRICTS for name in _heads(following))
    if need is Need.NUMBER:
        return number
    if need is Need.ROAD_NUMBER:
        return _ROAD_NUMBER.fullmatch(following[0].text) is not None
    if need is Need.WARD:
        return any(name in wards for name in _heads(following))
    if need is Need.DISTRICT:
        return district and not _ends_a_ward(before, marker, wards)
    if need is Need.DOT:
        return dotted
    if need is Need.DOT_OR_DISTRICT:
        return dotted or district
    if need is Need.NO_NAME:
        return not any(f"{marker[-1].key} {name}" in wards for name in _heads(following))
    return True


def _heads(tokens: list[Token]) -> list[str]:
    """The first one to four words, folded."""
    return [folded(tokens[:size]) for size in range(1, min(4, len(tokens)) + 1)]


def _ends_a_ward(before: list[Token], marker: list[Token], wards: UnitNames) -> bool:
    """Whether "quan" is the end of a ward's name, as in "van quan ha dong"."""
    return bool(before) and not marker[0].first and f"{before[-1].key} {marker[0].key}" in wards
