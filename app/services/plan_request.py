"""What a planner asks for, and how it is kept with the plan, so that the plan can be changed as it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, time
from typing import Any

from app.config import ROOT
from data.tables import Plan
from geo.joint_sweeps import SweepSettings
from geo.plan_settings import parse_settings, read_settings, settings_document
from geo.plan_types import Lock, PlanFacts, PlanningSettings, UnannouncedRequest
from geo.risk import RiskModel

PLANNING_SETTINGS = ROOT / "geo" / "planning.toml"
#: Of a team, what a plan may set apart from what is usual.
TIMES = ("shift_start", "shift_end", "pause_start", "pause_end")


@dataclass(frozen=True)
class PlanRequest:
    """What a planner asks for.

    ``locked``: premises that should be in the plan; ``locks``: with team, day or hour. ``unannounced``: each
    with its basis and the decision that states it. ``sweeps``: how joint sweeps of the border are chosen, None
    for none. ``team_changes``: by id or name of a team its ``TIMES`` (None: no pause) and ``max_visits`` in
    this plan. ``reveal_lead_min``: minutes before its shift at which a team sees its unannounced visits.
    """

    first: date
    last: date
    seconds: float = 5.0
    iterations: int | None = None
    seed: int | None = None
    excluded: frozenset[str] = frozenset()
    locked: frozenset[str] = frozenset()
    locks: tuple[Lock, ...] = ()
    unannounced: tuple[UnannouncedRequest, ...] = ()
    sweeps: SweepSettings | None = field(default_factory=SweepSettings)
    team_ids: frozenset[str] | None = None
    team_changes: dict[str, dict[str, Any]] | None = None
    settings: PlanningSettings | None = None
    reveal_lead_min: int = 0


def office_settings() -> PlanningSettings:
    """What the office has set about its plans (``geo/planning.toml``)."""
    return parse_settings(PLANNING_SETTINGS.read_text(encoding="utf-8"))


def kept_settings(
    request: PlanRequest, settings: PlanningSettings, facts: PlanFacts, model: RiskModel, as_of: date
) -> dict[str, Any]:
    """What has to be known later of how a plan was made: by team id its hours in this plan."""
    fitted_on = model.fitted_on.isoformat() if model.fitted_on else None
    return {
        "as_of": as_of.isoformat(),
        "risk_model": {"name": model.name, "version": model.version, "fitted_on": fitted_on},
        "outings_per_week": settings.outings_per_week,
        "strip_m": settings.strip_m,
        "planning": settings_document(settings),
        "sweeps": None if request.sweeps is None else _plain(asdict(request.sweeps)),
        "teams": {row["id"]: _hours(row) for row in facts.teams.to_dict("records")},
        "excluded": sorted(request.excluded),
        "reveal_lead_min": request.reveal_lead_min,
    }


def kept_request(plan: Plan) -> PlanRequest:
    """What was asked for when a plan was made; its visits hold the premises that were asked for."""
    kept = plan.settings
    hours = kept_hours(plan)
    sweeps = kept.get("sweeps")
    return PlanRequest(
        first=plan.first_day,
        last=plan.last_day,
        excluded=frozenset(kept.get("excluded", [])),
        sweeps=None if sweeps is None else SweepSettings(**{**sweeps, "start": _time(sweeps["start"])}),
        team_ids=frozenset(hours) or None,
        team_changes=hours,
        settings=read_settings(kept["planning"]) if "planning" in kept else office_settings(),
        reveal_lead_min=int(kept.get("reveal_lead_min", 0)),
    )


def kept_hours(plan: Plan) -> dict[str, dict[str, Any]]:
    """By team id what the plan set of ``TIMES`` and ``max_visits``."""
    return {
        team: {name: _time(value) if name in TIMES else value for name, value in own.items()}
        for team, own in plan.settings.get("teams", {}).items()
    }


def _hours(team: Mapping[str, Any]) -> dict[str, Any]:
    times = {name: team[name] if isinstance(team[name], time) else None for name in TIMES}
    return {**_plain(times), "max_visits": int(team["max_visits"])}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: f"{value:%H:%M}" if isinstance(value, time) else value for name, value in values.items()}


def _time(value: str | None) -> time | None:
    return None if value is None else time.fromisoformat(value)
