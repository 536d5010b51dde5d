"""The rules of ``geo.detection`` about signals and violations: which lie in which quiet catchment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.hotspots import QUIET_STATES
from geo.messages import Message, msg
from geo.shapes import Shapes, metric_shapes, pairs_within
from geo.word_texts import word_text
from geo.words import FindingKind, PatrolResult, SignalSource, SignalState


@dataclass(frozen=True)
class DetectionSettings:
    """Windows of the rules and weights of the evidence.

    Weights: two verified signals give an alert of score 86, two merely received ones 63, one serious
    prostitution-related violation 70. ``same_spot_m``: premises this near with the same house number stand at
    one address though the street or ward is written in another way. ``same_address_m``: farther apart than
    this, the same written address is another place.
    """

    signal_days: int = 30
    violation_days: int = 90
    licence_months: int = 12
    same_spot_m: float = 10.0
    same_address_m: float = 200.0
    weight_verified: float = 1.0
    weight_verifying: float = 0.7
    weight_received: float = 0.5
    weight_patrol_sign: float = 0.8
    weight_serious: float = 1.2
    weight_not_serious: float = 0.8
    weight_licence: float = 0.8


@dataclass(frozen=True)
class Clue:
    """One piece of evidence before it becomes part of an alert; ``weight`` feeds the score.

    ``retold``: (kind, id) of other records of the same event, which count once with it.
    """

    kind: str
    id: str
    on_date: date
    text: Message
    weight: float
    retold: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Watch:
    """The quiet hotspots on ``as_of``: arrays in one order; ``since`` is the day of elimination."""

    ids: list[str]
    names: list[str]
    shapes: Shapes
    catchment_m: npt.NDArray[np.float64]
    since: list[date]
    as_of: date

    @classmethod
    def over(cls, hotspots: gpd.GeoDataFrame, as_of: date) -> Watch:
        """The hotspots eliminated or cleared, with an elimination on or before ``as_of``, by id."""
        if len(hotspots) == 0:
            return cls([], [], metric_shapes(hotspots), np.empty(0), [], as_of)
        since = pd.to_datetime(hotspots["eliminated_on"])
        quiet = hotspots["state"].isin(QUIET_STATES) & (since <= pd.Timestamp(as_of))
        kept = hotspots[quiet].sort_values("id")
        return cls(
            ids=[str(one) for one in kept["id"]],
            names=[str(one) for one in kept["name"]],
            shapes=metric_shapes(kept),
            catchment_m=np.nan_to_num(kept["catchment_m"].to_numpy(dtype=float)),
            since=[day.date() for day in since[kept.index]],
            as_of=as_of,
        )

    def inside(self, points: Shapes) -> list[tuple[int, int]]:
        """(hotspot, point) of every point within the catchment distance."""
        spots, rows = pairs_within(self.shapes, points, self.catchment_m)
        return list(zip(spots.tolist(), rows.tolist(), strict=True))


Clues = dict[int, list[Clue]]


def two_signals(
    watch: Watch,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    settings: DetectionSettings,
) -> Clues:
    """Hotspots with at least two independent signals, with one clue for each (source, day)."""
    heard = heard_inside(watch, signals, patrols, premises, settings)
    return {spot: clues for spot, clues in heard.items() if len(clues) >= 2}


def heard_inside(
    watch: Watch,
    signals: gpd.GeoDataFrame,
    patrols: pd.DataFrame,
    premises: gpd.GeoDataFrame,
    settings: DetectionSettings,
) -> Clues:
    """The signals inside each catchment since its elimination, within ``signal_days``; several of one source
    on one day are one clue."""
    found: dict[int, dict[tuple[str, date], Clue]] = {}
    for spot, source, clue in [
        *_signal_clues(watch, signals, premises, settings),
        *_patrol_clues(watch, patrols, settings),
    ]:
        if clue.on_date > watch.since[spot]:
            of_spot = found.setdefault(spot, {})
            key = (source, clue.on_date)
            of_spot[key] = _one_of(of_spot.get(key), clue)
    return {spot: list(clues.values()) for spot, clues in found.items()}


def _one_of(first: Clue | None, second: Clue) -> Clue:
    """The same event told twice: the signal before the patrol, the earlier id, at the better weight."""
    if first is None:
        return second
    kept, other = sorted((first, second), key=lambda clue: (clue.kind != "signal", clue.id))
    retold = kept.retold | other.retold | {(other.kind, other.id)}
    return replace(kept, weight=max(first.weight, second.weight), retold=retold)


def _signal_clues(
    watch: Watch, signals: gpd.GeoDataFrame, premises: gpd.GeoDataFrame, settings: DetectionSettings
) -> list[tuple[int, str, Clue]]:
    weights = {
        SignalState.VERIFIED: settings.weight_verified,
        SignalState.VERIFYING: settings.weight_verifying,
        SignalState.RECEIVED: settings.weight_received,
    }
    if len(signals) == 0:
        return []
    kept = signals[
        _recent(signals["on_date"], watch.as_of, settings.signal_days) & signals["state"].isin(weights)
    ]
    places = places_of(kept, premises)
    ids, days = kept["id"].to_list(), _dates(kept["on_date"])
    sources, states = kept["source"].to_list(), kept["state"].to_list()
    clues = []
    for spot, row in watch.inside(places):
        state, source = SignalState(states[row]), SignalSource(sources[row])
        text = msg("Nguồn tin: {source}, {state}", source=word_text(source), state=word_text(state))
        clues.append((spot, source.value, Clue("signal", str(ids[row]), days[row], text, weights[state])))
    return clues


def _patrol_clues(
    watch: Watch, patrols: pd.DataFrame, settings: DetectionSettings
) -> list[tuple[int, str, Clue]]:
    if len(patrols) == 0:
        return []
    spots = {place: spot for spot, place in enumerate(watch.ids)}
    recent = _recent(patrols["on_date"], watch.as_of, settings.signal_days)
    kept = patrols[recent & (patrols["result"] == PatrolResult.SIGN) & patrols["hotspot_id"].isin(spots)]
    text = msg("Tuần tra thấy có dấu hiệu")
    return [
        (
            spots[str(place)],
            SignalSource.PATROL.value,
            Clue("patrol", str(one), day, text, settings.weight_patrol_sign),
        )
        for one, place, day in zip(kept["id"], kept["hotspot_id"], _dates(kept["on_date"]), strict=True)
    ]


def violations_inside(
    watch: Watch, findings: pd.DataFrame, premises: gpd.GeoDataFrame, settings: DetectionSettings
) -> Clues:
    """Prostitution-related violations inside each catchment; each finding once."""
    if len(findings) == 0:
        return {}
    recent = _recent(findings["on_date"], watch.as_of, settings.violation_days)
    kept = findings[recent & (findings["kind"] == FindingKind.PROSTITUTION)].drop_duplicates("id")
    names = dict(zip(premises["id"], premises["name"], strict=True)) if len(premises) else {}
    ids, days = kept["id"].to_list(), _dates(kept["on_date"])
    owners, serious = kept["premises_id"].to_list(), kept["serious"].eq(True).to_list()
    clues: Clues = {}
    for spot, row in watch.inside(places_of(kept, premises)):
        if days[row] > watch.since[spot]:
            name = str(names.get(owners[row], owners[row]))
            text = msg("Vi phạm liên quan mại dâm tại {premises}", premises=name)
            weight = settings.weight_serious if serious[row] else settings.weight_not_serious
            clues.setdefault(spot, []).append(Clue("finding", str(ids[row]), days[row], text, weight))
    return clues


def _recent(dates: pd.Series, as_of: date, days: int) -> pd.Series:
    age = (pd.Timestamp(as_of) - pd.to_datetime(dates)).dt.days
    return (age >= 0) & (age <= days)


def _dates(dates: pd.Series) -> list[date]:
    return [day.date() for day in pd.to_datetime(dates)]


def places_of(frame: pd.DataFrame, premises: gpd.GeoDataFrame) -> Shapes:
    """Each row's own place in metres, else the place of the premises it names, else None."""
    own = (
        metric_shapes(frame) if isinstance(frame, gpd.GeoDataFrame) else np.full(len(frame), None, dtype=object)
    )
    if len(frame) and len(premises) and "premises_id" in frame:
        row = pd.Index(premises["id"]).get_indexer(frame["premises_id"])
        lost = shapely.is_missing(own) & (row >= 0)
        own[lost] = metric_shapes(premises)[row[lost]]
    return own
