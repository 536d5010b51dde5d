"""Cơ sở: the register with the problems of its papers; one premises with everything known about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zlib import crc32

import geopandas as gpd
import pandas as pd
import streamlit as st

from app.access import Right, may
from app.parts import choices, premises_file, premises_forms, premises_map, premises_past, premises_reads
from app.parts.cached import map_data
from app.parts.failures import told
from app.parts.objection_forms import premises_objections
from app.parts.plain import plain
from app.parts.search_box import CHOSEN
from app.parts.visit import Visit, require_visit
from app.services.premises_file import PremisesFile, sentence
from app.services.premises_sheet import premises_sheet
from app.text import _, label, render
from geo.words import LicenceKind, LocationQuality, PaperProblem, PremisesStatus, PremisesType

#: Names the premises in the page's address, so that it can be kept and sent.
PARAMETER = "id"
LIST, PAPERS, MAP = "list", "papers", "map"


def chosen() -> str | None:
    """The premises that another page, the search, a row or the page's address asks for."""
    asked = st.session_state.pop(CHOSEN, None)
    if asked is not None:
        premises_forms.forget_what_was_seen()
        st.query_params[PARAMETER] = asked
    return st.query_params.get(PARAMETER)


def open_one(premises_id: str) -> None:
    """Show one premises from the next run on."""
    st.session_state[CHOSEN] = premises_id


def close() -> None:
    """Back to the list."""
    st.query_params.pop(PARAMETER, None)


def open_row(key: str, ids: Sequence[str]) -> None:
    """Show the premises of the row that was just picked."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        open_one(ids[rows[0]])


def picking_table(name: str, columns: dict[str, Any], ids: Sequence[str], settings: dict[str, Any]) -> None:
    """A list whose rows open their premises."""
    # Another list of rows is another table: a row that was picked by position must not stay picked.
    key = f"{name}-{crc32(''.join(ids).encode())}"
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        height=480,
        selection_mode="single-row",
        on_select=partial(open_row, key, list(ids)),
        column_config=settings,
        placeholder="",
        key=key,
    )


def filters(visit: Visit, register: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What of the register the typed words and the filters leave."""
    with st.container(width=300):
        words = choices.search_text()
    with st.popover(_("Bộ lọc"), icon=":material/filter_list:"):
        units = map_data(visit, visit.today).units
        wards = choices.pick_wards(units)
        types = choices.pick_types(register)
        statuses = choices.pick_statuses(register)
        codes = st.multiselect(
            _("Vấn đề giấy tờ"),
            list(PaperProblem),
            format_func=label,
            placeholder=_("Tất cả"),
            key="problem-codes",
        )
        unplaced = st.toggle(_("Chỉ cơ sở chưa có vị trí"), key="unplaced")
    keep = register["type"].isin(types) & register["status"].isin(statuses)
    if len(wards) < len(units):
        keep &= register["ward_id"].isin(wards)
    if codes:
        keep &= register["problem_codes"].map(lambda found: not found.isdisjoint(codes)).astype(bool)
    if unplaced:
        keep &= register.geometry.isna()
    if words:
        keep &= choices.matches(register["search_key"], words)
    return register[keep]


def list_view(shown: gpd.GeoDataFrame) -> None:
    """The register as officers read it, the riskiest first where scores may be seen."""
    scored = shown["score"].notna().any()
    rows = shown.sort_values(
        ["score", "name"] if scored else "name", ascending=[False, True] if scored else True
    )
    columns: dict[str, Any] = {
        _("Cơ sở"): rows["name"],
        _("Loại hình"): [label(PremisesType(kind)) for kind in rows["type"]],
        _("Phường"): rows["ward_name"],
    }
    settings: dict[str, Any] = {}
    if scored:
        columns[_("Điểm")] = rows["score"]
        settings[_("Điểm")] = st.column_config.ProgressColumn(min_value=0, max_value=100, format="%.1f")
    columns |= {
        _("Vấn đề giấy tờ"): rows["problems"],
        _("Kiểm tra gần nhất"): rows["last_check"],
        _("Tình trạng"): [label(PremisesStatus(status)) for status in rows["status"]],
        _("Địa chỉ"): rows["address"],
        _("Vị trí"): [label(LocationQuality(quality)) for quality in rows["location_quality"]],
    }
    settings[_("Kiểm tra gần nhất")] = st.column_config.DateColumn(format="DD/MM/YYYY")
    picking_table("premises-list", columns, list(rows["id"]), settings)
    st.caption(_("Chọn một dòng để mở hồ sơ của cơ sở."))


def papers_view(visit: Visit, shown: gpd.GeoDataFrame) -> None:
    """What is wrong with papers, by kind of problem, with the law of the day."""
    every, unrecorded = premises_reads.problems(visit)
    found = every[every["premises_id"].isin(shown["id"])]
    counts = found["code"].value_counts()
    kinds = [code for code in PaperProblem if counts.get(code, 0)]
    if kinds:
        picked = st.pills(
            _("Vấn đề giấy tờ"),
            kinds,
            selection_mode="multi",
            format_func=lambda code: f"{label(code)} ({counts[code]})",
            key="problem-pills",
            label_visibility="collapsed",
        )
        found = found[found["code"].isin(picked or kinds)]
    columns = {
        _("Cơ sở"): found["name"],
        _("Phường"): found["ward_name"],
        _("Vấn đề"): [label(PaperProblem(code)) for code in found["code"]],
        _("Giấy"): [label(LicenceKind(kind)) for kind in found["kind"]],
        _("Nội dung"): [sentence(render(text)) for text in found["text"]],
        _("Từ ngày"): pd.to_datetime(found["since"]),
        _("Căn cứ"): found["law"],
    }
    settings = {_("Từ ngày"): st.column_config.DateColumn(format="DD/MM/YYYY")}
    picking_table("papers-list", columns, list(found["premises_id"]), settings)
    if unrecorded:
        kinds_told = ", ".join(label(kind) for kind in unrecorded)
        st.caption(_("Sổ còn rất ít dữ liệu về: {kinds}; chưa thể nói cơ sở nào thiếu.", kinds=kinds_told))
    if may(visit.actor, Right.MANAGE):
        premises_forms.months_form(visit)


def show_list(visit: Visit) -> None:
    """Filters, and the register as a list, by its papers, or on the map."""
    st.title(_("Cơ sở"))
    with told():
        register = premises_reads.register(visit)
        with st.container(horizontal=True, vertical_alignment="center"):
            shown = filters(visit, register)
            words = {LIST: _("Danh sách"), PAPERS: _("Giấy tờ"), MAP: _("Bản đồ")}
            view = st.segmented_control(
                _("Xem"),
                list(words),
                default=LIST,
                format_func=words.__getitem__,
                key="premises-view",
                label_visibility="collapsed",
            )
        unplaced, troubled = int(shown.geometry.isna().sum()), int((shown["problems"] > 0).sum())
        st.markdown(
            _(
                "**{n}** trong {all} cơ sở · {troubled} có vấn đề giấy tờ · {unplaced} chưa có vị trí",
                n=len(shown),
                all=len(register),
                troubled=troubled,
                unplaced=unplaced,
            )
        )
        if view == PAPERS:
            papers_view(visit, shown)
        elif view == MAP:
            premises_map.list_map(visit, shown, open_one)
        else:
            list_view(shown)


def head(file: PremisesFile) -> None:
    """Name, kind and status."""
    facts = file.facts
    st.title(plain(facts.name))
    since = _("từ {date}", date=facts.status_since) if facts.status_since else ""
    status = f"{label(facts.status)} {since}".strip()
    parts = (sentence(label(facts.type)), status, facts.ward_name or "")
    st.caption(plain(" · ".join(filter(None, parts))))


def actions(visit: Visit, file: PremisesFile) -> tuple[bool, bool]:
    """Back, the Word file, and two ways to look; gives whether the page is for paper, and whether to edit."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"{premises_file.OFF_PAPER}-actions"):
        st.button(_("Danh sách"), icon=":material/arrow_back:", on_click=close)
        with st.popover(_("Tải phiếu"), icon=":material/download:"):
            with_risk = file.risk is not None and st.checkbox(_("Kèm mức độ nguy cơ"), key="sheet-risk")
            st.download_button(
                _("Tải phiếu (Word)"),
                # Made, and logged, when it is asked for.
                data=partial(
                    premises_sheet, visit.store, visit.actor, file.facts.id, file.day, with_risk=with_risk
                ),
                file_name=f"phieu-co-so-{file.day:%Y%m%d}.docx",
                mime="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                on_click="ignore",
            )
        printed = st.toggle(_("Bản để in"), key="premises-print")
        edited = file.may_edit and st.toggle(_("Sửa"), key="premises-edit")
    return printed, edited


def show_one(visit: Visit, premises_id: str) -> None:
    """Everything about one premises."""
    top = st.empty()
    with told():
        file = premises_reads.premises_file(visit, premises_id)
        head(file)
        printed, edited = actions(visit, file)
        premises_file.print_style()
        if printed:
            with st.container(key=f"{premises_file.OFF_PAPER}-hint"):
                st.caption(_("Bấm Ctrl+P để in; khung bên và các nút không in ra."))
            on_paper(file)
            return
        if edited:
            premises_forms.edit_form(visit, file)
            premises_forms.paper_form(visit, file)
        on_screen(visit, file)
        return
    with top.container():
        st.title(_("Cơ sở"))
        st.button(_("Danh sách"), icon=":material/arrow_back:", on_click=close, key="back")


def on_screen(visit: Visit, file: PremisesFile) -> None:
    """The page with its map, in two columns."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        premises_file.facts(file)
        premises_file.papers(file)
        premises_file.checks(file)
    with right, st.container(key=f"{premises_file.OFF_PAPER}-side"):
        if file.facts.lon is None:
            st.info(_("Chưa có vị trí trên bản đồ."), icon=":material/location_off:")
        else:
            register = premises_reads.register(visit)
            premises_map.one_map(visit, register[register["id"] == file.facts.id])
        if file.tips_shown:
            premises_file.risk(file)
            premises_objections(visit, file.facts.id)
    with st.container(key=f"{premises_file.OFF_PAPER}-below"):
        if file.tips_shown:
            premises_file.signals(file)
        premises_past.stood_here(visit, file)
        premises_file.timeline(file)
        premises_past.changes(visit, file)


def on_paper(file: PremisesFile) -> None:
    """The page as it is printed."""
    premises_file.facts(file)
    premises_file.papers(file)
    premises_file.checks(file)


visit = require_visit()
asked_for = chosen()
if asked_for:
    show_one(visit, asked_for)
else:
    show_list(visit)
