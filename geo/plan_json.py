"""A plan as plain JSON: the document of the command ``plan``, and what the database keeps of a visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geo.messages import Message
from geo.plan_types import PlanDraft, Route, Visit


def plan_document(draft: PlanDraft, say: Callable[[Message], Any] = str) -> dict[str, Any]:
    """The plan with ISO dates and local times; ``say`` puts sentences into the reader's language.

    ``visits[].reason`` is one sentence, ``parts`` are its reasons, whose points sum to ``value``; shares of
    coverage are 0-1; ``borders[].teams`` are those that go into the strip, together where it has a start and
    an end. ``coverage[].unannounced`` and what is of kind unannounced is not for everybody's eyes.
    """
    return {
        "from": draft.first.isoformat(),
        "to": draft.last.isoformat(),
        "visits": [_visit(visit, say) for visit in draft.visits],
        "routes": [_route(route) for route in draft.routes],
        "coverage": [
            {
                "ward": ward.ward_id,
                "before": ward.before,
                "after": ward.after,
                "target": ward.target,
                "premises": ward.premises,
                "inspected": ward.inspected,
                "planned": ward.planned,
                "unannounced": ward.unannounced,
                "missing": ward.missing,
                "pace": ward.pace,
            }
            for ward in draft.coverage
        ],
        "borders": [
            {
                "segment": border.segment_id,
                "visited": border.visited,
                "date": border.first_on.isoformat() if border.first_on else None,
                "start": border.start.isoformat(timespec="minutes") if border.start else None,
                "end": border.end.isoformat(timespec="minutes") if border.end else None,
                "teams": list(border.teams),
                "premises": border.premises,
            }
            for border in draft.borders
        ],
        "unserved": [
            {
                "premises": left.premises_id,
                "code": left.code,
                "why": say(left.why),
                "kind": left.kind.value,
            }
            for left in draft.unserved
        ],
        "draw": {"pool": draft.draw.pool, "drawn": draft.draw.drawn, "probability": draft.draw.probability},
        "solver": {
            "seconds": draft.solver.seconds,
            "iterations": draft.solver.iterations,
            "objective": draft.solver.objective,
            "crow": draft.solver.crow,
        },
        "notes": [say(note) for note in draft.notes],
    }


def stored_reason(visit: Visit) -> dict[str, Any]:
    """The reason of a visit as the database keeps it: to be translated when it is shown."""
    parts = [{"name": p.name, "points": p.points, "text": p.text.to_json()} for p in visit.parts]
    return {"value": visit.value, "parts": parts}


def _visit(visit: Visit, say: Callable[[Message], Any]) -> dict[str, Any]:
    parts = [{"name": p.name, "points": p.points, "text": say(p.text)} for p in visit.parts]
    return {
        "premises": visit.premises_id,
        "team": visit.team_id,
        "date": visit.date.isoformat(),
        "arrive": visit.arrive.isoformat(timespec="minutes"),
        "leave": visit.leave.isoformat(timespec="minutes"),
        "order": visit.order,
        "reason": "; ".join(str(part["text"]) for part in parts),
        "value": visit.value,
        "parts": parts,
        "evidence": [dict(item) for item in visit.evidence],
        "joint_with": list(visit.joint_with),
        "drawn_at_random": visit.drawn_at_random,
        "selection_probability": visit.selection_probability,
        "kind": visit.kind.value,
    }


def _route(route: Route) -> dict[str, Any]:
    return {
        "team": route.team_id,
        "date": route.date.isoformat(),
        "start": route.start.isoformat(timespec="minutes"),
        "end": route.end.isoformat(timespec="minutes"),
        "km": route.km,
        "minutes": route.minutes,
        "visits": route.visits,
        "streets": list(route.streets),
    }
