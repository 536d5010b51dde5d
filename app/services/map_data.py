"""What the map and its table show on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

from app.access import Right, may, require
from app.services.accounts import SYSTEM
from app.services.alert_inbox import open_and_settled
from app.services.facts import Known
from app.services.looking import LOOKING
from data import audit
from data.repositories import places
from data.repositories.frames import matched
from data.store import Actor, Store, Work
from geo.borders import strip


@dataclass(frozen=True)
class MapData:
    """Frames of one day, as far as the actor may see them; what they may not see is empty."""

    units: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    premises: gpd.GeoDataFrame
    hotspots: gpd.GeoDataFrame
    strips: gpd.GeoDataFrame
    alerts: gpd.GeoDataFrame
    licences: pd.DataFrame
    last_inspections: pd.Series

    @property
    def schematic(self) -> bool:
        """Whether the boundaries are drawn, not surveyed."""
        return bool(self.units["schematic"].any()) if len(self.units) else False


def map_data(store: Store, actor: Actor, day: date) -> MapData:
    """Everything the map shows on a day."""
    require(actor, Right.SEE)
    tips = may(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, day)
        premises = known.premises.copy()
        # Who may not see tips sees no score either: the columns stay, empty.
        scored = known.scores.set_index("id") if tips else pd.DataFrame(columns=["score", "parts"])
        for column in ("score", "parts"):
            premises[column] = matched(premises["id"], scored[column])
        segments = known.segments() if tips and len(known.units) else known.bare_segments.iloc[0:0]
        checked = known.inspections[known.inspections["outcome"] == "checked"]
        return MapData(
            units=known.units,
            streets=places.streets(work),
            premises=premises,
            hotspots=known.hotspots if tips else known.hotspots.iloc[0:0],
            strips=_strips(segments),
            alerts=_open_alerts(work, day) if tips else known.hotspots.iloc[0:0],
            licences=known.licences,
            last_inspections=checked.groupby("premises_id")["on_date"].max(),
        )


def _strips(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return segments if segments.empty else segments.assign(strip=list(strip(segments)))


def _open_alerts(work: Work, day: date) -> gpd.GeoDataFrame:
    alerts = open_and_settled(work, day)
    return alerts[alerts["open"]].reset_index(drop=True)


def data_version(store: Store) -> int:
    """A number that grows with every recorded change, for caches: the last entry of the audit log that tells
    of more than looking."""
    with store.read(SYSTEM) as work:
        return audit.last_number(work.session, but=LOOKING)
