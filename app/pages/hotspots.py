"""Điểm phức tạp: the list with its map; one hotspot with all that is known of it; drawing and splitting."""

from __future__ import annotations

import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.hotspot_drawing import draw_new, draw_shape, draw_split
from app.parts.hotspot_import import hotspot_import
from app.parts.hotspot_list import ASKED, hotspot_list
from app.parts.hotspot_reads import overview, sheet
from app.parts.hotspot_view import hotspot_view
from app.parts.visit import Visit, require_visit
from app.services.hotspot_view import HotspotSheet
from app.text import _

#: Names the hotspot in the page's address, so that it can be kept and sent; and what is being drawn.
PARAMETER = "hotspot"
_MODE = "hotspot-mode"
NEW, EDIT, SPLIT = "new", "edit", "split"


def opened() -> str | None:
    """The hotspot that a click, a row or the page's address asks for."""
    asked = st.session_state.pop(ASKED, None)
    if asked is not None:
        st.query_params.from_dict({PARAMETER: asked})
    return st.query_params.get(PARAMETER)


def draw(mode: str) -> None:
    """Begin to draw, from the next run on."""
    st.session_state[_MODE] = mode


def done(hotspot_id: str | None) -> None:
    """End drawing; show the hotspot, or the list."""
    st.session_state.pop(_MODE, None)
    if hotspot_id is None:
        st.query_params.clear()
    else:
        st.query_params.from_dict({PARAMETER: hotspot_id})


def tools(found: HotspotSheet) -> None:
    """The buttons that change a hotspot's shape."""
    with st.container(horizontal=True):
        st.button(_("Sửa hình"), icon=":material/edit_location:", on_click=draw, args=(EDIT,))
        if found.spot.geometry.geom_type not in ("Point", "MultiPoint"):
            st.button(_("Tách điểm"), icon=":material/content_cut:", on_click=draw, args=(SPLIT,))


def show_list(visit: Visit) -> None:
    """All hotspots, and the ways to new ones."""
    with told():
        hotspot_list(visit, overview(visit))
        if may(visit.actor, Right.EDIT_PLACES):
            st.button(_("Điểm mới"), icon=":material/add_location:", on_click=draw, args=(NEW,), type="primary")
        if may(visit.actor, Right.IMPORT):
            hotspot_import(visit)


def show_one(visit: Visit, hotspot_id: str, mode: str | None) -> None:
    """One hotspot: looked at, or drawn."""
    if mode in (EDIT, SPLIT):
        with told():
            (draw_shape if mode == EDIT else draw_split)(visit, sheet(visit, hotspot_id), done)
        return
    st.button(_("Danh sách"), icon=":material/arrow_back:", on_click=done, args=(None,))
    hotspot_view(visit, hotspot_id, tools)


visit = require_visit()
st.title(_("Điểm phức tạp"))
asked = opened()
drawing = st.session_state.get(_MODE) if may(visit.actor, Right.EDIT_PLACES) else None
if drawing == NEW:
    with told():
        draw_new(visit, done)
elif asked is not None:
    show_one(visit, asked, drawing)
else:
    show_list(visit)
