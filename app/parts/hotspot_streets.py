"""Road stretches by name: "đường A, đoạn từ B đến C", and a drawn line laid along the nearest street."""

from __future__ import annotations

import geopandas as gpd
import shapely
import streamlit as st

from app.parts.drawing_map import Draft
from app.parts.failures import told
from app.text import _
from geo.street_stretch import Crossing, crossings, nearest_street, stretch_between


def street_tools(streets: gpd.GeoDataFrame, one: Draft, name_key: str | None) -> None:
    """Choose a street and two of its crossings, or lay the drawn line along a street.

    ``name_key``: the field that gets the stretch's name while it is empty.
    """
    named = sorted(set(streets["name"].dropna())) if len(streets) else []
    if not named:
        return
    with st.expander(_("Đoạn đường theo tên"), icon=":material/route:"):
        street = st.selectbox(
            _("Đường, phố"), named, index=None, placeholder=_("Chọn đường"), key="stretch-street"
        )
        if street is not None:
            _between(streets, street, one, name_key)
    if one.shape is not None and one.shape.geom_type == "LineString":
        st.button(
            _("Bám nét vẽ theo đường"),
            icon=":material/route:",
            help=_("Hai đầu nét vẽ được đưa vào con đường có tên gần nhất, đoạn giữa đi theo đường."),
            on_click=_along,
            args=(streets, one),
        )


def _between(streets: gpd.GeoDataFrame, street: str, one: Draft, name_key: str | None) -> None:
    met = crossings(streets, street)
    if len(met) < 2:
        st.caption(_("Đường này không cắt hai đường có tên nào khác; hãy vẽ tay rồi bám theo đường."))
        return
    called = [crossing.name for crossing in met]
    begin = st.selectbox(_("Từ"), called, key=f"stretch-from-{street}")
    finish = st.selectbox(_("Đến"), called, index=len(called) - 1, key=f"stretch-to-{street}")
    st.button(
        _("Lấy đoạn này"),
        on_click=_take,
        args=(streets, street, met[called.index(begin)], met[called.index(finish)], one, name_key),
    )


def _take(
    streets: gpd.GeoDataFrame, street: str, begin: Crossing, finish: Crossing, one: Draft, name_key: str | None
) -> None:
    with told():
        one.restart(stretch_between(streets, street, begin.point, finish.point))
        if name_key is not None and not st.session_state.get(name_key):
            text = _("{street}, đoạn từ {a} đến {b}", street=street, a=begin.name, b=finish.name)
            st.session_state[name_key] = text[:300]


def _along(streets: gpd.GeoDataFrame, one: Draft) -> None:
    if one.shape is None:
        return
    ends = [shapely.Point(one.shape.coords[0]), shapely.Point(one.shape.coords[-1])]
    with told():
        street = nearest_street(streets, ends)
        if street is None:
            st.toast(_("Không có đường có tên nào gần cả hai đầu nét vẽ."))
            return
        one.restart(stretch_between(streets, street, *ends))
        st.toast(_("Đã đưa nét vẽ theo {street}.", street=street))
