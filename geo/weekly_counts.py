"""What happened in each hotspot's catchment week by week: the weighted counts that the detector judges.

A week is seven days; the last one ends on the day of the count, so that no week is half full. Counted are
signals by their state and rating, signs that patrols saw, prostitution-related violations, and licences issued
at the address of a withdrawn one; what the rules weigh (``geo.detection_rules``) weighs the same here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.detection_licences import one_address
from geo.detection_rules import DetectionSettings
from geo.hotspots import QUIET_STATES
from geo.shapes import metric_shapes, pairs_within
from geo.words import FindingKind, PatrolResult, SignalSource, SignalState

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: The detector's baseline with its guard and windows, and a little more to be drawn.
WEEKS = 208
#: How much a signal that nobody has verified yet counts, by the source's and the content's rating. F and 6
#: mean "cannot be judged", which is no bad mark.
RELIABILITY = {"A": 1.0, "B": 0.9, "C": 0.8, "D": 0.6, "E": 0.4, "F": 0.7}
CREDIBILITY = {1: 1.0, 2: 0.9, 3: 0.8, 4: 0.6, 5: 0.3, 6: 0.7}
#: The intensity of looking is that of the last so many weeks together: single weeks are too uneven.
_STEADY_WEEKS = 4


@dataclass(frozen=True)
class WeeklyCounts:
    """Arrays (hotspots, weeks); ``last_days`` (weeks,) is the last day of each week.

    ``counts``: weighted events inside the catchment, NaN in a week in which nobody recorded anything in the
    whole district. ``exposure``: how intensively was looked and reported: patrols and tips of the district
    outside this catchment. ``quiet``: the hotspot was eliminated or cleared at the end of the week.
    """

    hotspot_ids: tuple[str, ...]
    last_days: pd.DatetimeIndex
    counts: Floats
    exposure: Floats
    quiet: Bools

    @property
    def judged(self) -> Floats:
        """The counts of quiet weeks alone: what a place was like while active is no past to compare with."""
        return np.where(self.quiet, self.counts, np.nan)


def weekly_counts(
    hotspots: gpd.GeoDataFrame,
    *,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    findings: gpd.GeoDataFrame,
    inspections: pd.DataFrame,
    licences: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    transitions: pd.DataFrame,
    as_of: date,
    weeks: int = WEEKS,
    settings: DetectionSettings | None = None,
) -> WeeklyCounts:
    """Count the ``weeks`` weeks up to and including ``as_of``; later events are left out.

    ``signals``: every event once (without duplicates of another). An event inside overlapping catchments counts
    once for each of them. ``transitions``: hotspot_id, state, on_date.
    """
    settings = settings or DetectionSettings()
    last_days = pd.date_range(end=pd.Timestamp(as_of), periods=weeks, freq="7D")
    calendar = _Calendar(pd.Timestamp(as_of), weeks)
    grounds = metric_shapes(hotspots)
    reach = np.nan_to_num(hotspots["catchment_m"].to_numpy(dtype=float))
    inside = set(pairs_within(grounds, metric_shapes(premises), reach)[1].tolist())
    placed = pd.concat(
        [
            _heard(signals, premises),
            _violations(findings, premises, settings),
            _reissued(licences, premises, inside, settings),
        ],
        ignore_index=True,
    )
    places = gpd.GeoDataFrame(placed, geometry="geometry", crs=premises.crs)
    spot, row = pairs_within(grounds, metric_shapes(places), reach)
    shape = (len(hotspots), weeks)
    counts, own_tips = np.zeros(shape), np.zeros(shape)
    week = calendar.week(places["on_date"])[row]
    counted = week >= 0
    weight = places["weight"].to_numpy(dtype=float)[row]
    np.add.at(counts, (spot[counted], week[counted]), weight[counted])
    tips = counted & places["tip"].to_numpy(dtype=bool)[row]
    np.add.at(own_tips, (spot[tips], week[tips]), 1.0)
    _add_signs(counts, hotspots, patrols, calendar, settings)
    seen = calendar.totals(patrols.drop_duplicates("id")) + calendar.totals(_tips(signals))
    recorded = seen + calendar.totals(inspections.drop_duplicates("id"))
    counts[(counts == 0) & (recorded == 0)] = np.nan
    exposure = 1.0 + _steady(np.maximum(seen - own_tips, 0.0))
    quiet = _quiet(hotspots, transitions, last_days)
    return WeeklyCounts(tuple(hotspots["id"].astype(str)), last_days, counts, exposure, quiet)


@dataclass(frozen=True)
class _Calendar:
    """Numbers the weeks from 0; the last one ends with ``end``."""

    end: pd.Timestamp
    weeks: int

    def week(self, days: pd.Series) -> npt.NDArray[np.int64]:
        """The week of each day, -1 outside."""
        back = (self.end - pd.to_datetime(days)).dt.days.to_numpy(dtype=float, na_value=np.nan)
        known = np.isfinite(back) & (back >= 0) & (back < 7 * self.weeks)
        week = self.weeks - 1 - np.floor_divide(np.where(known, back, 0), 7)
        return np.where(known, week, -1).astype(np.int64)

    def totals(self, events: pd.DataFrame) -> Floats:
        """(weeks,) how many events each week had."""
        if len(events) == 0:
            return np.zeros(self.weeks)
        week = self.week(events["on_date"])
        return np.bincount(week[week >= 0], minlength=self.weeks).astype(float)


def _event(frame: gpd.GeoDataFrame, weight: Floats, *, tip: Bools | bool = False) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "on_date": pd.to_datetime(frame["on_date"]).to_numpy(),
            "geometry": np.asarray(frame.geometry.to_numpy(), dtype=object),
            "weight": weight,
            "tip": np.broadcast_to(np.asarray(tip, dtype=bool), len(frame)),
        }
    )


def _at_premises(events: gpd.GeoDataFrame, premises: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The events, those without a point at their premises."""
    if events.empty or "premises_id" not in events:
        return events
    points = premises.drop_duplicates("id").set_index("id").geometry.reindex(events["premises_id"])
    there = gpd.GeoSeries(points.to_numpy(), index=events.index, crs=events.crs)
    return events.set_geometry(events.geometry.where(events.geometry.notna(), there))


def _heard(signals: gpd.GeoDataFrame, premises: gpd.GeoDataFrame) -> pd.DataFrame:
    heard = _at_premises(signals, premises)
    return _event(heard, signal_weights(heard), tip=_is_tip(heard))


def signal_weights(signals: pd.DataFrame) -> Floats:
    """(n,) how much each signal counts: a verified one 1, an open one by state and rating; one that was refuted
    or handed over to the police nothing."""
    settings = DetectionSettings()
    by_state = {
        SignalState.VERIFIED.value: settings.weight_verified,
        SignalState.VERIFYING.value: settings.weight_verifying,
        SignalState.RECEIVED.value: settings.weight_received,
    }
    state = np.array([by_state.get(str(one), 0.0) for one in signals["state"]], dtype=float)
    rating = np.array(
        [
            RELIABILITY.get(str(letter), RELIABILITY["F"]) * CREDIBILITY.get(int(figure), CREDIBILITY[6])
            for letter, figure in zip(signals["reliability"], signals["credibility"], strict=True)
        ],
        dtype=float,
    )
    return np.where(signals["state"].eq(SignalState.VERIFIED).to_numpy(), state, state * rating)


def _is_tip(signals: pd.DataFrame) -> Bools:
    """What people reported, not what the office's own papers say."""
    return np.asarray(~signals["source"].isin([SignalSource.LICENCE, SignalSource.INSPECTION]), dtype=bool)


def _tips(signals: pd.DataFrame) -> pd.DataFrame:
    return signals[_is_tip(signals)]


def _violations(
    findings: gpd.GeoDataFrame, premises: gpd.GeoDataFrame, settings: DetectionSettings
) -> pd.DataFrame:
    kept = findings[findings["kind"].eq(FindingKind.PROSTITUTION)].drop_duplicates("id")
    kept = _at_premises(kept, premises)
    serious = kept["serious"].eq(True).to_numpy()
    return _event(kept, np.where(serious, settings.weight_serious, settings.weight_not_serious))


def _reissued(
    licences: pd.DataFrame, premises: gpd.GeoDataFrame, inside: set[int], settings: DetectionSettings
) -> pd.DataFrame:
    """Licences issued where one was withdrawn at most ``licence_months`` before, at their premises; of the
    premises whose rows are ``inside`` a catchment."""
    row = pd.Index(premises["id"]).get_indexer(licences["premises_id"])
    papers = licences.assign(row=row)[["id", "premises_id", "row", "issued_on", "withdrawn_on"]][row >= 0]
    withdrawn = papers[papers["withdrawn_on"].notna()]
    issued = papers[papers["issued_on"].notna() & papers["withdrawn_on"].isna() & papers["row"].isin(inside)]
    withdrawn = withdrawn.sort_values("withdrawn_on")
    ended, rows, owners = (withdrawn[name].to_numpy() for name in ("withdrawn_on", "row", "premises_id"))
    days = issued["issued_on"]
    first = np.searchsorted(ended, (days - pd.DateOffset(months=settings.licence_months)).to_numpy(), "left")
    last = np.searchsorted(ended, days.to_numpy(), "right")
    same = one_address(premises["address"].to_list(), metric_shapes(premises), settings)
    # A premises' own paper withdrawn and issued on one day was merely exchanged.
    found = [
        (new.row, new.issued_on)
        for new, begin, end in zip(issued.itertuples(), first.tolist(), last.tolist(), strict=True)
        if any(
            ended[old] < np.datetime64(new.issued_on)
            if owners[old] == new.premises_id
            else same(new.row, int(rows[old]))
            for old in range(begin, end)
        )
    ]
    at = premises.iloc[[place for place, _day in found]][["geometry"]]
    at = at.assign(on_date=pd.to_datetime(pd.Series([day for _place, day in found], dtype=object)).to_numpy())
    return _event(at, np.full(len(at), settings.weight_licence))


def _add_signs(
    counts: Floats,
    hotspots: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    calendar: _Calendar,
    settings: DetectionSettings,
) -> None:
    signs = patrols[patrols["result"].eq(PatrolResult.SIGN)]
    if signs.empty:
        return
    spot = pd.Index(hotspots["id"]).get_indexer(signs["hotspot_id"])
    week = calendar.week(signs["on_date"])
    known = (spot >= 0) & (week >= 0)
    np.add.at(counts, (spot[known], week[known]), settings.weight_patrol_sign)


def _steady(looked: Floats) -> Floats:
    """(hotspots, weeks) mean of each week and those just before it."""
    sums = np.cumsum(np.pad(looked, ((0, 0), (1, 0))), axis=1)
    end = np.arange(1, looked.shape[1] + 1)
    start = np.maximum(end - _STEADY_WEEKS, 0)
    return np.asarray((sums[:, end] - sums[:, start]) / (end - start))


def _quiet(hotspots: pd.DataFrame, transitions: pd.DataFrame, last_days: pd.DatetimeIndex) -> Bools:
    quiet = np.zeros((len(hotspots), len(last_days)), dtype=bool)
    ordered = transitions.sort_values("on_date", kind="stable")
    own = {str(key): rows for key, rows in ordered.groupby("hotspot_id")}
    for number, hotspot_id in enumerate(hotspots["id"].astype(str)):
        if (changes := own.get(hotspot_id)) is not None:
            state = np.searchsorted(
                pd.to_datetime(changes["on_date"]).to_numpy(), last_days.to_numpy(), "right"
            )
            was = changes["state"].isin(QUIET_STATES).to_numpy()
            quiet[number] = (state > 0) & was[np.maximum(state - 1, 0)]
    return quiet
