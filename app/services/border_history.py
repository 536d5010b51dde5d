"""What happened along each border segment: signals, findings and joint sweeps, and what nobody followed up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from app.access import Right, require
from app.services.facts import Known
from data.store import Actor, Store
from geo.border_risk import BorderWeights
from geo.borders import strip
from geo.shapes import Shapes, metric_shapes, pairs_within
from geo.words import SignalState

#: What the history of a segment is made of.
KINDS = ("signal", "finding", "sweep")
QUARTERS = 12
_COLUMNS = ("segment_id", "kind", "id", "on_date", "word", "text", "serious", "due_on", "left_days")


@dataclass(frozen=True)
class BorderSheet:
    """Segments of a day, riskiest first, and what happened along them.

    ``segments``: as ``geo.borders.border_risk`` gives them, with ``strip`` (the area to draw) and ``left``
    (signals past their deadline that nobody followed up). ``events``: one row an event and segment, newest
    first: ``segment_id``, ``kind`` (of ``KINDS``), ``id``, ``on_date``, ``word`` (state of a signal, kind of a
    finding), ``text``, ``serious``, ``due_on`` and ``left_days`` (days past the deadline of a signal that was
    left, else missing).
    """

    segments: gpd.GeoDataFrame
    events: pd.DataFrame

    def of(self, segment_id: str) -> pd.DataFrame:
        """The events of one segment."""
        return self.events[self.events["segment_id"] == segment_id].reset_index(drop=True)


def border_sheet(
    store: Store, actor: Actor, as_of: date, *, width_m: float = 150.0, segment_m: float = 500.0
) -> BorderSheet:
    """Border segments inside the actor's scope with their risk and history, as far as the actor may see it."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, as_of)
        if known.units.empty:
            return BorderSheet(known.bare_segments.assign(strip=[], left=[]), pd.DataFrame(columns=_COLUMNS))
        segments = known.segments(width_m=width_m, segment_m=segment_m)
        events = _events(known, segments, width_m)
    left = events[events["left_days"].notna()].groupby("segment_id").size()
    drawn = segments.assign(
        strip=list(strip(segments, width_m)) if len(segments) else [],
        left=left.reindex(segments["id"]).fillna(0).astype(int).to_numpy(),
    )
    return BorderSheet(drawn, events)


def _events(known: Known, segments: gpd.GeoDataFrame, width_m: float) -> pd.DataFrame:
    lines = metric_shapes(segments)
    reach_m = BorderWeights().signal_reach_m
    rows = [
        _near(lines, segments, _signals(known), known, reach_m),
        _near(lines, segments, _findings(known), known, width_m),
        _swept(lines, segments, known.sweeps, width_m),
    ]
    kept = [frame for frame in rows if len(frame)]
    if not kept:
        return pd.DataFrame(columns=_COLUMNS)
    return pd.concat(kept, ignore_index=True).sort_values("on_date", ascending=False, kind="stable")


def _signals(known: Known) -> gpd.GeoDataFrame:
    """Signals that count: neither unfounded nor handed over to the police (domain rule 7)."""
    signals = known.signals
    counted = signals[~signals["state"].isin([SignalState.UNFOUNDED, SignalState.HANDED_OVER])]
    today = pd.Timestamp(known.day)
    late = (today - pd.to_datetime(counted["due_on"])).dt.days
    handled = pd.to_datetime(counted["handled_on"]) <= today
    return counted.assign(
        kind="signal", word=counted["state"], serious=False, left_days=late.where((late > 0) & ~handled)
    )


def _findings(known: Known) -> gpd.GeoDataFrame:
    found = known.findings.drop_duplicates("id").rename(columns={"kind": "word"})
    return found.assign(kind="finding", due_on=pd.NaT, left_days=np.nan)


def _near(
    lines: Shapes, segments: gpd.GeoDataFrame, events: gpd.GeoDataFrame, known: Known, reach_m: float
) -> pd.DataFrame:
    """One row for each event and segment at most ``reach_m`` apart; without a point it lies at its premises."""
    shapes = metric_shapes(events)
    register = known.premises.drop_duplicates("id")
    if len(events) and len(register):
        at = pd.Index(register["id"]).get_indexer(events["premises_id"])
        lost = shapely.is_missing(shapes) & (at >= 0)
        shapes[lost] = metric_shapes(register)[at[lost]]
    event, segment = pairs_within(shapes, lines, np.full(len(shapes), reach_m))
    return _paired(events, event, segments, segment)


def _swept(lines: Shapes, segments: gpd.GeoDataFrame, sweeps: gpd.GeoDataFrame, width_m: float) -> pd.DataFrame:
    """One row for each joint sweep and segment of which it covered at least half."""
    shapes = metric_shapes(sweeps)
    sweep, segment = pairs_within(shapes, lines, np.full(len(shapes), width_m))
    along = shapely.intersection(lines[segment], shapely.buffer(shapes, width_m)[sweep])
    half = shapely.length(along) >= shapely.length(lines)[segment] / 2
    told = sweeps.assign(
        kind="sweep", word="", text=sweeps["note"], serious=False, due_on=pd.NaT, left_days=np.nan
    )
    return _paired(told, sweep[half], segments, segment[half])


def _paired(
    events: gpd.GeoDataFrame, event: np.ndarray, segments: gpd.GeoDataFrame, segment: np.ndarray
) -> pd.DataFrame:
    rows = events.iloc[event].assign(segment_id=segments["id"].to_numpy()[segment])
    return pd.DataFrame(rows[list(_COLUMNS)]).reset_index(drop=True)


def by_quarter(events: pd.DataFrame, as_of: date, quarters: int = QUARTERS) -> pd.DataFrame:
    """How many events of each kind the last quarters had, the current one included, also where there were none.

    Returns ``quarters`` x ``KINDS`` rows: ``quarter`` (its first day), ``kind``, ``count``.
    """
    last = pd.Timestamp(as_of).to_period("Q")
    wanted = pd.period_range(end=last, periods=quarters, freq="Q")
    days = pd.to_datetime(events["on_date"]).dt.to_period("Q")
    counts = pd.Series(1, index=pd.MultiIndex.from_arrays([days, events["kind"]])).groupby(level=[0, 1]).sum()
    rows = [
        (quarter.start_time, kind, int(counts.get((quarter, kind), 0))) for quarter in wanted for kind in KINDS
    ]
    return pd.DataFrame(rows, columns=["quarter", "kind", "count"])
