"""From the frames to what the planner works on: candidates with their value, and why the others are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd

from geo.messages import Message, msg
from geo.plan_coverage import border_risks
from geo.plan_settings import DAY_S, PlanningSettings, Window, seconds_of_day
from geo.plan_teams import agencies, missing, valid_teams
from geo.plan_types import Candidate, Lock, PlanFacts, UnannouncedRequest, Unserved
from geo.planning_rules import Rule, last_checked, open_deadlines, teams_at, visit_rules
from geo.visit_value import (
    Part,
    VisitFacts,
    follow_up_part,
    locked_part,
    unannounced_part,
    visit_value,
)
from geo.words import VisitKind

_LONGEST_CONTENT = 160


def gather(
    facts: PlanFacts, *, first: date, last: date, settings: PlanningSettings
) -> tuple[list[Candidate], list[Unserved]]:
    """Premises that may be visited, with value and reasons, and why the others may not.

    What a visit does for its ward's target is left for ``plan_coverage.with_coverage``: it grows with the plan.
    """
    asked = {request.premises_id: request for request in facts.unannounced}
    rules = visit_rules(
        facts.premises,
        facts.inspections,
        facts.findings,
        first=first,
        last=last,
        standing=facts.standing,
        excluded=facts.excluded,
        beyond_cap={name for name, r in asked.items() if r.basis.strip() and (r.decision or "").strip()},
    )
    rules = {name: _unannounced_rule(rule, asked.get(name)) for name, rule in rules.items()}
    unserved = [
        Unserved(name, rule.code, rule.why, VisitKind.UNANNOUNCED if name in asked else VisitKind.PLANNED)
        for name, rule in rules.items()
        if rule.code is not None and rule.why is not None
    ]
    rows = [row for row in facts.premises.to_dict("records") if rules[str(row["id"])].code is None]
    points = [row["geometry"] for row in rows]
    teams = valid_teams(facts.teams, first, last)
    known = _Known(
        facts=facts,
        first=first,
        settings=settings,
        last=last_checked(facts.inspections, first),
        deadlines=open_deadlines(facts.findings, last),
        owed=_owed(facts.findings),
        asked=asked,
        locks={lock.premises_id: lock for lock in reversed(facts.locks)},
        skills={str(row["id"]): agencies(row) for row in teams.to_dict("records")},
    )
    borders = border_risks(points, facts.segments, settings.strip_m)
    candidates = [
        _candidate(row, rules[str(row["id"])], team_ids, risk, known)
        for row, team_ids, risk in zip(rows, teams_at(teams, points), borders, strict=True)
    ]
    return candidates, unserved


def unknown_requests(facts: PlanFacts) -> list[Message]:
    """Sentences for wishes about premises that the register does not know."""
    known = set(facts.premises["id"])
    wishes = [lock.premises_id for lock in facts.locks]
    wishes += [request.premises_id for request in facts.unannounced]
    return [msg("Không có cơ sở {name}.", name=name) for name in sorted(set(wishes) - known)]


def day_wishes(candidates: Sequence[Candidate]) -> dict[str, set[date]]:
    """Days that a person has set, by the team that is to go: where several may, the one with least to do."""
    load: dict[str, int] = {}
    for one in candidates:
        for team in one.teams:
            load[team] = load.get(team, 0) + 1
    wished: dict[str, set[date]] = {}
    for one in candidates:
        if one.only_on is not None and one.teams:
            team = min(one.teams, key=lambda name: (one.only_on not in wished.get(name, ()), load[name], name))
            wished.setdefault(team, set()).add(one.only_on)
    return wished


@dataclass(frozen=True)
class _Owed:
    """An open finding with a deadline: what it is about."""

    deadline: date
    kind: str
    content: str


@dataclass(frozen=True)
class _Known:
    facts: PlanFacts
    first: date
    settings: PlanningSettings
    last: Mapping[str, date]
    deadlines: Mapping[str, list[date]]
    owed: Mapping[str, list[_Owed]]
    asked: Mapping[str, UnannouncedRequest]
    locks: Mapping[str, Lock]
    skills: Mapping[str, frozenset[str]]


def _candidate(
    row: Mapping[str, Any], rule: Rule, team_ids: frozenset[str], border_risk: float | None, known: _Known
) -> Candidate:
    name = str(row["id"])
    grounds = row.get("complex_grounds")
    value, parts = visit_value(
        VisitFacts(
            score=float(known.facts.scores[name]) if name in known.facts.scores else None,
            last_checked=known.last.get(name),
            open_deadlines=len(known.deadlines.get(name, [])),
            border_risk=border_risk,
            complex_grounds=not missing(grounds) and bool(str(grounds).strip()),
        ),
        known.first,
        known.settings.weights,
    )
    follow_up = rule.kind is VisitKind.FOLLOW_UP
    plain = Candidate(
        premises_id=name,
        lon=float(row["geometry"].x),
        lat=float(row["geometry"].y),
        type=str(row["type"]),
        value=value,
        parts=(*parts, *_limits(name, rule, known)),
        teams=team_ids,
        # A follow-up is owed by the premises whose minutes it is about, whatever else the business runs.
        business_key=f"follow_up:{name}" if follow_up else rule.business_key,
        ward_id=None if missing(row.get("ward_id")) else str(row["ward_id"]),
        kind=rule.kind,
        required=follow_up,
        evidence=tuple(known.facts.evidence.get(name, ())),
        not_before=rule.not_before,
    )
    barred = _barred(plain, known)
    free = replace(plain, teams=team_ids - set(barred), barred=barred)
    if name in known.asked:
        return _as_asked(free, known.asked[name], known.settings)
    return _as_locked(free, known.locks[name], known.settings) if name in known.locks else free


def _limits(name: str, rule: Rule, known: _Known) -> list[Part]:
    """Reasons that say what a visit may be about; they add nothing to its value."""
    if name in known.asked:
        request = known.asked[name]
        return [unannounced_part(request.basis.strip(), request.decision)]
    if rule.kind is not VisitKind.FOLLOW_UP:
        return []
    deadline = known.deadlines[name][0]
    due = [owed for owed in known.owed[name] if owed.deadline == deadline]
    content = "; ".join(dict.fromkeys(owed.content for owed in due if owed.content))
    short = content if len(content) <= _LONGEST_CONTENT else content[: _LONGEST_CONTENT - 1] + "…"
    return [follow_up_part(deadline, short or msg("theo biên bản"))]


def _barred(candidate: Candidate, known: _Known) -> dict[str, str]:
    """Teams in whose area it lies but that may not go, and the word for why."""
    name = candidate.premises_id
    complained = known.facts.complaints.get(name, frozenset())
    barred = {team: "complaint" for team in candidate.teams if team in complained}
    if candidate.kind is VisitKind.FOLLOW_UP:
        kinds = {owed.kind for owed in known.owed.get(name, [])}
        for team in candidate.teams:
            able = all(known.settings.can_recheck(known.skills.get(team, frozenset()), kind) for kind in kinds)
            if not able:
                barred.setdefault(team, "skill")
    return barred


def _as_asked(candidate: Candidate, request: UnannouncedRequest, settings: PlanningSettings) -> Candidate:
    only = _only_team(candidate, request.team_id)
    windows = None
    if request.window is not None:
        usual = settings.windows_of(candidate.type, VisitKind.UNANNOUNCED)
        windows = _common(usual, request.window)
    return replace(only, required=True, only_on=request.date, windows=windows)


def _as_locked(candidate: Candidate, lock: Lock, settings: PlanningSettings) -> Candidate:
    only = _only_team(candidate, lock.team_id)
    windows = None
    if lock.arrive is not None:
        arrive_s = seconds_of_day(lock.arrive)
        wanted = Window(arrive_s, arrive_s + settings.service_s(candidate.type, candidate.kind))
        windows = tuple(
            each
            for each in _common(settings.windows_of(candidate.type, candidate.kind), wanted)
            if each.close_s - each.open_s == wanted.close_s - wanted.open_s
        )
    parts = (*candidate.parts, locked_part())
    return replace(only, required=True, locked=True, only_on=lock.date, windows=windows, parts=parts)


def _only_team(candidate: Candidate, team_id: str | None) -> Candidate:
    if team_id is None:
        return candidate
    others = candidate.teams - {team_id}
    barred = {**candidate.barred, **dict.fromkeys(others, "lock")}
    return replace(candidate, teams=candidate.teams - others, barred=barred)


def _common(usual: Sequence[Window], wanted: Window) -> tuple[Window, ...]:
    """What of the hours asked for lies within the usual ones, on the shift's day or after its midnight."""
    both = [
        Window(max(each.open_s, asked.open_s), min(each.close_s, asked.close_s))
        for asked in (wanted, wanted.later(DAY_S))
        for one in usual
        for each in (one, one.later(DAY_S))
    ]
    return tuple(dict.fromkeys(each for each in both if each.close_s > each.open_s))


def _unannounced_rule(rule: Rule, request: UnannouncedRequest | None) -> Rule:
    """What a rule becomes where somebody asks for an unannounced check."""
    if request is None:
        return rule
    if not request.basis.strip():
        why = msg("Kiểm tra đột xuất cần căn cứ: dấu hiệu vi phạm rõ ràng đã ghi nhận tại cơ sở.")
        return replace(rule, code="basis", why=why)
    used_up = rule.code == "capped" or rule.kind is VisitKind.FOLLOW_UP
    if used_up and not (request.decision or "").strip():
        why = msg("Đã kiểm tra trong năm: kiểm tra đột xuất cần quyết định có số nêu rõ dấu hiệu vi phạm.")
        return replace(rule, code="capped", why=why)
    return replace(rule, kind=VisitKind.UNANNOUNCED, not_before=None)


def _owed(findings: pd.DataFrame) -> dict[str, list[_Owed]]:
    """Open findings with a deadline, by premises."""
    owed: dict[str, list[_Owed]] = {}
    if findings.empty:
        return owed
    for row in findings[findings["closed_on"].isna() & findings["deadline"].notna()].to_dict("records"):
        text = row.get("text")
        found = _Owed(
            deadline=row["deadline"].date(),
            kind="" if missing(row.get("kind")) else str(row["kind"]),
            content="" if missing(text) else " ".join(str(text).split()),
        )
        owed.setdefault(str(row["premises_id"]), []).append(found)
    return owed
