"""Names of people in Vietnamese text, unless they are a part of a street's, a place's or a firm's name.

Three ways to tell: a title ("bà Hạnh"), a label or role ("họ tên:", "lễ tân Thu Hiền"), and a family name with
two or more capitalised words behind it. Text typed without marks or without capitals gets narrower rules, for
there a title is often an ordinary word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from geo.fold import fold

_TITLES = "ông|bà|anh|chị|cô|chú|bác|cậu|dì|thím|mợ|cụ|em|cháu|thầy|ngài|đồng chí|đ/c|mr|mrs|ms"
# "ông Chủ tịch" names nobody, "ông Chủ tịch Nguyễn Văn A" does.
_OFFICES = (
    "(?:phó )?(?:chủ tịch|giám đốc|tổng giám đốc|bí thư|chánh văn phòng|trưởng phòng|trưởng ban|trưởng công an)"
    "|phó (?:phòng|ban|đội)|đội trưởng|đội phó|tổ trưởng|tổ phó|đại diện|cán bộ|công an|cảnh sát khu vực"
    "|đại úy|thượng úy|trung úy|thiếu tá|trung tá|thượng tá|đại tá|ubnd|hđnd|ttxvn"
)
_BODIES = (
    "đội|tổ|hội|ban|phòng|sở|ủy ban|mặt trận|đoàn (?:thanh|kiểm|công|liên)|trường (?:thcs|thpt|tiểu|mầm)"
    "|đảng|quận (?:ủy|đoàn)|huyện|thành (?:ủy|đoàn|phố)"
)
UPPER = "A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
WORD = rf"[{UPPER}][^\W\d_]*"
_NAME = rf"{WORD}\.?(?: {{1,3}}{WORD}\.?){{0,4}}"


def _words(text: str) -> list[str]:
    return text.split()


# Family names. The second list are words of place names too ("Hà Đông", "La Khê"), so they need Văn or Thị.
FAMILY = _words(
    "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Ngô Dương Lý Đinh Đoàn Trịnh Trương Đào Tạ Lương"
    " Lưu Tống Phùng Nghiêm Khuất Quách Mạc Chử Cù Doãn Đàm Đậu Giáp Hứa Khổng Lại Lò Giàng Sùng Thào Quàng"
    " Tòng Lường Nông Bế Phí Tăng Trình Cấn Diệp Lã Lữ Nhữ Ngụy Tôn Tưởng"
)
_FAMILY_OR_PLACE = _words(
    "Hồ Hà La Mai Cao Tô Triệu Vương Chu Châu Thái Kiều Bạch Giang Kim Lâm Mã Ninh Thân Từ Vi Lục Hàn Long An"
    " Văn Đồng Cầm Vàng Viên"
)
# Given names that are hardly an ordinary word after a title; then some that are, but not with a capital.
GIVEN = _words(
    "tuấn lan hằng huệ nga nhung oanh thảo thúy thuý thủy thuỷ trang tùng quỳnh quyên loan linh ngân nguyệt"
    " phượng trâm vân yến khôi vinh vy diễm huyền hường kiên thoa tuyết hiền hiếu quang huy dung hậu"
)
GIVEN_IN_CAPITALS = [
    *GIVEN,
    *_words(
        "hùng dũng hương hạnh thắng cường đức sơn hải tú trinh thu ngọc tâm nhi mạnh duy khánh đạt phúc phước"
        " thịnh hồng cúc uyên lệ nhàn nhâm bích dịu hân hoài lài liễu lụa mận mến nhã phụng quế thêu thìn thơm"
        " thoại tiệp toản trúc tý vượng bình khang hưng quân thủy kiệt vũ ly my hậu luân nhật quyết chiến lâm"
        " tín thọ nghĩa"
    ),
]


def any_of(words: Iterable[str]) -> str:
    return "|".join(words)


def _either_case(words: Iterable[str]) -> str:
    return any_of(form for word in words for form in (word, word.upper()))


_SURE, _UNSURE = _either_case(FAMILY), _either_case(_FAMILY_OR_PLACE)
_MIDDLE = _either_case(("Văn", "Thị"))
_GIVEN_CAPITAL = any_of(map(str.title, GIVEN_IN_CAPITALS))
_OWNER = (
    "chủ(?: (?:nhà nghỉ|nhà|hộ kinh doanh|hộ|cơ sở|quán|khách sạn|doanh nghiệp|đất|cũ|mới|sở hữu|đầu tư))*"
    "|người (?:đại diện(?: theo pháp luật)?|chứng kiến|báo tin|tố giác|phản ánh|lập|lao động|nộp(?: phạt)?"
    "|vi phạm|làm chứng|quản lý|giới thiệu|bán dâm|thuê(?: nhà| phòng| mặt bằng)?)"
)
_ROLES = (
    f"{_OWNER}|{_OFFICES}|nhân viên|lễ tân|bảo vệ|quản lý|kế toán|thủ quỹ|thu ngân|phục vụ|tạp vụ|tiếp viên"
    "|kỹ thuật viên|luật sư|bác sĩ|y tá|kỹ sư|nhà báo|phóng viên"
    "|đối tượng|nghi phạm|nghi can|bị can|bị cáo|lao động|tài xế|lái xe|bảo kê|môi giới"
    "|khách(?: hàng| thuê| trọ| nghỉ| hát)?|vợ|chồng|con (?:trai|gái)|em (?:trai|gái)|bố|mẹ|trưởng đoàn"
    "|thành viên|ký (?:biên bản|thay|tên)|ktv|nv|má mì|tú bà|ma cô|đầu bếp|nhạc công|ca sĩ|cò"
    r"|thợ \w+|tổ trưởng (?:tổ )?dân phố|chủ tài khoản"
)

_TITLED = re.compile(
    rf"(?<!\w)(?P<title>(?i:{_TITLES}))\.? {{1,3}}(?:(?i:{_OFFICES}) {{1,3}})*"
    rf"(?!(?i:{_OFFICES}|{_BODIES})\b)(?P<name>{_NAME})"
)
_LABELLED = re.compile(
    rf"(?<!\w)(?i:họ và tên|họ tên|tên(?: thật| gọi)?(?: là)?) ?:? {{0,3}}(?P<name>{_NAME})(?!\w)"
)
_IN_ROLE = re.compile(
    rf"(?<!\w)(?i:{_ROLES})(?: (?:ca \w+|chính|cũ|mới|ở quầy))?(?: tên)?(?: là)? ?[:(-]? {{0,3}}"
    rf"(?P<name>(?:{_SURE})(?: {{1,3}}{WORD}){{1,4}}|(?:{WORD} ){{0,2}}(?:{_GIVEN_CAPITAL}))"
    rf"(?!\w| [{UPPER}])"
)
_FULL = re.compile(
    rf"(?<!\w)(?P<name>(?:{_SURE})(?: {{1,3}}{WORD}){{2,4}}"
    rf"|(?:{_UNSURE}) {{1,3}}(?:{_MIDDLE})(?: {{1,3}}{WORD}){{1,2}})(?!\w)"
)
_SHORT_TITLED = re.compile(rf"(?<!\w)[AaCc]\. ?(?:{_GIVEN_CAPITAL})(?!\w)")

_ALWAYS_FAMILY = "nguyễn|phạm|huỳnh|đặng|bùi|trịnh|phùng|nghiêm|đinh"
_SMALL = re.compile(
    rf"(?<!\w)(?i:ông|bà|anh|chị|cô|chú|bác|em) (?:(?:{_ALWAYS_FAMILY}) [^\W\d_]+(?: [^\W\d_]+)?"
    rf"|(?:{any_of(map(str.lower, FAMILY))}) (?:văn|thị) [^\W\d_]+|(?:{any_of(GIVEN)}))(?!\w)"
)

_BARE_FAMILY = any_of(sorted({fold(word).title() for word in FAMILY}))
_UNMARKED = re.compile(
    rf"(?<!\w)(?:(?i:ong|ba|anh|chi|co|chu|bac|em) (?:{_BARE_FAMILY})(?: [A-Z][a-z]+){{1,4}}"
    rf"|(?:{_BARE_FAMILY}) (?:Van|Thi)(?: [A-Z][a-z]+){{1,2}}"
    rf"|(?:ong|anh|chi) (?!Cong|Chu|Cuc|Nhanh|Doi)[A-Z][a-z]+)"
)

# After these words a capitalised title or a full name belongs to a street, a place or a business.
PLACE_WORDS = frozenset(
    _words(
        "phố đường ngõ ngách hẻm phường xã thôn xóm làng chợ cầu đền chùa miếu hồ đầm kênh núi đèo đảo huyện"
        " tỉnh khu tổ quán hàng hiệu tiệm nghỉ sạn trọ shop karaoke massage spa bar cafe phê trường vườn ga bến"
        " ngã p. đ. thcs thpt học viện bảo tàng đài phở bún cơm cháo chè xôi bánh lẩu ốc bia trà nước tóc hóa"
        " thuốc ăn ba tư ty tnhh mtv cp phần hkd kd dntn doanh nghiệp tiếng tịch tuyến đoạn giao"
    )
)
# Between a firm's kind and its name: "Công ty TNHH Thương mại Phạm Gia Bảo", "Doanh nghiệp tư nhân Lê Hải".
_FIRM_WORDS = frozenset(_words("mại vụ lịch tư nhân phần dựng thành viên một đầu xuất nhập khẩu sản"))
# Before a way or a place: "dọc Lê Trọng Tấn", "từ Trần Phú đến Bùi Bằng Đoàn".
_WAYS = frozenset(_words("dọc qua từ đến tới ở gần cạnh sang giáp diện quanh vào ra"))
# Words that stand before a person, though they may begin a sentence with a capital.
_LEADS = frozenset(
    _words("gặp hỏi mời theo do có của với và cùng là cho bởi tại khi thấy báo nhờ gọi thì mà vợ chồng con")
)
# Before a name, the office of a person and not a place: "Trưởng công an phường Trần Đức Long".
_OFFICE_OF_A_PLACE = re.compile(
    r"\b(?:trưởng|phó|chủ tịch|bí thư|giám đốc|cán bộ|đồng chí)\b[^.,;:]{0,30}\b"
    r"(?:phường|xã|quận|huyện|phố|thành phố|tỉnh)\s*$",
    re.I,
)
# What has a name without being a person: "đổi tên Hương Sen", "quán mang tên Hồng Hà".
_NAMED_THINGS = frozenset(_words("sở đổi mang đặt lấy trùng cùng biển ghi có thương bảng cũ mới"))
# Never a person.
_FIGURES = (
    *("bác hồ", "ông công", "ông táo", "ông địa", "bà chúa", "bà rịa", "bà nà", "bà đen", "cô tô", "anh quốc"),
    *("bà huyện thanh quan", "ông ích khiêm", "ông lãnh", "bà điểm", "bà chiểu", "bà trưng"),
)
# Streets and places that might as well be a person: it depends on what stands before and behind.
_KNOWN_PLACES = ("bà triệu", "bà đá", "bà hạt", "cô giang", "cô bắc", "bà đanh", "bà kiệu")
# Streets in and around Hà Đông that bear a full name.
STREETS = frozenset(
    " ".join(words)
    for line in (
        "lê văn lương/nguyễn văn lộc/nguyễn văn trỗi/nguyễn văn cừ/nguyễn văn linh/lê văn thiêm/hoàng văn thụ",
        "trần văn chuông/phạm văn đồng/nguyễn văn huyên/lê văn hưu/hoàng văn thái/nguyễn văn tố/vũ văn cẩn",
        "nguyễn văn ngọc/trần văn lai/ngô văn sở/hồ văn quán/võ văn kiệt/nguyễn thị minh khai/bùi thị xuân",
        "nguyễn thị định/nguyễn thị thập/võ thị sáu/nguyễn thị duệ/hoàng thị loan/lê trọng tấn/phan đình giót",
        "phan đình phùng/nguyễn viết xuân/nguyễn thái học/trần hưng đạo/lý thường kiệt/ngô thì nhậm/ngô thì sĩ",
        "ngô gia tự/ngô gia khảm/bùi bằng đoàn/hoàng hoa thám/vũ trọng khánh/vũ trọng phụng/trần đăng ninh",
        "phan bội châu/phan chu trinh/phan huy chú/đinh tiên hoàng/lê hồng phong/lê quý đôn/lý tự trọng",
        "phan trọng tuệ/nghiêm xuân yêm/hoàng đôn hòa/huỳnh thúc kháng/nguyễn bỉnh khiêm/nguyễn công trứ",
        "nguyễn chí thanh/nguyễn sơn hà/nguyễn hữu thọ/lương ngọc quyến/lương thế vinh/nguyễn lương bằng",
        "tôn đức thắng/tôn thất tùng/trần duy hưng/võ nguyên giáp/võ chí công/phạm ngũ lão/nguyễn đình chiểu",
        "trần quang diệu/trần nhật duật/nguyễn huy tưởng/lê đức thọ/phùng chí kiên/nguyễn cảnh dị/đỗ đức dục",
    )
    for words in map(_words, line.split("/"))
)


_STREET_GOES_ON = re.compile(r" ?(?:$|[,(–-]|(?:giao|đoạn|nối|cắt|kéo dài|hướng|số|từ|gần)\b)", re.I)
# "Tiệm gội đầu Chị Mười", and "Em Xinh Spa".
_BUSINESS_BEFORE = re.compile(
    rf"\b(?i:tiệm|quán|hiệu|nhà nghỉ|nhà hàng|khách sạn|nhà trọ|cà phê|phở|bún|lẩu|cơm)"
    rf"(?: [^\W\d_{UPPER}]+){{1,2}} $"
)
_BUSINESS_BEHIND = re.compile(r" (?:Spa|Karaoke|Massage|Bar|Coffee|Hotel|Quán|Shop|Hair|Salon|Nails?)$", re.I)


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each name in composed ``text``, its title included; spans may overlap."""
    for match in _TITLED.finditer(text):
        if not _is_place(text, match):
            yield match.span()
    for match in _LABELLED.finditer(text):
        before = words_before(text, match.start())
        if not before or before[-1] not in PLACE_WORDS | _NAMED_THINGS:
            yield match.span("name")
    for match in _IN_ROLE.finditer(text):
        if match.group("name").split()[0].casefold() not in PLACE_WORDS:
            yield match.span("name")
    yield from _full_names(text)
    for pattern in (_SHORT_TITLED, _SMALL, *([_UNMARKED] if text.isascii() else [])):
        for match in pattern.finditer(text):
            yield match.span()


def words_before(text: str, start: int) -> list[str]:
    """The words of the last eighty characters before ``start``, in lower case."""
    return text[max(0, start - 80) : start].casefold().split()


def _full_names(text: str) -> Iterator[tuple[int, int]]:
    """Family names with what follows them, unless they name a street or a firm."""
    previous = -1
    for match in _FULL.finditer(text):
        if " ".join(match.group().casefold().split()) in STREETS or _belongs_to_place(text, match, previous):
            continue
        previous = match.end()
        yield match.span()


def _belongs_to_place(text: str, match: re.Match[str], previous: int) -> bool:
    """Whether a full name is a street's or a firm's, by what stands around it.

    "phố Lê Thanh Nghị", "Công ty TNHH Du lịch Trần Gia Bảo", "dọc Lê Thanh Nghị", and a link of a chain of
    streets ("Tô Hiệu, Bùi Huy Bích - Quang Trung") unless the link before it, which ends at ``previous``, was a
    person's.
    """
    if _OFFICE_OF_A_PLACE.search(text[max(0, match.start() - 80) : match.start()]):
        return False
    if not match.group().isupper() and re.match(rf" ?[-–] ?[{UPPER}]", text[match.end() :]):
        return True
    joined = re.search(rf"[{UPPER}][^\W\d_]*(?:,| ?[-–]) ?$", text[: match.start()])
    if joined:
        return text[previous : match.start()].strip(" ,-–") != "" if previous >= 0 else True
    for word in reversed(text[max(0, match.start() - 80) : match.start()].split()):
        low = word.casefold()
        if low in PLACE_WORDS or low in _WAYS or word[0].isdigit():
            return True
        if not (word[0].isupper() and word.isalpha()) and low not in _FIRM_WORDS:
            return False
    return False


def _is_place(text: str, match: re.Match[str]) -> bool:
    """Whether a title and name are a part of a place's name: "phố Bà Triệu", "12 Bà Triệu", "Hoàng Anh Spa"."""
    title = match.group("title")
    called = f"{title} {match.group('name')}"
    if _is_among(called, _FIGURES):
        return True
    if title[0].islower():
        return False
    before = words_before(text, match.start())
    previous = before[-1] if before else ""
    if previous in _LEADS:
        return False
    if previous in PLACE_WORDS or (previous.isalpha() and before[-2:-1] and before[-2] in PLACE_WORDS):
        return True
    if _is_among(called, _KNOWN_PLACES):
        if not before:
            return _STREET_GOES_ON.match(text[match.end() :]) is not None
        if previous[:1].isdigit() or previous.endswith(",") or previous in {"-", "–"}:
            return True
    if _BUSINESS_BEFORE.search(text[: match.start()]) or _BUSINESS_BEHIND.search(match.group("name")):
        return True
    return _inside_a_name(text[: match.start()].split(), title)


def _inside_a_name(words: list[str], title: str) -> bool:
    """Whether ``title`` follows a capitalised word that does not merely begin the sentence."""
    previous = words[-1] if words else ""
    begins_sentence = len(words) < 2 or words[-2].endswith((".", "!", "?", ":", ";"))
    capital = previous[:1].isupper() and previous[-1:].isalpha() and not previous.isupper()
    return capital and (title.casefold() == "anh" or not begins_sentence)


def _is_among(name: str, places: Collection[str]) -> bool:
    bare = " ".join(name.rstrip(".").casefold().split())
    return any(bare == place or bare.startswith(f"{place} ") for place in places)
