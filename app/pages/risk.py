"""Mức độ nguy cơ: premises in order of risk, why each stands where it does, and two of them side by side."""

from __future__ import annotations

from functools import partial
from typing import Any
from zlib import crc32

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.config import ROOT
from app.parts import choices
from app.parts.cached import map_data, search_texts
from app.parts.failures import told
from app.parts.map import Kind, Pick, risk_map
from app.parts.objection_list import objection_hint, objection_list
from app.parts.part_words import Family, family_word
from app.parts.plain import plain
from app.parts.risk_reads import grouped_points, hotspot_surface, ranked_premises
from app.parts.search_box import CHOSEN
from app.parts.visit import Visit, require_visit
from app.parts.waterfall import differences, pairs_of_sentences, side_by_side, signed, stacked, waterfall
from app.services.audit import note_reading
from app.services.looking import Looked
from app.services.risk_sheet import RiskSheet
from app.text import _, label, number, render
from geo.words import PremisesType

PICKED = "risk-picked"
TOP = 12
VIEWS = ("rank", "bars", "map", "compare")
SURFACES = ("none", "density", "trend")


def view_word(view: str) -> str:
    """What a view of the page is called."""
    return {
        "rank": _("Bảng xếp hạng"),
        "bars": _("Biểu đồ"),
        "map": _("Bản đồ"),
        "compare": _("So sánh hai cơ sở"),
    }[view]


def surface_word(which: str) -> str:
    """What lies under the premises on the map."""
    return {
        "none": _("Chỉ cơ sở"),
        "density": _("Mật độ điểm nóng"),
        "trend": _("Xu hướng điểm nóng"),
    }[which]


def pick(premises_id: str, *, elsewhere: bool = False) -> None:
    """Remember which premises is explained below."""
    st.session_state[PICKED] = Pick(Kind.PREMISES, premises_id, elsewhere)


def views() -> tuple[str, str]:
    """Which view is open, and what lies under the premises on the map."""
    with st.container(horizontal=True):
        view = st.segmented_control(
            _("Cách xem"),
            VIEWS,
            default="rank",
            format_func=view_word,
            key="risk-view",
            label_visibility="collapsed",
        )
        if view != "map":
            return view or "rank", "none"
        under = st.segmented_control(
            _("Điểm nóng bên dưới"),
            SURFACES,
            default="none",
            format_func=surface_word,
            key="risk-surface",
            label_visibility="collapsed",
        )
    return view, under or "none"


def model_line(sheet: RiskSheet) -> None:
    """Which model gave the scores; why it was chosen stands behind the question mark."""
    model = sheet.chosen.model
    if sheet.chosen.fitted:
        mode = _("Bảng điểm đã hiệu chỉnh theo lịch sử kiểm tra của địa bàn, đến {day}", day=model.fitted_on)
    else:
        mode = _("Bảng điểm định sẵn, chưa hiệu chỉnh theo lịch sử kiểm tra")
    told_model = _(
        "{mode}. Tên: {name}, phiên bản {version}.", mode=mode, name=model.name, version=model.version
    )
    st.caption(
        plain(
            _("Điểm chỉ để xếp thứ tự và giải thích; con người quyết định. Không có điểm nào về con người.")
            + " "
            + told_model
        ),
        help=plain(render(sheet.chosen.why)),
    )


def chance(row: Any) -> str:
    """The probability in whole percent, as a range where the data leave one."""
    ends = (row.probability_low, row.probability, row.probability_high)
    low, middle, high = (round(100 * float(value)) for value in ends)
    if high - low < 2:
        return _("khoảng {n}%", n=middle)
    return f"{low}-{high}%"


def filtered(visit: Visit, sheet: RiskSheet) -> gpd.GeoDataFrame:
    """The premises that search, ward and type leave, riskiest first."""
    premises, units = sheet.premises, map_data(visit, visit.today).units
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=230):
            words = choices.search_text()
        with st.container(width=260):
            wards = choices.pick_wards(units)
        with st.container(width=260):
            types = choices.pick_types(premises)
    keep = premises["type"].isin(types)
    if len(wards) < len(units):
        keep &= premises["ward_id"].isin(wards)
    if words:
        texts = search_texts(visit).reindex(premises["id"]).fillna("")
        keep &= choices.matches(texts, words).to_numpy()
    return premises[keep].reset_index(drop=True)


def ranking(visit: Visit, shown: gpd.GeoDataFrame) -> None:
    """The table, each row with its groups of parts as small bars; a row that is picked is explained below."""
    points = grouped_points(visit)
    table = pd.DataFrame(
        {
            _("Hạng"): shown["rank"].astype(int),
            _("Cơ sở"): shown["name"],
            _("Điểm"): shown["score"].astype(float),
            _("Các phần"): [points[premises_id] for premises_id in shown["id"]],
            _("Xác suất"): [chance(row) for row in shown.itertuples()],
            _("Loại hình"): [label(PremisesType(t)) for t in shown["type"]],
            _("Phường"): shown["ward_name"],
        }
    )
    ids = list(shown["id"])
    key = f"risk-table-{crc32(''.join(ids).encode())}"
    st.dataframe(
        table,
        hide_index=True,
        height=290,
        selection_mode="single-row",
        on_select=partial(pick_row, key, ids),
        column_config={
            _("Điểm"): st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.1f", width="small"
            ),
            _("Các phần"): st.column_config.BarChartColumn(
                help=" · ".join(family_word(group) for group in Family), y_min=-15, y_max=45
            ),
        },
        key=key,
    )
    st.caption(
        _("“Các phần”, từ trái sang phải: {groups}.", groups=", ".join(family_word(group) for group in Family))
        + " "
        + _("Xác suất: khả năng một lượt kiểm tra lúc này phát hiện vi phạm nghiêm trọng.")
    )


def pick_row(key: str, ids: list[str]) -> None:
    """The row that was just picked in the table."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        pick(ids[rows[0]], elsewhere=True)


def bars(shown: gpd.GeoDataFrame) -> None:
    """The first premises as stacked bars."""
    st.caption(
        _(
            "{n} cơ sở đầu danh sách. Mỗi màu là một nhóm phần điểm; bên trái vạch 0 là phần làm giảm.",
            n=min(TOP, len(shown)),
        )
    )
    stacked(list(shown.head(TOP).itertuples()))


def on_map(visit: Visit, shown: gpd.GeoDataFrame, under: str) -> None:
    """Premises coloured by risk, above the hotspot surface when it is switched on."""
    cells = None
    if under in ("density", "trend"):
        made = hotspot_surface(visit)
        if made.enough:
            cells = made.cells
        else:
            st.info(_("Chưa đủ dữ liệu để vẽ điểm nóng: mới có {n} sự việc.", n=made.events))
    risk_map(
        visit,
        shown,
        cells,
        "trend" if under == "trend" else "density",
        st.session_state.get(PICKED),
        partial(pick, elsewhere=False),
    )
    if cells is not None:
        surface_note(under, len(cells[cells["hot"]]))


def surface_note(under: str, hot: int) -> None:
    """What the surface is made of, in plain words."""
    st.caption(
        _("Điểm nóng tính từ nguồn tin đã xác minh và vi phạm nghiêm trọng, trên ô vuông 150 m.")
        + " "
        + (
            _("Xét 8 kỳ nửa năm: “mới” là vừa nổi, “dai dẳng” là kỳ nào cũng nổi, “đã từng” là nay đã yên.")
            if under == "trend"
            else _(
                "{n} ô nhiều hơn mức ngẫu nhiên trong 12 tháng qua (Gi*, kiểm soát phát hiện sai 5%).", n=hot
            )
        )
        + " "
        + _("Chỉ để giải thích; không phải căn cứ cho một lượt kiểm tra.")
    )


def explained(visit: Visit, sheet: RiskSheet, row: Any) -> None:
    """One premises: the score as a waterfall, its probability, and what would lower it."""
    st.subheader(plain(row.name))
    where = " · ".join(
        filter(None, [label(PremisesType(row.type)), text_of(row.address), text_of(row.ward_name)])
    )
    st.caption(plain(where))
    objection_hint(visit, row.id)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        waterfall(row.parts, float(row.score))
    with right:
        first, second = st.columns(2)
        # The rank counts all premises, also those outside an account's wards: no total of the shown ones.
        total = f" / {len(sheet.premises)}" if visit.actor.scope is None else ""
        first.metric(_("Hạng trong cả địa bàn"), f"{int(row.rank)}{total}")
        second.metric(_("Xác suất"), chance(row))
        st.caption(
            _(
                "Khả năng một lượt kiểm tra lúc này phát hiện vi phạm nghiêm trọng. "
                "Khoảng càng rộng là cơ sở càng ít lượt kiểm tra để biết."
            )
        )
        lower(sheet, row)
        if st.button(_("Mở hồ sơ cơ sở"), icon=":material/storefront:"):
            open_premises(row.id)


def open_premises(premises_id: str) -> None:
    """Show one premises on its own page."""
    st.session_state[CHOSEN] = premises_id
    st.switch_page(ROOT / "app" / "pages" / "premises.py")


def lower(sheet: RiskSheet, row: Any) -> None:
    """What the business can set right, with the points it would lose."""
    st.markdown(f"**{_('Điều gì làm giảm điểm')}**")
    given = sheet.advice_for(row.id)
    for one in given:
        st.markdown("- " + plain(render(one.text)))
    if not given:
        st.caption(_("Không có việc nào cơ sở tự làm được; điểm còn lại do lịch sử và xung quanh."))


def text_of(value: Any) -> str:
    """A text of the register, empty where there is none."""
    return value if isinstance(value, str) else ""


def compare(sheet: RiskSheet, shown: gpd.GeoDataFrame) -> None:
    """Two premises' parts side by side, and in words why one stands before the other."""
    if len(shown) < 2:
        st.info(_("Cần ít nhất hai cơ sở trong danh sách để so sánh."))
        return
    names = {row.id: f"{int(row.rank)}. {row.name}" for row in shown.itertuples()}
    ids, picked = list(names), st.session_state.get(PICKED)
    first = ids.index(picked.id) if picked and picked.id in names else 0
    left, right = st.columns(2)
    one = left.selectbox(_("Cơ sở thứ nhất"), ids, index=first, format_func=names.__getitem__)
    other = right.selectbox(_("Cơ sở thứ hai"), ids, index=0 if first else 1, format_func=names.__getitem__)
    rows = {row.id: row for row in shown[shown["id"].isin([one, other])].itertuples()}
    if one == other:
        st.info(_("Hãy chọn hai cơ sở khác nhau."))
        return
    ahead, behind = sorted((rows[one], rows[other]), key=lambda row: row.rank)
    st.markdown(why_ahead(ahead, behind))
    side_by_side(ahead, behind)
    with st.expander(_("Từng câu của hai bên")):
        told_parts = pairs_of_sentences(ahead.parts, behind.parts)
        st.table(
            pd.DataFrame(told_parts, columns=_two_names(ahead, behind)).map(plain).set_index(plain(ahead.name))
        )


def _two_names(ahead: Any, behind: Any) -> list[str]:
    return [plain(ahead.name), plain(behind.name) if behind.name != ahead.name else plain(f"{behind.name} (2)")]


def why_ahead(ahead: Any, behind: Any) -> str:
    """Why one premises stands before another: the difference and the three parts that make most of it."""
    gap = float(ahead.score) - float(behind.score)
    names = {"first": plain(ahead.name), "second": plain(behind.name)}
    if not round(gap, 1):
        return _("**{first}** và **{second}** có cùng điểm; thứ tự theo phần lẻ chưa làm tròn.", **names)
    apart = differences(ahead.parts, behind.parts)
    told = _(
        "**{first}** đứng trước **{second}** {gap} điểm, chủ yếu vì: {reasons}.",
        gap=number(gap),
        reasons=in_words([row for row in apart if row[1] > row[2]]),
        **names,
    )
    against = [row for row in apart if row[1] < row[2]]
    if against:
        told += " " + _("Ngược lại, {second} cao hơn về: {reasons}.", reasons=in_words(against), **names)
    return told


def in_words(apart: list[tuple[str, float, float]]) -> str:
    """The three largest differences, each with the points here and there."""
    return "; ".join(
        plain(_("{part} ({one} so với {other})", part=part, one=signed(mine), other=signed(theirs)))
        for part, mine, theirs in apart[:3]
    )


@st.fragment
def explore() -> None:
    """Filters, one view of the ranking, and the premises that is picked; nothing else is redrawn."""
    visit = require_visit()
    with told():
        sheet = ranked_premises(visit)
        if sheet.premises.empty:
            st.info(_("Chưa đủ dữ liệu: chưa có cơ sở đang hoạt động nào để chấm điểm."))
            return
        shown = filtered(visit, sheet)
        view, under = views()
        if shown.empty:
            st.info(_("Không có cơ sở nào như vậy."))
            return
        if view == "compare":
            compare(sheet, shown)
            return
        {"bars": partial(bars, shown), "map": partial(on_map, visit, shown, under)}.get(
            view, partial(ranking, visit, shown)
        )()
        picked = st.session_state.get(PICKED)
        row = next(sheet.premises[sheet.premises["id"] == picked.id].itertuples(), None) if picked else None
        if row is not None:
            explained(visit, sheet, row)
        else:
            st.caption(_("Chọn một cơ sở trong bảng hoặc trên bản đồ để xem vì sao có điểm đó."))


visit = require_visit()
st.title(_("Mức độ nguy cơ"))
with told():
    note_reading(visit.store, visit.actor, Looked.RANKING)
    model_line(ranked_premises(visit))
explore()
with told():
    objection_list(visit, open_premises)
