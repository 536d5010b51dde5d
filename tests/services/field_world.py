"""An approved plan in a copy of the demonstration, for the tests of what happens in the street."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select, update

from app.services.accounts import SYSTEM
from app.services.field_record import Report
from app.services.field_visits import checklist
from data.repositories import places
from data.repositories.frames import current, frame
from data.store import LOCAL_ZONE, Actor, Store
from data.tables import Inspection, InspectionDecision, Plan, Premises, Team, TeamArea, Visit, new_id
from geo.checklist import Answered
from geo.words import CheckAnswer, PlanState, Role, VisitKind, VisitOutcome

INSPECTOR = Actor("kiemtra-hadong", Role.INSPECTOR)
HA_DONG, KIEN_HUNG = "09556", "09552"
_LONG_AGO = {"text": "Đã lâu chưa kiểm tra", "values": {}}


@dataclass(frozen=True)
class Planned:
    """Two teams' stops of a day: ``visits`` of the actor's own ward in their order, ``other`` of another's."""

    actor: Actor
    now: datetime
    day: date
    visits: list[str]
    other: str

    @property
    def visit(self) -> str:
        """The first stop."""
        return self.visits[0]


def planned(store: Store, day: date, *, decided: bool = True, stops: int = 3) -> Planned:
    """Put an approved plan of one day into the store; it is 15:00 of that day."""
    with store.write(SYSTEM) as work:
        units = places.units_on(work, day).set_index("code")["id"]
        plan = Plan(
            id=new_id(),
            first_day=day,
            last_day=day,
            state=PlanState.APPROVED.value,
            document="12/KH-UBND",
            made_at=work.now,
            made_by="lichkiemtra",
            summary={"unserved": [], "coverage": [], "borders": [], "solver": {}, "notes": []},
        )
        work.session.add(plan)
        work.session.flush()
        own, team = _stops(work, plan, units[HA_DONG], day, stops), _team_of(work, units[HA_DONG])
        other = _stops(work, plan, units[KIEN_HUNG], day, 1)
        if decided:
            decision = InspectionDecision(
                id=new_id(),
                plan_id=plan.id,
                team_id=team.id,
                number="45/QĐ-KT",
                on_date=day - timedelta(days=3),
                first_day=day,
                last_day=day,
                made_by="lichkiemtra",
            )
            work.session.add(decision)
            work.session.execute(update(Visit).where(Visit.id.in_(own)).values(decision_id=decision.id))
    actor = replace(INSPECTOR, scope=frozenset({units[HA_DONG]}))
    return Planned(actor, datetime.combine(day, time(15), LOCAL_ZONE), day, own, other[0])


def _team_of(work: Any, unit_id: str) -> Team:
    mine = select(TeamArea.team_id).where(TeamArea.unit_id == unit_id)
    return work.session.scalars(select(Team).where(Team.id.in_(mine), Team.kind == "ward")).one()


def _stops(work: Any, plan: Plan, unit_id: str, day: date, number: int) -> list[str]:
    register = places.premises_on(work, day)
    done = frame(work, current(Inspection))
    checked = done[(done["outcome"] == "checked") & (done["on_date"].dt.year == day.year)]
    free = register[
        (register["ward_id"] == unit_id)
        & (register["status"] == "active")
        & ~register["id"].isin(checked["premises_id"])
    ]
    team, ids = _team_of(work, unit_id), []
    for position, premises_id in enumerate(free["id"].head(number), start=1):
        arrive = datetime.combine(day, time(14), LOCAL_ZONE) + timedelta(hours=position)
        visit = Visit(
            id=new_id(),
            plan_id=plan.id,
            premises_id=premises_id,
            team_id=team.id,
            on_date=day,
            arrive=arrive,
            leave=arrive + timedelta(minutes=45),
            position=position,
            selection_probability=0.25,
            reason={"value": 3, "parts": [{"name": "base", "points": 3, "text": _LONG_AGO}]},
        )
        work.session.add(visit)
        ids.append(visit.id)
    return ids


def changed(store: Store, table: Any, row_id: str, **values: Any) -> None:
    """Change a row of the store."""
    with store.write(SYSTEM) as work:
        row = work.session.scalars(select(table).where(table.id == row_id)).one()
        for name, value in values.items():
            setattr(row, name, value)


def unannounced(store: Store, world: Planned, visit_id: str) -> str:
    """Make a stop unannounced, with its own decision."""
    with store.write(SYSTEM) as work:
        visit = work.session.scalars(select(Visit).where(Visit.id == visit_id)).one()
        visit.kind, visit.basis = VisitKind.UNANNOUNCED.value, "Nguồn tin đã xác minh về cơ sở"
        decision = InspectionDecision(
            id=new_id(),
            plan_id=visit.plan_id,
            team_id=visit.team_id,
            kind=VisitKind.UNANNOUNCED.value,
            number="46/QĐ-KT",
            on_date=world.day,
            basis="Dấu hiệu vi phạm rõ ràng tại cơ sở",
            first_day=world.day,
            last_day=world.day,
            made_by="lichkiemtra",
        )
        work.session.add(decision)
        visit.decision_id = decision.id
    return visit_id


def report(store: Store, visit_id: str, day: date, key: str = "a-key-of-the-phone", **changes: Any) -> Report:
    """Everything in order at a stop."""
    laws, required = checklist()
    with store.read(SYSTEM) as work:
        premises = work.session.scalars(
            select(Premises).join(Visit, Visit.premises_id == Premises.id).where(Visit.id == visit_id)
        ).one()
        asked = laws.asked(premises.type, day, required)
    answers = {one.item: Answered(CheckAnswer.YES) for one in asked}
    return replace(Report(key, VisitOutcome.CHECKED, answers), **changes)
