"""Finding premises: ask for the best kind of hit first, for a weaker one only while there are too few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, select, text

from data.repositories.register import left_out
from data.search.near_words import near_words
from data.search.patterns import Pattern, matching, with_number
from data.search.ranking import Hit, Near, Offered, rank
from data.search.words import Query
from data.store import Work
from data.tables import Premises

#: With this many hits nobody needs guesses at what was meant.
_ENOUGH = 3
#: So many words that stand in one premises are rare enough; side by side they would only be slower to find.
_LONGEST_PHRASE = 4


def find_premises(work: Work, query: Query, limit: int) -> list[Hit]:
    """The premises that answer the query best, at most ``limit``.

    Identity hashes are not among what is searched: the folded key never holds them.
    """
    if not query.folded or limit < 1:
        return []
    if _dialect(work) == "postgresql":
        # A plan made for other words may be a hundred times slower.
        work.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    hits: dict[str, Hit] = {}
    for offers in _stages(work, query):
        _keep(hits, query, offers)
        if len(hits) >= limit:
            break
    if len(hits) < min(limit, _ENOUGH):
        _guess(work, query, hits)
    best = sorted(hits.values(), key=lambda hit: (-hit.score, hit.premises.name, hit.premises.id))
    return best[:limit]


def _stages(work: Work, query: Query) -> Iterator[list[Offered]]:
    """Rows by what the words are to them, best first; one stage is asked for when the last was not enough."""
    if query.number:
        yield _offers(work, with_number(query.number, _dialect(work)))
    phrase, first = " ".join(query.folded), query.folded[0]
    short = 1 < len(query.folded) <= _LONGEST_PHRASE
    for marked, words in ((True, query.marked), (False, query.folded)):
        if short:
            yield _matching(work, Pattern.of(words, adjacent=True, marked=marked), phrase)
        yield _matching(work, Pattern.of(words, marked=marked), first)
    if short:
        yield _matching(work, Pattern.of((*query.folded[:-1], f"{query.folded[-1]}*"), adjacent=True), phrase)
    yield _matching(work, Pattern.of(f"{word}*" for word in query.folded), first)


def _guess(work: Work, query: Query, hits: dict[str, Hit]) -> None:
    """Add what may have been meant: first only unknown words are taken for slips, then any."""
    vocabulary = work.session.scalars(text("SELECT word FROM premises_words")).all()
    near = near_words(query.folded, vocabulary)
    last = query.folded[-1]
    if any(word.startswith(last) for word in vocabulary):
        near[-1].setdefault(f"{last}*", 0)
    if not all(near):
        return
    strict = [{word: 0} if word in others else others for word, others in zip(query.folded, near, strict=True)]
    for alternatives in (strict, near):
        for adjacent in (True, False):
            pattern = Pattern(tuple(map(tuple, alternatives)), adjacent)
            if pattern.feasible:
                _keep(hits, query, _matching(work, pattern, next(iter(alternatives[0]))), alternatives)
            if len(hits) >= _ENOUGH:
                return


def _keep(hits: dict[str, Hit], query: Query, offers: Sequence[Offered], near: Near | None = None) -> None:
    for offered in offers:
        if offered.id not in hits and (hit := rank(query, offered, near)) is not None:
            hits[offered.id] = hit


def _matching(work: Work, pattern: Pattern, start: str) -> list[Offered]:
    return _offers(work, matching(pattern, start, _dialect(work)))


def _offers(work: Work, numbers: Select[Any]) -> list[Offered]:
    shown = (Premises.id, Premises.name, Premises.type, Premises.address, Premises.registration_number)
    wanted = numbers.subquery()
    found = select(*shown).join(wanted, wanted.c.rid == Premises.rid)
    rows = work.session.execute(found.where(Premises.id.not_in(left_out())))
    return [Offered(*row) for row in rows]


def _dialect(work: Work) -> str:
    return work.session.get_bind().dialect.name
