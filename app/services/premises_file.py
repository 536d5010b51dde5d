"""What is known of one premises, as plain data, and its timeline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from geo.messages import Message, msg
from geo.risk import Part, RiskModel
from geo.word_texts import body_text, word_text
from geo.words import (
    FindingKind,
    HotspotState,
    LicenceKind,
    LocationQuality,
    PaperProblem,
    PaperState,
    PremisesStatus,
    PremisesType,
    SignalSource,
    SignalState,
    VisitKind,
    VisitOutcome,
)


@dataclass(frozen=True)
class Facts:
    """The premises as the register has it. ``hidden_registration``: it has a number that may not be shown.

    ``complex_grounds`` is for those who may see what inspections found here.
    """

    id: str
    version: int
    name: str
    type: PremisesType
    address: str
    ward_name: str | None
    lon: float | None
    lat: float | None
    location_quality: LocationQuality
    registration_number: str | None
    hidden_registration: bool
    rooms: int | None
    workers: int | None
    opened_on: date | None
    commitment_on: date | None
    unregistered_basis: str | None
    complex_grounds: str | None
    status: PremisesStatus
    status_since: date | None


@dataclass(frozen=True)
class StatusChange:
    """From ``on_date`` the premises has ``status``."""

    on_date: date
    status: PremisesStatus
    why: str | None


@dataclass(frozen=True)
class Paper:
    """A paper and how it stands on the day; ``law`` is what the type needs it by, None where it does not."""

    id: str
    version: int
    kind: LicenceKind
    number: str | None
    issued_on: date | None
    term_until: date | None
    suspended_on: date | None
    withdrawn_on: date | None
    stated_name: str | None
    stated_address: str | None
    stated_rooms: int | None
    state: PaperState
    law: str | None


@dataclass(frozen=True)
class Problem:
    """Something wrong with the papers, since when, and the law of the day."""

    kind: LicenceKind
    code: PaperProblem
    text: Message
    since: date | None
    law: str | None


@dataclass(frozen=True)
class FoundThing:
    """A finding of an inspection."""

    kind: FindingKind
    serious: bool
    text: str
    deadline: date | None
    closed_on: date | None
    document: str | None


@dataclass(frozen=True)
class CheckDetail:
    """What an inspection was and found, for those in whose scope it lies."""

    kind: VisitKind
    outcome: VisitOutcome
    decision_number: str | None
    minutes_number: str | None
    grounds: str | None
    findings: tuple[FoundThing, ...]


@dataclass(frozen=True)
class Check:
    """An inspection. Of one that lies outside the reader's scope only day and body are told (domain rule 1)."""

    on_date: date
    body: str
    took_place: bool
    detail: CheckDetail | None


@dataclass(frozen=True)
class NearSignal:
    """A signal that names the premises, or one around it at ``distance_m``; the text of one that went to the
    police stays there."""

    on_date: date
    source: SignalSource
    state: SignalState
    rating: str
    text: str
    names_it: bool
    distance_m: float | None


@dataclass(frozen=True)
class NearHotspot:
    """A hotspot whose catchment holds the premises, and the states it went through, oldest first."""

    id: str
    name: str
    state: HotspotState
    since: date
    history: tuple[tuple[date, HotspotState], ...]


@dataclass(frozen=True)
class Risk:
    """The score of an active premises; ``of`` scored premises in the reader's scope share the ranking."""

    score: float
    rank: int
    of: int
    probability: float
    parts: Sequence[Part]
    model: RiskModel


@dataclass(frozen=True)
class Happening:
    """One line of the timeline."""

    on_date: date
    what: Message
    text: Message | str


@dataclass(frozen=True)
class PremisesFile:
    """Everything about one premises on a day, as far as the reader may see it.

    ``cap``: why no planned check is possible this year, None where it is. ``findings_shown``, ``tips_shown``:
    whether the reader may see what inspections found, and signals, hotspots and risk; what may not be seen is
    empty. ``may_edit``: the premises lies in the reader's scope and the role carries the right.
    """

    day: date
    facts: Facts
    statuses: tuple[StatusChange, ...]
    papers: tuple[Paper, ...]
    problems: tuple[Problem, ...]
    checks: tuple[Check, ...]
    cap: Message | None
    signals: tuple[NearSignal, ...]
    hotspots: tuple[NearHotspot, ...]
    risk: Risk | None
    tips_shown: bool
    may_edit: bool

    @property
    def timeline(self) -> list[Happening]:
        """All of it up to the day, newest first."""
        lines = [
            *_of_register(self),
            *(line for paper in self.papers for line in _of_paper(paper)),
            *(line for check in self.checks for line in _of_check(check)),
            *(_of_signal(signal) for signal in self.signals),
            *(
                Happening(
                    day, msg("điểm phức tạp"), msg("{name}: {state}", name=spot.name, state=word_text(state))
                )
                for spot in self.hotspots
                for day, state in spot.history
            ),
        ]
        past = [line for line in lines if line.on_date <= self.day]
        return sorted(past, key=lambda line: line.on_date, reverse=True)


def nobodys_number(number: str | None) -> str | None:
    """The number, unless it has the twelve digits of an identity card (domain rule 5)."""
    return None if number is None or sum(map(str.isdigit, number)) == 12 else number


def sentence(text: str) -> str:
    """A text that begins with a capital, as a line of its own does."""
    return text[:1].upper() + text[1:]


def check_text(check: Check) -> Message:
    """What a reader may know of an inspection, in one sentence."""
    if check.detail is None:
        if not check.took_place:
            return msg(
                "Có lượt kiểm tra ngày {date}, cơ quan {body}.", date=check.on_date, body=body_text(check.body)
            )
        return msg(
            "Đã được kiểm tra ngày {date}, cơ quan {body}.", date=check.on_date, body=body_text(check.body)
        )
    return msg(
        "{body}, {kind}: {outcome}; {n} vi phạm",
        body=body_text(check.body),
        kind=word_text(check.detail.kind),
        outcome=word_text(check.detail.outcome),
        n=len(check.detail.findings),
    )


def _of_register(file: PremisesFile) -> Iterator[Happening]:
    facts = file.facts
    if facts.opened_on is not None and all(change.on_date != facts.opened_on for change in file.statuses):
        yield Happening(facts.opened_on, msg("mở cửa"), "")
    if facts.commitment_on is not None:
        yield Happening(facts.commitment_on, msg("cam kết"), msg("Đã ký cam kết"))
    for change in file.statuses:
        status = word_text(change.status)
        text = msg("{status}: {why}", status=status, why=change.why) if change.why else status
        yield Happening(change.on_date, msg("tình trạng"), text)


def _of_paper(paper: Paper) -> Iterator[Happening]:
    named = word_text(paper.kind)
    if paper.number:
        named = msg("{kind} số {number}", kind=named, number=paper.number)
    for on_date, text in (
        (paper.issued_on, msg("Cấp {paper}", paper=named)),
        (paper.suspended_on, msg("Tạm đình chỉ {paper}", paper=named)),
        (paper.withdrawn_on, msg("Thu hồi {paper}", paper=named)),
        (paper.term_until, msg("Hết thời hạn ghi trên {paper}", paper=named)),
    ):
        if on_date is not None:
            yield Happening(on_date, msg("giấy tờ"), text)


def _of_check(check: Check) -> Iterator[Happening]:
    yield Happening(check.on_date, msg("kiểm tra"), check_text(check))
    for found in check.detail.findings if check.detail else ():
        kind = word_text(found.kind)
        text = msg("{kind}: {text}", kind=kind, text=found.text) if found.text else kind
        yield Happening(check.on_date, msg("vi phạm"), text)
        if found.closed_on is not None:
            yield Happening(found.closed_on, msg("khắc phục xong"), text)


def _of_signal(signal: NearSignal) -> Happening:
    where = msg("nguồn tin") if signal.names_it else msg("nguồn tin ở gần")
    text = msg(
        "{source}, {state}",
        source=word_text(signal.source),
        state=word_text(signal.state),
    )
    if signal.text:
        text = msg("{head}: {text}", head=text, text=signal.text)
    return Happening(signal.on_date, where, text)
