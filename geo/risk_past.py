"""What was known on any past day, cut from the whole record: the same frames that a score of that day was made of.

Dated rows need no cutting, since the parts of the score look at dates themselves. What the record holds only as it
is today is taken back here: the status of premises, the state of hotspots, the wards of the time and their borders.
Type, place and name of a premises are those of today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.borders import border_segments
from geo.risk_places import border_distance
from geo.units import covering, valid_on
from geo.words import PremisesStatus

_Ground = tuple[pd.DataFrame, pd.Series]


@dataclass(frozen=True)
class RiskRecord:
    """All that scores are made of, of every time.

    ``premises``: the register; ``status_changes``: ``premises_id, on_date, status``; ``units`` of all times;
    ``hotspots`` and their ``transitions``: ``hotspot_id, on_date, state``; the events as the layers pass them.
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
    _grounds: dict[frozenset[Any], _Ground] = field(default_factory=dict, compare=False, repr=False)

    def on(self, day: date) -> dict[str, Any]:
        """The frames of ``day`` as ``score_premises`` takes them, with the premises that did business then."""
        wards, distance = self._ground_on(day)
        premises = self.premises.assign(**wards, **self._status_on(day))
        active = premises["status"] == PremisesStatus.ACTIVE
        return {
            "premises": premises[active].reset_index(drop=True),
            "licences": self.licences,
            "inspections": self.inspections,
            "findings": self.findings,
            "signals": self.signals,
            "hotspots": self._hotspots_on(day),
            "border_distance_m": distance,
        }

    def _status_on(self, day: date) -> dict[str, Any]:
        last = _last_until(self.status_changes, "premises_id", day)
        ids = self.premises["id"]
        status = last["status"].reindex(ids).astype(object).to_numpy()
        unknown = pd.isna(status)
        return {
            "status": np.where(unknown, PremisesStatus.ACTIVE.value, status),
            "status_since": pd.to_datetime(last["on_date"]).reindex(ids).to_numpy(),
        }

    def _hotspots_on(self, day: date) -> gpd.GeoDataFrame:
        last = _last_until(self.transitions, "hotspot_id", day)
        known = self.hotspots[self.hotspots["id"].isin(last.index)].reset_index(drop=True)
        state = last["state"].reindex(known["id"]).to_numpy()
        since = pd.to_datetime(last["on_date"]).reindex(known["id"]).to_numpy()
        return known.assign(state=state, state_since=since)

    def _ground_on(self, day: date) -> _Ground:
        """Ward of each premises and metres to the nearest border; looked up once for each set of units."""
        units = valid_on(self.units, day)
        key = frozenset(units["id"])
        if key not in self._grounds:
            ward = covering(self.premises, units)
            names = units.set_index("id")["name"].reindex(ward).to_numpy()
            wards = pd.DataFrame({"ward_id": ward, "ward_name": names}, index=self.premises.index)
            self._grounds[key] = wards, border_distance(self.premises, border_segments(units))
        return self._grounds[key]


def _last_until(changes: pd.DataFrame, key: str, day: date) -> pd.DataFrame:
    known = changes[pd.to_datetime(changes["on_date"]) <= pd.Timestamp(day)]
    ordered = known.sort_values("on_date", kind="stable")
    return pd.DataFrame(ordered.drop_duplicates(key, keep="last").set_index(key))
