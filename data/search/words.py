"""The words of a typed text and of the register, with their marks and without."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from geo.fold import fold

#: What is typed beyond these limits is not read: nobody types so much by hand.
_MOST_CHARACTERS, _MOST_WORDS = 200, 10
#: Letters and digits of any script. Signs separate, so nothing typed is ever syntax to an engine.
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Query:
    """What somebody is looking for: the same words with marks in small letters, and folded."""

    marked: tuple[str, ...]
    folded: tuple[str, ...]

    @classmethod
    def typed(cls, text: str) -> Query:
        """The words of ``text``, none when it holds neither letter nor digit.

        >>> Query.typed("Dương  Nội!").folded
        ('duong', 'noi')
        """
        pairs = [(word, bare) for word in marked_words(text[:_MOST_CHARACTERS]) for bare in folded_words(word)]
        marked, folded = zip(*pairs[:_MOST_WORDS], strict=True) if pairs else ((), ())
        return cls(marked, folded)

    @property
    def number(self) -> str | None:
        """The whole as one number when every word holds a digit, however its groups were set apart."""
        joined = "".join(self.folded)
        looks_so = all(any(c.isdigit() for c in word) for word in self.folded)
        return joined if looks_so and len(joined) >= _SHORTEST_NUMBER else None


#: A shorter run of digits stands in too many numbers to mean one.
_SHORTEST_NUMBER = 4


def marked_words(text: str) -> list[str]:
    """The words with their marks, in small letters."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def folded_words(text: str) -> list[str]:
    """The words without marks."""
    return _WORD.findall(fold(text))
