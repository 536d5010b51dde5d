"""Filters that several pages share."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st

from app.text import _, label
from geo.words import PremisesType


def pick_wards(units: gpd.GeoDataFrame) -> list[str]:
    """Ids of the wards that were picked; none picked means all."""
    names = dict(zip(units["id"], units["name"], strict=True))
    picked = st.multiselect(
        _("Phường"), list(names), format_func=names.__getitem__, placeholder=_("Tất cả"), key="wards"
    )
    return picked or list(names)


def pick_types(premises: gpd.GeoDataFrame) -> list[str]:
    """Premises types that were picked; none picked means all."""
    known = [kind.value for kind in PremisesType if kind.value in set(premises["type"])]
    picked = st.multiselect(
        _("Loại hình"), known, format_func=_type_label, placeholder=_("Tất cả"), key="types"
    )
    return picked or known


def _type_label(value: str) -> str:
    return label(PremisesType(value))
