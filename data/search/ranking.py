"""How well a premises answers a query: by its worst word, then by where and how closely the words stand.

Pure: the same rows get the same scores whatever engine offered them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from data.search.words import Query, folded_words, marked_words


class Likeness(IntEnum):
    """How a word was met, best first; the number is the least score of its class."""

    EXACT = 80
    FOLDED = 60
    PREFIX = 40
    PART = 25
    NEAR = 5


class Where(StrEnum):
    """What of a premises the words stand in."""

    NAME = "name"
    NUMBER = "number"
    ADDRESS = "address"
    SEVERAL = "several"


@dataclass(frozen=True)
class Offered:
    """A row of the register that an engine offers."""

    id: str
    name: str
    type: str
    address: str
    registration_number: str | None


@dataclass(frozen=True)
class Hit:
    """A premises that answers the query; ``score`` 0 to 100, higher is better."""

    premises: Offered
    likeness: Likeness
    where: Where
    score: float


#: For each word of a query what it may have been, with the number of slips.
Near = Sequence[Mapping[str, int]]

# What is added inside a class, together less than the distance of two classes.
_WHOLE, _ADJACENT, _NAMED, _SHARE = 3.0, 5.0, 4.0, 2.0


@dataclass(frozen=True)
class _Met:
    """How a word was met, as which folded word, with how many slips."""

    likeness: Likeness
    word: str
    slips: int = 0

    @property
    def goodness(self) -> tuple[int, int]:
        return self.likeness, -self.slips


class _Field:
    """One text of a premises, as lines to look in with a blank around every word."""

    def __init__(self, where: Where, text: str) -> None:
        self.where = where
        self.words = folded_words(text)
        self.folded = f" {' '.join(self.words)} "
        self.marked = f" {' '.join(marked_words(text))} "

    def meet(self, marked: str, folded: str, near: Mapping[str, int]) -> _Met | None:
        """How one word of a query is met here."""
        if f" {marked} " in self.marked:
            return _Met(Likeness.EXACT, folded)
        if f" {folded} " in self.folded:
            return _Met(Likeness.FOLDED, folded)
        if f" {folded}" in self.folded:
            return _Met(Likeness.PREFIX, folded)
        alike = (_Met(Likeness.NEAR, other, n) for other, n in near.items() if f" {other} " in self.folded)
        return max(alike, key=lambda met: met.goodness, default=None)


def rank(query: Query, premises: Offered, near: Near | None = None) -> Hit | None:
    """The premises as a hit, None when a word of the query is not met at all."""
    number = premises.registration_number or ""
    if query.number and query.number in "".join(folded_words(number)):
        return _by_number(query.number, premises)
    fields = (
        _Field(Where.NAME, premises.name),
        _Field(Where.NUMBER, number),
        _Field(Where.ADDRESS, premises.address),
    )
    words = list(zip(query.marked, query.folded, near or [{}] * len(query.folded), strict=True))
    met = [[field.meet(*word) for word in words] for field in fields]
    best = [
        max(filter(None, column), key=lambda one: one.goodness, default=None)
        for column in zip(*met, strict=True)
    ]
    whole = [one for one in best if one]
    if len(whole) < len(best):
        return None
    worst = min(one.likeness for one in whole)
    score = worst - min(sum(one.slips for one in whole), 4)
    for field, here in zip(fields, met, strict=True):
        alone = [one for one in here if one and one.likeness >= worst]
        if len(alone) == len(words):
            score = score + _closeness(query, worst, field, [one.word for one in alone])
            return Hit(premises, worst, field.where, round(score, 1))
    return Hit(premises, worst, Where.SEVERAL, float(score))


def _closeness(query: Query, worst: Likeness, field: _Field, words: Sequence[str]) -> float:
    """What is added for words that stand side by side, in the name, or are all there is in the field."""
    line, sought = (field.marked, query.marked) if worst is Likeness.EXACT else (field.folded, words)
    phrase = f" {' '.join(sought)}"
    adjacent = phrase + ("" if worst is Likeness.PREFIX else " ") in line
    share = min(1.0, len(words) / max(len(field.words), 1))
    named = field.where is not Where.ADDRESS
    return _WHOLE * (line.strip() == phrase.strip()) + _ADJACENT * adjacent + _NAMED * named + _SHARE * share


def _by_number(typed: str, premises: Offered) -> Hit:
    whole = "".join(folded_words(premises.registration_number or ""))
    if typed == whole:
        return Hit(premises, Likeness.EXACT, Where.NUMBER, 100.0)
    likeness = Likeness.PREFIX if whole.startswith(typed) else Likeness.PART
    return Hit(premises, likeness, Where.NUMBER, round(likeness + 10.0 * len(typed) / len(whole), 1))
