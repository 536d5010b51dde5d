"""One report: its text section by section with the figures behind it, its files, its number, its correction."""

from __future__ import annotations

import streamlit as st

from app.access import Right, may
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.report_trace import trace
from app.parts.report_words import guarded, open_report, title_of
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import report_files, report_templates, reports
from app.services.report_text import Section, unsaid_figures
from app.services.reports import KeptReport
from app.text import _, label, show
from geo.review_words import ReportState


def report_view(visit: Visit, report_id: str) -> None:
    """The report that is open."""
    if st.button(_("Về danh sách"), icon=":material/arrow_back:", key="report-back"):
        open_report(None)
    kept = None
    with told():
        kept = reports.report(visit.store, visit.actor, report_id)
    if kept is None:
        return
    st.subheader(title_of(kept))
    _state(kept)
    with st.container(horizontal=True):
        _file(visit, kept, report_files.DOCX, _("Tải bản Word"))
        _file(visit, kept, report_files.XLSX, _("Tải phụ lục Excel"))
        _correction(visit, kept)
        _issuing(visit, kept)
    _changes(kept)
    st.markdown(f"*{plain(kept.contents.period_line)}*")
    for name, value in kept.contents.facts:
        st.markdown(f"**{plain(name)}**: {plain(value)}")
    for section in kept.contents.sections:
        _section(visit, kept, section)
    for note in kept.contents.notes:
        st.caption(f"{_('Ghi chú')}: {plain(note)}")


def _state(kept: KeptReport) -> None:
    told_of = [f"**{label(kept.state)}**"]
    if kept.number and kept.on_date:
        told_of.append(_("số {number} ngày {day}", number=plain(kept.number), day=kept.on_date))
    told_of.append(_("số liệu đến {day}, ghi nhận lúc {at}", day=kept.as_of, at=kept.known_by))
    st.markdown(" · ".join(told_of))
    if kept.state is ReportState.REPLACED:
        st.warning(_("Báo cáo này đã có bản thay thế."))
    if not kept.closed:
        st.info(_("Lập khi chưa hết kỳ: hết kỳ, lập lại sẽ ra bản đủ số liệu."))


def _file(visit: Visit, kept: KeptReport, ending: str, text: str) -> None:
    settings = runtime().settings

    def made() -> bytes:
        return report_files.taken(visit.store, visit.actor, kept, ending, settings)

    with told():
        # A template that cannot be used is told where the button would stand.
        report_templates.template_for(kept.kind, settings.report_templates)
        st.download_button(
            text,
            data=made,
            file_name=report_files.file_name(kept, ending),
            mime=report_files.MIME[ending],
            icon=":material/download:",
            on_click="ignore",
            key=f"report-file{ending}",
        )


def _correction(visit: Visit, kept: KeptReport) -> None:
    if kept.state is ReportState.REPLACED or not may(visit.actor, Right.REPORT):
        return
    with st.popover(_("Lập bản điều chỉnh"), icon=":material/published_with_changes:"):
        st.caption(_("Bản mới lấy số liệu hiện có, thay thế bản này và nêu rõ những số liệu đã thay đổi."))
        if st.button(_("Lập bản điều chỉnh"), type="primary", key="report-reissue"):
            made = None
            with told(), st.spinner(_("Đang tổng hợp số liệu...")):
                asked = reports.asked_of(kept)
                made = reports.reissue(visit.store, visit.actor, asked, as_of=visit.today)
            if made is not None:
                open_report(made.id)


def _issuing(visit: Visit, kept: KeptReport) -> None:
    if kept.state is not ReportState.DRAFT or not may(visit.actor, Right.ISSUE):
        return
    with st.popover(_("Nhập số văn bản"), icon=":material/approval:"), st.form("report-issue", border=False):
        number = st.text_input(_("Số văn bản do văn thư cấp"), max_chars=80, key="report-number")
        day = st.date_input(
            _("Ngày ban hành"), visit.today, min_value=kept.as_of, format="DD/MM/YYYY", key="report-day"
        )
        st.caption(_("Sau khi nhập số, nội dung không sửa được nữa."))
        if st.form_submit_button(_("Ghi số"), type="primary"):
            guarded(
                reports.issue,
                _("Đã ghi số văn bản."),
                visit.store,
                visit.actor,
                kept.id,
                number,
                day,
                as_of=visit.today,
                seen_revision=kept.revision,
            )


def _changes(kept: KeptReport) -> None:
    if kept.replaces is None:
        return
    changed = kept.contents.changes
    if not changed:
        st.info(_("Thay thế bản trước; không có số liệu nào thay đổi."))
        return
    with st.expander(_("Thay thế bản trước: {n} số liệu thay đổi", n=len(changed)), expanded=True):
        st.table(
            {
                _("Nội dung"): [plain(f"{one.name} ({one.ward})" if one.ward else one.name) for one in changed],
                _("Số đã báo cáo"): [one.before for one in changed],
                _("Số điều chỉnh"): [one.after for one in changed],
            }
        )


def _section(visit: Visit, kept: KeptReport, section: Section) -> None:
    st.markdown(f"##### {plain(section.title)}")
    if section.head:
        return
    for paragraph in section.paragraphs:
        st.markdown(plain(paragraph))
    if section.edited_by:
        st.caption(_("Đã sửa bởi {name}.", name=plain(section.edited_by)))
    figures = {one.id: one for one in kept.contents.figures}
    if section.edited_by and (gone := unsaid_figures(section, figures)):
        names = "; ".join(f"{one.name}: {one.shown}" for one in gone)
        st.warning(_("Số liệu không còn trong bài: {names}.", names=plain(names)))
    with st.container(horizontal=True):
        if section.figures:
            trace(visit, kept, section)
        if kept.state is ReportState.DRAFT and may(visit.actor, Right.REPORT):
            _edit(visit, kept, section)


def _edit(visit: Visit, kept: KeptReport, section: Section) -> None:
    with (
        st.popover(_("Sửa"), icon=":material/edit:", key=f"report-edit-{section.key}"),
        st.form(f"report-form-{section.key}", border=False),
    ):
        text = st.text_area(
            show(section.title),
            "\n".join(section.paragraphs),
            height=300,
            help=_("Mỗi dòng là một đoạn."),
            key=f"report-text-{section.key}-{kept.id}-{kept.revision}",
        )
        if st.form_submit_button(_("Lưu"), type="primary"):
            guarded(
                reports.edit_section,
                _("Đã lưu."),
                visit.store,
                visit.actor,
                kept.id,
                section.key,
                text,
                seen_revision=kept.revision,
            )
