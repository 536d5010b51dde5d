"""What a mistyped word may have been: words of the register that are one slip, or two, away.

Slips are counted after Damerau and Levenshtein (optimal string alignment): a letter too many, too few, another
one, or two that changed places.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.search_ddl import LONGEST, SHORTEST

#: Alternatives kept of a word, the nearest ones.
_MOST = 8
#: From this length on two slips are forgiven.
_LONG = 6
#: Telex as it arrives when the input method was off: doubled letters, w, and the tone at the end.
_TELEX = (
    (re.compile(r"dd|aa|ee|oo"), lambda m: m[0][0]),
    (re.compile(r"w"), ""),
    (re.compile(r"[sfrxj]$"), ""),
)


def near_words(words: Sequence[str], vocabulary: Iterable[str]) -> list[dict[str, int]]:
    """For each folded word its alternatives with their distance, the nearest first; itself at 0 when known.

    Two words written as one come back with a blank between. Words with digits, and very short ones, are
    taken as they stand: "12" is not nearly "13".
    """
    known = frozenset(vocabulary)
    # In order, so that of equally near words always the same are kept.
    ordered = sorted(known)
    return [_alternatives(word, known, ordered) if _comparable(word) else {word: 0} for word in words]


def _comparable(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()


def _alternatives(word: str, known: frozenset[str], ordered: Sequence[str]) -> dict[str, int]:
    found = {word: 0} if word in known else {}
    for other in _split(word, known) | ({_without_telex(word)} & known):
        found.setdefault(other, 1)
    slips = 2 if len(word) >= _LONG else 1
    near = process.extract(word, ordered, scorer=OSA.distance, score_cutoff=slips, limit=_MOST)
    for other, distance, _key in near:
        found.setdefault(other, int(distance))
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0]))[:_MOST])


def _split(word: str, known: frozenset[str]) -> set[str]:
    halves = ((word[:cut], word[cut:]) for cut in range(SHORTEST, len(word) - SHORTEST + 1))
    return {f"{first} {second}" for first, second in halves if first in known and second in known}


def _without_telex(word: str) -> str:
    for sign, instead in _TELEX:
        word = sign.sub(instead, word)
    return word
