"""Folding of Vietnamese text for matching: no marks, đ as d, one case, single spaces."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Fold ``text`` so that "Dương  Nội" and "duong noi" compare equal.

    >>> fold("Đường Quang Trung")
    'duong quang trung'
    """
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.replace("đ", "d").replace("Đ", "d").casefold().split())
