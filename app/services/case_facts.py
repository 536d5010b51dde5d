"""The check that a case follows: who made it under which decision, where, and who recorded it; finding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import select

from app.access import Right, require
from app.services.cases import seen_inspections, unknown_inspection
from app.services.cells import text_of
from data.repositories import checks as repository
from data.repositories import places
from data.repositories import plans as plan_repository
from data.repositories.teams import teams_between
from data.store import Actor, Store, Work
from data.tables import Team
from geo.fold import fold
from geo.words import VisitKind, VisitOutcome

#: Without a word typed, the checks of so many days are listed.
_LATELY = timedelta(days=60)


@dataclass(frozen=True)
class CheckFacts:
    """A check and its premises.

    ``decision_date`` and ``decision_basis`` are known where the check carried out a plan. ``earlier``: of a
    re-check, what is recorded of the minutes it goes back to. ``recorded_by_reader``: whoever looks recorded
    this check, so that they neither enter its sanction nor close its findings.
    """

    inspection_id: str
    premises_id: str
    premises: str
    type: str
    address: str
    ward: str
    registration: str
    on_date: date
    body: str
    kind: VisitKind
    outcome: VisitOutcome
    team: str
    agencies: tuple[str, ...]
    decision_number: str | None
    decision_date: date | None
    decision_basis: str
    minutes_number: str | None
    earlier: str
    recorded_by_reader: bool


def check_facts(store: Store, actor: Actor, inspection_id: str, as_of: date) -> CheckFacts:
    """The facts of one check. Raises InputError ``unknown_inspection`` outside the actor's scope."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        seen = seen_inspections(work, as_of)
        rows = seen[seen["id"] == inspection_id]
        kept = repository.inspection(work, inspection_id)
        if rows.empty or kept is None:
            raise unknown_inspection()
        return _facts(work, next(rows.itertuples(index=False)), kept["recorded"], as_of)


def find_checks(store: Store, actor: Actor, typed: str, as_of: date) -> pd.DataFrame:
    """Checks of the actor's scope, by whichever body, the newest first.

    ``typed``: words of the premises' name or address, or a part of the number of any paper; without any the
    checks of the last two months. Columns: id, premises_id, on_date, body, team, outcome, premises, ward,
    decision_number, minutes_number.
    """
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        found = checks_table(work, as_of)
        words = fold(typed).split()
        if not words:
            return found[found["on_date"] >= pd.Timestamp(as_of - _LATELY)].drop(columns="text")
        numbers = repository.papers_of(work).groupby("inspection_id")["number"].agg(_joined)
        texts = found["text"] + " " + found["id"].map(numbers).fillna("").map(fold)
        holds = pd.Series(True, index=found.index)
        for word in words:
            holds &= texts.str.contains(word, regex=False)
        return found[holds].drop(columns="text").reset_index(drop=True)


def checks_table(work: Work, as_of: date) -> pd.DataFrame:
    """All checks in the actor's scope as ``find_checks`` gives them, with ``text`` to search in, folded."""
    seen = seen_inspections(work, as_of)
    register = places.premises_on(work, as_of).set_index("id")
    # Teams of every time: a check keeps the team that made it.
    teams = {row.id: row.name for row in work.session.execute(select(Team.id, Team.name))}
    named = register.reindex(seen["premises_id"])
    frame = pd.DataFrame(
        {
            "id": list(seen["id"]),
            "premises_id": list(seen["premises_id"]),
            "on_date": list(seen["on_date"]),
            "body": list(seen["body"]),
            "team": [teams.get(team, "") for team in seen["team_id"]],
            "outcome": list(seen["outcome"]),
            "premises": list(named["name"].fillna("")),
            "ward": list(named["ward_name"].fillna("")),
            "decision_number": list(seen["decision_number"]),
            "minutes_number": list(seen["minutes_number"]),
        }
    )
    numbers = frame["decision_number"], frame["minutes_number"]
    shown = zip(frame["premises"], named["address"].fillna(""), *numbers, strict=True)
    frame["text"] = [fold(" ".join(text_of(one) or "" for one in row)) for row in shown]
    return frame.sort_values(["on_date", "premises"], ascending=[False, True]).reset_index(drop=True)


def teams_on(store: Store, actor: Actor, day: date) -> dict[str, str]:
    """Names of the day's teams, by id, for whoever keeps cases."""
    require(actor, Right.KEEP_CASES)
    with store.read(actor) as work:
        found = teams_between(work, day, day).sort_values("name")
        return dict(zip(found["id"], found["name"], strict=True))


def _facts(work: Work, row: Any, recorded: set[str], as_of: date) -> CheckFacts:
    register = places.premises_on(work, as_of).set_index("id")
    known = register.loc[row.premises_id] if row.premises_id in register.index else pd.Series(dtype=object)
    day = row.on_date.date()
    teams = teams_between(work, day, day).set_index("id")
    team = teams.loc[row.team_id] if row.team_id in teams.index else None
    number, decided_on, basis = _decision(work, row)
    kind = VisitKind(row.kind)
    return CheckFacts(
        inspection_id=row.id,
        premises_id=row.premises_id,
        premises=text_of(known.get("name")) or row.premises_id,
        type=text_of(known.get("type")) or "",
        address=text_of(known.get("address")) or "",
        ward=text_of(known.get("ward_name")) or "",
        registration=_shown_registration(text_of(known.get("registration_number"))),
        on_date=day,
        body=row.body,
        kind=kind,
        outcome=VisitOutcome(row.outcome),
        team="" if team is None else str(team["name"]),
        agencies=() if team is None else tuple(team["agencies"] or ()),
        decision_number=number,
        decision_date=decided_on,
        decision_basis=basis,
        minutes_number=text_of(row.minutes_number),
        earlier=(text_of(row.grounds) or basis) if kind is VisitKind.FOLLOW_UP else "",
        recorded_by_reader=work.actor.name in recorded,
    )


def _decision(work: Work, row: Any) -> tuple[str | None, date | None, str]:
    visit_id = text_of(row.visit_id)
    visit = plan_repository.visit_by_id(work, visit_id) if visit_id else None
    decision = repository.decision_by_id(work, visit.decision_id) if visit and visit.decision_id else None
    written = text_of(row.decision_number)
    if decision is None:
        return written, None, text_of(row.grounds) or ""
    return written or decision.number, decision.on_date, decision.basis


def _shown_registration(number: str | None) -> str:
    # Twelve digits are somebody's identity number, whatever column they stand in.
    own = sum(character.isdigit() for character in number or "") == 12
    return "" if own else number or ""


def _joined(numbers: pd.Series) -> str:
    return " ".join(numbers.dropna())
