"""The ranking of premises as a page shows it: parts of a score, range of a probability, what would help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import gamma

from app.access import Right, require
from app.services.facts import Known
from data.repositories.frames import matched
from data.store import Actor, Store
from geo.risk import RiskModel, model_of
from geo.risk_advice import Advice, advice
from geo.risk_history import rate_ratios, read_history
from geo.risk_settings import RiskSettings

#: Middle share of what is believed of a premises' own rate that the range covers: an even chance.
RANGE = 0.5


@dataclass(frozen=True)
class RiskSheet:
    """Scored premises, riskiest first, and what scored them.

    ``premises``: the register's columns, ``score`` (0-100), ``rank``, ``probability`` with its range ``low`` to
    ``high`` (0-1), ``parts``. ``model``: which model; ``fitted``: learned from one's own inspections, else the
    point table.
    """

    premises: gpd.GeoDataFrame
    model: RiskModel
    settings: RiskSettings

    @property
    def fitted(self) -> bool:
        """Whether the model was learned from one's own inspections."""
        return self.model.fitted_on is not None

    def advice_for(self, premises_id: str) -> list[Advice]:
        """What the business can do to lower its score, most points first; empty for an unknown id."""
        rows = self.premises.loc[self.premises["id"] == premises_id, "parts"]
        return advice(list(rows.iloc[0]), self.settings) if len(rows) else []


def risk_sheet(store: Store, actor: Actor, day: date) -> RiskSheet:
    """Every active premises inside the actor's scope with its score."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, day)
        scores = known.scores.set_index("id").join(_ranges(known.whole))
        premises = known.premises[known.premises["id"].isin(scores.index)].reset_index(drop=True)
        for column in scores.columns:
            premises[column] = matched(premises["id"], scores[column])
        premises = premises.sort_values("rank").reset_index(drop=True)
        return RiskSheet(premises, model_of(known.risk_settings), known.risk_settings)


def _ranges(known: Known) -> pd.DataFrame:
    """``low``, ``high`` by id: the probability at both ends of what the own history leaves open.

    The score takes the mean of a gamma belief about the premises' own rate (Clayton and Kaldor 1987), worth
    ``own_strength`` checks; with few checks that belief is wide, and so is the range.
    """
    scores = known.scores.set_index("id")
    if scores.empty:
        return pd.DataFrame({"low": [], "high": []}, dtype=float)
    premises = known.premises[known.premises["id"].isin(scores.index)].reset_index(drop=True)
    settings = known.risk_settings
    history = read_history(premises, known.inspections, known.findings, known.day, settings.history)
    ratios = rate_ratios(premises, history, settings)
    rate = ratios.district_rate * np.exp(ratios.type + ratios.ward)
    strength = settings.history.own_strength
    shape = history.serious_faded + strength * rate
    exposure = (history.checks_faded + strength) * rate
    chance = scores["probability"].reindex(premises["id"]).to_numpy(dtype=float)
    ends = {}
    for name, at in (("low", (1 - RANGE) / 2), ("high", (1 + RANGE) / 2)):
        shift = np.log(np.maximum(gamma.ppf(at, shape) / exposure, 1e-6)) - np.log(shape / exposure)
        ends[name] = expit(logit(np.clip(chance, 1e-6, 1 - 1e-6)) + settings.history.own_weight * shift)
    # The belief is skewed: its mean, on which the score rests, may lie outside its middle half.
    low, high = np.minimum(ends["low"], chance), np.maximum(ends["high"], chance)
    return pd.DataFrame({"low": low, "high": high}, index=pd.Index(premises["id"], name="id"))
