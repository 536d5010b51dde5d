"""Nhập từ tệp: a register file comes in step by step, and nothing is written before a person says so."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app.access import Right, may, require
from app.config import ROOT
from app.parts import import_state
from app.parts.failures import told
from app.parts.import_columns import edit_columns, pick_header
from app.parts.import_history import import_by_id, newest_import, show_history, undo_button
from app.parts.import_preview import counts, show_counts, show_preview, show_problems, show_warnings
from app.parts.import_state import ImportState, Step
from app.parts.import_steps import show_steps
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.runtime import runtime
from app.services.import_downloads import template_workbook
from app.services.learnt_columns import learn_columns
from app.services.premises_import import import_premises, preview_premises
from app.services.register_columns import FileLayout, corrected, read_layout
from app.text import _, render
from geo.errors import InputError

_TYPES = ["xlsx", "xls", "csv", "ods", "geojson", "gpkg"]
_MEGABYTES = 20
#: Columns that fit on a screen; more are scrolled in a box of this height.
_FEW, _TALLEST = 8, 470

#: The field speaks English on its own.
_FIELD_STYLE = """<style>
[data-testid="stFileUploaderDropzoneInstructions"]{{display:none}}
[data-testid="stFileUploaderDropzone"] button p{{font-size:0}}
[data-testid="stFileUploaderDropzone"] button p::after{{content:"{text}";font-size:1rem}}
</style>"""


def choose_file(visit: Visit) -> None:
    """The field for a file, the empty template, and earlier imports."""
    st.html(_FIELD_STYLE.format(text=_("Chọn tệp, hoặc thả vào đây")))
    uploaded = st.file_uploader(
        _("Danh sách cơ sở: .xlsx, .xls, .csv, .ods, .geojson, .gpkg, tối đa {n} MB", n=_MEGABYTES),
        type=_TYPES,
        max_upload_size=_MEGABYTES,
        key=f"import-file-{import_state.turn()}",
    )
    if uploaded is not None:
        import_state.begin(uploaded.name, uploaded.getvalue())
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Tải tệp mẫu"),
            template_workbook("premises"),
            file_name="mau-danh-sach-co-so.xlsx",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(
            _(
                "Tệp làm tay cũng được: tự tìm dòng tiêu đề, cột nào là gì, và bỏ cột thông tin cá nhân. "
                "Chưa ghi gì vào sổ cho đến khi bạn bấm Nhập."
            )
        )
    show_history(visit)


def look_at_columns(visit: Visit, state: ImportState) -> None:
    """What lies where in the file, and what each column is."""
    if state.layout is None:
        with st.spinner(_("Đang đọc tệp…")), import_state.as_file(state) as file:
            state.lay_out(read_layout(visit.store, visit.actor, file, state.sheet, state.header_row))
    layout = state.layout
    assert layout is not None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(state.name)}** · " + _("{n} dòng", n=layout.rows), width="content")
        if len(layout.sheets) > 1:
            pick_sheet(state, layout)
        buttons = st.container(horizontal=True, width="content")
    if not layout.columns:
        row = pick_header(layout, f"{state.key}-{layout.sheet}")
        buttons.button(_("Chọn tệp khác"), icon=":material/arrow_back:", on_click=import_state.finish)
        if row is not None:
            read_again(state, sheet=layout.sheet, header_row=row)
        return
    with st.container(height=_TALLEST if len(layout.columns) > _FEW else "content"):
        usable = edit_columns(state, layout)
    with buttons:
        if st.button(_("Xem trước"), type="primary", icon=":material/visibility:", disabled=not usable):
            state.preview, state.step = None, Step.PREVIEW
            st.rerun()
        st.button(_("Chọn tệp khác"), icon=":material/arrow_back:", on_click=import_state.finish)


def pick_sheet(state: ImportState, layout: FileLayout) -> None:
    """Which sheet of the file to read; the likeliest is proposed."""
    sheet = st.selectbox(
        _("Trang tính"),
        layout.sheets,
        index=layout.sheets.index(layout.sheet) if layout.sheet in layout.sheets else 0,
        format_func=lambda name: _("trang “{name}”", name=name),
        key=f"import-{state.key}-sheet",
        label_visibility="collapsed",
        width=260,
    )
    if sheet != layout.sheet:
        read_again(state, sheet=sheet)


def read_again(state: ImportState, *, sheet: str | None, header_row: int | None = None) -> None:
    """Look for the table anew, on another sheet or under another header."""
    state.sheet, state.header_row, state.layout = sheet, header_row, None
    st.rerun()


def look_ahead(visit: Visit, state: ImportState) -> None:
    """What the import would do; made once, then kept."""
    if state.preview is None:
        bar = st.progress(0.0, text=_("Đang đọc và đối chiếu với sổ…"))
        with import_state.as_file(state) as file:
            state.preview = preview_premises(
                visit.store,
                visit.actor,
                replace(state.request(file), nominatim_url=runtime().settings.nominatim_url),
                progress=lambda share: bar.progress(min(share, 1.0), text=_("Đang đọc và đối chiếu với sổ…")),
            )
        st.rerun()
    preview = state.preview
    numbers = counts(preview)
    show_counts(numbers)
    with st.container(horizontal=True, vertical_alignment="center"):
        agreed = not visit.demo or st.checkbox(_("Nhập thử vào bản minh họa"), key=f"import-{state.key}-demo")
        coming = numbers["added"] + numbers["updated"]
        pressed = st.button(
            _("Nhập {n} cơ sở", n=coming),
            type="primary",
            icon=":material/save:",
            disabled=not agreed or coming == 0,
            help=None if agreed else _("Đây là bản minh họa: đánh dấu ô bên cạnh nếu chỉ nhập thử."),
        )
        st.button(_("Sửa các cột"), icon=":material/arrow_back:", on_click=go, args=(state, Step.COLUMNS))
        st.button(_("Chọn tệp khác"), type="tertiary", on_click=import_state.finish)
    if pressed:
        take_in(visit, state)
    if coming == 0:
        st.info(_("Sổ đã có đúng như tệp: không có gì để nhập."))
    for warning in preview.online.warnings:
        st.caption(plain(render(warning)))
    show_warnings(preview)
    show_preview(preview)


def go(state: ImportState, step: Step) -> None:
    """Go to another step."""
    state.step = step


def take_in(visit: Visit, state: ImportState) -> None:
    """Write it all in one transaction, then remember what was corrected for the next file."""
    with st.spinner(_("Đang ghi vào sổ, xin đừng đóng trang…")), import_state.as_file(state) as file:
        # Nothing is drawn while this runs: a run that is broken off in between would take it back.
        # What a server said for the preview is taken, so that no address is sent twice.
        online = state.preview.online if state.preview else None
        request = replace(state.request(file, into_demo=visit.demo), online=online)
        state.done = import_premises(visit.store, visit.actor, request)
        state.step, state.content, state.batch = Step.DONE, b"", newest_import(visit).id
        if state.layout is not None:
            learn_columns(visit.store, visit.actor, corrected(state.layout, state.choice))
    st.rerun()


def look_back(visit: Visit, state: ImportState) -> None:
    """What was done, the way on, and the way back."""
    done, batch = state.done or {}, import_by_id(visit, state.batch)
    if batch.undone_at is not None:
        import_state.finish()
        st.rerun()
    st.success(
        _(
            "Đã nhập: thêm {added} cơ sở, cập nhật {updated}, giữ nguyên {unchanged}.",
            **{name: done[name] for name in ("added", "updated", "unchanged")},
        ),
        icon=":material/check:",
    )
    rough = sum(done["located"].get(quality, 0) for quality in ("none", "ward", "street"))
    if rough:
        st.markdown(_("**{n}** dòng chưa rõ đến số nhà: đặt vị trí bằng tay.", n=rough))
    with st.container(horizontal=True):
        link("map", _("Xem trên bản đồ"), "map")
        if rough and may(visit.actor, Right.EDIT_PLACES):
            link("placing", _("Đặt vị trí"), "add_location")
        st.button(_("Nhập tệp khác"), icon=":material/upload_file:", on_click=import_state.finish)
        undo_button(visit, batch, key="done")
    if state.preview is not None and state.preview.register.problems:
        st.subheader(_("Dòng không nhận"))
        show_problems(state.preview)


def link(name: str, title: str, icon: str) -> None:
    """Another page of the app."""
    target = st.Page(ROOT / "app" / "pages" / f"{name}.py", url_path=name)
    st.page_link(target, label=title, icon=f":material/{icon}:")


def other_ways(state: ImportState) -> None:
    """The ways on from a file that cannot be taken as it is."""
    with st.container(horizontal=True):
        if state.step is Step.PREVIEW:
            st.button(_("Sửa các cột"), icon=":material/arrow_back:", on_click=go, args=(state, Step.COLUMNS))
        st.button(_("Chọn tệp khác"), icon=":material/arrow_back:", on_click=import_state.finish)


STEPS = {Step.COLUMNS: look_at_columns, Step.PREVIEW: look_ahead, Step.DONE: look_back}

visit = require_visit()
st.title(_("Nhập từ tệp"))
state = import_state.begun()
show_steps(state.step if state else Step.FILE)
with told():
    require(visit.actor, Right.IMPORT)
    if state is None:
        choose_file(visit)
    else:
        try:
            STEPS[state.step](visit, state)
        except InputError:
            other_ways(state)
            raise
