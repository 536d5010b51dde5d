"""What the targets are counted from: places and events, each with the ward that it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from geo.signal_rules import timeliness
from geo.target_entries import Entries
from geo.units import covering
from geo.words import PremisesStatus

#: Columns that counting asks for; long texts would be copied with every choice of rows.
_COUNTED_BY = frozenset(
    {
        "id", "on_date", "ward", "kind", "state", "outcome", "body", "result", "serious", "amount_vnd", "type",
        "opened_on", "commitment_on", "complex_grounds", "premises_id", "inspection_id", "hotspot_id", "due_on",
        "handled_on", "same_as",
    }
)  # fmt: skip
#: For the whole (None) and for each ward the ids of what was counted there.
Counts = dict[str | None, tuple[str, ...]]


@dataclass(frozen=True)
class TargetFacts:
    """Everything known on ``as_of``; ``ward`` of a row is the id of one of ``wards``, None outside of all.

    ``wards``: ``id, code, name``, by name. ``signals``: without duplicates, with ``open, late, in_time``.
    ``transitions`` of hotspots: without those a part inherited. ``patrols``: each once. ``police``: handings
    over by rule 7, ``id, on_date``: they have no place. ``papers``: those that followed a check.
    """

    as_of: date
    wards: pd.DataFrame
    premises: pd.DataFrame
    status_changes: pd.DataFrame
    licences: pd.DataFrame
    inspections: pd.DataFrame
    findings: pd.DataFrame
    papers: pd.DataFrame
    signals: pd.DataFrame
    police: pd.DataFrame
    transitions: pd.DataFrame
    patrols: pd.DataFrame
    entries: Entries

    @property
    def unit_ids(self) -> list[str]:
        """Ids of the wards."""
        return list(self.wards["id"])

    @property
    def keys(self) -> list[str | None]:
        """The whole, then the wards."""
        return [None, *self.unit_ids]


def target_facts(
    *,
    as_of: date,
    wards: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    premises: gpd.GeoDataFrame,
    status_changes: pd.DataFrame,
    licences: pd.DataFrame,
    inspections: gpd.GeoDataFrame,
    findings: pd.DataFrame,
    papers: pd.DataFrame,
    signals: gpd.GeoDataFrame,
    police: pd.DataFrame,
    hotspots: gpd.GeoDataFrame,
    transitions: pd.DataFrame,
    patrols: pd.DataFrame,
    figures: pd.DataFrame,
) -> TargetFacts:
    """Facts from the frames of the layers, cut by ``wards``; ``units`` are those of all times.

    A premises, an inspection, a signal and a hotspot belong to the ward that their place lies in; a finding and
    a paper to that of their inspection, a change of state and a patrol to that of their hotspot. Events after
    ``as_of`` are left out.
    """
    visits = _until(inspections, as_of).drop_duplicates("id")
    visits = visits.assign(ward=covering(visits, wards))
    spots = pd.Series(covering(hotspots, wards).to_numpy(), index=hotspots["id"], dtype=object)
    changes = _until(transitions[~transitions["inherited"].eq(True)], as_of)
    walks = _until(patrols, as_of).drop_duplicates("id")
    heard = _until(signals, as_of)
    heard = heard[~heard["same_as"].isin(heard["id"])].reset_index(drop=True)
    listed = wards[["id", "code", "name"]].sort_values(["name", "code"]).reset_index(drop=True)
    return TargetFacts(
        as_of=as_of,
        wards=pd.DataFrame(listed),
        premises=_plain(premises.assign(ward=covering(premises, wards))),
        status_changes=_until(status_changes, as_of).sort_values("on_date", kind="stable"),
        licences=pd.DataFrame(licences[["premises_id", "kind", "issued_on"]]),
        inspections=_plain(visits),
        findings=_of_visits(findings, visits, ["on_date", "ward"]),
        papers=_of_visits(_until(papers, as_of), visits, ["ward"]),
        signals=_plain(heard.assign(ward=covering(heard, wards))).join(timeliness(heard, as_of)),
        police=_until(police, as_of),
        transitions=_at(changes, spots),
        patrols=_at(walks, spots),
        entries=Entries(figures, units, wards, as_of),
    )


def counted(frame: pd.DataFrame, units: list[str], column: str = "id") -> Counts:
    """The distinct ids of the rows, of all and by ward; nothing where a ward has none."""
    found: dict[str | None, dict[str, None]] = {None: {}, **{unit: {} for unit in units}}
    for one, ward in zip(frame[column], frame["ward"], strict=True):
        found[None][one] = None
        if ward in found:
            found[ward][one] = None
    return {unit: tuple(ids) for unit, ids in found.items()}


def between(frame: pd.DataFrame, first: date, last: date, column: str = "on_date") -> pd.DataFrame:
    """The rows of these days."""
    days = pd.to_datetime(frame[column])
    return frame[(days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last))]


def active_between(facts: TargetFacts, first: date, last: date) -> pd.DataFrame:
    """The premises that did business on some day from ``first`` to ``last``.

    Before its first change of status a premises is active from the day it opened, if that is known.
    """
    register, end = facts.premises, pd.Timestamp(last)
    opened = pd.to_datetime(register["opened_on"])
    begin = opened.where(opened > pd.Timestamp(first), pd.Timestamp(first)).set_axis(register["id"])
    changes = facts.status_changes[["premises_id", "status", "on_date"]]
    day = pd.to_datetime(changes["on_date"])
    start = pd.to_datetime(begin.reindex(changes["premises_id"]).set_axis(changes.index))
    earlier = changes[day <= start].drop_duplicates("premises_id", keep="last")
    ended = set(earlier.loc[earlier["status"] != PremisesStatus.ACTIVE, "premises_id"])
    inside = (day > start) & (day <= end) & (changes["status"] == PremisesStatus.ACTIVE)
    begun = set(changes.loc[inside, "premises_id"])
    there = ~(opened > end) & (~register["id"].isin(ended) | register["id"].isin(begun))
    return register[there]


def _until(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    return frame[pd.to_datetime(frame["on_date"]) <= pd.Timestamp(day)].reset_index(drop=True)


def _of_visits(rows: pd.DataFrame, visits: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """What was found or written at these inspections, with their date or ward."""
    kept = _plain(rows[rows["inspection_id"].isin(visits["id"])].reset_index(drop=True))
    told = visits.set_index("id")[columns].reindex(kept["inspection_id"]).set_axis(kept.index)
    return kept.assign(**{name: told[name] for name in columns})


def _at(rows: pd.DataFrame, ward_of: pd.Series) -> pd.DataFrame:
    kept = rows[rows["hotspot_id"].isin(ward_of.index)].reset_index(drop=True)
    return _plain(kept).assign(ward=ward_of.reindex(kept["hotspot_id"]).to_numpy(dtype=object))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Only what is counted by; wards are known from here on, so shapes go too."""
    kept = pd.DataFrame(frame[[name for name in frame.columns if name in _COUNTED_BY]])
    # Words as Python's own: columns of Arrow are slow to choose rows from and to walk through.
    return kept.astype({name: object for name, kind in kept.dtypes.items() if kind == "str"})
