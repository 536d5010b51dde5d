"""Folding of Vietnamese text for matching: no marks, đ as d, one case, single spaces."""

from __future__ import annotations

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Fold ``text`` so that "Dương  Nội" and "duong noi" compare equal.

    >>> fold("Đường Quang Trung")
    'duong quang trung'
    """
    # Most of a register is plain text: it needs no taking apart.
    if not text.isascii():
        bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = bare.replace("đ", "d").replace("Đ", "d")
    return " ".join(text.casefold().split())
