"""Streets of the demonstration: real names, roughly in their wards; the lines are computed, not surveyed.

Names from OpenStreetMap (© OpenStreetMap contributors, ODbL). A course is a list of anchors that
``street_lines`` turns into points: ``A`` the middle of a ward, ``A|B`` the middle of the border of two wards,
``A^`` the middle of a ward's outer border, ``A|B^`` where the border of two wards leaves the district.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.words import StreetClass

SOURCE = "Sơ đồ minh họa, không đo đạc; tên đường theo OpenStreetMap (© OpenStreetMap contributors)"


@dataclass(frozen=True)
class Course:
    """A street by name, class and anchors. ``trade``: how much more business it draws than a common street."""

    name: str
    street_class: StreetClass
    anchors: tuple[str, ...]
    trade: float


def _course(name: str, street_class: StreetClass, trade: float, anchors: str) -> Course:
    return Course(name, street_class, tuple(a.strip() for a in anchors.split(">")), trade)


_M, _S = StreetClass.MAIN, StreetClass.STREET
COURSES = (
    _course(
        "Đường Trần Phú",
        _M,
        7.0,
        "Mộ Lao|Văn Quán^ > Mộ Lao|Văn Quán > Văn Quán|Yết Kiêu > Nguyễn Trãi|Quang Trung",
    ),
    _course(
        "Đường Quang Trung",
        _M,
        6.0,
        "Nguyễn Trãi|Quang Trung > Hà Cầu|Quang Trung > Hà Cầu|La Khê > La Khê|Phú La > Phú La|Yên Nghĩa"
        " > Yên Nghĩa > Yên Nghĩa|Đồng Mai > Biên Giang|Đồng Mai",
    ),
    _course("Đường Biên Giang", _M, 2.0, "Biên Giang|Đồng Mai > Biên Giang > Biên Giang^"),
    _course("Phố Ba La", _M, 6.0, "Phú La|Yên Nghĩa > Phú La|Phú Lãm > Phú Lãm"),
    _course("Phố Xốm", _M, 2.5, "Phú Lãm > Phú Lãm|Phú Lương > Phú Lãm|Phú Lương^"),
    _course("Phố Tố Hữu", _M, 6.0, "Mộ Lao|Vạn Phúc^ > Vạn Phúc > La Khê|Vạn Phúc > La Khê"),
    _course("Đường Lê Văn Lương kéo dài", _M, 2.0, "La Khê > Dương Nội|Yên Nghĩa > Yên Nghĩa^"),
    _course("Đường Lê Trọng Tấn", _M, 3.0, "Dương Nội^ > Dương Nội > Dương Nội|La Khê > La Khê|Phú La"),
    _course("Đường Phùng Hưng", _M, 6.0, "Văn Quán|Yết Kiêu > Nguyễn Trãi|Văn Quán > Phúc La > Phúc La^"),
    _course("Phố Văn Khê", _M, 2.0, "La Khê|Phú La > Phú La > Kiến Hưng|Phú La > Kiến Hưng"),
    _course("Phố Phúc La", _M, 2.0, "Phúc La > Kiến Hưng|Phúc La > Kiến Hưng"),
    _course("Đường trục phía Nam", _M, 0.8, "Kiến Hưng > Kiến Hưng|Phú Lương > Phú Lương > Phú Lương^"),
    _course("Phố Nguyễn Văn Lộc", _S, 7.0, "Mộ Lao|Vạn Phúc > Mộ Lao > Mộ Lao^"),
    _course("Phố Nguyễn Khuyến", _S, 2.5, "Mộ Lao|Văn Quán > Văn Quán > Phúc La|Văn Quán > Phúc La"),
    _course("Đường Vạn Phúc", _S, 2.0, "Vạn Phúc > Vạn Phúc|Yết Kiêu > Yết Kiêu"),
    _course("Phố Chu Văn An", _S, 2.0, "Yết Kiêu > Văn Quán|Yết Kiêu"),
    _course(
        "Đường Ngô Quyền",
        _S,
        1.5,
        "Vạn Phúc|Yết Kiêu > Quang Trung|Vạn Phúc > La Khê|Quang Trung > Hà Cầu|La Khê",
    ),
    _course("Đường Tô Hiệu", _S, 1.5, "Nguyễn Trãi|Phúc La > Hà Cầu|Nguyễn Trãi > Hà Cầu|Quang Trung"),
    _course("Phố Hà Cầu", _S, 1.2, "Hà Cầu|Quang Trung > Hà Cầu > Hà Cầu|Phú La > Phú La"),
    _course("Phố Lê Lợi", _S, 2.0, "Nguyễn Trãi|Quang Trung > Nguyễn Trãi > Hà Cầu|Nguyễn Trãi > Hà Cầu"),
    _course("Phố Hà Trì", _S, 1.0, "Hà Cầu > Hà Cầu|Kiến Hưng > Kiến Hưng"),
    _course("Phố Nguyễn Trác", _S, 1.0, "La Khê > La Khê|Yên Nghĩa > Yên Nghĩa"),
    _course("Đường Yên Nghĩa", _S, 1.2, "Yên Nghĩa > Dương Nội|Yên Nghĩa > Dương Nội"),
    _course("Đường Quyết Thắng", _S, 1.0, "Yên Nghĩa|Đồng Mai > Phú Lãm|Yên Nghĩa > Phú La|Phú Lãm"),
    _course("Đường Tà Đáy", _S, 0.6, "Biên Giang|Đồng Mai > Đồng Mai > Phú Lãm|Đồng Mai > Phú Lãm"),
    _course("Đường Nguyễn Trực", _S, 1.0, "Phú La|Phú Lương > Phú Lương > Phú Lãm|Phú Lương"),
    _course("Phố Mậu Lương", _S, 1.2, "Kiến Hưng > Kiến Hưng^"),
)

#: Further names by ward, for streets of the grid.
WARD_STREETS: dict[str, tuple[str, ...]] = {
    "Nguyễn Trãi": ("Phố Lê Lai",),
    "Mộ Lao": ("Đường Thanh Bình", "Phố Vũ Trọng Khánh"),
    "Văn Quán": ("Đường 19 Tháng 5", "Đường Chiến Thắng"),
    "Vạn Phúc": ("Phố Nguyễn Thanh Bình",),
    "Quang Trung": ("Phố Ngô Thì Nhậm",),
    "La Khê": ("Phố Ngô Đình Mẫn", "Phố Phạm Khắc Hòe", "Phố Nguyễn Văn Luyện"),
    "Phú La": ("Phố Hoàng Đôn Hoà",),
    "Hà Cầu": ("Phố Lê Hồng Phong", "Phố Cầu Đơ"),
    "Kiến Hưng": ("Đường Đa Sỹ", "Đường Hoàng Trình Thanh", "Phố Kiến Hưng"),
    "Dương Nội": ("Đường Dương Nội", "Đường Chùa Tổng", "Phố Phan Kế Toại", "Phố Lê Giản", "Đường Hoàng Tùng"),
    "Yên Nghĩa": ("Đường Nghĩa Bình",),
    "Biên Giang": ("Đường Phượng Bãi",),
}
#: Streets of the grid that are one-way in the demonstration; invented.
ONE_WAY = frozenset(
    {
        "Phố Lê Lai",
        "Phố Lê Hồng Phong",
        "Phố Cầu Đơ",
        "Phố Ngô Thì Nhậm",
        "Phố Vũ Trọng Khánh",
        "Phố Phạm Khắc Hòe",
    }
)
#: Wards built up closely all over; elsewhere only the villages are.
DENSE_WARDS = frozenset(
    {"Nguyễn Trãi", "Mộ Lao", "Văn Quán", "Vạn Phúc", "Yết Kiêu", "Quang Trung", "La Khê", "Phú La", "Phúc La"}
    | {"Hà Cầu"}
)
