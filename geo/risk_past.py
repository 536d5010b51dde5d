"""What was known on any past day, cut from the whole record: the frames that a score of that day is made of.

Dated rows need no cutting: the parts of the score look at dates themselves. What the record holds only as of
now is taken back here: status of premises, state of hotspots, wards of the time and their borders. Type, place
and name of a premises are those of now.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Self

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.borders import border_segments
from geo.crs import METRIC
from geo.risk import part_columns
from geo.risk_fit import Block, calendar_periods
from geo.risk_places import border_distance
from geo.risk_settings import RiskSettings
from geo.units import covering, valid_on
from geo.words import PremisesStatus, VisitKind, VisitOutcome

_EPOCH = pd.Timestamp("1970-01-01")
_PREMISES = ["id", "type", "address", "opened_on", "commitment_on"]
_LICENCE = ["premises_id", "kind", "issued_on", "term_until", "suspended_on", "withdrawn_on"]
_SIGNAL = ["id", "premises_id", "on_date", "state", "handled_on"]
_HOTSPOT = ["id", "name", "catchment_m", "found_on"]
_VISIT = ["id", "premises_id", "on_date", "outcome", "kind", "selection_probability"]
_FINDING = ["id", "inspection_id", "premises_id", "on_date", "serious", "deadline", "closed_on"]
_Ground = tuple[dict[str, Any], pd.Series]


@dataclass(frozen=True)
class RiskRecord:
    """All that scores are made of, of every time; made by ``risk_record``.

    ``status_changes``: ``premises_id, on_date, status``; ``units`` of all times; ``transitions`` of hotspots:
    ``hotspot_id, on_date, state``; ``renames`` of premises: ``premises_id, on_date``.
    """

    premises: gpd.GeoDataFrame
    status_changes: pd.DataFrame
    units: gpd.GeoDataFrame
    licences: pd.DataFrame
    inspections: pd.DataFrame
    findings: pd.DataFrame
    signals: gpd.GeoDataFrame
    hotspots: gpd.GeoDataFrame
    transitions: pd.DataFrame
    renames: pd.DataFrame
    _grounds: dict[frozenset[Any], _Ground] = field(default_factory=dict, compare=False, repr=False)

    def until(self, day: date) -> Self:
        """The same without what happened after ``day``: what a fit of that day is made and known by."""
        dated = ("status_changes", "inspections", "findings", "signals", "transitions", "renames")
        cut = {name: _until(getattr(self, name), day) for name in dated}
        cut["findings"] = _undone(cut["findings"], ["closed_on"], day)
        papers = _until(self.licences, day, "issued_on")
        cut["licences"] = _undone(papers, ["suspended_on", "withdrawn_on"], day)
        seen = self.hotspots["id"].isin(cut["transitions"]["hotspot_id"])
        cut["hotspots"] = self.hotspots[seen].reset_index(drop=True)
        return replace(self, **cut)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Planned and unannounced checks, a row a premises and day: ``premises_id, on_date, found``.

        Re-checks are left out: they are limited to earlier minutes and do not look for anything else.
        """
        visits = self.inspections
        counted = (visits["outcome"] == VisitOutcome.CHECKED) & (visits["kind"] != VisitKind.FOLLOW_UP)
        checked = visits[counted & visits["on_date"].notna() & visits["premises_id"].notna()]
        serious = self.findings.loc[self.findings["serious"].eq(True), "inspection_id"]
        found = checked.assign(found=checked["id"].isin(serious))
        days = found.groupby(["premises_id", "on_date"], sort=True)["found"].max()
        return pd.DataFrame(days.astype(bool).reset_index())

    def on(self, day: date) -> dict[str, Any]:
        """The frames of ``day`` as ``score_premises`` takes them, with the premises that did business then."""
        wards, distance = self._ground_on(day)
        register = self.premises.assign(**wards, **self._status_on(day))
        return {
            "premises": register[in_business(register, day)].reset_index(drop=True),
            "register": register,
            "renames": self.renames,
            "licences": self.licences,
            "inspections": self.inspections,
            "findings": self.findings,
            "signals": self.signals,
            "hotspots": self._hotspots_on(day),
            "border_distance_m": distance,
        }

    def _status_on(self, day: date) -> dict[str, Any]:
        status, since = self._status_line.on(day)
        return {"status": np.where(status == "", PremisesStatus.ACTIVE.value, status), "status_since": since}

    @cached_property
    def _status_line(self) -> _Timeline:
        return _timeline(self.premises["id"], self.status_changes, "premises_id", "status")

    @cached_property
    def _state_line(self) -> _Timeline:
        return _timeline(self.hotspots["id"], self.transitions, "hotspot_id", "state")

    def _hotspots_on(self, day: date) -> gpd.GeoDataFrame:
        state, since = self._state_line.on(day)
        known = self.hotspots.assign(state=state, state_since=since)
        return known[state != ""].reset_index(drop=True)

    def _ground_on(self, day: date) -> _Ground:
        """Ward of each premises and metres to the nearest border; looked up once for each set of units."""
        units = valid_on(self.units, day)
        key = frozenset(units["id"])
        if key not in self._grounds:
            ward = covering(self.premises, units)
            names = units.set_index("id")["name"].reindex(ward).to_numpy()
            wards = {"ward_id": ward.to_numpy(), "ward_name": names}
            self._grounds[key] = wards, border_distance(self.premises, border_segments(units))
        return self._grounds[key]


def risk_record(
    *,
    premises: gpd.GeoDataFrame,
    status_changes: pd.DataFrame,
    units: gpd.GeoDataFrame,
    licences: pd.DataFrame,
    inspections: pd.DataFrame,
    findings: pd.DataFrame,
    signals: gpd.GeoDataFrame,
    hotspots: gpd.GeoDataFrame,
    transitions: pd.DataFrame,
    renames: pd.DataFrame | None = None,
) -> RiskRecord:
    """A record from the frames of the layers, with the columns that scores read; they are not changed."""
    return RiskRecord(
        premises=_placed(premises, _PREMISES),
        status_changes=pd.DataFrame(status_changes[["premises_id", "on_date", "status"]]),
        units=units,
        licences=licences[_LICENCE],
        inspections=pd.DataFrame(inspections).reindex(columns=_VISIT).drop_duplicates("id"),
        findings=pd.DataFrame(findings).reindex(columns=_FINDING).drop_duplicates("id"),
        signals=_placed(signals, _SIGNAL),
        hotspots=_placed(hotspots, _HOTSPOT),
        transitions=pd.DataFrame(transitions[["hotspot_id", "on_date", "state"]]),
        renames=pd.DataFrame({"premises_id": [], "on_date": []}) if renames is None else renames,
    )


def in_business(register: pd.DataFrame, day: date) -> pd.Series:
    """Which premises of the register, with their status of ``day``, do business then: (n,) bool."""
    opened = ~(pd.to_datetime(register["opened_on"]) > pd.Timestamp(day))
    return (register["status"] == PremisesStatus.ACTIVE) & opened


def _placed(frame: gpd.GeoDataFrame, columns: list[str]) -> gpd.GeoDataFrame:
    """Some columns, in metres once and for all."""
    return gpd.GeoDataFrame(frame[columns], geometry=frame.geometry, crs=frame.crs).to_crs(METRIC)


def read_blocks(record: RiskRecord, as_of: date, settings: RiskSettings, months: int) -> list[Block]:
    """The checks in calendar periods of ``months`` that ended by ``as_of``, oldest first.

    The first ``warm_up_months`` of the record are left out: there is little to know before them. Long records
    begin where ``most_inspections`` are reached.
    """
    checks = record.checks
    if checks.empty:
        return []
    begin = checks["on_date"].min() + pd.DateOffset(months=settings.fit.warm_up_months)
    blocks: list[Block] = []
    taken = 0
    for first, last in reversed(calendar_periods(begin.date(), as_of, months)):
        if taken >= settings.fit.most_inspections:
            break
        blocks.append(read_block(record, first, last, settings))
        taken += len(blocks[-1].outcome)
    return blocks[::-1]


def read_block(record: RiskRecord, first: date, last: date, settings: RiskSettings) -> Block:
    """The checks from ``first`` to ``last``, each with the parts known on the day before ``first``."""
    known_on = first - timedelta(days=1)
    frames = record.on(known_on)
    columns = part_columns(**frames, as_of=known_on, settings=settings)
    parts = {column.name: column for column in columns}
    day = record.checks["on_date"]
    inside = record.checks[(day >= pd.Timestamp(first)) & (day <= pd.Timestamp(last))]
    row = pd.Index(frames["premises"]["id"]).get_indexer(inside["premises_id"])
    checks, row = inside[row >= 0], row[row >= 0]
    never = parts["never_inspected"].value[row] > 0
    return Block(
        first=first,
        last=last,
        names=tuple(parts),
        log_odds=np.column_stack([column.log_odds for column in columns])[row],
        outcome=checks["found"].to_numpy(dtype=float),
        day=np.asarray((checks["on_date"] - _EPOCH).dt.days, dtype=np.int64),
        since_days=np.where(never, np.nan, parts["since_inspection"].value[row]),
        left_out=len(inside) - len(checks),
    )


def _until(events: Any, day: date, column: str = "on_date") -> Any:
    # An empty date is no date after ``day``; the parts of the score judge it themselves.
    return events[~(pd.to_datetime(events[column]) > pd.Timestamp(day))].reset_index(drop=True)


def _undone(rows: Any, columns: list[str], day: date) -> Any:
    """The rows as on ``day``: what was only done later is not done."""
    dates = {column: pd.to_datetime(rows[column]) for column in columns}
    return rows.assign(**{column: when.where(when <= pd.Timestamp(day)) for column, when in dates.items()})


@dataclass(frozen=True)
class _Timeline:
    """Changes of ``size`` things in the order of time: which thing, when, to what."""

    size: int
    row: npt.NDArray[np.intp]
    day: npt.NDArray[np.datetime64]
    word: npt.NDArray[np.object_]

    def on(self, day: date) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.datetime64]]:
        """The word of each thing on ``day`` and since when; "" and NaT before its first change."""
        done = int(np.searchsorted(self.day, np.datetime64(day, "D"), side="right"))
        last = np.full(self.size, -1)
        last[self.row[:done]] = np.arange(done)
        known = last >= 0
        word, since = np.full(self.size, "", dtype=object), np.full(self.size, np.datetime64("NaT", "s"))
        word[known], since[known] = self.word[last[known]], self.day[last[known]]
        return word, since


def _timeline(ids: pd.Series, changes: pd.DataFrame, key: str, word: str) -> _Timeline:
    row = pd.Index(ids).get_indexer(changes[key])
    day = pd.to_datetime(changes["on_date"]).to_numpy().astype("datetime64[D]")
    known = np.flatnonzero((row >= 0) & ~np.isnat(day))
    order = known[np.argsort(day[known], kind="stable")]
    return _Timeline(len(ids), row[order], day[order], changes[word].to_numpy(dtype=object)[order])
