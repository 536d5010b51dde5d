"""Premises alone on the ground: those of a list, or one with a ring around it."""

from __future__ import annotations

from collections.abc import Callable

import geopandas as gpd
import streamlit as st

from app.parts.map import show_layers
from app.parts.visit import Visit
from app.text import _, label
from geo.words import PremisesType
from layers import legend
from layers.picked import picked_layer
from layers.points import premises_layer, short_keys


def list_map(visit: Visit, premises: gpd.GeoDataFrame, on_pick: Callable[[str], None]) -> None:
    """The premises of a list by type; a click calls ``on_pick`` with the id before the page runs anew."""
    keys = short_keys(list(premises["id"]))
    types = [kind for kind in PremisesType if kind.value in set(premises["type"])]
    types_section = legend.Section(_("Cơ sở theo loại hình"), legend.type_entries(label, types))
    ids = {key: premises_id for premises_id, key in keys.items()}

    def clicked() -> None:
        value = st.session_state.get("premises-map") or {}
        if value.get("kind") == "premises" and value.get("id") in ids:
            on_pick(ids[value["id"]])

    layers = [
        premises_layer(premises, say=label, keys=keys),
        legend.legend_layer(_("Chú giải"), [types_section]),
    ]
    show_layers(visit, layers, "premises-map", clicked, height=520)


def one_map(visit: Visit, premises: gpd.GeoDataFrame) -> None:
    """One premises with a ring around it; the view goes there."""
    row = premises.iloc[0]
    layers = [
        premises_layer(premises, say=label),
        picked_layer(row.geometry, key=f"premises-{row['id']}", move=True),
    ]
    show_layers(visit, layers, f"premises-map-{row['id']}", height=300)
