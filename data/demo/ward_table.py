"""The wards of Hà Đông as published: codes, names, areas, centroids and neighbours; nothing surveyed.

Old wards: areas of the 2009 census. Today's units: Resolution 1656/NQ-UBTVQH15. The shares by which the ground
of old wards passed to today's units are measured on OpenStreetMap boundaries (© OpenStreetMap contributors,
ODbL) and a second, independent set; shares under 8% are noise of the boundaries and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class OldWard:
    """A ward of the former district: square kilometres, centroid in degrees, names of its neighbours."""

    code: str
    name: str
    km2: float
    lon: float
    lat: float
    neighbours: tuple[str, ...]


@dataclass(frozen=True)
class NewUnit:
    """A unit of today. ``km2`` and ``people`` are None where only a part of it lies here."""

    code: str
    name: str
    km2: float | None
    people: int | None


@dataclass(frozen=True)
class Split:
    """The share of an old ward's ground that passed to another unit than the rest, on the side of a ward."""

    ward: str
    unit: str
    share: float
    towards: str


def _wards() -> tuple[OldWard, ...]:
    lines = _OLD.strip().splitlines()
    cut = [[part.strip() for part in line.split("|")] for line in lines]
    return tuple(
        OldWard(code, name, float(km2), float(lon), float(lat), tuple(n.strip() for n in neighbours.split(",")))
        for code, name, km2, lon, lat, neighbours in cut
    )


_OLD = """
09538 | Nguyễn Trãi | 0.42 | 105.780 | 20.969 | Hà Cầu, Quang Trung, Phúc La, Văn Quán
09541 | Mộ Lao      | 1.26 | 105.784 | 20.983 | Văn Quán, Vạn Phúc, Yết Kiêu
09542 | Văn Quán    | 1.40 | 105.791 | 20.978 | Mộ Lao, Phúc La, Nguyễn Trãi, Yết Kiêu
09544 | Vạn Phúc    | 1.43 | 105.772 | 20.980 | La Khê, Mộ Lao, Quang Trung, Yết Kiêu
09547 | Yết Kiêu    | 0.21 | 105.778 | 20.975 | Quang Trung, Vạn Phúc, Mộ Lao, Văn Quán
09550 | Quang Trung | 0.84 | 105.771 | 20.971 | Hà Cầu, La Khê, Yết Kiêu, Vạn Phúc, Nguyễn Trãi, Phú La
09551 | La Khê      | 2.60 | 105.760 | 20.969 | Dương Nội, Phú La, Quang Trung, Vạn Phúc, Yên Nghĩa, Hà Cầu
09552 | Phú La | 1.77 | 105.765 | 20.957 | La Khê, Phú Lương, Hà Cầu, Yên Nghĩa, Kiến Hưng, Phú Lãm, Quang Trung
09553 | Phúc La     | 1.39 | 105.790 | 20.967 | Kiến Hưng, Văn Quán, Hà Cầu, Nguyễn Trãi
09556 | Hà Cầu      | 1.53 | 105.776 | 20.965 | Quang Trung, Kiến Hưng, Nguyễn Trãi, Phú La, Phúc La, La Khê
09562 | Yên Nghĩa   | 6.93 | 105.735 | 20.950 | Đồng Mai, Phú Lãm, Dương Nội, La Khê, Phú La
09565 | Kiến Hưng   | 4.24 | 105.786 | 20.953 | Phú Lương, Hà Cầu, Phúc La, Phú La
09568 | Phú Lãm     | 2.66 | 105.753 | 20.943 | Phú Lương, Yên Nghĩa, Đồng Mai, Phú La
09571 | Phú Lương   | 6.72 | 105.770 | 20.939 | Phú Lãm, Kiến Hưng, Phú La
09886 | Dương Nội   | 5.85 | 105.746 | 20.981 | La Khê, Yên Nghĩa
10117 | Đồng Mai    | 6.34 | 105.739 | 20.928 | Yên Nghĩa, Biên Giang, Phú Lãm
10123 | Biên Giang  | 2.36 | 105.720 | 20.928 | Đồng Mai
"""
OLD_WARDS = _wards()
BY_NAME = {ward.name: ward for ward in OLD_WARDS}

#: Pairs of names in alphabetical order.
NEIGHBOURS = frozenset(
    (min(ward.name, other), max(ward.name, other)) for ward in OLD_WARDS for other in ward.neighbours
)

NEW_UNITS = (
    NewUnit("09556", "Phường Hà Đông", 9.27, 185_205),
    NewUnit("09886", "Phường Dương Nội", 7.83, 56_091),
    NewUnit("09562", "Phường Yên Nghĩa", 13.14, 49_643),
    NewUnit("09568", "Phường Phú Lương", 9.42, 52_024),
    NewUnit("09552", "Phường Kiến Hưng", 6.47, 70_833),
    NewUnit("10015", "Phường Chương Mỹ (phần Biên Giang cũ)", None, None),
)

#: The unit of today that got most of each old ward, by code.
HEIR = {
    **dict.fromkeys(
        ("Nguyễn Trãi", "Mộ Lao", "Văn Quán", "Vạn Phúc", "Yết Kiêu", "Quang Trung", "La Khê", "Phúc La"),
        "09556",
    ),
    "Hà Cầu": "09556",
    "Dương Nội": "09886",
    "Yên Nghĩa": "09562",
    "Đồng Mai": "09562",
    "Phú Lãm": "09568",
    "Phú Lương": "09568",
    "Kiến Hưng": "09552",
    "Phú La": "09552",
    "Biên Giang": "10015",
}
#: Means of the two boundary sets, within the units shown here (the slivers outside are left out).
SPLITS = (
    Split("La Khê", "09886", 0.445, "Yên Nghĩa"),
    Split("Hà Cầu", "09552", 0.264, "Kiến Hưng"),
    Split("Phú La", "09886", 0.113, "La Khê"),
    Split("Yên Nghĩa", "09886", 0.116, "Dương Nội"),
    Split("Kiến Hưng", "09568", 0.084, "Phú Lương"),
)

#: First day of each ward system; the day before is the last of the one before it.
FIRST_SYSTEM, SECOND_SYSTEM, TODAYS_SYSTEM = date(2009, 5, 8), date(2025, 1, 1), date(2025, 7, 1)
#: On the second system's first day these joined Quang Trung.
JOINED_QUANG_TRUNG = ("Nguyễn Trãi", "Yết Kiêu")
