"""Making inspection plans: what a planner may ask for, what is known, the draft that comes of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from app.access import Right, require
from app.services import complaints
from app.services.database import need_data
from app.services.facts import Known
from app.services.free_text import about_places
from app.services.plan_keeping import keep_draft
from app.services.plan_reading import standing_premises
from app.services.plan_request import PlanRequest, kept_settings, office_settings
from app.services.team_days import busy_days, closed_days
from app.services.underway import marked
from app.text import render
from data.repositories.road_network import road_network
from data.repositories.scope import within_scope
from data.repositories.teams import teams_between
from data.store import Actor, Store, Work
from geo.errors import InputError, RuleError
from geo.joint_sweeps import Sweep, appointments, choose_sweeps
from geo.messages import Message, msg
from geo.plan_json import plan_document
from geo.plan_teams import plan_teams
from geo.plan_types import Lock, PlanFacts, PlanningSettings, UnannouncedRequest, window
from geo.planning import Progress, make_plan
from geo.risk import Part
from geo.words import TeamKind

#: A longer period is planned piece by piece.
MOST_DAYS = 92
#: A longer shift is a slip of the pen (an end before the start means past midnight).
MOST_SHIFT_H = 16


@marked("plan.draft", Right.PLAN)
def draft_plan(
    store: Store,
    actor: Actor,
    request: PlanRequest,
    as_of: date,
    *,
    watch: Progress | None = None,
) -> dict[str, Any]:
    """Make a draft, keep it, and give its document (the command ``plan``).

    Whoever has a scope plans the premises inside it. ``watch``: see ``geo.planning.make_plan``.
    """
    require(actor, Right.PLAN)
    check_period(request.first, request.last, as_of)
    settings = request.settings or office_settings()
    with store.read(actor) as work:
        need_data(work, request.first)
        known = Known(work, as_of)
        facts, sweeps = _with_sweeps(plan_facts(work, known, request), request, settings)
        model = known.risk_model.model
    # The system's own seed stays sealed until the period ends (domain rule 4).
    seed = secrets.randbits(31) if request.seed is None else request.seed
    draft = make_plan(
        facts,
        first=request.first,
        last=request.last,
        seed=seed,
        settings=settings,
        seconds=request.seconds,
        iterations=request.iterations,
        watch=watch,
    )
    with store.write(actor) as work:
        plan_id = keep_draft(
            work,
            draft,
            facts,
            seed=seed,
            seed_given=request.seed is not None,
            settings=kept_settings(request, settings, facts, model, as_of),
            sweeps=sweeps,
        )
    return {"plan": plan_id, **_with_codes(plan_document(draft, say=render), facts)}


def check_period(first: date, last: date, as_of: date) -> None:
    """Raise InputError for a period that runs backwards, is too long or has begun."""
    if last < first:
        raise InputError(
            "period_reversed",
            msg("Ngày cuối {last} đứng trước ngày đầu {first}.", last=last, first=first),
        )
    if (last - first).days >= MOST_DAYS:
        raise InputError("period_long", msg("Một lịch dài nhất {n} ngày.", n=MOST_DAYS))
    if first < as_of:
        raise InputError(
            "period_past",
            msg("Ngày đầu {first} đã qua: lịch được lập theo số liệu ngày {day}.", first=first, day=as_of),
            hint=msg("Chọn ngày đầu từ {day} trở đi.", day=as_of),
        )


def team_changes(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Hours and visits of the teams that take part, by id, from a table that a person filled in.

    ``table``: columns id, use, name, shift_start, shift_end, max_visits, and pause_start and pause_end, both
    empty where there is none. Raises InputError for an empty cell and half a pause.
    """
    changes = {}
    for row in table[table["use"]].itertuples():
        if pd.isna(row.shift_start) or pd.isna(row.shift_end) or pd.isna(row.max_visits):
            what = msg("{team}: cần nhập đủ giờ đi, giờ về và số lượt mỗi ngày.", team=row.name)
            raise InputError("team_incomplete", what)
        pause = [None if pd.isna(one) else one for one in (row.pause_start, row.pause_end)]
        if pause.count(None) == 1:
            what = msg("{team}: cần nhập cả giờ bắt đầu và giờ kết thúc nghỉ, hoặc bỏ cả hai.", team=row.name)
            raise InputError("team_incomplete", what)
        changes[row.id] = {
            "shift_start": row.shift_start,
            "shift_end": row.shift_end,
            "max_visits": int(row.max_visits),
            "pause_start": pause[0],
            "pause_end": pause[1],
        }
    return changes


def _check_shifts(teams: pd.DataFrame) -> None:
    for team in teams.itertuples():
        shift = window(team.shift_start, team.shift_end)
        no_length = team.shift_start == team.shift_end
        if not no_length and shift.close_s - shift.open_s > MOST_SHIFT_H * 3600:
            raise InputError(
                "shift_long",
                msg("{team}: ca làm dài hơn {n} giờ.", team=team.name, n=MOST_SHIFT_H),
                hint=msg("Giờ về sớm hơn giờ đi nghĩa là về sau nửa đêm, sang ngày hôm sau."),
            )


def plan_facts(work: Work, known: Known, request: PlanRequest, plan_id: str | None = None) -> PlanFacts:
    """What is known when the request is planned, or the plan ``plan_id`` is changed: other decided plans keep
    their teams' days. Raises InputError for unknown teams and premises, RuleError
    for an unannounced visit without basis and decision."""
    teams = teams_between(work, request.first, request.last)
    if request.team_ids is not None:
        _refuse_unknown(request.team_ids, {*teams["id"], *teams["name"]}, _unknown_team)
        meant = teams["id"].isin(request.team_ids) | teams["name"].isin(request.team_ids)
        teams = teams[meant].reset_index(drop=True)
    premises = within_scope(work, known.premises)
    locks = (*(Lock(premises_id=name) for name in sorted(request.locked)), *request.locks)
    asked = tuple(checked_request(one) for one in request.unannounced)
    named = {*request.excluded, *(lock.premises_id for lock in locks), *(one.premises_id for one in asked)}
    _refuse_unknown(frozenset(named), set(premises["id"]), _unknown_premises)
    for team, changes in (request.team_changes or {}).items():
        meant = (teams["id"] == team) | (teams["name"] == team)
        for column, value in changes.items():
            teams.loc[meant, column] = value
        _check_shifts(teams[meant])
    # A shift of no length is a team that stays at home, not one that is out all day.
    teams.loc[teams["shift_start"] == teams["shift_end"], "max_visits"] = 0
    teams["days_off"] = _days_off(work, teams, request, plan_id)
    network = road_network(work)
    return PlanFacts(
        premises=premises,
        inspections=known.inspections,
        findings=known.findings,
        teams=teams,
        network=network,
        segments=known.segments(),
        scores=dict(known.scores.set_index("id")["score"].astype(float)),
        evidence={row.id: _evidence(row.parts) for row in known.scores.itertuples()},
        standing=standing_premises(
            work, max(known.day, date(request.first.year, 1, 1)), date(request.last.year, 12, 31)
        ),
        excluded=request.excluded,
        locks=locks,
        complaints=complaints.barred_teams(work, known.day),
        unannounced=asked,
    )


def _days_off(work: Work, teams: pd.DataFrame, request: PlanRequest, plan_id: str | None) -> list[list[str]]:
    """By team, its own days off and those on which a decided plan needs it."""
    busy = busy_days(work, request.first, request.last, but=plan_id)
    per_week = (request.settings or office_settings()).outings_per_week
    return [
        [
            *(row.days_off or []),
            *(day.isoformat() for day in sorted(_closed(busy.get(row.id), request, per_week))),
        ]
        for row in teams.itertuples()
    ]


def _closed(busy: set[date] | None, request: PlanRequest, per_week: int) -> set[date]:
    return closed_days(busy, request.first, request.last, per_week) if busy else set()


def checked_request(request: UnannouncedRequest) -> UnannouncedRequest:
    """Rule 1: a further or unannounced visit needs a recorded sign at that premises and a numbered decision."""
    basis, decision = about_places(request.basis), about_places(request.decision)
    if not basis or not any(character.isdigit() for character in decision):
        raise RuleError(
            "basis_missing",
            msg("Lượt đột xuất cần căn cứ (dấu hiệu vi phạm rõ ràng tại cơ sở) và số quyết định nêu căn cứ."),
            hint=msg("Điểm nguy cơ, vi phạm của cơ sở bên cạnh hay kết quả bốc thăm không phải là căn cứ."),
        )
    return replace(request, basis=basis, decision=decision)


def _with_sweeps(
    facts: PlanFacts, request: PlanRequest, settings: PlanningSettings
) -> tuple[PlanFacts, tuple[Sweep, ...]]:
    """The facts with the period's joint sweeps as appointments of their teams."""
    if request.sweeps is None or facts.segments is None or facts.segments.empty or facts.teams.empty:
        return facts, ()
    days, _notes = plan_teams(facts.teams, request.first, request.last, settings)
    areas = {
        row.id: None if row.area.is_empty and row.kind == TeamKind.CITY else row.area
        for row in facts.teams.itertuples()
    }
    chosen = choose_sweeps(
        facts.segments, days, areas, first=request.first, last=request.last, settings=request.sweeps
    )
    return replace(facts, appointments=appointments(chosen.sweeps)), chosen.sweeps


def _unknown_team(name: str) -> Message:
    return msg("Trong kỳ này không có đội {name}.", name=name)


def _unknown_premises(name: str) -> Message:
    return msg("Không có cơ sở {name}.", name=name)


def _refuse_unknown(wanted: frozenset[str], known: set[str], say: Callable[[str], Message]) -> None:
    unknown = sorted(wanted - known)
    if unknown:
        raise InputError("unknown_name", say(unknown[0]))


def _evidence(parts: list[Part]) -> tuple[dict[str, Any], ...]:
    """The three parts of the score that speak most for a visit."""
    raising = sorted((p for p in parts if p.name != "base" and p.points > 0), key=lambda p: -p.points)
    return tuple({"kind": "risk", "id": p.name, "text": p.text.to_json()} for p in raising[:3])


def _with_codes(document: dict[str, Any], facts: PlanFacts) -> dict[str, Any]:
    wards = facts.premises.drop_duplicates("ward_id").set_index("ward_id")["ward_code"]
    for row in document["coverage"]:
        row["ward_id"], row["ward"] = row["ward"], wards.get(row["ward"], row["ward"])
    for visit in document["visits"]:
        visit["evidence"] = [{**item, "text": render(item["text"])} for item in visit["evidence"]]
    return document


def read_ids(path: Path) -> frozenset[str]:
    """Ids of premises from a file, one a line. Raises InputError when it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        what = msg("Không đọc được tệp {file}; cần mỗi dòng một mã cơ sở.", file=path.name)
        raise InputError("unreadable_file", what, file=str(path)) from error
    return frozenset(line.strip() for line in lines if line.strip())
