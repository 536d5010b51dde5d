"""What the office owes next, over all cases: papers of checks, numbers of decisions, letters, complaints.

One list for whoever keeps cases, what is overdue first. Nothing here is decided: each line says what is to
come, by when and by which law.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from app.access import Right, may
from app.services import cases, complaints, decisions, plan_sweeps
from app.services.case_facts import checks_table
from app.services.cases import Case, CaseFinding
from app.services.decisions import KeptDecision
from app.services.plan_reading import kept_plans
from app.services.plan_sweeps import KeptSweep
from data.store import Actor, Store
from geo.cases import Owed
from geo.messages import Message, msg
from geo.words import CasePaperKind, InspectionBody, PlanState, VisitKind

#: Plans whose decisions wait for their numbers, and those whose letters are still written.
_STANDING = (PlanState.APPROVED, PlanState.RUNNING)
_WITH_LETTERS = (*_STANDING, PlanState.CLOSED)


class TaskKind(StrEnum):
    """What is to be done, in the order of a case."""

    DECISION = "decision"
    MINUTES = "minutes"
    NOTICE = "notice"
    RECORD = "record"
    SANCTION = "sanction"
    PAYMENT = "payment"
    ANSWER = "answer"
    REMEDY = "remedy"
    RECHECK = "recheck"
    CLOSING = "closing"
    LETTER = "letter"
    COMPLAINT = "complaint"


_OF_PAPER = {
    CasePaperKind.MINUTES: TaskKind.MINUTES,
    CasePaperKind.RESULT_NOTICE: TaskKind.NOTICE,
    CasePaperKind.VIOLATION_RECORD: TaskKind.RECORD,
    CasePaperKind.RECOMMENDATION: TaskKind.RECORD,
    CasePaperKind.SANCTION: TaskKind.SANCTION,
    CasePaperKind.ANSWER: TaskKind.ANSWER,
    CasePaperKind.RECHECK: TaskKind.RECHECK,
    CasePaperKind.CLOSED: TaskKind.CLOSING,
}


@dataclass(frozen=True)
class Task:
    """One thing to do. ``about``: the premises, the team or the two units; ``on_date``: of the check or the
    paper it follows. ``inspection_id``: its case, None where it is done elsewhere."""

    kind: TaskKind
    text: Message
    about: str
    due_on: date | None
    overdue: bool
    on_date: date | None = None
    law: str | None = None
    team: str = ""
    ward: str = ""
    inspection_id: str | None = None


def case_tasks(store: Store, actor: Actor, as_of: date) -> list[Task]:
    """What is owed in the cases of the actor's scope; checks of other bodies have their papers there."""
    found = cases.open_cases(store, actor, as_of)
    with store.read(actor) as work:
        table = checks_table(work, as_of).set_index("id")
    own = table[table["body"] == InspectionBody.TEAM178.value]
    return in_order(
        task
        for one in found
        if one.inspection_id in own.index
        for task in _of_case(one, own.loc[one.inspection_id])
    )


def plan_tasks(store: Store, actor: Actor, as_of: date) -> list[Task]:
    """Decisions that wait for their number, and letters that are owed; opening unannounced ones is logged."""
    if not may(actor, Right.SEE_PLANS):
        return []
    tasks = []
    for row in kept_plans(store, actor, as_of).itertuples(index=False):
        if PlanState(row.state) in _STANDING:
            waiting = decisions.kept_decisions(store, actor, row.id)
            tasks += [_of_decision(one, as_of) for one in waiting if one.number is None]
        if PlanState(row.state) in _WITH_LETTERS:
            sweeps = plan_sweeps.kept_sweeps(store, actor, row.id, as_of)
            tasks += [_of_sweep(one) for one in sweeps if one.state.next_kind is not None]
    return in_order(tasks)


def complaint_tasks(store: Store, actor: Actor, as_of: date) -> list[Task]:
    """Complaints without an answer."""
    if not may(actor, Right.KEEP_CASES):
        return []
    kept = complaints.kept_complaints(store, actor, as_of)
    return [
        Task(
            kind=TaskKind.COMPLAINT,
            text=msg("Khiếu nại ngày {day} chưa được trả lời.", day=one.on_date),
            about=one.premises,
            due_on=None,
            overdue=False,
            on_date=one.on_date,
            team=one.team,
        )
        for one in kept
        if one.answered_on is None
    ]


def in_order(tasks: Iterable[Task]) -> list[Task]:
    """What is overdue first, then by day due; what has none last, the oldest first."""
    return sorted(
        tasks,
        key=lambda one: (not one.overdue, one.due_on or date.max, one.on_date or date.max, one.about),
    )


def task_kind(owed: Owed, finding: CaseFinding | None) -> TaskKind:
    """What kind of thing is owed; without a paper it is a day to wait for, else a payment."""
    if owed.kind is not None:
        return _OF_PAPER[owed.kind]
    waits = finding is not None and finding.deadline is not None and owed.due_on == finding.deadline
    return TaskKind.REMEDY if waits else TaskKind.PAYMENT


def owed_in(case: Case) -> list[tuple[CaseFinding | None, Owed]]:
    """What is owed in a case, once each: minutes and notice are of the check and not of each finding."""
    found: list[tuple[CaseFinding | None, Owed]] = []
    told: set[CasePaperKind] = set()
    for finding in case.findings or (None,):
        for owed in (finding or case).state.owed:
            whole = owed.kind in (CasePaperKind.MINUTES, CasePaperKind.RESULT_NOTICE)
            if owed.kind is not None and whole:
                if owed.kind in told:
                    continue
                told.add(owed.kind)
            found.append((None if whole else finding, owed))
    return sorted(found, key=lambda one: (not one[1].overdue, one[1].due_on or date.max))


def _of_case(case: Case, row: Any) -> Iterable[Task]:
    for finding, owed in owed_in(case):
        yield Task(
            kind=task_kind(owed, finding),
            text=owed.text,
            about=case.premises,
            due_on=owed.due_on,
            overdue=owed.overdue,
            on_date=case.on_date,
            law=owed.law,
            team=row["team"],
            ward=row["ward"],
            inspection_id=case.inspection_id,
        )


def _of_decision(one: KeptDecision, as_of: date) -> Task:
    secret = one.kind is VisitKind.UNANNOUNCED
    text = (
        msg("Quyết định kiểm tra đột xuất chờ văn thư cấp số.")
        if secret
        else msg("Quyết định kiểm tra chờ văn thư cấp số: {n} lượt.", n=one.visits)
    )
    return Task(
        kind=TaskKind.DECISION,
        text=text,
        about=one.team,
        due_on=one.first_day,
        overdue=one.first_day < as_of,
        team=one.team,
    )


def _of_sweep(one: KeptSweep) -> Task:
    return Task(
        kind=TaskKind.LETTER,
        text=one.state.text,
        about=f"{one.lead} – {one.other}",
        due_on=one.state.due_on,
        overdue=one.state.overdue,
        on_date=one.on_date,
    )
