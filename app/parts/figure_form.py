"""A ward's form for a month: a field for each measure, with last month's and last year's figure beside it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.parts.failures import told
from app.parts.visit import Visit
from app.services import figure_entry
from app.services.figure_entry import MONEY, YEARLY, Cell, Form
from app.text import _, label, number
from geo.periods import Period
from geo.review_words import Measure

#: Counts what was saved: after it the fields show what is on record.
_SAVED = "figures-saved"
_WIDTHS = [5, 2.2, 1.6, 1.6, 2.2]


def groups() -> list[tuple[str, tuple[Measure, ...]]]:
    """The form's sections in the order in which a ward counts."""
    m = Measure
    return [
        (
            _("Truyền thông"),
            (
                m.COMMUNICATION_ACTIVITIES,
                m.REACHED_RESIDENTS,
                m.REACHED_PREMISES_WORKERS,
                m.REACHED_ZONE_WORKERS,
                m.REACHED_STUDENTS,
            ),
        ),
        (
            _("Số người trong từng nhóm (tại ngày cuối tháng)"),
            (m.PREMISES_WORKER_HEADS, m.ZONE_WORKER_HEADS, m.STUDENT_HEADS),
        ),
        (
            _("Kế hoạch, mô hình, lồng ghép"),
            (m.PLANS_ISSUED, m.PLAN_ACTIVITIES, m.RUNNING_MODELS, m.INTEGRATED_ACTIVITIES),
        ),
        (_("Cán bộ, tình nguyện viên"), (m.STAFF, m.VOLUNTEERS, m.STAFF_TRAINED, m.VOLUNTEERS_TRAINED)),
        (_("Công an báo cáo"), (m.CRIMINAL_CASES, m.ADMINISTRATIVE_CASES)),
        (
            _("Xét xử, y tế, hỗ trợ (chỉ ghi số lượng)"),
            (m.CASES_TRIED, m.HEALTH_CHECKED, m.LOANS, m.VOCATIONAL_SUPPORT, m.VICTIMS_SUPPORTED),
        ),
        (_("Kinh phí, nguồn lực (đồng)"), (m.BUDGET_VND, m.SPENT_VND, m.RESOURCES_VND)),
    ]


def month_form(visit: Visit, unit_id: str, period: Period) -> None:
    """Show the form, and store it whole when it is sent."""
    form = figure_entry.form(visit.store, visit.actor, unit_id, period)
    at = f"{unit_id}-{period.text}-{st.session_state.get(_SAVED, 0)}"
    seen: dict[Measure, int | None] = st.session_state.setdefault(
        f"figures-seen-{at}", {cell.measure: cell.value for cell in form.cells}
    )
    _summary(form)
    with st.form(f"figures-{at}", border=False):
        values = _fields(form, at)
        document, note, reason = _texts(at)
        if not st.form_submit_button(_("Lưu số liệu"), type="primary", icon=":material/save:"):
            return
    changed = {measure: value for measure, value in values.items() if value != seen.get(measure)}
    if not changed:
        st.info(_("Không có số nào thay đổi."))
        return
    with told():
        done = figure_entry.enter(
            visit.store,
            visit.actor,
            unit_id,
            period,
            changed,
            visit.today,
            document=document,
            note=note,
            reason=reason,
            seen=seen,
        )
        st.session_state[_SAVED] = st.session_state.get(_SAVED, 0) + 1
        st.toast(
            _(
                "Đã lưu: {added} số mới, {corrected} số sửa, {withdrawn} số bỏ.",
                added=done.added,
                corrected=done.corrected,
                withdrawn=done.withdrawn,
            ),
            icon=":material/check:",
        )
        st.rerun()


def _summary(form: Form) -> None:
    missing = [cell for cell in form.cells if cell.missing]
    if not missing:
        st.success(_("Đã nhập đủ {n} số của tháng này.", n=len(form.cells)), icon=":material/check_circle:")
        return
    st.warning(
        _(
            "Còn thiếu {n} trong {of} số. Không có thì ghi 0; để trống là chưa nhập.",
            n=len(missing),
            of=len(form.cells),
        ),
        icon=":material/edit_note:",
    )


def _fields(form: Form, at: str) -> dict[Measure, int | None]:
    cells = {cell.measure: cell for cell in form.cells}
    values: dict[Measure, int | None] = {}
    _heads()
    for title, measures in groups():
        own = [cells[measure] for measure in measures if measure in cells]
        if not own:
            continue
        st.markdown(f"**{title}**")
        values |= {cell.measure: _field(cell, at) for cell in own}
    return values


def _heads() -> None:
    heads: Sequence[str] = ("", _("Tháng này"), _("Tháng trước"), _("Cùng kỳ năm trước"), "")
    for column, head in zip(st.columns(_WIDTHS), heads, strict=True):
        column.caption(head)


def _field(cell: Cell, at: str) -> int | None:
    name, field, before, year_before, mark = st.columns(_WIDTHS, vertical_alignment="center")
    words = measure_word(cell.measure)
    name.markdown(words)
    value = field.number_input(
        words,
        min_value=0,
        value=cell.value,
        step=1_000_000 if cell.measure in MONEY else 1,
        placeholder="" if cell.held is None else _("giữ {n}", n=number(cell.held)),
        label_visibility="collapsed",
        key=f"figure-{cell.measure.value}-{at}",
    )
    before.markdown(_beside(cell.before))
    year_before.markdown(_beside(cell.year_before))
    mark.markdown(_mark(cell))
    return None if value is None else int(value)


def measure_word(measure: Measure) -> str:
    """What a measure is called on the form."""
    words = label(measure)
    words = words[:1].upper() + words[1:]
    return _("{measure} (cả năm)", measure=words) if measure in YEARLY else words


def _beside(value: int | None) -> str:
    return "–" if value is None else number(value)


def _mark(cell: Cell) -> str:
    if cell.missing:
        return f":material/error: {_('còn thiếu')}"
    if cell.value is None:
        held = _("đang dùng số cũ") if cell.held is not None else _("báo cáo theo quý")
        return f":material/history: {held}"
    return f":material/check: {_('đã nhập')}" if cell.revision <= 1 else f":material/edit: {_('đã sửa')}"


def _texts(at: str) -> tuple[str, str, str]:
    left, middle, right = st.columns(3)
    document = left.text_input(_("Số văn bản, báo cáo (nếu có)"), max_chars=200, key=f"figures-document-{at}")
    note = middle.text_input(
        _("Ghi chú (không ghi tên người, số điện thoại)"), max_chars=600, key=f"figures-note-{at}"
    )
    reason = right.text_input(_("Lý do, khi sửa hoặc bỏ số đã nhập"), max_chars=600, key=f"figures-reason-{at}")
    return document or "", note or "", reason or ""
