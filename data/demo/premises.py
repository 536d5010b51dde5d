"""The demonstration's register: invented premises along the streets, with a hidden risk and a life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import shapely

from data.demo.names import TYPE_SHARES, business_name
from data.demo.rows import Clock, generator, stable_id
from data.demo.street_lines import old_grounds
from data.demo.streets import Street, streets
from data.demo.ward_rows import systems
from data.demo.ward_table import TODAYS_SYSTEM
from data.search_key import premises_key
from geo.crs import LONLAT, METRIC, transform
from geo.words import LocationQuality, PremisesStatus, PremisesType, StreetClass

#: Premises by old ward; invented, but in proportions that make sense.
WARD_COUNTS = {
    "Mộ Lao": 42, "Văn Quán": 38, "La Khê": 35, "Hà Cầu": 30, "Phúc La": 30, "Quang Trung": 29,
    "Dương Nội": 28, "Yên Nghĩa": 28, "Vạn Phúc": 28, "Kiến Hưng": 28, "Phú La": 27, "Phú Lãm": 19,
    "Nguyễn Trãi": 17, "Phú Lương": 13, "Yết Kiêu": 10, "Đồng Mai": 7, "Biên Giang": 5,
}  # fmt: skip
_RISK_OF_TYPE = {
    PremisesType.MASSAGE: 0.5,
    PremisesType.KARAOKE: 0.3,
    PremisesType.GUESTHOUSE: 0.15,
    PremisesType.BAR: 0.2,
    PremisesType.HOTEL: -0.3,
    PremisesType.CAFE: -0.4,
    PremisesType.RENTED_ROOMS: -0.1,
}


@dataclass(frozen=True)
class Spot:
    """A house front: street, metres along it, side, and the point in metres with its old ward."""

    street: Street
    metres: float
    side: int
    point: shapely.Point
    ward: str

    @property
    def house(self) -> str:
        """The first part of an address: "Số 12 Quang Trung" or "Số 5 ngõ 12 Quang Trung"."""
        name = self.street.bare_name
        lane = name[0].lower() + name[1:] if self.street.street_class is StreetClass.LANE else name
        return f"Số {self.street.house_number(self.metres, self.side)} {lane}"


@dataclass(frozen=True)
class Business:
    """A premises and what the register does not show: its point in metres, its risk (mean 0, deviation about
    1), and the times when it was not open for business: (first day, first day open again or None)."""

    row: dict[str, Any]
    point: shapely.Point
    ward: str
    risk: float
    pauses: tuple[tuple[PremisesStatus, date, date | None], ...]

    @property
    def id(self) -> str:
        """Public id."""
        return str(self.row["id"])

    @property
    def kind(self) -> PremisesType:
        """Type of premises."""
        return PremisesType(self.row["type"])

    @property
    def opened_on(self) -> date:
        """First day of business."""
        day: date = self.row["opened_on"]
        return day

    @property
    def closed_for_good(self) -> date | None:
        """The day from which it is closed and did not open again."""
        shut = PremisesStatus.CLOSED
        return next((start for status, start, end in self.pauses if status is shut and end is None), None)

    def open_on(self, day: date) -> bool:
        """Whether it did business on a day."""
        shut = any(start <= day and (end is None or day < end) for _, start, end in self.pauses)
        return self.opened_on <= day and not shut


def fronts(seed: int, ground: shapely.Geometry, count: int, rng: np.random.Generator) -> list[Spot]:
    """Random house fronts on some ground (metres), more of them on the streets that draw business."""
    inner = ground.buffer(-2.0)
    candidates = [street for street in streets(seed) if street.trade > 0 and street.line.length > 40]
    inside = shapely.length(shapely.intersection([street.line for street in candidates], inner))
    weight = inside * np.array([street.trade for street in candidates])
    found: list[Spot] = []
    taken: set[tuple[int, int]] = set()
    while len(found) < count:
        number = int(rng.choice(len(candidates), p=weight / weight.sum()))
        street = candidates[number]
        spot = front(street, rng.uniform(0, street.line.length), int(rng.choice([-1, 1])), rng.uniform(9, 15))
        key = (number, street.house_number(spot.metres, spot.side))
        if key not in taken and inner.contains(spot.point):
            taken.add(key)
            found.append(spot)
    return found


def front(street: Street, metres: float, side: int, off_m: float) -> Spot:
    """The house front so many metres along a street, ``off_m`` metres to its left (1) or right (-1)."""
    here, there = (shapely.get_coordinates(street.line.interpolate(m))[0] for m in (metres, metres + 1.0))
    if metres + 1.0 > street.line.length:
        here, there = (shapely.get_coordinates(street.line.interpolate(m))[0] for m in (metres - 1.0, metres))
    way = (there - here) / np.hypot(*(there - here))
    point = shapely.Point(here + side * off_m * np.array([-way[1], way[0]]))
    ward = next((name for name, ground in old_grounds().items() if shapely.contains(ground, point)), "")
    return Spot(street, float(metres), side, point, ward)


def register(clock: Clock) -> list[Business]:
    """The businesses of the district, without those that ``stories`` adds."""
    rng = generator(clock.seed, "register")
    grounds = old_grounds()
    spots = [
        spot for ward, count in WARD_COUNTS.items() for spot in fronts(clock.seed, grounds[ward], count, rng)
    ]
    kinds = rng.choice(len(TYPE_SHARES), size=len(spots), p=np.array(list(TYPE_SHARES.values())) / 100)
    listed = list(TYPE_SHARES)
    return [
        business(clock, number, spot, listed[int(kind)], _opening(clock, rng), rng)
        for number, (spot, kind) in enumerate(zip(spots, kinds, strict=True), start=1)
    ]


def _opening(clock: Clock, rng: np.random.Generator) -> date:
    recent = rng.random() < 0.2
    return clock.ago(int(rng.integers(50, 1_900)) if recent else int(rng.integers(2_200, 6_200)))


def business(
    clock: Clock,
    number: int,
    spot: Spot,
    kind: PremisesType,
    opened_on: date,
    rng: np.random.Generator,
    *,
    steady: bool = False,
) -> Business:
    """A business at a house front. ``steady``: always open, as the stories need it."""
    risk = (
        0.8 * rng.normal() + _RISK_OF_TYPE[kind] + (0.15 if spot.street.street_class is StreetClass.LANE else 0)
    )
    rooms, workers = _size(kind, rng)
    registered = steady or rng.random() > 0.012
    signed = opened_on + timedelta(days=int(rng.integers(20, 900)))
    pauses = () if steady else _pauses(clock, opened_on, rng)
    name, address = business_name(kind, number), _address(clock.seed, spot, opened_on, rng)
    registration = f"MH-HĐ-{number:04d}" if registered else None
    row = {
        "id": stable_id(clock.seed, "premises", number),
        "version": 1,
        "name": name,
        "folded": premises_key(name, address, registration),
        "type": kind.value,
        "address": address,
        "geom": transform(spot.point, METRIC, LONLAT),
        "location_quality": (LocationQuality.HOUSE if rng.random() < 0.8 else LocationQuality.GIVEN).value,
        "registration_number": registration,
        "registration_hash": None,
        "rooms": rooms,
        "workers": workers,
        "opened_on": opened_on,
        "commitment_on": signed if rng.random() < 0.72 and signed <= clock.last else None,
        "complex_grounds": None,
        "unregistered_basis": None if registered else "Phát hiện khi rà soát địa bàn, chưa đăng ký (giả định)",
        "content_key": None,
    }
    return Business(row, spot.point, spot.ward, float(risk), pauses)


def _size(kind: PremisesType, rng: np.random.Generator) -> tuple[int | None, int]:
    if kind is PremisesType.CAFE:
        return None, int(rng.integers(2, 9))
    low, high = {PremisesType.HOTEL: (14, 60), PremisesType.GUESTHOUSE: (6, 22)}.get(kind, (4, 18))
    rooms = int(rng.integers(low, high))
    return rooms, max(2, int(rooms * rng.uniform(0.3, 0.8)))


def _pauses(
    clock: Clock, opened_on: date, rng: np.random.Generator
) -> tuple[tuple[PremisesStatus, date, date | None], ...]:
    """Most are open throughout; some have closed, some were or are suspended, a few came back."""
    lot = rng.random()
    first = max(opened_on + timedelta(days=120), clock.first)
    span = (clock.last - first).days - 30
    if lot > 0.19 or span < 60:
        return ()
    start = first + timedelta(days=int(rng.integers(0, span)))
    if lot < 0.08:
        return ((PremisesStatus.CLOSED, start, None),)
    end: date | None = start + timedelta(days=int(rng.integers(40, 260)))
    if end is not None and end > clock.last:
        end = None
    status = PremisesStatus.CLOSED if lot < 0.10 else PremisesStatus.SUSPENDED
    return ((status, start, end),)


def _address(seed: int, spot: Spot, opened_on: date, rng: np.random.Generator) -> str:
    """An address as registers have it: with the ward of its time, now and then with today's beside it."""
    today = systems(seed)[2].at(spot.point)
    new = "phường Chương Mỹ" if today is None or today.row["code"] == "10015" else f"p{today.name[1:]}"
    if opened_on >= TODAYS_SYSTEM:
        return f"{spot.house}, {new}, Hà Nội"
    old = f"{spot.house}, phường {spot.ward}, quận Hà Đông"
    return f"{old} (nay thuộc {new})" if rng.random() < 0.3 else f"{old}, Hà Nội"


def status_rows(clock: Clock, businesses: Sequence[Business]) -> list[dict[str, Any]]:
    """Rows of ``premises_status``: the opening, and every pause with its end."""
    rows = []
    for one in businesses:
        changes = [(PremisesStatus.ACTIVE, one.opened_on)]
        for status, start, end in one.pauses:
            changes.append((status, start))
            if end is not None:
                changes.append((PremisesStatus.ACTIVE, end))
        for number, (status, on_date) in enumerate(changes):
            event = clock.event("premises_status", (one.id, number), on_date, 20.0)
            rows.append({**event, "premises_id": one.id, "status": status.value, "on_date": on_date})
    return rows
