"""What became of an eliminated hotspot: did it move next door, did its surroundings gain, or can one not tell.

Events before and after are counted in three areas: the response area R (the hotspot's catchment), the buffer D
around it, not cut at ward borders, and a control C. Weighted displacement quotient: Bowers and Johnson 2003,
Journal of Quantitative Criminology 19(3); total net effect: Guerette 2009, POP Center tool guide 10. Above 0
the benefit spread, below 0 events moved into the buffer, below -1 more moved than the response area gained.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.stats import binom

from geo.crs import LONLAT, METRIC, transform
from geo.errors import InputError
from geo.messages import Message, msg
from geo.shapes import metric_shapes
from geo.units import covering

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
#: (lon, lat), and (low, high).
Pair = tuple[float, float]

_SECTORS = 8
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DisplacementSettings:
    """``buffer_m``: width of the buffer. ``fewest``: with fewer events before in the response area, in the
    buffer over both periods, or in the control area in either, nothing is concluded (the least count for
    which such comparisons hold, Cochran 1954). ``fewest_days``: shortest period. ``draws``: of the simulation;
    ``level``: of the intervals. ``reach_m``: other hotspots within it can be what events moved to.
    ``least_rise`` and ``rise_p``: events above the expected, and chance of so many, from which a rise is drawn.
    """

    buffer_m: float = 400.0
    fewest: int = 5
    fewest_days: int = 30
    draws: int = 4000
    level: float = 0.95
    reach_m: float = 2000.0
    least_rise: float = 2.0
    rise_p: float = 0.1


@dataclass(frozen=True)
class Counts:
    """Events in the response area, buffer and control, after and before; named as in the papers."""

    ra: float
    rb: float
    da: float
    db: float
    ca: float
    cb: float

    def to_json(self) -> dict[str, float]:
        """With the names of the papers."""
        return {name.capitalize(): value for name, value in vars(self).items()}

    @property
    def filled(self) -> Counts:
        """Where the control is 0 in a period, so that nothing can be divided by it, 0.5 more in each of the six
        (Haldane 1956, Anscombe 1956: the usual correction of ratios of counts); else as they are."""
        if self.ca and self.cb:
            return self
        return Counts(*(value + 0.5 for value in vars(self).values()))


def displacement_quotient(counts: Counts) -> float | None:
    """(Da/Ca - Db/Cb) / (Ra/Ca - Rb/Cb) of the filled counts; None where the response area did not change.

    Means something only where the response area fell against the control.
    """
    some = counts.filled
    success = some.ra / some.ca - some.rb / some.cb
    if counts.ra == counts.rb == 0 or success == 0:
        return None
    return (some.da / some.ca - some.db / some.cb) / success + 0.0


def total_net_effect(counts: Counts) -> float:
    """[Rb (Ca/Cb) - Ra] + [Db (Ca/Cb) - Da] of the filled counts: events fewer than without the response."""
    some = counts.filled
    trend = some.ca / some.cb
    return (some.rb * trend - some.ra) + (some.db * trend - some.da)


@dataclass(frozen=True)
class Periods:
    """First and last days before and after; the day of the response is in neither, for what is found on it is
    the response's own work."""

    first_before: date
    last_before: date
    first_after: date
    last_after: date


def periods(on: date, months: int, as_of: date, fewest_days: int = 30) -> Periods:
    """``months`` calendar months before and after ``on``.

    Where less has passed until ``as_of`` both are as many days as have passed. Raises InputError ``in_future``,
    ``too_short_after`` (fewer than ``fewest_days``), ``months``.
    """
    if not 1 <= months <= 36:
        raise InputError("months", msg("Số tháng so sánh phải từ 1 đến 36."))
    if on > as_of:
        raise InputError(
            "in_future",
            msg("Ngày {on} ở sau ngày xem {as_of}: chưa có gì để so sánh.", on=on, as_of=as_of),
        )
    passed = (as_of - on).days
    if passed < fewest_days:
        raise InputError(
            "too_short_after",
            msg("Mới {days} ngày kể từ {on}: chưa đủ để so sánh trước và sau.", days=passed, on=on),
            hint=msg("Cần ít nhất {days} ngày, tức từ {day}.", days=fewest_days, day=on + fewest_days * _DAY),
        )
    start, end = (pd.Timestamp(on) + sign * pd.DateOffset(months=months) for sign in (-1, 1))
    if end.date() > as_of:
        return Periods(on - passed * _DAY, on - _DAY, on + _DAY, as_of)
    return Periods(start.date(), on - _DAY, on + _DAY, end.date())


@dataclass(frozen=True)
class Areas:
    """Response area, buffer and control, apart from each other, in metres."""

    response: shapely.Geometry
    buffer: shapely.Geometry
    control: shapely.Geometry


def areas_around(
    catchment: shapely.Geometry,
    buffer_m: float,
    ground: shapely.Geometry,
    control: shapely.Geometry | None = None,
) -> Areas:
    """The three areas of a catchment; all geometries in metres (EPSG:3405).

    ``ground``: the district; what of it lies outside the buffer is the control unless a comparable area is
    given. The buffer is not cut at the ground's border.
    """
    wide = shapely.buffer(catchment, buffer_m, quad_segs=32)
    chosen = ground if control is None else control
    return Areas(catchment, shapely.difference(wide, catchment), shapely.difference(chosen, wide))


@dataclass(frozen=True)
class Arrow:
    """From where it fell to where it rose, (lon, lat) each; ``change``: events above what the control's trend
    lets expect there. ``hotspot_id``: the other hotspot that it points to, None for a part of the buffer."""

    start: Pair
    end: Pair
    change: float
    hotspot_id: str | None


@dataclass(frozen=True)
class Part:
    """Events of the buffer in one unit; ``unit_id`` None outside of all units."""

    unit_id: str | None
    before: int
    after: int


@dataclass(frozen=True)
class Displacement:
    """What was counted and what it says.

    ``wdq`` None where the response area did not change. Intervals: from simulation, None as their value.
    ``fell``: share of the simulations in which the response area fell against the control. ``enough``: whether
    there were events enough to conclude. ``arrows``: none unless there were and the response area surely fell.
    """

    counts: Counts
    wdq: float | None
    wdq_interval: Pair | None
    total_net_effect: float
    net_effect_interval: Pair
    fell: float
    enough: bool
    level: float
    arrows: tuple[Arrow, ...]
    buffer_parts: tuple[Part, ...]

    @property
    def text(self) -> Message:
        """The counts, what they say, and the figures behind it, in plain words."""
        counts = {name: round(value) for name, value in vars(self.counts).items()}
        seen = msg(
            "Trước → sau: trong điểm {rb} → {ra}, vùng đệm {db} → {da}, vùng đối chứng {cb} → {ca} sự việc.",
            **counts,
        )
        if not self.enough:
            # Figures of an effect beside "too few to tell" would be read all the same.
            return msg("{seen} {conclusion}", seen=seen, conclusion=self.conclusion)
        return msg(
            "{seen} {conclusion} {figures}", seen=seen, conclusion=self.conclusion, figures=self._figures
        )

    @property
    def conclusion(self) -> Message:
        """The sentence that one may take from it."""
        if not self.enough:
            return msg("Quá ít sự việc để kết luận.")
        if self.wdq_interval is None or self.fell < self.level:
            return msg("Điểm này chưa giảm rõ so với vùng đối chứng, nên chưa nói được có dời chỗ hay không.")
        low, high = self.wdq_interval
        if low > 0:
            return msg("Vùng đệm cũng giảm theo: kết quả lan ra xung quanh, không thấy dời chỗ.")
        if high < -1:
            return msg("Vùng đệm tăng nhiều hơn phần đã giảm trong điểm: dời chỗ lấn hết kết quả.")
        if high < 0:
            return msg("Có dời sang vùng đệm; chưa thấy nhiều hơn phần đã giảm trong điểm.")
        return msg("Điểm này đã giảm; chưa thấy rõ là dời sang vùng đệm hay kết quả lan ra.")

    @property
    def _figures(self) -> Message:
        low, high = self.net_effect_interval
        net = msg(
            "Tác động ròng {value} sự việc (khoảng {level}%: {low} đến {high}).",
            value=_tenths(self.total_net_effect),
            level=round(self.level * 100),
            low=_tenths(low),
            high=_tenths(high),
        )
        if self.wdq is None or self.wdq_interval is None:
            return net
        low, high = self.wdq_interval
        return msg(
            "WDQ {value} ({low} đến {high}). {net}",
            value=_tenths(self.wdq),
            low=_tenths(low),
            high=_tenths(high),
            net=net,
        )


def displacement(
    events: gpd.GeoDataFrame,
    areas: Areas,
    when: Periods,
    units: gpd.GeoDataFrame,
    *,
    seed: int,
    others: gpd.GeoDataFrame | None = None,
    settings: DisplacementSettings | None = None,
) -> Displacement:
    """Count, weigh and say what one may conclude.

    Parameters
    ----------
    events : ``on_date`` and points; each row counts 1, one without a point nowhere.
    units : ``id``, ``code`` and polygons, for the parts of the buffer.
    others : other hotspots as ``id`` and their catchments; an event in several counts for the first id.
    seed : of the simulation.

    Notes
    -----
    Intervals: the measures of rates drawn from gamma distributions of shape count + 1/2 (Jeffreys' prior), none
    of which is 0. A rise is judged by the exact comparison of two Poisson counts given their sum
    (Przyborowski and Wilenski 1940).
    """
    settings = settings or DisplacementSettings()
    placed = _placed(events, areas, when)
    cells = [(placed["area"] == area) & (placed["after"] == after) for area in "RDC" for after in (True, False)]
    counts = Counts(*(float(cell.sum()) for cell in cells))
    drawn = np.random.default_rng(seed).gamma(
        np.array([*vars(counts).values()]) + 0.5, size=(settings.draws, 6)
    )
    ra, rb, da, db, ca, cb = drawn.T
    success = ra / ca - rb / cb
    wdq = displacement_quotient(counts)
    enough = min(counts.rb, counts.da + counts.db, counts.ca, counts.cb) >= settings.fewest
    fell = float((success < 0).mean())
    fallen = enough and fell >= settings.level
    return Displacement(
        counts=counts,
        wdq=wdq,
        wdq_interval=None if wdq is None else _interval((da / ca - db / cb) / success, settings.level),
        total_net_effect=total_net_effect(counts),
        net_effect_interval=_interval((rb + db) * ca / cb - ra - da, settings.level),
        fell=fell,
        enough=enough,
        level=settings.level,
        arrows=_arrows(placed, areas, counts.ca / counts.cb, others, settings) if fallen else (),
        buffer_parts=_parts(placed[placed["area"] == "D"], units),
    )


def _tenths(value: float) -> float:
    """To one decimal, without a minus before a 0."""
    return round(value, 1) + 0.0


def _interval(values: Floats, level: float) -> Pair:
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _placed(events: gpd.GeoDataFrame, areas: Areas, when: Periods) -> gpd.GeoDataFrame:
    """Events of both periods in one of the areas: ``area`` (R, D, C), ``after``, ``x``, ``y`` in metres."""
    day = pd.to_datetime(events["on_date"])
    before, after = (
        (day >= pd.Timestamp(first)) & (day <= pd.Timestamp(last))
        for first, last in ((when.first_before, when.last_before), (when.first_after, when.last_after))
    )
    points = metric_shapes(events)
    area = np.full(len(events), "", dtype=object)
    for name, ground in (("C", areas.control), ("D", areas.buffer), ("R", areas.response)):
        area[shapely.intersects(ground, points)] = name
    frame = gpd.GeoDataFrame({"area": area, "after": after.to_numpy()}, geometry=events.geometry.to_numpy())
    frame["x"], frame["y"] = shapely.get_x(points), shapely.get_y(points)
    return frame.set_crs(events.crs)[(area != "") & (before | after).to_numpy()].reset_index(drop=True)


def _parts(inside: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> tuple[Part, ...]:
    """The buffer's events by unit, most first."""
    unit = covering(inside, units)
    found: dict[str | None, list[int]] = {}
    for one, after in zip(unit, inside["after"], strict=True):
        found.setdefault(one if isinstance(one, str) else None, [0, 0])[int(after)] += 1
    order = sorted(found, key=lambda one: (-sum(found[one]), one or ""))
    return tuple(Part(one, *found[one]) for one in order)


def _arrows(
    placed: gpd.GeoDataFrame,
    areas: Areas,
    trend: float,
    others: gpd.GeoDataFrame | None,
    settings: DisplacementSettings,
) -> tuple[Arrow, ...]:
    """Where it rose beyond the trend: other hotspots within reach, and sectors of the buffer; most first."""
    start = _lonlat(middle := shapely.point_on_surface(areas.response))
    moved = placed[placed["area"] != "R"]
    x, y, after = moved["x"].to_numpy(), moved["y"].to_numpy(), moved["after"].to_numpy(dtype=bool)
    free: Bools = np.ones(len(moved), dtype=bool)
    rising = []
    for hotspot, ground in _within_reach(areas.response, others, settings.reach_m):
        here = free & np.asarray(shapely.intersects_xy(ground, x, y), dtype=bool)
        free &= ~here
        change = _rise(after[here], trend, settings)
        if change:
            end = _lonlat(shapely.point_on_surface(shapely.difference(ground, areas.response)))
            rising.append(Arrow(start, end, change, hotspot))
    turn = np.arctan2(y - middle.y, x - middle.x) / (2 * np.pi) * _SECTORS
    sector = np.floor(turn + 0.5).astype(int) % _SECTORS
    for one in range(_SECTORS):
        here = free & (moved["area"] == "D").to_numpy() & (sector == one)
        change = _rise(after[here], trend, settings)
        if change:
            come = here & after
            end = _lonlat(shapely.Point(x[come].mean(), y[come].mean()))
            rising.append(Arrow(start, end, change, None))
    return tuple(sorted(rising, key=lambda arrow: (-arrow.change, arrow.end)))


def _within_reach(
    response: shapely.Geometry, others: gpd.GeoDataFrame | None, reach_m: float
) -> list[tuple[str, shapely.Geometry]]:
    """Other hotspots' catchments in metres that are near and not all inside the response area, by id."""
    if others is None or others.empty:
        return []
    grounds = zip(others["id"].astype(str), metric_shapes(others), strict=True)
    return sorted(
        (
            (one, ground)
            for one, ground in grounds
            if ground is not None
            and shapely.dwithin(response, ground, reach_m)
            and not shapely.covers(response, ground)
        ),
        key=lambda pair: pair[0],
    )


def _rise(after: Bools, trend: float, settings: DisplacementSettings) -> float:
    """Events beyond the expected, 0 where they are too few or chance may well give them."""
    come, total = int(after.sum()), len(after)
    change = come - (total - come) * trend
    by_chance = float(binom.sf(come - 1, total, trend / (1 + trend)))
    return change if change >= settings.least_rise and by_chance <= settings.rise_p else 0.0


def _lonlat(point: shapely.Point) -> Pair:
    moved = transform(point, METRIC, LONLAT)
    return float(moved.x), float(moved.y)
