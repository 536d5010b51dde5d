"""What is known of each inspection before it happens: the columns of the fitted risk model.

Everything is taken as of a day: history, nearby outcomes and signals come from earlier days only. Rates are
empirical Bayes with decay: residuals against the shrunken rate of the type, with a prior of so many
inspections. Who inspected is never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[np.intp]

#: Metres of a degree of latitude and, times the cosine of the latitude, of longitude.
_LAT_M, _LON_M = 110_574.0, 111_320.0
#: Columns of an inspections file that are not features.
KEYS = ("inspection_id", "date", "premises_id", "lat", "lon")
NEARBY_OUTCOMES = "nearby_outcomes"
_PLACES_AT_ONCE = 500
_EPOCH = pd.Timestamp("1970-01-01")


@dataclass(frozen=True)
class FeatureSettings:
    """Half-lives in days, reaches in metres, prior strengths in inspections; chosen over many windows, see
    the benchmarks' README. ``nearby``: use past outcomes of neighbours, which may stand for who inspects."""

    nearby: bool = False
    history_half_life: float = 720.0
    history_strength: float = 1.0
    type_strength: float = 20.0
    nearby_reach_m: float = 1500.0
    nearby_half_life: float = 45.0
    nearby_strength: float = 3.0
    signal_reach_m: float = 700.0
    signal_half_life: float = 60.0
    shortest_gap: float = 5.0


@dataclass(frozen=True)
class InspectionLog:
    """Inspections as arrays of n rows: ``day`` since 1970, codes of premises and type, ``xy`` (n, 2) metres on
    a local plane (NaN without a point), ``outcome`` 0/1, ``after`` (n, k) what else was found, ``known`` the
    features known beforehand."""

    day: Ints
    premises: Ints
    type: Ints
    xy: Floats
    outcome: Floats
    after: Floats
    after_names: tuple[str, ...]
    known: pd.DataFrame

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True)
class SignalLog:
    """Signals as arrays: ``day`` (m,) since 1970 and ``xy`` (m, 2) metres on the plane of the inspections."""

    day: Ints
    xy: Floats


def days_since_epoch(dates: pd.Series) -> Ints:
    """Whole days since 1970-01-01 of dates without gaps."""
    return np.asarray((pd.to_datetime(dates) - _EPOCH).dt.days, dtype=np.int64)


def local_xy(lon: npt.ArrayLike, lat: npt.ArrayLike, latitude: float) -> Floats:
    """(n, 2) metres on a plane true at ``latitude``: good for distances of a few kilometres, anywhere."""
    x = np.asarray(lon, float) * _LON_M * np.cos(np.radians(latitude))
    return np.column_stack([x, np.asarray(lat, float) * _LAT_M])


def middle_latitude(inspections: pd.DataFrame) -> float:
    """The latitude, to a degree, at which the local plane is true; 0 where no row has a point."""
    lat = inspections["lat"].to_numpy(dtype=float)
    return float(np.round(np.nanmedian(lat))) if np.isfinite(lat).any() else 0.0


def read_log(inspections: pd.DataFrame, outcome: str, after: Sequence[str], latitude: float) -> InspectionLog:
    """Arrays of a frame with ``inspection_id, date, premises_id, type, lat, lon``, ``outcome``, ``after``."""
    left_out = {*KEYS, outcome, *after}
    return InspectionLog(
        day=days_since_epoch(inspections["date"]),
        premises=pd.factorize(inspections["premises_id"])[0].astype(np.int64),
        type=pd.factorize(inspections["type"], use_na_sentinel=False)[0].astype(np.int64),
        xy=local_xy(inspections["lon"], inspections["lat"], latitude),
        outcome=inspections[outcome].to_numpy(dtype=float),
        after=inspections[list(after)].to_numpy(dtype=float).reshape(len(inspections), len(after)),
        after_names=tuple(after),
        known=inspections[[name for name in inspections.columns if name not in left_out]],
    )


def read_signals(signals: pd.DataFrame, latitude: float) -> SignalLog:
    """Arrays of a frame with ``date, lat, lon``; signals without a point are left out."""
    placed = signals.dropna(subset=["lat", "lon"])
    return SignalLog(days_since_epoch(placed["date"]), local_xy(placed["lon"], placed["lat"], latitude))


def features_at(
    log: InspectionLog, signals: SignalLog | None, rows: Rows, as_of: int, settings: FeatureSettings
) -> pd.DataFrame:
    """Features of ``rows`` with what was known before day ``as_of``, one column a feature.

    Columns: those of ``log.known``, ``history_*`` (shrunken residuals of the premises' own past),
    ``log_days_since`` (missing: never inspected), ``signals_nearby``, ``nearby_outcomes``.
    """
    past = np.flatnonzero(log.day < as_of)
    found = np.column_stack([log.outcome, _damped(log.after)])
    found -= _type_means(found, log.type, past, settings.type_strength)[log.type]
    columns = log.known.iloc[rows].reset_index(drop=True).copy()
    own = own_history(log, found, rows, as_of, settings)
    for k, name in enumerate(("outcome", *log.after_names)):
        columns[f"history_{name}"] = own[:, k]
    gap = days_since_last(log, rows, as_of)
    columns["log_days_since"] = np.log(np.maximum(gap, settings.shortest_gap))
    if signals is not None:
        columns["signals_nearby"] = _signals_nearby(log.xy[rows], signals, as_of, settings)
    if settings.nearby:
        columns[NEARBY_OUTCOMES] = _nearby_outcomes(log, found[:, 0], rows, as_of, settings)
    return columns


def own_history(log: InspectionLog, found: Floats, rows: Rows, as_of: int, settings: FeatureSettings) -> Floats:
    """(rows, k) decayed mean of ``found`` (n, k) over each premises' past, shrunk to 0 by the prior."""
    past = np.flatnonzero(log.day < as_of)
    weight = _fading(as_of - log.day[past], settings.history_half_life)
    size = int(log.premises.max(initial=0)) + 1
    seen = np.bincount(log.premises[past], weight, size)[log.premises[rows]]
    sums = [
        np.bincount(log.premises[past], weight * values[past], size)[log.premises[rows]] for values in found.T
    ]
    return np.column_stack(sums) / (seen + settings.history_strength)[:, None]


def days_since_last(log: InspectionLog, rows: Rows, as_of: int) -> Floats:
    """Days from each premises' last inspection before ``as_of``; NaN for never."""
    past = np.flatnonzero(log.day < as_of)
    last = np.full(int(log.premises.max(initial=0)) + 1, np.nan)
    np.fmax.at(last, log.premises[past], log.day[past].astype(float))
    return np.asarray(as_of - last[log.premises[rows]])


def _damped(values: Floats) -> Floats:
    """Counts with their long tail drawn in; a value not recorded counts as the column's nothing."""
    filled = np.nan_to_num(values)
    return np.asarray(np.sign(filled) * np.log1p(np.abs(filled)))


def _type_means(found: Floats, types: Ints, past: Rows, strength: float) -> Floats:
    """(types, k) means of the past by type, shrunk to the mean of all by ``strength`` inspections."""
    size = int(types.max(initial=0)) + 1
    overall = found[past].mean(axis=0) if len(past) else np.zeros(found.shape[1])
    seen = np.bincount(types[past], minlength=size)[:, None]
    sums = np.column_stack([np.bincount(types[past], values[past], size) for values in found.T])
    return np.asarray((sums + strength * overall) / (seen + strength))


def _fading(age_days: npt.NDArray[np.int64], half_life: float) -> Floats:
    return np.power(0.5, age_days / half_life)


def _signals_nearby(xy: Floats, signals: SignalLog, as_of: int, settings: FeatureSettings) -> Floats:
    recent = (signals.day < as_of) & (signals.day > as_of - 6 * settings.signal_half_life)
    weight = _fading(as_of - signals.day[recent], settings.signal_half_life)
    total = np.zeros(len(xy))
    for row, event, distance in _pairs(xy, signals.xy[recent], 3 * settings.signal_reach_m):
        near = np.exp(-((distance / settings.signal_reach_m) ** 2) / 2)
        total += np.bincount(row, near * weight[event], len(xy))
    return np.log1p(total)


def _nearby_outcomes(
    log: InspectionLog, residual: Floats, rows: Rows, as_of: int, settings: FeatureSettings
) -> Floats:
    """Mean residual of other premises' past inspections by an exponential kernel in space and time, shrunk
    to 0: dividing by the summed weights takes out how densely a place was inspected."""
    past = (log.day < as_of) & (log.day > as_of - 6 * settings.nearby_half_life)
    recent = np.flatnonzero(past & np.isfinite(log.xy).all(axis=1))
    weight = _fading(as_of - log.day[recent], settings.nearby_half_life)
    total, seen = np.zeros(len(rows)), np.zeros(len(rows))
    for row, event, distance in _pairs(log.xy[rows], log.xy[recent], 3 * settings.nearby_reach_m):
        near = np.exp(-distance / settings.nearby_reach_m) * weight[event]
        near[log.premises[rows[row]] == log.premises[recent[event]]] = 0.0
        total += np.bincount(row, near * residual[recent[event]], len(rows))
        seen += np.bincount(row, near, len(rows))
    return np.asarray(total / (seen + settings.nearby_strength))


def _pairs(xy: Floats, events: Floats, reach_m: float) -> Iterator[tuple[Rows, Rows, Floats]]:
    """Pairs of a place and an event within ``reach_m``, a bounded number of places at a time."""
    placed = np.flatnonzero(np.isfinite(xy).all(axis=1))
    if len(events) == 0:
        return
    tree = cKDTree(events)
    for start in range(0, len(placed), _PLACES_AT_ONCE):
        some = placed[start : start + _PLACES_AT_ONCE]
        found = cKDTree(xy[some]).sparse_distance_matrix(tree, reach_m, output_type="ndarray")
        yield some[found["i"]], found["j"], found["v"]
