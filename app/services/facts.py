"""What is known on a day, loaded once for the use cases that weigh it: places and events as frames."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd
import pandas as pd

from app.config import ROOT
from data.repositories import events, places
from data.repositories.scope import within_scope
from data.store import Work
from geo.borders import border_risk, border_segments
from geo.risk import score_premises
from geo.risk_settings import RiskSettings, parse_settings
from geo.words import PremisesStatus

RISK_SETTINGS = ROOT / "geo" / "risk.toml"


@dataclass(frozen=True)
class Known:
    """Frames of one day, each loaded when it is first asked for."""

    work: Work
    day: date

    @cached_property
    def whole(self) -> Known:
        """The same day over the whole database: what is weighed before it is narrowed to be shown."""
        if self.work.actor.scope is None:
            return self
        return Known(replace(self.work, actor=replace(self.work.actor, scope=None)), self.day)

    @cached_property
    def units(self) -> gpd.GeoDataFrame:
        return places.units_on(self.work, self.day)

    @cached_property
    def premises(self) -> gpd.GeoDataFrame:
        return places.premises_on(self.work, self.day)

    @cached_property
    def licences(self) -> pd.DataFrame:
        return places.licences_on(self.work, self.day)

    @cached_property
    def hotspots(self) -> gpd.GeoDataFrame:
        return places.hotspots_on(self.work, self.day)

    @cached_property
    def transitions(self) -> pd.DataFrame:
        return places.transitions_until(self.work, self.day)

    @cached_property
    def inspections(self) -> gpd.GeoDataFrame:
        return events.inspections_until(self.work, self.day)

    @cached_property
    def findings(self) -> gpd.GeoDataFrame:
        return events.findings_until(self.work, self.day)

    @cached_property
    def signals(self) -> gpd.GeoDataFrame:
        return events.signals_until(self.work, self.day)

    @cached_property
    def patrols(self) -> gpd.GeoDataFrame:
        return events.patrols_until(self.work, self.day)

    @cached_property
    def sweeps(self) -> gpd.GeoDataFrame:
        return events.sweeps_until(self.work, self.day)

    @cached_property
    def bare_segments(self) -> gpd.GeoDataFrame:
        return border_segments(self.units)

    @cached_property
    def risk_settings(self) -> RiskSettings:
        return parse_settings(RISK_SETTINGS.read_text(encoding="utf-8"))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores of the active premises inside the actor's scope: id, score, rank, probability, parts.

        A score is the same for everybody: it is made of the whole database, then narrowed.
        """
        if self.whole is not self:
            seen = within_scope(self.work, self.premises)["id"]
            return self.whole.scores[self.whole.scores["id"].isin(seen)].reset_index(drop=True)
        active = self.premises["status"] == PremisesStatus.ACTIVE
        return score_premises(
            premises=self.premises[active].reset_index(drop=True),
            licences=self.licences,
            inspections=self.inspections,
            findings=self.findings,
            signals=self.signals,
            hotspots=self.hotspots,
            border_distance_m=self._border_distance(),
            as_of=self.day,
            settings=self.risk_settings,
        )

    def _border_distance(self) -> pd.Series:
        placed = self.premises[self.premises.geometry.notna()].set_index("id")
        if self.bare_segments.empty or placed.empty:
            return pd.Series(dtype=float)
        border = self.bare_segments.to_crs("EPSG:3405").union_all()
        return placed.geometry.to_crs("EPSG:3405").distance(border)

    def segments(self, *, width_m: float = 150.0, segment_m: float = 500.0) -> gpd.GeoDataFrame:
        """Border segments that touch the actor's scope, with their risk, riskiest first."""
        if self.whole is not self:
            return within_scope(self.work, self.whole.segments(width_m=width_m, segment_m=segment_m))
        bare = self.bare_segments if segment_m == 500.0 else border_segments(self.units, segment_m=segment_m)
        scored = border_risk(
            bare,
            premises=self.premises,
            scores=self.scores.set_index("id")["score"],
            hotspots=self.hotspots,
            signals=self.signals,
            findings=self.findings,
            sweeps=self.sweeps,
            as_of=self.day,
            width_m=width_m,
        )
        return scored.sort_values("rank").reset_index(drop=True)
