"""Finding a name in a list although it was typed with errors: strict with short words, strict with marks."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from geo.fold import fold

#: Names less alike than this (0-100) are not worth showing.
SHOWN_FROM = 70.0
_SHOWN = 5
_REMEMBERED = 20_000
_DOUBLED = re.compile(r"(\w)\1+")
#: What can be a syllable once its marks are off.
_SYLLABLE = re.compile(
    r"(?:ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?"
)
_DAY_OF_MONTH = re.compile(r"(\d+)\s*(?:thang|/)\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Match:
    """A name of the list: its place in it, how alike (0-100), and whether only typing errors stand between."""

    place: int
    similarity: float
    sure: bool


def name_key(name: str) -> str:
    """What two spellings of a name have in common: folded, "19 tháng 5" as "19/5", "Ng." as "Nguyễn"."""
    key = _DAY_OF_MONTH.sub(r"\1/\2", fold(name))
    return " ".join("nguyen" if word in {"ng", "ng."} else word for word in key.split())


def marked_key(name: str) -> str:
    """What two spellings of a name with the same marks have in common: "Hoà" and "Hòa", not "Hoá"."""
    marks = ["".join(sorted(filter(unicodedata.combining, _apart(word)))) for word in name.split()]
    return f"{name_key(name)}|{' '.join(marks)}"


class NameIndex:
    """A list of names to find in. Answers depend on the list and the text only, and are remembered."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [unicodedata.normalize("NFC", name).casefold() for name in names]
        self._marked = [marked_key(name) for name in names]
        places: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(names):
            places[name_key(name)].append(place)
        self._places = dict(places)
        self._keys = list(self._places)
        self._spaceless = {key.replace(" ", ""): key for key in self._keys}
        self._found: dict[str, tuple[Match, ...]] = {}

    def exact(self, name: str) -> list[int]:
        """Places of a name, whatever its marks; where the marks agree too, only those."""
        places = self._places.get(name_key(name), [])
        written = marked_key(name)
        return [place for place in places if self._marked[place] == written] or places

    def find(self, name: str) -> tuple[Match, ...]:
        """The names that may be meant, best first; several sure ones where the text fits them equally."""
        if name not in self._found:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[name] = self._search(name)
        return self._found[name]

    def _search(self, name: str) -> tuple[Match, ...]:
        same = self.exact(name)
        if same:
            return tuple(Match(place, 100.0, True) for place in same)
        key = name_key(name)
        if not any(c.isalpha() for c in key):
            return ()
        glued = self._spaceless.get(key.replace(" ", ""))
        if glued:
            return tuple(Match(place, 99.0, True) for place in self._places[glued])
        near = process.extract(key, self._keys, scorer=fuzz.ratio, score_cutoff=SHOWN_FROM, limit=_SHOWN)
        typos = {other: self._typos(name, key, other) for other, _, _ in near}
        fewest = min((n for n in typos.values() if n is not None), default=None)
        matches = [
            Match(place, round(score, 1), fewest is not None and typos[other] == fewest)
            for other, score, _ in near
            for place in self._places[other]
        ]
        return tuple(sorted(matches, key=lambda m: (not m.sure, -m.similarity, m.place)))

    def _typos(self, name: str, key: str, other: str) -> int | None:
        """How many typing errors stand between, None where it is rather another name."""
        written = unicodedata.normalize("NFC", name).casefold().split()
        known = self._names[self._places[other][0]].split()
        if not len(key.split()) == len(other.split()) == len(written) == len(known):
            return None
        words = list(zip(key.split(), other.split(), written, known, strict=True))
        errors = [_word_errors(*word) for word in words]
        total = sum(error for error in errors if error is not None)
        allowed = 1 if len(other) < 12 else 2
        if None in errors or total > allowed or not all(_marks_agree(*word) for word in words):
            return None
        return total


def _word_errors(key: str, other: str, written: str, known: str) -> int | None:
    """Errors in one word, None where it is another word.

    Most Vietnamese words have a neighbour at one letter's distance (Phú La and Phúc La, Nguyễn Trãi and Nguyễn
    Trác), so up to four letters an error is one only where no syllable is left ("Hug", "Xm") or a letter is
    typed twice; the first letter is never in error.
    """
    if key == other:
        return 0
    if _DOUBLED.sub(r"\1", key) == _DOUBLED.sub(r"\1", other):
        return 1
    errors = int(OSA.distance(key, other))
    longest = max(len(key), len(other))
    short = longest <= 4 and (longest <= 2 or _SYLLABLE.fullmatch(key) is not None)
    allowed = 0 if short else 1 if longest <= 7 else 2
    if errors > allowed or key[0] != other[0]:
        return None
    if written != key and OSA.distance(_apart(written), _apart(known)) > errors + 1:
        return None
    return errors


def _marks_agree(key: str, other: str, written: str, known: str) -> bool:
    """Beside an error in one word the marks of the others have to be right, if there are any: Văn Phú is not
    Vạn Phúc."""
    return key != other or written == key or _apart(written) == _apart(known)


def _apart(word: str) -> str:
    """A word with its marks as characters of their own, the stroke of đ among them."""
    return unicodedata.normalize("NFD", word.casefold().replace("đ", "d\u0335"))
