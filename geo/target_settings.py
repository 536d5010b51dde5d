"""Values of the targets: the text of ``targets.toml`` read and checked. A value has a paper and a validity."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from geo.errors import InputError
from geo.messages import msg

#: Codes in the order of the plan; a letter is a part.
CODES = (
    "T01", "T02a", "T02b", "T02c", "T02d", "T02e", "T02f", "T02g", "T03", "T04", "T05", "T06",
    "T07", "T07a", "T07b", "T08", "T08a", "T08b", "T09", "T09a", "T10", "T10a",
)  # fmt: skip
#: Counts that a yearly plan asks for; they stand in the answer only where a paper or a share asks.
COUNTS = frozenset({"T02d", "T02e", "T02f", "T02g", "T07a", "T07b", "T09a", "T10a"})
#: Never by ward: who counts cases ward by ward rewards the wrong thing.
WHOLE_ONLY = frozenset({"T07", "T07a", "T07b"})
#: Reached and trained people gather over the year: a month or a quarter alone is not held against the target.
OVER_THE_YEAR = frozenset({"T02a", "T02b", "T02c", "T10"})
_COMPARATORS = (">", ">=", "<=", "count")


@dataclass(frozen=True)
class TargetRule:
    """What a paper asks for: ``comparator`` and ``value``, in force from ``first`` to ``last``."""

    code: str
    comparator: str
    value: float
    source: str
    first: date
    last: date


@dataclass(frozen=True)
class TargetSettings:
    """The rules, those that go first at the front. ``city``: the database is the whole city's, so that the
    city's figures are its own. ``papers``: source and validity of every programme, also one without targets."""

    rules: tuple[TargetRule, ...]
    papers: tuple[tuple[str, date, date], ...]
    city: bool = False

    def rule(self, code: str, day: date) -> TargetRule | None:
        """The rule of a target on a day; None where no paper asks for it."""
        return next((one for one in self.rules if one.code == code and one.first <= day <= one.last), None)

    def paper(self, day: date) -> str | None:
        """The first paper that is valid on a day."""
        return next((source for source, first, last in self.papers if first <= day <= last), None)


def exact(value: float) -> Fraction:
    """A configured value as it is written: 0.6 is three fifths, not the nearest binary number."""
    return Fraction(str(value))


def parse_targets(text: str, file: str = "targets.toml") -> TargetSettings:
    """The targets of a configuration in TOML. Raises InputError that names the paper and the target."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad(file, str(error)) from error
    whole, programmes = document.get("whole", "district"), document.get("programme")
    if whole not in ("district", "city") or not isinstance(programmes, list):
        raise _bad(file, "whole, programme")
    rules: list[TargetRule] = []
    papers = []
    for number, programme in enumerate(programmes, start=1):
        source, first, last = _paper(programme, number, file)
        papers.append((source, first, last))
        for code, asked in programme.get("targets", {}).items():
            comparator, value = _asked(code, asked, source, file)
            rules.append(TargetRule(code, comparator, value, source, first, last))
    return TargetSettings(tuple(rules), tuple(papers), whole == "city")


def _paper(programme: Any, number: int, file: str) -> tuple[str, date, date]:
    keys = ("source", "valid_from", "valid_to")
    source, first, last = (programme.get(key) for key in keys)
    targets = programme.get("targets", {})
    # A time of day in TOML is a date, too.
    dated = type(first) is date and type(last) is date
    if not (isinstance(source, str) and dated and first <= last and isinstance(targets, dict)):
        raise _bad(file, f"programme {number}: source, valid_from, valid_to, targets")
    return source, first, last


def _asked(code: str, asked: Any, source: str, file: str) -> tuple[str, float]:
    where = f"{source}, {code}"
    if code not in CODES or not isinstance(asked, dict) or set(asked) != {"comparator", "value"}:
        raise _bad(file, where)
    comparator, value = asked["comparator"], asked["value"]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if comparator not in _COMPARATORS or not number or not 0 <= value < 1e12:
        raise _bad(file, where)
    if (code in COUNTS) != (comparator == "count"):
        raise _bad(file, where)
    return comparator, float(value)


def _bad(file: str, problem: str) -> InputError:
    return InputError("bad_configuration", msg("Tệp {file}: {problem}", file=file, problem=problem))
