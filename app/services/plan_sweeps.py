"""The joint sweeps of a plan and the paper between the two sides: rule, request, reply, joint plan, minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from app.access import Right, require
from app.services.cells import day_of, text_of
from app.services.free_text import about_places
from app.services.plan_reading import seen_plan, seen_sweeps, team_names
from data.repositories import checks as repository
from data.repositories import places
from data.repositories import plans as plan_repository
from data.repositories.scope import within_scope
from data.repositories.teams import teams_between
from data.store import Actor, Store, Work
from data.tables import JointSweep, Plan, PlanSweep
from geo.coordination import Coordination, Letter, coordination
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import LetterKind, PlanState


@dataclass(frozen=True)
class KeptSweep:
    """A sweep with its paper.

    ``lead``, ``other``: names of the units on either side. ``letters``: rows with id, kind, number, on_date,
    due_on, from_unit, to_unit, note, the rule between the two units among them. ``state``: where the paper
    stands on the day.
    """

    id: str
    plan_id: str
    segment_id: str
    on_date: date
    starts: datetime
    ends: datetime
    teams: tuple[str, ...]
    lead: str
    other: str
    outside: bool
    done_on: date | None
    letters: pd.DataFrame
    state: Coordination


def kept_sweeps(store: Store, actor: Actor, plan_id: str, as_of: date) -> list[KeptSweep]:
    """The sweeps of a plan that touch the actor's scope, each with its letters and what is owed next."""
    require(actor, Right.SEE_PLANS)
    with store.read(actor) as work:
        plan = seen_plan(work, plan_id)
        rows = seen_sweeps(work, plan, team_names(work, plan))
        rules = repository.letters_of(work, None)
        return [_kept(work, plan, row, rules, as_of) for row in rows.itertuples(index=False)]


def add_letter(
    store: Store,
    actor: Actor,
    sweep_id: str,
    kind: LetterKind,
    *,
    on_date: date,
    as_of: date,
    number: str = "",
    due_on: date | None = None,
    from_unit: str = "",
    to_unit: str = "",
    note: str = "",
) -> str:
    """Enter a letter about a sweep and give its id; without a number it is written, but not out yet.

    Sender and receiver are by default those that the kind asks for. A rule is kept for the two units, not for
    the sweep. Raises RuleError for a draft's sweep and a text that speaks of a person, InputError for an
    unknown sweep or an impossible day.
    """
    require(actor, Right.KEEP_CASES)
    if on_date > as_of:
        raise InputError("future_day", msg("Ngày {day} chưa tới.", day=on_date))
    if due_on is not None and due_on < on_date:
        raise InputError("bad_day", msg("Thời hạn đứng trước ngày văn bản."))
    texts = {name: about_places(text) for name, text in (("number", number), ("note", note))}
    with store.write(actor) as work:
        sweep, plan = _sweep(work, sweep_id)
        lead, other = _sides(work, plan, sweep, repository.letters_of(work, sweep_id))
        sender, receiver = (other, lead) if kind is LetterKind.REPLY else (lead, other)
        made = repository.add_letter(
            work,
            sweep_id=None if kind is LetterKind.RULE else sweep_id,
            kind=kind.value,
            number=texts["number"][:80] or None,
            on_date=on_date,
            due_on=due_on,
            from_unit=(about_places(from_unit) or sender)[:200],
            to_unit=(about_places(to_unit) or receiver)[:200],
            note=texts["note"][:600] or None,
        )
        work.note("sweep.letter", made, sweep=sweep_id, kind=kind.value)
        return made


def mark_done(store: Store, actor: Actor, sweep_id: str, done_on: date, as_of: date, note: str = "") -> None:
    """Record that both sides swept their border, on its day or later: the last joint inspection."""
    require(actor, Right.KEEP_CASES)
    said = about_places(note)[:600] or None
    with store.write(actor) as work:
        sweep, _plan = _sweep(work, sweep_id)
        if sweep.done_on is not None:
            raise RuleError("done", msg("Lượt kiểm tra chung này đã ghi nhận ngày {day}.", day=sweep.done_on))
        if not sweep.on_date <= done_on <= as_of:
            raise InputError("bad_day", msg("Ngày thực hiện phải từ ngày hẹn đến hôm nay."))
        sweep.done_on = done_on
        work.session.add(JointSweep(**work.event(), on_date=done_on, geom=sweep.geom, note=said))
        work.note("sweep.done", sweep_id, day=done_on.isoformat())


def _sweep(work: Work, sweep_id: str) -> tuple[PlanSweep, Plan]:
    sweep = plan_repository.sweep_by_id(work, sweep_id)
    if sweep is None:
        raise InputError("unknown_sweep", msg("Không có lượt kiểm tra chung này."))
    plan = seen_plan(work, sweep.plan_id)
    if sweep_id not in set(within_scope(work, plan_repository.sweeps_of(work, plan.id))["id"]):
        raise InputError("unknown_sweep", msg("Không có lượt kiểm tra chung này."))
    if PlanState(plan.state) not in (PlanState.APPROVED, PlanState.RUNNING, PlanState.CLOSED):
        raise RuleError("wrong_state", msg("Lịch chưa được phê duyệt thì chưa gửi văn bản."))
    return sweep, plan


def _kept(work: Work, plan: Plan, row: Any, rules: pd.DataFrame, as_of: date) -> KeptSweep:
    own = repository.letters_of(work, row.id)
    lead, other = _sides(work, plan, row, own)
    letters = own if rules.empty else pd.concat([rules, own], ignore_index=True) if len(own) else rules
    letters = letters[letters["from_unit"].isin([lead, other]) | (letters["sweep_id"] == row.id)]
    return KeptSweep(
        id=row.id,
        plan_id=plan.id,
        segment_id=row.segment_id,
        on_date=row.on_date.date(),
        starts=row.starts,
        ends=row.ends,
        teams=tuple(row.teams),
        lead=lead,
        other=other,
        outside=bool(row.outside),
        done_on=day_of(row.done_on),
        letters=letters.reset_index(drop=True),
        state=coordination(
            [_letter(letter) for letter in letters.itertuples(index=False)],
            as_of,
            lead=lead,
            other=other,
            sweep_on=row.on_date.date(),
        ),
    )


def _letter(row: Any) -> Letter:
    return Letter(
        kind=LetterKind(row.kind),
        on_date=row.on_date.date(),
        from_unit=row.from_unit,
        to_unit=row.to_unit,
        number=text_of(row.number),
        due_on=day_of(row.due_on),
    )


def _sides(work: Work, plan: Plan, sweep: Any, letters: pd.DataFrame) -> tuple[str, str]:
    """Names of the unit that leads and of the other one; beyond the outer border the letters name it."""
    units = dict(places.all_units(work)[["id", "name"]].itertuples(index=False))
    names = [units.get(unit, unit) for unit in sweep.unit_ids]
    lead_team = teams_between(work, plan.first_day, plan.first_day).set_index("id")["unit_ids"]
    led = lead_team.get(sweep.lead_team_id, [])
    leading = next((units[unit] for unit in sweep.unit_ids if unit in led), names[0] if names else "")
    others = [name for name in names if name != leading]
    others += [name for row in letters.itertuples() for name in (row.to_unit, row.from_unit) if name != leading]
    return leading, others[0] if others else str(msg("địa phương giáp ranh"))
