"""What each exported layer holds on a day, as far as the actor may see it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, may
from app.services.database import need_data
from app.services.facts import Known
from app.services.plan_reading import seen_plan, team_names
from app.services.plan_secrecy import announced, may_see_plan, visible_visits, whole_routes
from app.text import render
from data.exporters import columns
from data.exporters.layer import Layer, Look
from data.repositories import plans as repository
from data.repositories.scope import within_scope
from data.store import LOCAL_ZONE
from data.tables import Plan
from geo.crs import LONLAT, METRIC
from geo.errors import InputError
from geo.messages import msg
from geo.word_texts import word_text
from geo.words import HotspotState, LicenceKind, PremisesType, SignalState
from layers.style import RISK_COLOURS, RISK_STEPS, STATE_COLOURS, TYPE_COLOURS, team_colours

_BY_RISK = Look(attribute="risk", steps=RISK_STEPS, ramp=RISK_COLOURS)


def wards(known: Known) -> list[Layer]:
    """The units that are valid on the day."""
    units = known.units.assign(area_km2=(known.units.geometry.to_crs(METRIC).area / 1e6).round(3))
    return [Layer("wards", units, columns.WARDS, title="name")]


def premises(known: Known) -> list[Layer]:
    """The register with its papers; a number that could be a person's stays here (domain rule 5)."""
    shown = columns.PREMISES
    if may(known.work.actor, Right.SEE_TIPS):
        shown = (*shown, *columns.PREMISES_GROUNDS)
    rows = known.premises.rename(
        columns={"ward_name": "ward", "status_since": "status_on", "commitment_on": "commitment"}
    )
    rows["registration_number"] = [_business_number(number) for number in rows["registration_number"]]
    for kind, fields in columns.LICENCES.items():
        papers = _last_papers(known.licences, kind)
        for name, field in fields.items():
            rows[field.value] = [papers.get(premises_id, {}).get(name) for premises_id in rows["id"]]
    return [Layer("premises", rows, shown, title="name", look=_by_word("type", PremisesType, TYPE_COLOURS))]


def _business_number(number: Any) -> str | None:
    """The number, unless it is the twelve digits of an identity card."""
    digits = [character for character in str(number) if character.isdigit()]
    return None if pd.isna(number) or len(digits) == 12 else str(number)


def _last_papers(licences: pd.DataFrame, kind: LicenceKind) -> dict[str, dict[str, Any]]:
    """By premises the paper of a kind that was issued last and is not withdrawn."""
    held = licences[(licences["kind"] == kind) & licences["withdrawn_on"].isna()]
    ordered = held.sort_values("issued_on", kind="stable", na_position="first")
    return {row["premises_id"]: row for row in ordered.to_dict("records")}


def hotspots(known: Known) -> list[Layer]:
    """Hotspots with their state of the day."""
    rows = known.hotspots.rename(
        columns={"found_on": "found", "eliminated_on": "eliminated", "state_since": "since"}
    )
    look = _by_word("state", HotspotState, STATE_COLOURS)
    return [Layer("hotspots", rows, columns.HOTSPOTS, title="name", look=look)]


def borders(known: Known) -> list[Layer]:
    """Border segments with their risk, riskiest first."""
    need_data(known.work, known.day)
    rows = within_scope(known.work, known.segments())
    rows = rows.assign(
        names=[" - ".join(names) for names in rows["names"]],
        why=["; ".join(render(part.text) for part in parts if part.points) for parts in rows["parts"]],
    )
    return [Layer("borders", rows, columns.BORDERS, title="names", look=_BY_RISK)]


def signals(known: Known) -> list[Layer]:
    """Signals up to the day."""
    rows = known.signals.rename(
        columns={"on_date": "date", "premises_id": "premises", "due_on": "due", "handled_on": "handled"}
    )
    rows["text"] = rows["text"].where(rows["state"] != SignalState.HANDED_OVER, "")
    rows["rating"] = rows["reliability"].astype(str) + rows["credibility"].astype(str)
    return [Layer("signals", rows, columns.SIGNALS, title="date", look=Look(colour="#cc79a7"))]


def plan(known: Known, plan_id: str | None) -> list[Layer]:
    """The visits of a plan, the newest where none is named, and its routes.

    Unannounced visits are in no file, nor is a route that would show where one is (domain rule 4).
    """
    found = _plan(known, plan_id)
    stops = repository.visits_of(known.work, found.id)
    visible = announced(visible_visits(known.work, found, stops))
    visits = _with_places(known, visible, found)
    visits["order"] = visits.groupby(["date", "team_id"]).cumcount() + 1
    names = sorted(set(visits["team"]))
    look = Look(attribute="team", colours={t: (c, t) for t, c in team_colours(names).items()})
    teams = team_names(known.work, found)
    routes = whole_routes(repository.routes_of(known.work, found.id), stops, visible)
    routes = routes.rename(columns={"on_date": "date"})
    routes = routes.assign(team=[teams.get(team, team) for team in routes["team_id"]])
    return [
        Layer("visits", visits, columns.VISITS, title="name", look=look),
        Layer("routes", routes, columns.ROUTES, title="team", look=look),
    ]


def _plan(known: Known, plan_id: str | None) -> Plan:
    if plan_id is not None:
        return seen_plan(known.work, plan_id)
    for kept in repository.plans(known.work)["id"]:
        plan = repository.plan_by_id(known.work, kept)
        if plan is None or not may_see_plan(known.work.actor, plan):
            continue
        stops = repository.visits_of(known.work, kept)
        # One whose stops are all hidden is not there for whoever may not see them.
        if stops.empty or len(announced(visible_visits(known.work, plan, stops))):
            return plan
    raise InputError(
        "no_plan",
        msg("Chưa có lịch kiểm tra nào."),
        hint=msg("Lập lịch trên trang Lịch kiểm tra hoặc bằng lệnh plan."),
    )


def _with_places(known: Known, stops: pd.DataFrame, found: Plan) -> gpd.GeoDataFrame:
    register = known.premises[["id", "name", "type", "address", "ward_name", "geometry"]]
    register = register.rename(columns={"id": "premises_id", "ward_name": "ward"})
    teams = team_names(known.work, found)
    joined = stops.rename(columns={"on_date": "date"}).merge(register, on="premises_id", how="left")
    joined["team"] = [teams.get(team, team) for team in joined["team_id"]]
    joined["reason"] = [_reason(document) for document in joined["reason"]]
    joined["state"], joined["made_at"] = found.state, found.made_at
    for column in ("arrive", "leave"):
        joined[column] = [moment.astimezone(LOCAL_ZONE) for moment in joined[column]]
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=LONLAT)


def _reason(document: dict[str, Any]) -> str:
    return "; ".join(render(part["text"]) for part in document.get("parts", []))


def _by_word(attribute: str, words: type[StrEnum], colours: Any) -> Look:
    return Look(
        attribute=attribute, colours={word.value: (colours[word], str(word_text(word))) for word in words}
    )


LAYERS: dict[str, tuple[Right, Callable[[Known], list[Layer]]]] = {
    "wards": (Right.SEE, wards),
    "premises": (Right.SEE, premises),
    "hotspots": (Right.SEE_TIPS, hotspots),
    "borders": (Right.SEE_TIPS, borders),
    "signals": (Right.SEE_TIPS, signals),
}
