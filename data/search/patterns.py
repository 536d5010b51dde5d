"""What an engine is asked for: words, or words that are alike, side by side or anywhere in a premises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Label,
    Select,
    String,
    TextualSelect,
    and_,
    column,
    func,
    or_,
    select,
    table,
    text,
)

from data.search_ddl import GLUE
from data.tables import Premises

#: Rows that an engine looks at before it orders them, and rows that it hands over to be ranked.
LOOKED_AT, OFFERED = 5_000, 150
#: More combinations of alternatives than these are not tried side by side.
_MOST_PHRASES = 64
#: PostgreSQL's own table of texts.
_TEXTS = table("premises_search", column("rid"), column("folded", String), column("marked", String))


@dataclass(frozen=True)
class Pattern:
    """For each word its alternatives; a term that ends in ``*`` stands for its beginning, one may hold a blank.

    ``adjacent``: in this order with nothing between. ``marked``: marks count; otherwise terms are folded.
    """

    groups: tuple[tuple[str, ...], ...]
    adjacent: bool = False
    marked: bool = False

    @classmethod
    def of(cls, words: Iterable[str], *, adjacent: bool = False, marked: bool = False) -> Pattern:
        """The words themselves, without alternatives."""
        return cls(tuple((word,) for word in words), adjacent, marked)

    @property
    def feasible(self) -> bool:
        """Whether its combinations are few enough to ask for."""
        return not self.adjacent or prod(len(group) for group in self.groups) <= _MOST_PHRASES

    @property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """What has to be there: of each group one; words that stand side by side are one group of phrases."""
        if not self.adjacent:
            return self.groups
        return (tuple(" ".join(phrase) for phrase in product(*self.groups)),)


def matching(pattern: Pattern, start: str, dialect: str) -> Select[Any]:
    """Numbers of the rows that hold the pattern, those first in whose folded key ``start`` stands earliest."""
    if dialect != "sqlite":
        texts = _TEXTS.c.marked if pattern.marked else _TEXTS.c.folded
        held = and_(*(or_(*(_glued(texts, term) for term in group)) for group in pattern.terms))
        return _earliest(select(_TEXTS.c.rid, _place(start)).where(held))
    found = _fts5(pattern).subquery()
    folded = select(Premises.rid, func.instr(Premises.folded, start).label("place"))
    return _earliest(folded.join(found, found.c.rid == Premises.rid))


def with_number(number: str, dialect: str) -> Select[Any]:
    """Numbers of the rows in whose folded key the digits stand anywhere."""
    if dialect != "sqlite":
        return _earliest(select(_TEXTS.c.rid, _place(number)).where(_TEXTS.c.folded.contains(number)))
    place = func.instr(Premises.folded, number).label("place")
    return _earliest(select(Premises.rid, place).where(place > 0))


def _earliest(found: Select[Any]) -> Select[Any]:
    """The name comes first in the folded key, so rows named so come before those in a street named so."""
    looked_at = found.limit(LOOKED_AT).subquery()
    return select(looked_at.c.rid).order_by(looked_at.c.place, looked_at.c.rid).limit(OFFERED)


def _place(start: str) -> Label[int]:
    return func.strpos(_TEXTS.c.folded, start.replace(" ", GLUE)).label("place")


def _fts5(pattern: Pattern) -> TextualSelect:
    query = " AND ".join(f"({' OR '.join(map(_quoted, group))})" for group in pattern.terms)
    columns = "{name address}" if pattern.marked else "folded"
    found = text("SELECT rowid AS rid FROM premises_search WHERE premises_search MATCH :words LIMIT :most")
    return found.bindparams(words=f"{columns} : ({query})", most=LOOKED_AT).columns(column("rid"))


def _quoted(term: str) -> str:
    """A term as a string of FTS5; words are letters and digits, so there is nothing to escape."""
    return f'"{term.rstrip("*")}"{"*" if term.endswith("*") else ""}'


def _glued(texts: ColumnElement[str], term: str) -> ColumnElement[bool]:
    words = term.rstrip("*").replace(" ", GLUE)
    return texts.like(f"%{GLUE}{words}{'' if term.endswith('*') else GLUE}%")
