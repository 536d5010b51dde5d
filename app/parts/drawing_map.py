"""The map on which the shape of a hotspot is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import shapely
import streamlit as st
from streamlit_folium import st_folium

from app.parts.cached import ground
from app.parts.map import HEIGHT
from app.parts.visit import Visit
from app.text import _
from layers import style
from layers.assets.localize import localize
from layers.base import view_layer
from layers.drawing import DrawingTools, Tool, context_layer, drawing_layer, drawn

_KEY = "drawing-map"
_DRAFT = "hotspot-draft"


@dataclass
class Draft:
    """A drawing under way. ``start``: what it began with; ``fixed``: what is cut. ``shape``: as it is now.

    Another ``start`` is another ``turn``, which the browser draws anew.
    """

    purpose: str
    start: shapely.Geometry | None = None
    fixed: shapely.Geometry | None = None
    shape: shapely.Geometry | None = None
    turn: int = 0

    @property
    def key(self) -> str:
        """Names the drawing to the browser."""
        return f"{self.purpose}-{self.turn}"

    def restart(self, shape: shapely.Geometry) -> None:
        """Go on from another shape."""
        self.start = self.shape = shape
        self.turn += 1


def draft(
    purpose: str, *, start: shapely.Geometry | None = None, fixed: shapely.Geometry | None = None
) -> Draft:
    """The drawing under way for ``purpose``, begun anew when there was one for something else."""
    kept = st.session_state.get(_DRAFT)
    if not isinstance(kept, Draft) or kept.purpose != purpose:
        kept = st.session_state[_DRAFT] = Draft(
            purpose, start, fixed, start, turn=st.session_state.get(f"{_DRAFT}-turns", 0)
        )
        # What was drawn before under the same purpose must not come back in the browser.
        st.session_state[f"{_DRAFT}-turns"] = kept.turn + 100
    return kept


def forget_draft() -> None:
    """Throw the drawing away."""
    st.session_state.pop(_DRAFT, None)


def drawing_map(visit: Visit, one: Draft, others: gpd.GeoDataFrame, tools: Mapping[Tool, str]) -> None:
    """Draw on the ground, with ``others`` (hotspots) pale around it; what is drawn goes into the draft."""
    layer = drawing_layer(one.key, one.start, tools, _words(), colour=style.TEAM_COLOURS[0], fixed=one.fixed)

    def changed() -> None:
        value = st.session_state.get(_KEY)
        if not value or value.get("kind") != "drawn":
            return
        try:
            key, shape = drawn(str(value["id"]))
        except ValueError:
            return
        if key == one.key:
            one.shape = shape

    base = ground(visit)
    base.add_child(DrawingTools())
    st_folium(
        base,
        key=_KEY,
        height=HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=[
            localize(one_layer)
            for one_layer in (
                view_layer(_("Xem toàn địa bàn"), others.iloc[:0], key=""),
                context_layer(others),
                layer,
            )
        ],
        on_change=changed,
    )


def _words() -> dict[str, str]:
    return {
        "bar": _("Công cụ vẽ"),
        "undo": _("Bỏ đỉnh cuối"),
        "done": _("Xong"),
        "cancel": _("Hủy"),
        "start": _("Bấm để đặt đỉnh đầu tiên."),
        "more": _("Bấm để đặt đỉnh tiếp theo."),
        "close": _("Bấm vào đỉnh đầu hoặc nút Xong để khép vùng."),
        "end": _("Bấm vào đỉnh cuối hoặc nút Xong để kết thúc."),
        "crossing": _("Đường viền không được tự cắt."),
        "point": _("Vị trí của điểm"),
    }
