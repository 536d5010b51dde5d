"""Giving premises their place by hand: which ones need it, where they may be, what a person decides."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import shapely

from app.access import Right, require
from app.services.locate import gazetteer_of
from app.services.premises_edit import editable
from data.repositories import places
from data.repositories.register import record_since, snapshot
from data.repositories.scope import within_scope
from data.store import Actor, Store, Work
from data.tables import Premises
from geo.addresses import locate
from geo.crs import LONLAT, METRIC, metric_xy
from geo.errors import ConflictError, InputError, RuleError
from geo.gazetteer import Gazetteer
from geo.messages import msg
from geo.units import covering
from geo.words import LocationQuality, PremisesStatus, PremisesType

#: Qualities of a point that is not where the house is, those that say least first.
_ROUGH = (LocationQuality.NONE, LocationQuality.WARD, LocationQuality.STREET)
_SURE = (LocationQuality.GIVEN, LocationQuality.MANUAL, LocationQuality.HOUSE)
#: West, south, east, north of the country.
_COUNTRY = (102.0, 8.0, 110.0, 23.5)
#: Places offered for one address: each has a digit key.
MOST_SUGGESTED = 9
_SAME_PLACE_M = 3.0
#: Premises shown around a place to find one's way by.
_LANDMARKS = 150


@dataclass(frozen=True)
class Waiting:
    """A premises that has no point, or one that stands for its whole street or ward."""

    id: str
    version: int
    name: str
    type: PremisesType
    status: PremisesStatus
    address: str
    lon: float | None
    lat: float | None
    quality: LocationQuality
    ward_name: str | None


@dataclass(frozen=True)
class Suggestion:
    """A place that may be meant; ``quality`` tells what of the address it is, None for a mere likeness."""

    lon: float
    lat: float
    text: str
    quality: LocationQuality | None


@dataclass(frozen=True)
class Placed:
    """A premises that was given its place: the ward it is in now, and what it takes to undo it."""

    id: str
    name: str
    version: int
    ward_name: str | None
    before: tuple[float, float] | None
    quality_before: LocationQuality


@dataclass(frozen=True)
class Ground:
    """Wards and streets of a day, and what addresses are looked up with."""

    units: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    gazetteer: Gazetteer


def read_register(store: Store, actor: Actor, day: date) -> gpd.GeoDataFrame:
    """The premises of a day on the actor's ground."""
    require(actor, Right.EDIT_PLACES)
    with store.read(actor) as work:
        return within_scope(work, places.premises_on(work, day))


def waiting(register: gpd.GeoDataFrame) -> list[Waiting]:
    """The premises of a register that need a place: those without a point first, closed ones last."""
    rough = register[register["location_quality"].isin(_ROUGH) | register.geometry.isna()]
    return sorted(map(_waiting, rough.itertuples()), key=_order)


def _waiting(row: Any) -> Waiting:
    point = row.geometry
    return Waiting(
        id=row.id,
        version=int(row.version),
        name=row.name,
        type=PremisesType(row.type),
        status=PremisesStatus(row.status),
        address=row.address,
        lon=None if point is None else float(point.x),
        lat=None if point is None else float(point.y),
        quality=LocationQuality.NONE if point is None else LocationQuality(row.location_quality),
        ward_name=row.ward_name if isinstance(row.ward_name, str) else None,
    )


def _order(one: Waiting) -> tuple[bool, int, str, str]:
    return one.status is PremisesStatus.CLOSED, _ROUGH.index(one.quality), one.address, one.id


def read_ground(store: Store, actor: Actor, day: date) -> Ground:
    """What a person finds their way by; it hardly changes while premises are placed."""
    require(actor, Right.EDIT_PLACES)
    with store.read(actor) as work:
        return Ground(places.units_on(work, day), places.streets(work), gazetteer_of(work, day))


def suggestions(address: str, known: Gazetteer) -> list[Suggestion]:
    """Where an address may lie, the likeliest first, at most ``MOST_SUGGESTED``, each place once."""
    found = locate(address, known)
    every = [] if found.lon is None else [Suggestion(found.lon, found.lat, found.matched, found.quality)]
    every += [Suggestion(c.lon, c.lat, c.text, None) for c in found.candidates]
    kept: list[Suggestion] = []
    for one in every:
        if not any(_apart_m(one, other) < _SAME_PLACE_M for other in kept):
            kept.append(one)
    return kept[:MOST_SUGGESTED]


def _apart_m(one: Suggestion, other: Suggestion) -> float:
    xy = metric_xy([one.lon, other.lon], [one.lat, other.lat])
    return math.dist(*xy)


def landmarks(register: gpd.GeoDataFrame, lon: float, lat: float) -> gpd.GeoDataFrame:
    """The premises of a register with a sure point nearest to a place: their house numbers show the way."""
    sure = register[register["location_quality"].isin(_SURE) & register.geometry.notna()]
    if sure.empty:
        return sure
    here = shapely.Point(metric_xy([lon], [lat])[0])
    near = sure.geometry.to_crs(METRIC).distance(here).nsmallest(_LANDMARKS)
    return sure.loc[near.index]


def place(store: Store, actor: Actor, premises_id: str, lon: float, lat: float, *, version: int) -> Placed:
    """Give a premises the place that a person chose, as a point set by hand; its ward follows from it.

    ``version`` is what the person had before their eyes. Raises ConflictError when somebody else has saved the
    premises since, InputError for a point outside the country, RuleError for ground outside the actor's scope.
    """
    require(actor, Right.EDIT_PLACES)
    point = _point(lon, lat)
    with store.write(actor) as work:
        row = _row(work, premises_id, version)
        before, quality = row.geom, LocationQuality(row.location_quality)
        _move(work, row, point, LocationQuality.MANUAL)
        work.note("premises.place", premises_id, before=_told(before, quality), after=_told(point))
        return Placed(
            id=premises_id,
            name=row.name,
            version=row.version,
            ward_name=_ward_name(work, point),
            before=None if before is None else (before.x, before.y),
            quality_before=quality,
        )


def undo(store: Store, actor: Actor, placed: Placed) -> None:
    """Put a premises back to where it stood before ``place``. Raises as ``place``."""
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        row = _row(work, placed.id, placed.version)
        point, quality = None if placed.before is None else shapely.Point(placed.before), placed.quality_before
        before = row.geom
        _move(work, row, point, quality)
        work.note("premises.place_undone", placed.id, before=_told(before), after=_told(point, quality))


def _ward_name(work: Work, point: shapely.Point) -> str | None:
    units = places.units_on(work, work.today)
    unit = covering(gpd.GeoDataFrame(geometry=[point], crs=LONLAT), units).iloc[0]
    return None if unit is None else str(units.set_index("id").at[unit, "name"])


def _point(lon: float, lat: float) -> shapely.Point:
    west, south, east, north = _COUNTRY
    if not (west <= lon <= east and south <= lat <= north):
        raise InputError("bad_point", msg("Vị trí không nằm trong Việt Nam."))
    return shapely.Point(lon, lat)


def _row(work: Work, premises_id: str, version: int) -> Premises:
    row, _status = editable(work, premises_id)
    if row.version != version:
        raise ConflictError(
            "changed_meanwhile",
            msg("Cơ sở “{name}” vừa được người khác lưu; vị trí bạn chọn chưa được ghi.", name=row.name),
            hint=msg("Xem lại vị trí mới của cơ sở rồi đặt lại nếu cần."),
        )
    return row


def _move(work: Work, row: Premises, point: shapely.Point | None, quality: LocationQuality) -> None:
    before = snapshot(row)
    row.geom, row.location_quality = point, quality.value
    if point is not None and within_scope(work, gpd.GeoDataFrame(geometry=[point], crs=LONLAT)).empty:
        raise RuleError(
            "outside_scope",
            msg("Vị trí này nằm ngoài địa bàn của tài khoản {name}.", name=work.actor.name),
            hint=msg("Chọn một vị trí trong địa bàn, hoặc nhờ người giữ dữ liệu đặt giúp."),
        )
    record_since(work, row, before)


def _told(point: shapely.Point | None, quality: LocationQuality = LocationQuality.MANUAL) -> dict[str, Any]:
    """A place as the audit log keeps it."""
    there = {} if point is None else {"lon": round(point.x, 6), "lat": round(point.y, 6)}
    return {**there, "quality": quality.value}
