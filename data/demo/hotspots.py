"""Hotspots of the demonstration: two that Hà Nội has published as eliminated, and eight invented ones.

Published are only the names of the two areas ("khu vực bến xe Yên Nghĩa", "khu vực chùa Tổng - La Dương") and
that they were eliminated before 2022. Their shapes, dates, documents and all that happens there are made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from shapely.ops import substring

from data.demo.rows import Clock, stable_id
from data.demo.streets import Street, streets
from data.demo.ward_rows import system_on
from geo.crs import LONLAT, METRIC, transform
from geo.hotspots import QUIET_STATES
from geo.words import HotspotState

_S = HotspotState


@dataclass(frozen=True)
class Change:
    """A change of state with its reason and document."""

    state: HotspotState
    on_date: date
    reason: str
    document: str | None = None


@dataclass(frozen=True)
class Place:
    """A hotspot with its life. ``shape`` in metres; ``key`` names it inside the demonstration."""

    key: str
    id: str
    name: str
    shape: shapely.Geometry
    catchment_m: float
    watch_months: int
    patrol_every_days: int
    life: tuple[Change, ...]
    source: str = "Điểm giả định của bản minh họa"

    @cached_property
    def catchment(self) -> shapely.Polygon:
        """The ground within the catchment distance, in metres."""
        return self.shape.buffer(self.catchment_m)

    def state_on(self, day: date) -> HotspotState | None:
        """State of a day, None before it was known."""
        states = [change.state for change in self.life if change.on_date <= day]
        return states[-1] if states else None

    def quiet_on(self, day: date) -> bool:
        """Whether it was eliminated or cleared on a day."""
        return self.state_on(day) in QUIET_STATES

    def spells(self, clock: Clock, states: frozenset[HotspotState]) -> list[tuple[date, date]]:
        """First and last days, inside the history, of the times in one of some states."""
        ends = [change.on_date - timedelta(days=1) for change in self.life[1:]] + [clock.last]
        return [
            (max(change.on_date, clock.first), end)
            for change, end in zip(self.life, ends, strict=True)
            if change.state in states and end >= clock.first
        ]


def places(clock: Clock) -> tuple[Place, ...]:
    """All hotspots; the same places for the same seed, with lives counted back from ``as_of``."""
    return (
        _bus_station(clock),
        _pagoda(clock),
        *(_invented(clock, *line) for line in _INVENTED),
    )


def place(clock: Clock, key: str) -> Place:
    """The hotspot of that key."""
    return next(one for one in places(clock) if one.key == key)


def street_named(seed: int, name: str) -> Street:
    """The street of that name."""
    return next(street for street in streets(seed) if street.name == name)


_PUBLISHED = "Tên khu vực theo công bố của Hà Nội (đã triệt xóa trước năm 2022); mọi nội dung khác là giả định"
_MADE_UP = "Tên khu vực theo công bố của Hà Nội; ngày, hình dạng và nội dung là giả định"


def _bus_station(clock: Clock) -> Place:
    life = (
        Change(_S.ACTIVE, date(2018, 3, 1), f"{_MADE_UP}."),
        Change(_S.ELIMINATED, date(2021, 6, 15), f"Đã triệt xóa. {_MADE_UP}.", "01/QĐ-MH (số giả định)"),
    )
    shape = _blob(street_named(clock.seed, "Đường Quang Trung"), 0.53, 90.0, 170.0)
    place = _place(clock, "bus_station", "Khu vực bến xe Yên Nghĩa", shape, 250.0, life, 60)
    return replace(place, source=_PUBLISHED)


def _pagoda(clock: Clock) -> Place:
    life = (
        Change(_S.ACTIVE, date(2019, 5, 1), f"{_MADE_UP}."),
        Change(_S.ELIMINATED, date(2021, 10, 20), f"Đã triệt xóa. {_MADE_UP}.", "02/QĐ-MH (số giả định)"),
    )
    shape = _blob(street_named(clock.seed, "Đường Lê Trọng Tấn"), 0.84, 320.0, 160.0)
    place = _place(clock, "pagoda", "Khu vực chùa Tổng - La Dương", shape, 250.0, life, 60)
    return replace(place, source=_PUBLISHED)


#: Key, name, street, part of the street (one number: a point or area there), catchment, and the life as days
#: before ``as_of``.
_INVENTED: tuple[tuple[str, str, str, tuple[float, ...], float, list[tuple[HotspotState, int]]], ...] = (
    (
        "returning", "Đoạn phố Văn Khê (điểm giả định A)", "Phố Văn Khê", (0.12, 0.30), 170.0,
        [(_S.SUSPECTED, 1_380), (_S.ACTIVE, 1_300), (_S.ELIMINATED, 610)],
    ),
    (
        "active", "Cụm cơ sở đường Phùng Hưng (điểm giả định B)", "Đường Phùng Hưng", (0.62,), 180.0,
        [(_S.SUSPECTED, 190), (_S.ACTIVE, 150)],
    ),
    (
        "suspected", "Ngõ cụt gần phố Nguyễn Văn Lộc (điểm giả định C)", "Phố Nguyễn Văn Lộc", (0.35,), 150.0,
        [(_S.SUSPECTED, 38)],
    ),
    (
        "quiet", "Đoạn đường Trần Phú (điểm giả định D)", "Đường Trần Phú", (0.18, 0.36), 150.0,
        [(_S.SUSPECTED, 930), (_S.ACTIVE, 880), (_S.ELIMINATED, 300)],
    ),
    (
        "cleared", "Khu vực chợ tạm phố Xốm (điểm giả định E)", "Phố Xốm", (0.35,), 200.0,
        [(_S.ACTIVE, 2_000), (_S.ELIMINATED, 1_620), (_S.CLEARED, 850)],
    ),
    (
        "reactivated", "Đoạn phố Tố Hữu (điểm giả định G)", "Phố Tố Hữu", (0.42, 0.56), 150.0,
        [(_S.ACTIVE, 1_500), (_S.ELIMINATED, 1_100), (_S.REACTIVATED, 20)],
    ),
    (
        "dismissed", "Khu đất trống phố Mậu Lương (điểm giả định H)", "Phố Mậu Lương", (0.6,), 150.0,
        [(_S.SUSPECTED, 400), (_S.DISMISSED, 340)],
    ),
    (
        "second_time", "Đoạn đường Lê Trọng Tấn (điểm giả định K)", "Đường Lê Trọng Tấn", (0.40, 0.52), 200.0,
        [(_S.ACTIVE, 1_700), (_S.ELIMINATED, 1_350), (_S.REACTIVATED, 800), (_S.ACTIVE, 785),
         (_S.ELIMINATED, 420)],
    ),
)  # fmt: skip
_REASONS = {
    _S.SUSPECTED: "Có nguồn tin ban đầu, chờ xác minh (giả định)",
    _S.ACTIVE: "Đã xác minh có hoạt động phức tạp (giả định)",
    _S.ELIMINATED: "Đã triệt xóa, chuyển sang theo dõi (giả định)",
    _S.CLEARED: "Hết thời gian theo dõi, không có nguồn tin xác minh (giả định)",
    _S.REACTIVATED: "Nguồn tin độc lập và tuần tra cùng xác nhận hoạt động trở lại (giả định)",
    _S.DISMISSED: "Xác minh không có căn cứ (giả định)",
}


def _invented(
    clock: Clock,
    key: str,
    name: str,
    street: str,
    part: tuple[float, ...],
    catchment_m: float,
    life: list[tuple[HotspotState, int]],
) -> Place:
    line = street_named(clock.seed, street)
    shape = _stretch(line, *part) if len(part) == 2 else _spot(line, key, part[0])
    changes = []
    for number, (state, days) in enumerate(life, start=1):
        day = clock.ago(days)
        document = f"{number:02d}/{day.year}/QĐ-MH (số giả định)" if state is _S.ELIMINATED else None
        changes.append(Change(state, day, _REASONS[state], document))
    return _place(clock, key, name, shape, catchment_m, tuple(changes), 24)


def _place(
    clock: Clock, key: str, name: str, shape: Any, catchment_m: float, life: tuple[Change, ...], months: int
) -> Place:
    return Place(key, stable_id(clock.seed, "hotspot", key), name, shape, catchment_m, months, 14, life)


def _stretch(street: Street, begin: float, end: float) -> shapely.LineString:
    return substring(street.line, begin, end, normalized=True)


def _spot(street: Street, key: str, share: float) -> shapely.Geometry:
    return _blob(street, share, 60.0, 110.0) if key == "cleared" else _beside(street, share, 35.0)


def _beside(street: Street, share: float, off_m: float) -> shapely.Point:
    metres = street.line.length * share
    here, there = (shapely.get_coordinates(street.line.interpolate(m))[0] for m in (metres, metres + 1))
    way = there - here
    return shapely.Point(here + off_m * np.array([-way[1], way[0]]) / np.hypot(*way))


def _blob(street: Street, share: float, off_m: float, radius_m: float) -> shapely.Polygon:
    """An area beside a street, no circle: nobody draws circles."""
    middle = shapely.get_coordinates(_beside(street, share, off_m))[0]
    angle = np.linspace(0, 2 * np.pi, 9)[:-1] + 0.3
    radius = radius_m * (1 + 0.18 * np.cos(2 * angle) - 0.1 * np.sin(3 * angle))
    return shapely.Polygon(middle + radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))


def hotspot_rows(clock: Clock, found: Sequence[Place]) -> list[dict[str, Any]]:
    """Rows of ``hotspots``; the police of the ward on whose ground a hotspot lies patrol it."""
    wards = system_on(clock.seed, clock.as_of)

    def police(one: Place) -> str | None:
        ward = wards.at(one.shape.representative_point())
        # The part of a unit's name in brackets tells which ground of it is shown.
        return None if ward is None else f"Công an {ward.name.split(' (')[0].replace('Phường', 'phường')}"

    return [
        {
            "id": one.id,
            "version": 1,
            "name": one.name,
            "geom": transform(one.shape, METRIC, LONLAT),
            "catchment_m": one.catchment_m,
            "found_on": one.life[0].on_date,
            "watch_months": one.watch_months,
            "patrol_every_days": one.patrol_every_days,
            "patrol_by": police(one),
            "source": one.source,
        }
        for one in found
    ]


def transition_rows(clock: Clock, found: Sequence[Place]) -> list[dict[str, Any]]:
    """Rows of ``hotspot_transitions``."""
    return [
        {
            **clock.event("hotspot_transition", (one.key, number), change.on_date, 4.0),
            "hotspot_id": one.id,
            "state": change.state.value,
            "on_date": change.on_date,
            "reason": change.reason,
            "document": change.document,
        }
        for one in found
        for number, change in enumerate(one.life)
    ]
