"""What is known on a day, loaded once for the use cases that weigh it: places and events as frames."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import geopandas as gpd
import pandas as pd

from app.config import ROOT
from app.services.risk_model import ChosenModel, choose_model
from data.repositories import events, places
from data.repositories.frames import frame, up_to
from data.repositories.register import telling_changes
from data.repositories.scope import within_scope
from data.store import LOCAL_ZONE, Work
from data.tables import PremisesStatusChange
from geo.address_words import UnitNames
from geo.borders import border_risk, border_segments
from geo.licences import Rules, paper_problems
from geo.particulars import same_name
from geo.risk import score_premises
from geo.risk_past import RiskRecord, in_business, risk_record
from geo.risk_places import border_distance
from geo.risk_settings import RiskSettings, parse_settings
from geo.words import PaperProblem

_DIFFERING = (PaperProblem.NAME_DIFFERS, PaperProblem.ADDRESS_DIFFERS, PaperProblem.ROOMS_DIFFER)
RISK_SETTINGS = ROOT / "geo" / "risk.toml"


@dataclass(frozen=True)
class Known:
    """Frames of one day, each loaded when it is first asked for."""

    work: Work
    day: date

    @cached_property
    def whole(self) -> Known:
        """The same day over the whole database: what is weighed before it is narrowed to be shown."""
        return self if self.work.actor.scope is None else Known(self.work.whole, self.day)

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
    def record(self) -> RiskRecord:
        """All that scores of this day and of past days are made of, over the whole database."""
        if self.whole is not self:
            return self.whole.record
        return risk_record(
            premises=self.premises,
            status_changes=frame(self.work, up_to(PremisesStatusChange, self.day)),
            units=places.all_units(self.work),
            licences=self.licences,
            inspections=self.inspections,
            findings=self.findings,
            signals=self.signals,
            hotspots=self.hotspots,
            transitions=self.transitions,
            renames=self._renames,
        )

    @cached_property
    def risk_model(self) -> ChosenModel:
        """The model that scores: the point table, or the table fitted to the office's own inspections."""
        if self.whole is not self:
            return self.whole.risk_model
        return choose_model(self.record, self.day, self.risk_settings)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Scores of the active premises inside the actor's scope: id, score, rank, probability and its range
        (probability_low, probability_high), parts.

        A score is the same for everybody: it is made of the whole database, then narrowed.
        """
        if self.whole is not self:
            seen = within_scope(self.work, self.premises)["id"]
            return self.whole.scores[self.whole.scores["id"].isin(seen)].reset_index(drop=True)
        return score_premises(
            premises=self.premises[in_business(self.premises, self.day)].reset_index(drop=True),
            licences=self.licences,
            inspections=self.inspections,
            findings=self.findings,
            signals=self.signals,
            hotspots=self.hotspots,
            border_distance_m=border_distance(self.premises, self.bare_segments),
            as_of=self.day,
            settings=self.risk_settings,
            register=self.premises,
            renames=self._renames,
            differing=self.differing_papers,
            fitted=self.risk_model.fitted,
        )

    @cached_property
    def _renames(self) -> pd.DataFrame:
        """Premises and days of new names that are no other spelling of the old one, up to the day."""
        told = [
            (change.premises_id, change.recorded_at.astimezone(LOCAL_ZONE).date())
            for change in telling_changes(self.work).itertuples()
            if change.after
            and "name" in change.after
            and not same_name(change.before["name"], change.after["name"])
        ]
        renames = pd.DataFrame(told, columns=["premises_id", "on_date"], dtype=object)
        renames["on_date"] = pd.to_datetime(renames["on_date"])
        return renames[renames["on_date"] <= pd.Timestamp(self.day)].reset_index(drop=True)

    @cached_property
    def differing_papers(self) -> pd.Series | None:
        """Particulars of papers in force that no longer match, by premises id; None where papers state none."""
        if self.licences[["stated_name", "stated_address", "stated_rooms"]].isna().all(axis=None):
            return None
        settings = self.risk_settings
        rules = Rules(
            required=settings.required_papers,
            check_months={},
            recorded_share=settings.licences.recorded_share,
            wards=UnitNames(places.all_units(self.work)["name"]),
        )
        found = paper_problems(self.premises, self.licences, self.inspections, rules, self.day)
        return found[found["code"].isin(_DIFFERING)].groupby("premises_id").size()

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
