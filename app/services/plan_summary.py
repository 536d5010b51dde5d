"""What stands beside a plan - coverage, borders, what was left out - as far as the actor may see it.

For those to whom unannounced visits are hidden it is told as if there were none, so that nothing shows by its
absence: forecasts without them, and one neutral reason for all premises that were merely not chosen.
"""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from app.services.facts import Known
from app.services.plan_secrecy import announced, is_signer, planner_of
from data.repositories import places
from data.repositories import plans as repository
from data.repositories.scope import within_scope
from data.store import Work
from data.tables import Plan
from geo.crs import METRIC
from geo.messages import msg
from geo.words import VisitKind

#: Public reasons of premises that only unannounced visits are about; kept beside the plan, shown to others.
SECRET = "secret_unserved"
#: Reasons that hold whatever else was chosen; all others follow from the choice.
_OF_ITSELF = {
    "inactive", "no_point", "not_open", "capped", "standing", "excluded", "outside", "complaint", "unreachable",
    "no_days", "too_early", "skill", "closed",
}  # fmt: skip
_STRIP_M = 150.0


def seen_summary(work: Work, plan: Plan, stops: pd.DataFrame, visible: pd.DataFrame) -> dict[str, Any]:
    """The plan's summary for the actor; ``stops``: all of the plan, ``visible``: those that they may see."""
    summary = dict(plan.summary)
    secret = summary.pop(SECRET, [])
    if not _knows_all(work, plan, stops, visible):
        summary = _as_if_announced(work, plan, summary, secret, announced(stops))
    return _in_scope(work, plan, summary)


def _knows_all(work: Work, plan: Plan, stops: pd.DataFrame, visible: pd.DataFrame) -> bool:
    """Whether the actor reads the plan as it is: by who they are, for a plan that reads otherwise only where
    something is hidden tells that something is."""
    unannounced = stops[stops["kind"] == VisitKind.UNANNOUNCED.value]
    if not unannounced["id"].isin(visible["id"]).all():
        return False
    if work.actor.name == plan.made_by or is_signer(work, plan):
        return True
    # The team that goes knows its own stops, not what else was asked for.
    asked = {planner_of(plan, reason) for reason in unannounced["reason"]}
    return asked == {work.actor.name}


def _as_if_announced(
    work: Work, plan: Plan, summary: dict[str, Any], secret: list[dict[str, Any]], stops: pd.DataFrame
) -> dict[str, Any]:
    open_rows = [row for row in summary["unserved"] if row.get("kind") != VisitKind.UNANNOUNCED.value]
    return {
        **summary,
        "coverage": [_forecast(row, plan.last_day) for row in summary["coverage"]],
        "borders": _border_visits(work, plan, summary["borders"], stops),
        "unserved": sorted((_neutral(row) for row in [*open_rows, *secret]), key=lambda row: row["premises"]),
        "solver": {**summary["solver"], "objective": None},
    }


def _neutral(row: dict[str, Any]) -> dict[str, Any]:
    if row["code"] in _OF_ITSELF:
        return {name: row[name] for name in ("premises", "code", "why")}
    why = msg("Không được chọn trong kỳ này.").to_json()
    return {"premises": row["premises"], "code": "not_chosen", "why": why}


def _forecast(row: dict[str, Any], last: date) -> dict[str, Any]:
    """A ward's coverage with the announced visits alone."""
    planned = row["planned"] - row.get("unannounced", 0)
    reached = row["inspected"] + planned
    wanting = max(math.ceil(row["target"] * row["premises"] - 1e-9) - reached, 0)
    told = {**row, "planned": planned, "after": round(reached / row["premises"], 4)}
    told.pop("unannounced", None)
    if "missing" in row:
        weeks = max((date(last.year, 12, 31) - last).days / 7, 1.0)
        told |= {"missing": wanting, "pace": round(wanting / weeks, 2)}
    return told


def _border_visits(
    work: Work, plan: Plan, rows: list[dict[str, Any]], stops: pd.DataFrame
) -> list[dict[str, Any]]:
    """The border segments with the announced visits and the sweeps alone."""
    segments = Known(work, plan.first_day).whole.bare_segments.to_crs(METRIC).set_index("id").geometry
    points = repository.places_of(work, sorted(set(stops["premises_id"]))).rename(columns={"id": "premises_id"})
    placed = stops.merge(points.to_crs(METRIC), on="premises_id")
    where = gpd.GeoSeries(placed["geometry"], crs=METRIC)
    swept = set(repository.sweeps_of(work, plan.id)["segment_id"])
    strip_m = float(plan.settings.get("strip_m", _STRIP_M))
    told = []
    for row in rows:
        if row["visited"] and row["segment"] not in swept:
            line = segments.get(row["segment"])
            inside = placed.iloc[0:0] if line is None else placed[(where.distance(line) <= strip_m).to_numpy()]
            row = {
                **row,
                "visited": len(inside) > 0,
                "date": inside["on_date"].min().date().isoformat() if len(inside) else None,
                "teams": sorted(set(inside["team_id"])),
            }
        told.append(row)
    return told


def _in_scope(work: Work, plan: Plan, summary: dict[str, Any]) -> dict[str, Any]:
    """What is about places inside the actor's scope."""
    if work.actor.scope is None:
        return summary
    register = within_scope(work, places.premises_on(work, plan.first_day))
    premises = set(register["id"])
    segments = set(within_scope(work, Known(work, plan.first_day).bare_segments)["id"])
    return {
        **summary,
        "unserved": [row for row in summary["unserved"] if row["premises"] in premises],
        "coverage": [row for row in summary["coverage"] if row["ward"] in work.actor.scope],
        "borders": [row for row in summary["borders"] if row["segment"] in segments],
    }
