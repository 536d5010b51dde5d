"""Risk of border segments in points that can be read aloud and add up.

Each part measures one thing along the segment, grows evenly with it and stops at its cap: points = cap x
min(1, amount / full). The parts are rounded to a tenth and summed; where the sum leaves 0-100 a part ``limit``
brings it back. So equal facts give equal points wherever they lie, and no part can hide another.

Unfounded signals and those handed over to the police never count, in no part. A risk ranks segments for a
person to look at; it is no ground for a visit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.errors import InputError
from geo.messages import Message, msg
from geo.risk_parts import Floats, Part, days_before
from geo.shapes import Indices, Shapes, metric_shapes, pairs_within
from geo.words import HotspotState, PremisesStatus, SignalState

_FULL = 1000
_TROUBLED = frozenset({HotspotState.ACTIVE, HotspotState.REACTIVATED})


@dataclass(frozen=True)
class BorderWeights:
    """Caps in points and what fills them. Set by judgement, to be reviewed with the teams' own records.

    ``premises``: scores of the active premises within the width, as shares of 100, each fading evenly from the
    line to the edge of the strip; ``premises_full`` of them (two premises of score 100 on the line) fill it.

    ``signals``: signals of the last ``signal_days`` within ``signal_reach_m``, fading evenly with distance and
    halved every ``signal_half_days``; a verified one is worth 1, one not yet verified ``signal_open``.

    ``hotspots``: hotspots whose catchment touches the strip, by state; one active hotspot fills it.

    ``findings``: violations found within the width in the last ``finding_days``, fading evenly with age; a
    serious one is worth 1, another ``finding_other``.

    ``neglect``: nobody's ground. Share of the signals nearby whose deadline has passed that nobody has handled.

    ``sweep``: taken off after a joint sweep of at least half of the segment, fading evenly to nothing at
    ``sweep_days``.
    """

    premises: float = 30.0
    premises_full: float = 2.0
    signals: float = 25.0
    signals_full: float = 3.0
    signal_reach_m: float = 300.0
    signal_days: int = 365
    signal_half_days: float = 120.0
    signal_open: float = 0.5
    hotspots: float = 25.0
    hotspots_full: float = 1.0
    active: float = 1.0
    reactivated: float = 1.0
    suspected: float = 0.5
    eliminated: float = 0.4
    cleared: float = 0.1
    findings: float = 15.0
    findings_full: float = 3.0
    finding_days: int = 365
    finding_other: float = 0.3
    neglect: float = 15.0
    sweep: float = 15.0
    sweep_days: int = 180

    def of_state(self, state: HotspotState) -> float:
        """Worth of a hotspot in ``state``; a dismissed one is none."""
        return 0.0 if state is HotspotState.DISMISSED else float(getattr(self, state.value))


def border_risk(
    segments: gpd.GeoDataFrame,
    *,
    premises: gpd.GeoDataFrame,
    scores: pd.Series,
    hotspots: gpd.GeoDataFrame,
    signals: gpd.GeoDataFrame,
    findings: gpd.GeoDataFrame,
    sweeps: gpd.GeoDataFrame,
    as_of: date,
    width_m: float = 150.0,
    weights: BorderWeights | None = None,
) -> gpd.GeoDataFrame:
    """Rank border segments with what was known on ``as_of``; frames as the layers pass them, each may be empty.

    ``scores``: 0-100 by premises id, missing ones 0. A signal or finding without a point lies at its premises;
    one without either, and whatever is dated after ``as_of``, changes nothing.

    Returns ``segments`` in their order with ``risk`` (0-100, one decimal), ``rank`` (1 is the riskiest; ties
    by the unrounded sum, then by id), ``parts`` (list of ``Part``; parts of 0 points left out), ``premises``
    (active ones within ``width_m``), ``hotspots`` (those not dismissed whose catchment touches the strip) and
    ``last_joint_inspection`` (day of the latest sweep of at least half of the segment, or NaT).

    Raises ``InputError`` if ``width_m`` is not above 0.
    """
    if not width_m > 0:
        raise InputError("strip_width", msg("Bề rộng dải giáp ranh phải lớn hơn 0 m."))
    known = _Known(metric_shapes(segments), premises, as_of, width_m, weights or BorderWeights())
    heard = _signals_nearby(known, signals)
    swept = _last_sweeps(known, sweeps)
    columns = [
        _premises(known, scores),
        _signals(known, heard),
        _hotspots(known, hotspots),
        _findings(known, findings),
        _neglect(known, heard),
        _sweep(known, swept),
    ]
    count = {column.name: column.count for column in columns}
    risk, rank, parts = _summed(columns, segments["id"].astype(str).to_numpy(dtype=object))
    return segments.assign(
        risk=risk,
        rank=rank,
        parts=pd.Series(parts, index=segments.index, dtype=object),
        premises=count["premises"],
        hotspots=count["hotspots"],
        last_joint_inspection=pd.Timestamp(as_of) - pd.to_timedelta(swept, unit="D"),
    )


@dataclass(frozen=True)
class _Known:
    """What every part needs: the segments in metres, the register and the day."""

    lines: Shapes
    premises: gpd.GeoDataFrame
    as_of: date
    width_m: float
    weights: BorderWeights

    def near(self, places: Shapes, reach_m: float | Floats) -> tuple[Indices, Indices, Floats]:
        """Pairs of segment and place at most ``reach_m`` apart, and their distance."""
        place, segment = pairs_within(places, self.lines, np.broadcast_to(reach_m, places.shape))
        return segment, place, np.asarray(shapely.distance(self.lines[segment], places[place]))

    def total(self, segment: Indices, worth: Floats | None = None) -> Floats:
        """Number, or sum of the worth, of what lies at each segment."""
        return np.bincount(segment, weights=worth, minlength=len(self.lines)).astype(float)

    def placed(self, events: pd.DataFrame) -> Shapes:
        """Where events lie: their own point, else that of the premises they name."""
        has_places = isinstance(events, gpd.GeoDataFrame)
        shapes = metric_shapes(events) if has_places else np.full(len(events), None, dtype=object)
        if len(events) and len(self.premises) and "premises_id" in events:
            first = self.premises[~self.premises["id"].duplicated()]
            at = pd.Index(first["id"]).get_indexer(events["premises_id"])
            lost = shapely.is_missing(shapes) & (at >= 0)
            shapes[lost] = metric_shapes(first)[at[lost]]
        return shapes


@dataclass(frozen=True)
class _Column:
    """One part for all segments: (n,) counts, measured values and points, and the reason of row i."""

    name: str
    count: npt.NDArray[np.int64]
    value: Floats
    points: Floats
    reason: Callable[[int], Message]


def _filled(cap: float, amount: Floats, full: float) -> Floats:
    return cap * np.minimum(amount / full, 1.0)


def _premises(known: _Known, scores: pd.Series) -> _Column:
    segment = np.empty(0, dtype=np.intp)
    score = distance = np.empty(0)
    if len(known.premises):
        active = known.premises[known.premises["status"] == PremisesStatus.ACTIVE]
        segment, place, distance = known.near(metric_shapes(active), known.width_m)
        by_id = scores[~scores.index.duplicated()].reindex(active["id"])
        score = np.clip(np.nan_to_num(by_id.to_numpy(dtype=float)), 0.0, 100.0)[place]
    amount = known.total(segment, score / 100 * (1 - distance / known.width_m))
    count = known.total(segment).astype(int)
    highest = np.zeros(len(known.lines))
    np.maximum.at(highest, segment, score)

    def reason(at: int) -> Message:
        return msg(
            "{n} cơ sở trong {width} m hai bên ranh giới, điểm nguy cơ cao nhất {highest}",
            n=int(count[at]),
            width=f"{known.width_m:g}",
            highest=round(float(highest[at]), 1),
        )

    weights = known.weights
    return _Column("premises", count, amount, _filled(weights.premises, amount, weights.premises_full), reason)


@dataclass(frozen=True)
class _Heard:
    """Signals near segments, one entry a pair. Days count back from the day of the ranking."""

    segment: Indices
    nearness: Floats
    age: Floats
    verified: npt.NDArray[np.bool_]
    overdue: npt.NDArray[np.bool_]
    handled: npt.NDArray[np.bool_]


def _signals_nearby(known: _Known, signals: gpd.GeoDataFrame) -> _Heard:
    flags = np.empty(0, dtype=bool)
    if len(signals) == 0:
        return _Heard(np.empty(0, dtype=np.intp), np.empty(0), np.empty(0), flags, flags, flags)
    weights = known.weights
    age = days_before(signals, "on_date", known.as_of)
    never = signals["state"].isin([SignalState.UNFOUNDED, SignalState.HANDED_OVER]).to_numpy(dtype=bool)
    shapes = known.placed(signals)
    shapes[never | ~((age >= 0) & (age < weights.signal_days))] = None
    segment, signal, distance = known.near(shapes, weights.signal_reach_m)
    # Handled or verified on a later day: on the day of the ranking nobody had done it.
    since_handled = days_before(signals, "handled_on", known.as_of)
    verified = (signals["state"] == SignalState.VERIFIED).to_numpy(dtype=bool) & ~(since_handled < 0)
    return _Heard(
        segment=segment,
        nearness=1 - distance / weights.signal_reach_m,
        age=age[signal],
        verified=verified[signal],
        overdue=(days_before(signals, "due_on", known.as_of) > 0)[signal],
        handled=(since_handled >= 0)[signal],
    )


def _signals(known: _Known, heard: _Heard) -> _Column:
    weights = known.weights
    faded = heard.nearness * np.power(0.5, heard.age / weights.signal_half_days)
    amount = known.total(heard.segment, faded * np.where(heard.verified, 1.0, weights.signal_open))
    count = known.total(heard.segment).astype(int)
    verified = known.total(heard.segment[heard.verified]).astype(int)

    def reason(at: int) -> Message:
        return msg(
            "{n} nguồn tin trong {reach} m, {days} ngày qua, {verified} đã xác minh",
            n=int(count[at]),
            reach=f"{weights.signal_reach_m:g}",
            days=weights.signal_days,
            verified=int(verified[at]),
        )

    return _Column("signals", count, amount, _filled(weights.signals, amount, weights.signals_full), reason)


def _hotspots(known: _Known, hotspots: gpd.GeoDataFrame) -> _Column:
    weights = known.weights
    segment, worth, troubled = np.empty(0, dtype=np.intp), np.empty(0), np.empty(0, dtype=bool)
    if len(hotspots):
        states = [HotspotState(state) for state in hotspots["state"]]
        # One whose present state began later: what it was on the day is not in the frame.
        unknown = days_before(hotspots, "state_since", known.as_of) < 0
        unknown |= days_before(hotspots, "found_on", known.as_of) < 0
        unknown |= np.array([state is HotspotState.DISMISSED for state in states])
        shapes = metric_shapes(hotspots)
        shapes[unknown] = None
        catchment = np.maximum(np.nan_to_num(hotspots["catchment_m"].to_numpy(dtype=float)), 0.0)
        segment, spot, _ = known.near(shapes, catchment + known.width_m)
        worth = np.array([weights.of_state(state) for state in states])[spot]
        troubled = np.array([state in _TROUBLED for state in states])[spot]
    amount = known.total(segment, worth)
    count = known.total(segment).astype(int)
    active = known.total(segment[troubled]).astype(int)

    def reason(at: int) -> Message:
        return msg(
            "{n} điểm có vùng theo dõi chạm dải giáp ranh, {active} đang phức tạp hoặc tái hoạt động",
            n=int(count[at]),
            active=int(active[at]),
        )

    return _Column("hotspots", count, amount, _filled(weights.hotspots, amount, weights.hotspots_full), reason)


def _findings(known: _Known, findings: gpd.GeoDataFrame) -> _Column:
    weights = known.weights
    segment, worth = np.empty(0, dtype=np.intp), np.empty(0)
    serious = np.empty(0, dtype=bool)
    if len(findings):
        age = days_before(findings, "on_date", known.as_of)
        shapes = known.placed(findings)
        shapes[~((age >= 0) & (age < weights.finding_days))] = None
        segment, finding, _ = known.near(shapes, known.width_m)
        serious = findings["serious"].eq(True).to_numpy(dtype=bool)[finding]
        worth = np.where(serious, 1.0, weights.finding_other) * (1 - age[finding] / weights.finding_days)
    amount = known.total(segment, worth)
    count = known.total(segment).astype(int)
    grave = known.total(segment[serious]).astype(int)

    def reason(at: int) -> Message:
        return msg(
            "{n} vi phạm phát hiện trong {width} m, {days} ngày qua, {serious} nghiêm trọng",
            n=int(count[at]),
            width=f"{known.width_m:g}",
            days=weights.finding_days,
            serious=int(grave[at]),
        )

    return _Column("findings", count, amount, _filled(weights.findings, amount, weights.findings_full), reason)


def _neglect(known: _Known, heard: _Heard) -> _Column:
    due = known.total(heard.segment[heard.overdue]).astype(int)
    left = known.total(heard.segment[heard.overdue & ~heard.handled]).astype(int)
    share = left / np.maximum(due, 1)

    def reason(at: int) -> Message:
        return msg(
            "{left} trong {due} nguồn tin gần đó đã quá hạn mà chưa được xử lý",
            left=int(left[at]),
            due=int(due[at]),
        )

    return _Column("neglect", left, share, known.weights.neglect * share, reason)


def _last_sweeps(known: _Known, sweeps: gpd.GeoDataFrame) -> Floats:
    """Days since the latest joint sweep of at least half of each segment; NaN without one."""
    since = np.full(len(known.lines), np.inf)
    if len(sweeps):
        age = days_before(sweeps, "on_date", known.as_of)
        shapes = metric_shapes(sweeps)
        shapes[~(age >= 0)] = None
        segment, swept, _ = known.near(shapes, known.width_m)
        along = shapely.intersection(known.lines[segment], shapely.buffer(shapes, known.width_m)[swept])
        half = shapely.length(along) >= shapely.length(known.lines)[segment] / 2
        np.minimum.at(since, segment[half], age[swept[half]])
    return np.where(np.isfinite(since), since, np.nan)


def _sweep(known: _Known, since: Floats) -> _Column:
    weights = known.weights
    fresh = np.clip(1 - np.nan_to_num(since, nan=np.inf) / weights.sweep_days, 0.0, 1.0)
    days = np.nan_to_num(since)

    def reason(at: int) -> Message:
        return msg("Hai bên đã phối hợp kiểm tra cách đây {days} ngày", days=int(days[at]))

    return _Column("sweep", np.isfinite(since).astype(int), days, -weights.sweep * fresh, reason)


def _summed(
    columns: list[_Column], ids: npt.NDArray[np.object_]
) -> tuple[Floats, npt.NDArray[np.int64], list[list[Part]]]:
    """Risk, rank and parts of each segment. Tenths are whole numbers, so that sums are exact."""
    tenths = np.array([np.rint(column.points * 10) for column in columns], dtype=np.int64)
    total = tenths.sum(axis=0)
    risk = np.clip(total, 0, _FULL)
    exact = np.round(np.sum([column.points for column in columns], axis=0), 9)
    rank = np.empty(len(ids), dtype=np.int64)
    rank[np.lexsort((ids, -exact, -risk))] = np.arange(1, len(ids) + 1)
    parts: list[list[Part]] = [[] for _ in ids]
    for column, points in zip(columns, tenths, strict=True):
        for row in np.flatnonzero(points).tolist():
            text = _sentence(column.reason(row), int(points[row]))
            parts[row].append(Part(column.name, round(float(column.value[row]), 3), points[row] / 10, text))
    for row in np.flatnonzero(risk - total).tolist():
        worth = int(risk[row] - total[row])
        text = _sentence(msg("Giới hạn của thang điểm 0-100"), worth)
        parts[row].append(Part("limit", 0.0, worth / 10, text))
    return risk / 10, rank, parts


def _sentence(reason: Message, tenths: int) -> Message:
    points = f"{abs(tenths) / 10:g}"
    if tenths < 0:
        return msg("{reason}: -{points}", reason=reason, points=points)
    return msg("{reason}: +{points}", reason=reason, points=points)
