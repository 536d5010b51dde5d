"""What may stand on a projector: the facts of a day without suspected places, unverified tips and unannounced
checks, on the ground of one unit. Whatever a review meeting weighs, counts or draws comes from here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd
import pandas as pd
from sqlalchemy import select

from app.services.facts import Known
from app.services.premises import rules
from data.repositories import events, places
from data.repositories.frames import matched
from data.repositories.scope import within_scope
from data.store import Actor, Work
from data.tables import Premises
from geo.errors import InputError
from geo.licences import paper_problems
from geo.messages import msg
from geo.words import HotspotState, SignalState, VisitKind

#: States that a person has decided on good grounds; the others are suspicion.
ESTABLISHED = (
    HotspotState.ACTIVE.value,
    HotspotState.ELIMINATED.value,
    HotspotState.CLEARED.value,
    HotspotState.REACTIVATED.value,
)


@dataclass(frozen=True)
class Established(Known):
    """``Known`` without what may not be shown in a meeting. All that is derived from it keeps the promise."""

    @cached_property
    def whole(self) -> Established:
        """The same day over the whole database."""
        if self.work.actor.scope is None:
            return self
        return Established(replace(self.work, actor=replace(self.work.actor, scope=None)), self.day)

    @cached_property
    def signals(self) -> gpd.GeoDataFrame:
        """Verified signals only."""
        heard = events.signals_until(self.work, self.day)
        return heard[heard["state"] == SignalState.VERIFIED.value].reset_index(drop=True)

    @cached_property
    def hotspots(self) -> gpd.GeoDataFrame:
        """Hotspots whose state is no mere suspicion."""
        spots = places.hotspots_on(self.work, self.day)
        return spots[spots["state"].isin(ESTABLISHED)].reset_index(drop=True)

    @cached_property
    def transitions(self) -> pd.DataFrame:
        """Changes into an established state, of these hotspots; what a part inherited is none."""
        changes = places.transitions_until(self.work, self.day)
        kept = changes["hotspot_id"].isin(self.hotspots["id"]) & changes["state"].isin(ESTABLISHED)
        return changes[kept & ~changes["inherited"]].reset_index(drop=True)

    @cached_property
    def inspections(self) -> gpd.GeoDataFrame:
        """Checks that were announced, inside the scope; one without a point lies at its premises."""
        visits = events.inspections_until(self.work, self.day)
        own = self.premises.drop_duplicates("id").set_index("id").geometry
        points = gpd.GeoSeries(matched(visits["premises_id"], own), crs=visits.crs)
        visits = visits.set_geometry(visits.geometry.where(visits.geometry.notna(), points))
        return within_scope(self.work, visits[visits["kind"] != VisitKind.UNANNOUNCED.value])

    @cached_property
    def findings(self) -> gpd.GeoDataFrame:
        """Findings of these checks."""
        found = events.findings_until(self.work, self.day)
        return found[found["inspection_id"].isin(self.inspections["id"])].reset_index(drop=True)

    @cached_property
    def patrols(self) -> gpd.GeoDataFrame:
        """Patrols of these hotspots."""
        patrols = events.patrols_until(self.work, self.day)
        return patrols[patrols["hotspot_id"].isin(self.hotspots["id"])].reset_index(drop=True)

    @cached_property
    def sweeps(self) -> gpd.GeoDataFrame:
        """Joint sweeps that touch the scope."""
        return within_scope(self.work, events.sweeps_until(self.work, self.day))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """None: a score weighs tips that nobody has verified."""
        return pd.DataFrame({"id": pd.Series(dtype=object), "score": pd.Series(dtype=float)})

    @cached_property
    def own_premises(self) -> gpd.GeoDataFrame:
        """The register inside the scope."""
        return within_scope(self.work, self.premises)

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What is wrong with the papers of the scope's premises; judged over the whole register."""
        found = paper_problems(self.premises, self.licences, self.inspections, rules(self), self.day)
        return found[found["premises_id"].isin(self.own_premises["id"])]

    @cached_property
    def strips(self) -> gpd.GeoDataFrame:
        """Border segments of the whole database, riskiest first, weighed on established facts."""
        return self.whole.segments() if len(self.units) else self.bare_segments


def own_strips(known: Established, unit_id: str | None) -> gpd.GeoDataFrame:
    """The strips of a unit's own borders, of all for None."""
    strips = known.strips
    if unit_id is None or strips.empty:
        return strips
    own = (strips["unit_a"] == unit_id) | (strips["unit_b"] == unit_id)
    return strips[own].reset_index(drop=True)


def of_unit(actor: Actor, unit_id: str | None) -> Actor:
    """The actor with nothing but one unit in sight: everybody sees the same of a ward's review."""
    return actor if unit_id is None else replace(actor, scope=frozenset({unit_id}))


def unit_name(work: Work, unit_id: str | None, day: date) -> str | None:
    """The name of a unit of the day, None for the whole.

    Raises InputError ``unknown_unit`` for a unit outside the actor's scope, and for the whole where the actor
    sees a part only.
    """
    scope, units = work.actor.scope, places.units_on(work, day)
    names = dict(zip(units["id"], units["name"], strict=True))
    if unit_id is None and scope is None:
        return None
    if unit_id not in names or (scope is not None and unit_id not in scope):
        raise InputError("unknown_unit", msg("Đơn vị này không thuộc địa bàn của bạn."))
    return str(names[unit_id])


def units_to_review(work: Work, day: date) -> dict[str, str]:
    """Names of the day's units that the actor may review, by id."""
    scope, units = work.actor.scope, places.units_on(work, day)
    names = dict(zip(units["id"], units["name"], strict=True))
    return {unit: name for unit, name in names.items() if scope is None or unit in scope}


def codes(work: Work) -> dict[str, str]:
    """How each premises is called where its name may not stand: "CS-012", the same for good."""
    rows = work.session.execute(select(Premises.id, Premises.rid))
    return {premises_id: f"CS-{number:03}" for premises_id, number in rows}
