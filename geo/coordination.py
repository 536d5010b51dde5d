"""The paper of a joint sweep: what two units have written to each other, and who owes what next.

Domain.md, section 4: a rule of coordination, a request letter, a reply, a joint plan, minutes on each side. No
reply by the deadline goes to the city level. The numbers are entered when the clerk has issued them: a paper
without a number is not out yet.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from geo.messages import Message, msg
from geo.word_texts import word_text
from geo.words import CoordinationState, LetterKind


@dataclass(frozen=True)
class Letter:
    """A paper between units, by their names. ``due_on``: by when an answer is asked for."""

    kind: LetterKind
    on_date: date
    from_unit: str
    to_unit: str
    number: str | None = None
    due_on: date | None = None

    @property
    def issued(self) -> bool:
        """Whether the clerk has given it a number."""
        return bool(self.number and self.number.strip())


@dataclass(frozen=True)
class Deadlines:
    """Days an office sets: to answer a request that names no day, and to write minutes after the sweep."""

    reply_days: int = 7
    minutes_days: int = 3


@dataclass(frozen=True)
class Coordination:
    """Where the paper stands on a day, and what is due next.

    ``next_kind`` with ``next_from`` and ``next_to``: the paper that is owed; None where nothing is. ``due_on``:
    by when, None where no day is set. ``overdue``: that day has passed. ``to_city``: the matter now belongs to
    the city level. ``text``: the next step as a sentence. ``notes``: what else is amiss.
    """

    state: CoordinationState
    text: Message
    next_kind: LetterKind | None = None
    next_from: str | None = None
    next_to: str | None = None
    due_on: date | None = None
    overdue: bool = False
    to_city: bool = False
    notes: tuple[Message, ...] = ()


def coordination(
    letters: Iterable[Letter],
    day: date,
    *,
    lead: str,
    other: str,
    sweep_on: date | None = None,
    deadlines: Deadlines | None = None,
) -> Coordination:
    """The state of the paper between two units on a day.

    Parameters
    ----------
    letters : the rule between the two units and the papers of this sweep, in any order. Those dated after
        ``day`` and those between other units are not looked at.
    lead, other : names of the unit that leads and of its neighbour.
    sweep_on : day of the sweep, None while it has none.

    Notes
    -----
    The first request sets the deadline: writing again does not move it.
    """
    asked = deadlines or Deadlines()
    known = [letter for letter in letters if letter.on_date <= day]
    ours = sorted(
        (letter for letter in known if _concerns(letter, lead, other)),
        key=lambda letter: (letter.on_date, letter.kind, letter.number or ""),
    )
    case = _Case([letter for letter in ours if letter.issued], day, lead, other, sweep_on, asked)
    found = case.rule() or case.request() or case.reply() or case.joint_plan() or case.minutes()
    return replace(found, notes=(*_without_number(ours), *case.notes()))


@dataclass(frozen=True)
class _Case:
    """Issued papers between the two units up to the day, oldest first."""

    letters: Sequence[Letter]
    day: date
    lead: str
    other: str
    sweep_on: date | None
    deadlines: Deadlines

    def rule(self) -> Coordination | None:
        if self.of(LetterKind.RULE) or self.requests:
            # A request that is out goes on; the missing rule then stands in the notes.
            return None
        text = msg("{lead} và {other} cần ký quy chế phối hợp.", lead=self.lead, other=self.other)
        return self.owed(CoordinationState.NO_RULE, LetterKind.RULE, self.lead, text)

    def request(self) -> Coordination | None:
        if self.requests:
            return None
        text = msg("{lead} cần gửi công văn đề nghị {other} phối hợp.", lead=self.lead, other=self.other)
        due = self.before_sweep(self.deadlines.reply_days)
        return self.owed(CoordinationState.NO_REQUEST, LetterKind.REQUEST, self.lead, text, due)

    def reply(self) -> Coordination | None:
        if self.replies:
            return None
        due = self.reply_due
        if self.day <= due:
            text = msg("Chờ {other} trả lời trước hết ngày {due}.", other=self.other, due=due)
            return self.owed(CoordinationState.WAITING, LetterKind.REPLY, self.other, text, due)
        if self.of(LetterKind.CITY):
            text = msg("Đã báo cáo thành phố: {other} không trả lời đến ngày {due}.", other=self.other, due=due)
            return Coordination(CoordinationState.AT_CITY, text, due_on=due, overdue=True, to_city=True)
        text = msg(
            "{other} không trả lời đến hết ngày {due}: {lead} cần báo cáo thành phố.",
            other=self.other,
            due=due,
            lead=self.lead,
        )
        state = CoordinationState.UNANSWERED
        return Coordination(state, text, LetterKind.CITY, self.lead, None, due, overdue=True, to_city=True)

    def joint_plan(self) -> Coordination | None:
        if self.of(LetterKind.JOINT_PLAN):
            return None
        text = msg("{lead} cần lập kế hoạch phối hợp với {other}.", lead=self.lead, other=self.other)
        due = self.before_sweep(1)
        return self.owed(CoordinationState.NO_JOINT_PLAN, LetterKind.JOINT_PLAN, self.lead, text, due)

    def minutes(self) -> Coordination:
        if self.sweep_on is None:
            return Coordination(CoordinationState.READY, msg("Đủ văn bản, chưa định ngày kiểm tra chung."))
        if self.day < self.sweep_on:
            text = msg("Đủ văn bản, hai bên kiểm tra chung ngày {day}.", day=self.sweep_on)
            return Coordination(CoordinationState.READY, text, due_on=self.sweep_on)
        written = {_key(one.from_unit) for one in self.of(LetterKind.MINUTES) if one.on_date >= self.sweep_on}
        owing = [unit for unit in (self.lead, self.other) if _key(unit) not in written]
        if not owing:
            return Coordination(
                CoordinationState.DONE, msg("Hai bên đã có biên bản, việc phối hợp hoàn thành.")
            )
        due = self.sweep_on + timedelta(days=self.deadlines.minutes_days)
        text = msg("{unit} cần lập biên bản của bên mình.", unit=owing[0])
        if len(owing) == 2:
            text = msg("{lead} và {other} cần lập biên bản, mỗi bên một bản.", lead=self.lead, other=self.other)
        return self.owed(CoordinationState.NO_MINUTES, LetterKind.MINUTES, owing[0], text, due)

    def notes(self) -> list[Message]:
        found = []
        if self.requests and not self.of(LetterKind.RULE):
            found.append(msg("Hai bên chưa có quy chế phối hợp."))
        if self.replies and self.replies[0].on_date > self.reply_due:
            found.append(
                msg("{other} trả lời muộn, ngày {day}.", other=self.other, day=self.replies[0].on_date)
            )
        ready = self.replies and self.of(LetterKind.JOINT_PLAN)
        if self.sweep_on is not None and self.day >= self.sweep_on and not ready:
            found.append(msg("Đã đến ngày kiểm tra chung {day} mà chưa đủ văn bản.", day=self.sweep_on))
        return found

    def of(self, kind: LetterKind, sender: str | None = None) -> list[Letter]:
        """Papers of a kind, by whichever side or by one."""
        return [
            letter
            for letter in self.letters
            if letter.kind is kind and (sender is None or _key(letter.from_unit) == _key(sender))
        ]

    @property
    def requests(self) -> list[Letter]:
        return self.of(LetterKind.REQUEST, self.lead)

    @property
    def replies(self) -> list[Letter]:
        """Answers to the request: what was written before it is none."""
        asked = self.requests
        return [
            one for one in self.of(LetterKind.REPLY, self.other) if asked and one.on_date >= asked[0].on_date
        ]

    @property
    def reply_due(self) -> date:
        asked = self.requests[0]
        return asked.due_on or asked.on_date + timedelta(days=self.deadlines.reply_days)

    def before_sweep(self, days: int) -> date | None:
        return self.sweep_on - timedelta(days=days) if self.sweep_on else None

    def owed(
        self, state: CoordinationState, kind: LetterKind, sender: str, text: Message, due: date | None = None
    ) -> Coordination:
        to = self.other if sender == self.lead else self.lead
        return Coordination(state, text, kind, sender, to, due, overdue=due is not None and self.day > due)


def _concerns(letter: Letter, lead: str, other: str) -> bool:
    """Whether a paper is between the two; what goes to the city comes from the unit that leads."""
    sender = _key(letter.from_unit)
    if letter.kind is LetterKind.CITY:
        return sender == _key(lead)
    return sender != _key(letter.to_unit) and {sender, _key(letter.to_unit)} == {_key(lead), _key(other)}


def _without_number(letters: Sequence[Letter]) -> list[Message]:
    return [
        msg("{kind} của {unit} chưa có số văn bản.", kind=word_text(letter.kind), unit=letter.from_unit)
        for letter in letters
        if not letter.issued
    ]


def _key(unit: str) -> str:
    return unicodedata.normalize("NFC", unit).strip().casefold()
