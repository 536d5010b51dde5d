"""From a written address to words: one Unicode form, glued abbreviations taken apart, separators noted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.fold import fold

#: An address is a line; what is longer is cut.
LONGEST = 400

_LETTER = r"[^\W\d_]"
_LEAD = re.compile(r"^\s*(?:đ/c|d/c|đc|địa chỉ|dia chi)\s*[:.]\s*", re.IGNORECASE)
_RANGE = re.compile(r"(\d[A-Za-zĐđ]?)\s*[-–—]\s*(?=\d)")
_DOTTED = re.compile(
    rf"(?<!{_LETTER})(t\.p|s\.n|tdp|kđt|kdt|tp|tx|tt|sn|ng|p|q|đ|d|h|x)\.\s*(?=[^\W_])", re.IGNORECASE
)
_GLUED = re.compile(
    r"(?<![^\W_])(số|so|sn|ngõ|ngo|ngách|ngach|hẻm|hem|tổ|to|tdp|km|ql|tl|đt|lô|lo|p|q)(?=\d)", re.IGNORECASE
)
_AFTER_NUMBER = re.compile(rf"(?<=\d)\.(?={_LETTER})")
_SEPARATOR = re.compile(
    r"[,;|\n\r\t()\[\]{}\"“”«»]"
    r"|\s[-–—]+\s"
    rf"|(?<={_LETTER})[-–—]\s|\s[-–—](?={_LETTER})"
    rf"|(?<={_LETTER}{_LETTER})[-–—.](?={_LETTER}{_LETTER})"
)
_BREAK = "\x1f"
#: House numbers: 12, 12A, 12A3, 12bis, 350-352, 12/34, 1529; a kilometre stone: 10+500.
_NUMBER = re.compile(r"\d{1,5}[a-zđ]{0,3}\d{0,3}(?:[/\-+.]\d{1,5}[a-zđ]{0,3}\d{0,3})*", re.IGNORECASE)
_LENGTH = re.compile(r"\d+k?m", re.IGNORECASE)
#: Codes of plots and buildings: CT1, LK5-12, HH02E, B20.
_CODE = re.compile(r"[a-zđ]{1,4}\d{1,4}[a-z]{0,2}\d{0,3}(?:[-./][a-z]{0,3}\d{1,4}[a-z]?)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of an address: as written, in lower case, folded; whether a separator stands before it."""

    text: str
    low: str
    key: str
    first: bool
    dotted: bool

    @property
    def is_number(self) -> bool:
        """Whether it can be a house or alley number."""
        return _NUMBER.fullmatch(self.text) is not None and _LENGTH.fullmatch(self.text) is None

    @property
    def is_code(self) -> bool:
        """Whether it can be the code of a plot or building."""
        return _CODE.fullmatch(self.text) is not None


def tokenise(text: str) -> list[Token]:
    """The words of an address. Never fails; control characters and what follows ``LONGEST`` are dropped."""
    line = _LEAD.sub("", _composed(text[:LONGEST]))
    line = _RANGE.sub(r"\1-", line)
    line = _DOTTED.sub(r"\1. ", line)
    line = _GLUED.sub(r"\1 ", line)
    line = _AFTER_NUMBER.sub(" ", line)
    line = _SEPARATOR.sub(f" {_BREAK} ", line).replace(":", " ")
    return _tokens(line)


def words(tokens: Sequence[Token]) -> str:
    """Tokens as they were written."""
    return " ".join(token.text for token in tokens)


def folded(tokens: Sequence[Token]) -> str:
    """Tokens folded, for comparing."""
    return " ".join(token.key for token in tokens)


def _composed(text: str) -> str:
    """NFC with compatibility forms resolved; Ð (eth), which keyboards give for Đ, made Đ."""
    whole = unicodedata.normalize("NFKC", text).replace("Ð", "Đ").replace("ð", "đ")
    if whole.isprintable():
        return whole
    return "".join(" " if c.isspace() else c for c in whole if c.isspace() or unicodedata.category(c)[0] != "C")


@lru_cache(maxsize=65_536)
def _key(word: str) -> str:
    # Addresses are made of few words, and most of the time goes into folding.
    return fold(word)


def _tokens(line: str) -> list[Token]:
    tokens: list[Token] = []
    first = True
    # str.split() would take the break itself for a blank.
    for raw in line.split(" "):
        if raw == _BREAK:
            first = True
            continue
        word = raw.strip(".,'`*_#!?/\\-–—")
        key = _key(word)
        if not key:
            continue
        tokens.append(Token(word, word.lower(), key, first or not tokens, raw.endswith(".")))
        first = False
    return tokens
