"""The ranking of premises as a page shows it: parts of a score, range of a probability, what would help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd

from app.access import Right, require
from app.services.facts import Known
from app.services.risk_model import ChosenModel
from data.repositories.frames import matched
from data.store import Actor, Store
from geo.risk_advice import Advice, advice
from geo.risk_settings import RiskSettings


@dataclass(frozen=True)
class RiskSheet:
    """Scored premises, riskiest first, and what scored them.

    ``premises``: the register's columns, ``score`` (0-100), ``rank``, ``probability`` with its range
    ``probability_low`` to ``probability_high`` (0-1), ``parts``. ``chosen``: which model scored them and why;
    ``settings``: its point table.
    """

    premises: gpd.GeoDataFrame
    chosen: ChosenModel
    settings: RiskSettings

    def advice_for(self, premises_id: str) -> list[Advice]:
        """What the business can do to lower its score, most points first; empty for an unknown id."""
        rows = self.premises.loc[self.premises["id"] == premises_id, "parts"]
        return advice(list(rows.iloc[0]), self.settings, self.chosen.fitted) if len(rows) else []


def risk_sheet(store: Store, actor: Actor, day: date) -> RiskSheet:
    """Every active premises inside the actor's scope with its score."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, day)
        scores = known.scores.set_index("id")
        premises = known.premises[known.premises["id"].isin(scores.index)].reset_index(drop=True)
        for column in scores.columns:
            premises[column] = matched(premises["id"], scores[column])
        premises = premises.sort_values("rank").reset_index(drop=True)
        return RiskSheet(premises, known.risk_model, known.risk_settings)
