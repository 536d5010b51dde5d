"""What a team asks at a check: the items of the law by type of premises and day, and their answers.

The laws stand in ``checklist.toml`` (domain, section 10: a finding takes the law of its own day); which type
needs which paper stands in ``risk.toml`` alone.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from geo.errors import InputError
from geo.licences import law_of
from geo.messages import Message, msg
from geo.risk_settings import RequiredPaper
from geo.word_texts import word_text
from geo.words import CheckAnswer, CheckCount, CheckItem, FindingKind, LicenceKind, VisitOutcome

#: More heads than any premises has: a slip of the finger.
MOST_HEADS = 2_000
#: Head counts about health are hidden below this many (domain, rule 5).
LEAST_SHOWN = 5
#: Where a team got to see something that can be found.
WITH_FINDINGS = frozenset(
    {VisitOutcome.CHECKED, VisitOutcome.REFUSED, VisitOutcome.OTHER_BUSINESS, VisitOutcome.UNLICENSED}
)


@dataclass(frozen=True)
class Law:
    """A law or plan with the days on which it holds; ``valid_to`` None: still."""

    name: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Whether the law is in force on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Item:
    """An item of the checklist: of which types it is asked (None: of all), by which laws, what is counted."""

    item: CheckItem
    paper: LicenceKind | None
    types: frozenset[str] | None
    laws: tuple[Law, ...]
    counts: tuple[CheckCount, ...]


@dataclass(frozen=True)
class Checklist:
    """The items in the order in which they are asked, and the decrees by which findings are sanctioned."""

    items: tuple[Item, ...]
    sanctions: Mapping[FindingKind, tuple[Law, ...]]

    def asked(self, premises_type: str, day: date, required: Sequence[RequiredPaper]) -> tuple[Asked, ...]:
        """What the law asks of a premises of the type on ``day``; ``required``: the papers of ``risk.toml``."""
        found = []
        for one in self.items:
            law = _law_of_item(one, premises_type, day, required)
            if law is not None:
                found.append(Asked(one.item, law, one.paper, one.counts))
        return tuple(found)

    def sanction(self, kind: FindingKind, day: date) -> str | None:
        """The decree by which a finding of ``day`` is sanctioned; None where none is on file."""
        return _in_force(self.sanctions.get(kind, ()), day)


@dataclass(frozen=True)
class Asked:
    """One item as it is asked on a day: by which law, which paper of the register it is, what is counted."""

    item: CheckItem
    law: str
    paper: LicenceKind | None
    counts: tuple[CheckCount, ...]


@dataclass(frozen=True)
class Answered:
    """What a team met at an item. ``answer`` None: not answered."""

    answer: CheckAnswer | None
    counts: Mapping[CheckCount, int] = field(default_factory=dict)


def _law_of_item(one: Item, premises_type: str, day: date, required: Sequence[RequiredPaper]) -> str | None:
    if one.types is not None and premises_type not in one.types:
        return None
    own = _in_force(one.laws, day)
    if one.paper is None:
        return own
    needed = law_of(required, one.paper, premises_type, day)
    return None if needed is None else own or needed


def _in_force(laws: Sequence[Law], day: date) -> str | None:
    return next((law.name for law in laws if law.holds(day)), None)


def parse_checklist(text: str) -> Checklist:
    """Read the text of ``checklist.toml``. Raises InputError ``checklist`` naming the entry that is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(str(error)) from error
    items = tuple(_item(entry) for entry in document.get("item", []))
    sanctions: dict[FindingKind, tuple[Law, ...]] = {}
    for entry in document.get("sanction", []):
        law = _law(entry)
        for kind in entry["kinds"]:
            known = FindingKind(kind)
            sanctions[known] = (*sanctions.get(known, ()), law)
    return Checklist(items, sanctions)


def _item(entry: Mapping[str, Any]) -> Item:
    try:
        return Item(
            item=CheckItem(entry["item"]),
            paper=LicenceKind(entry["paper"]) if "paper" in entry else None,
            types=frozenset(entry["types"]) if "types" in entry else None,
            laws=tuple(_law(law) for law in entry.get("law", [])),
            counts=tuple(CheckCount(count) for count in entry.get("counts", [])),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise _wrong(str(entry.get("item", error))) from error


def _law(entry: Mapping[str, Any]) -> Law:
    try:
        name, first, last = entry["name"], entry["from"], entry.get("until")
    except KeyError as error:
        raise _wrong(str(error)) from error
    if not isinstance(first, date) or (last is not None and not (isinstance(last, date) and first <= last)):
        raise _wrong(str(name))
    return Law(str(name), first, last)


def _wrong(what: str) -> InputError:
    return InputError("checklist", msg("Danh mục kiểm tra: mục {what} không hợp lệ.", what=what))


def check_answers(asked: Sequence[Asked], answers: Mapping[CheckItem, Answered], *, all_of_them: bool) -> None:
    """Raise InputError where an item is not answered, or heads cannot be as counted.

    ``all_of_them``: every item needs an answer; a re-check is limited to its earlier minutes and needs none.
    """
    heads: dict[CheckCount, int] = {}
    for one in asked:
        given = answers.get(one.item, Answered(None))
        if given.answer is None and all_of_them:
            raise InputError("unanswered", msg("Chưa trả lời mục: {item}.", item=word_text(one.item)))
        heads.update(given.counts)
    for count, number in heads.items():
        if not 0 <= number <= MOST_HEADS:
            raise InputError(
                "heads", msg("{count}: nhập từ 0 đến {most}.", count=word_text(count), most=MOST_HEADS)
            )
    workers = heads.get(CheckCount.WORKERS)
    for part in (CheckCount.CONTRACTS, CheckCount.HEALTH_CHECKED):
        if workers is not None and heads.get(part, 0) > workers:
            raise InputError(
                "heads",
                msg(
                    "{part} ({n}) nhiều hơn số người làm việc ({workers}).",
                    part=word_text(part),
                    n=heads[part],
                    workers=workers,
                ),
            )


def to_document(asked: Sequence[Asked], answers: Mapping[CheckItem, Answered], day: date) -> dict[str, Any]:
    """The checklist as it is kept with the inspection, with the law of its day."""
    kept: dict[str, Any] = {}
    for one in asked:
        given = answers.get(one.item)
        if given is None or given.answer is None:
            continue
        counts = {count.value: given.counts[count] for count in one.counts if count in given.counts}
        kept[one.item.value] = {"answer": given.answer.value, "law": one.law, "counts": counts}
    return {"day": day.isoformat(), "items": kept}


def from_document(document: Mapping[str, Any] | None) -> dict[CheckItem, Answered]:
    """The answers of a kept checklist."""
    found = {}
    for item, given in ((document or {}).get("items") or {}).items():
        counts = {CheckCount(name): int(number) for name, number in (given.get("counts") or {}).items()}
        found[CheckItem(item)] = Answered(CheckAnswer(given["answer"]), counts)
    return found


def told_count(count: CheckCount, heads: Mapping[CheckCount, int]) -> Message:
    """A head count in words. One about health is hidden while it, or what is left of the staff, is below
    ``LEAST_SHOWN`` (domain, rule 5): the one would tell the other."""
    number = heads[count]
    left = heads[CheckCount.WORKERS] - number if CheckCount.WORKERS in heads else LEAST_SHOWN
    hidden = 0 < number < LEAST_SHOWN or 0 < left < LEAST_SHOWN
    if count is CheckCount.HEALTH_CHECKED and hidden:
        return msg("{count}: không nêu (dưới {least})", count=word_text(count), least=LEAST_SHOWN)
    return msg("{count}: {n}", count=word_text(count), n=number)
