"""Filters that several pages share. Nothing picked means all."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from enum import StrEnum

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.text import _, label
from geo.fold import fold
from geo.words import PremisesStatus, PremisesType

#: What stands before a street's name and is often left out of an address.
STREET_WORDS = ("đường", "phố")


def pick_wards(units: gpd.GeoDataFrame) -> list[str]:
    """Ids of the wards that were picked."""
    names = dict(zip(units["id"], units["name"], strict=True))
    return _pick(_("Phường"), list(names), names.__getitem__, "wards")


def pick_types(premises: gpd.GeoDataFrame) -> list[str]:
    """Premises types that were picked."""
    return _pick(_("Loại hình"), _known(PremisesType, premises["type"]), _label_of(PremisesType), "types")


def pick_statuses(premises: gpd.GeoDataFrame) -> list[str]:
    """Statuses that were picked."""
    known = _known(PremisesStatus, premises["status"])
    return _pick(_("Tình trạng"), known, _label_of(PremisesStatus), "statuses")


def pick_least_score() -> int:
    """The score from which premises are shown; 0 shows also those without a score."""
    return st.slider(_("Điểm nguy cơ từ"), 0, 100, 0, step=5, key="least-score")


def search_text() -> list[str]:
    """The folded words of what was typed."""
    title = _("Tìm theo tên, địa chỉ")
    typed = st.text_input(
        title,
        placeholder=title,
        max_chars=100,
        key="search",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    return search_words(typed or "")


def search_words(typed: str) -> list[str]:
    """The folded words of ``typed``, without "đường" and "phố" as long as other words are left."""
    words = unicodedata.normalize("NFC", typed).casefold().split()
    kept = [word for word in words if word not in STREET_WORDS]
    return fold(" ".join(kept or words)).split()


def _pick(title: str, known: list[str], show: Callable[[str], str], key: str) -> list[str]:
    picked = st.multiselect(title, known, format_func=show, placeholder=_("Tất cả"), key=key)
    return picked or known


def _known(words: type[StrEnum], used: pd.Series) -> list[str]:
    """The values of a vocabulary that are in use, in its order."""
    present = set(used)
    return [word.value for word in words if word.value in present]


def _label_of(words: type[StrEnum]) -> Callable[[str], str]:
    return lambda value: label(words(value))


def matches(texts: pd.Series, words: Sequence[str]) -> pd.Series:
    """Which folded texts hold every word.

    Typed without marks, "duong" may be a street or Dương Nội: it is left out only where it would find nothing.
    """
    found = _holding(texts, words)
    streets = {fold(word) for word in STREET_WORDS}
    fewer = [word for word in words if word not in streets]
    return found if found.any() or not fewer else _holding(texts, fewer)


def _holding(texts: pd.Series, words: Sequence[str]) -> pd.Series:
    found = pd.Series(True, index=texts.index)
    for word in words:
        found &= texts.str.contains(word, regex=False)
    return found
