"""Cleaning of text cells: composed Unicode, single spaces, and the legacy encodings TCVN3 and VNI converted.

Text typed with a ``.VnTime`` (TCVN3) or ``VNI-Times`` font arrives as Latin-1 characters that mean something
else: "Nhµ nghØ" and "Nhaø nghæ" are both "Nhà nghỉ". Both share characters with good Unicode, so a cell is
converted when that makes more of its words Vietnamese syllables; a cell that reads well either way ("Léc" is
"Lộc") follows its row or column, where none of those is in Unicode.
Tables: TCVN 5712:1993 (TCVN3); VNI for Windows.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any

from data.importers.syllables import is_abbreviation, is_syllable


class Font(StrEnum):
    """A legacy encoding."""

    TCVN3 = "tcvn3"
    VNI = "vni"


_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
)
_VNI_MARKS = {
    "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323", "ê": "\u0306", "â": "\u0302",
    "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323",
    "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309", "ã": "\u0302\u0303", "ä": "\u0302\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_MARKS |= {mark.upper(): meant for mark, meant in _VNI_MARKS.items()}
_VNI_LETTERS |= {letter.upper(): meant.upper() for letter, meant in _VNI_LETTERS.items()}
_VNI = re.compile(f"([AEOUYaeouyÔôÖö])([{''.join(_VNI_MARKS)}])|[{''.join(_VNI_LETTERS)}]")

# Letters that neither legacy encoding has, and marks that stand apart: the text is Unicode already.
_UNICODE = re.compile("[\u0100-\u01ff\u0300-\u036f\u1e00-\u1eff]")
_SIGNS = re.escape("".join(sign for sign in map(chr, _TCVN3) if not sign.isalpha()))
#: Words, of signs alone if two or more ("®·" is "đã"), and "§." for "Đ.": a lone sign may be meant as such.
_WORDS = re.compile(rf"(?:[^\W\d_]|[{_SIGNS}])*[^\W\d_](?:[^\W\d_]|[{_SIGNS}])*|[{_SIGNS}]{{2,}}|§(?=\.)")

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_SPACES = re.compile(r"\s+")


@lru_cache(maxsize=100_000)
def clean_text(text: str, font: Font | None = None) -> str:
    """``text`` composed (NFC), with single spaces and half-width signs, read as typed in ``font``.

    >>> clean_text("Nhµ  nghØ Hoa", Font.TCVN3)
    'Nhà nghỉ Hoa'
    """
    if font is not None:
        text = _converted(text, _MEANT[font])
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_FULL_WIDTH))
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip()


def clean_rows(rows: list[list[Any]]) -> tuple[list[list[Any]], int]:
    """All text cells cleaned, and how many of them were converted from a legacy encoding."""
    fonts = _fonts({(i, j): cell for i, row in enumerate(rows) for j, cell in enumerate(row) if _marked(cell)})
    cleaned = [
        [clean_text(cell, fonts.get((i, j))) if isinstance(cell, str) else cell for j, cell in enumerate(row)]
        for i, row in enumerate(rows)
    ]
    return cleaned, len(fonts)


def syllable_balance(text: str) -> int:
    """How many words with marks in ``text`` are Vietnamese syllables, less those that are not."""
    composed = unicodedata.normalize("NFC", text)
    return sum(_quality(word) for word in _WORDS.findall(composed) if not word.isascii())


def legacy_balance(text: str) -> int:
    """The best ``syllable_balance`` that ``text`` has when it is read in a legacy encoding."""
    return max(syllable_balance(_converted(text, convert)) for convert in _MEANT.values())


def _marked(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.isascii()


def _fonts(cells: dict[tuple[int, int], str]) -> dict[tuple[int, int], Font]:
    """The legacy encoding of each cell that is in one."""
    possible = {place: _possible_fonts(text) for place, text in cells.items()}
    votes = Counter(fonts[0] for fonts in possible.values() if len(fonts) == 1)
    usual = max(Font, key=lambda font: votes[font])
    sure = {p: (usual if usual in fonts else fonts[0]) for p, fonts in possible.items() if fonts}
    if not sure:
        return {}
    followed = [_by_line(sure, cells, axis) for axis in (0, 1)]
    unsure = {
        place: font
        for place, text in cells.items()
        if place not in sure and not _UNICODE.search(text)
        and (font := followed[0].get(place[0]) or followed[1].get(place[1])) is not None
        and _changes(text, font)
    }  # fmt: skip
    return sure | unsure


def _by_line(
    sure: dict[tuple[int, int], Font], cells: dict[tuple[int, int], str], axis: int
) -> dict[int, Font]:
    """The encoding of the rows (axis 0) or columns (axis 1) that have one and no cell in Unicode."""
    lines = {place[axis]: font for place, font in sure.items()}
    for place, text in cells.items():
        if place[axis] in lines and _UNICODE.search(text):
            del lines[place[axis]]
    return lines


@lru_cache(maxsize=100_000)
def _possible_fonts(text: str) -> tuple[Font, ...]:
    """The encodings, equally good, in which ``text`` is better Vietnamese than as it stands."""
    if _UNICODE.search(text):
        return ()
    balance = {font: syllable_balance(_converted(text, convert)) for font, convert in _MEANT.items()}
    best = max(balance.values())
    return tuple(f for f in Font if balance[f] == best) if best > syllable_balance(text) else ()


def _changes(text: str, font: Font) -> bool:
    converted = _converted(text, _MEANT[font])
    return converted != text and syllable_balance(converted) >= syllable_balance(text)


def _quality(word: str) -> int:
    # A single letter says nothing: "Ñ." is "Đ." in VNI and "ẹ." in TCVN3.
    if len(word) == 1 or is_abbreviation(word):
        return 0
    return 1 if is_syllable(word) else -1


def _converted(text: str, convert: Callable[[str, bool], str]) -> str:
    """Each word by ``convert`` where the result is a syllable or an abbreviation."""

    def word(match: re.Match[str]) -> str:
        meant = convert(match.group(), _in_capitals(text))
        return meant if _quality(meant) >= 0 else match.group()

    return _WORDS.sub(word, text)


def _in_capitals(letters: Iterable[str]) -> bool:
    plain = [c for c in letters if c.isascii() and c.isalpha()]
    return len(plain) > 1 and all(c.isupper() for c in plain)


def _tcvn3(word: str, text_in_capitals: bool) -> str:
    # The capital font (.VnTimeH) shows small letters as capitals: among capitals they are meant so.
    meant = word.translate(_TCVN3)
    alone = sum(c.isascii() and c.isalpha() for c in word) < 2
    return meant.upper() if _in_capitals(word) or (alone and text_in_capitals) else meant


def _vni(word: str, _text_in_capitals: bool) -> str:
    def letter(match: re.Match[str]) -> str:
        if match[1] is None:
            return _VNI_LETTERS[match.group()]
        return _VNI_LETTERS.get(match[1], match[1]) + _VNI_MARKS[match[2]]

    return unicodedata.normalize("NFC", _VNI.sub(letter, word))


_MEANT = {Font.TCVN3: _tcvn3, Font.VNI: _vni}
