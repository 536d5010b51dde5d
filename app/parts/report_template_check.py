"""Templates of reports: take the default one, have one's own checked before it goes into the folder."""

from __future__ import annotations

import streamlit as st

from app.parts.plain import plain
from app.runtime import runtime
from app.services import report_docx, report_files, report_templates
from app.services.report_templates import TemplateProblem
from app.text import _, render

_LARGEST_MB = 5


def template_check() -> None:
    """The default template, the fields it may use, and the check."""
    st.markdown(
        _(
            "Mẫu là tệp Word có các thẻ như {tag}. Tải mẫu mặc định, sửa bằng Word, kiểm tra ở đây rồi chép "
            "vào thư mục mẫu của cơ quan.",
            tag="`{{ period_line }}`",
        )
    )
    folder = runtime().settings.report_templates
    if folder is None:
        st.caption(_("Chưa đặt thư mục mẫu (DIABAN_REPORT_TEMPLATES): báo cáo dùng mẫu mặc định."))
    else:
        st.caption(_("Thư mục mẫu: {folder}", folder=plain(folder)))
    st.download_button(
        _("Tải mẫu mặc định"),
        data=report_docx.template,
        file_name=report_templates.COMMON_FILE,
        mime=report_files.MIME[report_files.DOCX],
        icon=":material/download:",
        on_click="ignore",
        key="report-template",
    )
    with st.expander(_("Các trường dùng được")):
        _fields()
    sent = st.file_uploader(
        _("Kiểm tra một mẫu"), type=["docx"], max_upload_size=_LARGEST_MB, key="report-template-file"
    )
    if sent is not None:
        _result(report_templates.check_template(sent.getvalue()))


def _fields() -> None:
    for name, parts in report_docx.FIELDS.items():
        told = f"`{name}`"
        if parts:
            told += ": " + ", ".join(f"`{part}`" for part in parts)
        if name in report_docx.REQUIRED:
            told += f" · {_('bắt buộc')}"
        st.markdown(f"- {told}")


def _result(problems: list[TemplateProblem]) -> None:
    if not problems:
        st.success(_("Mẫu dùng được, đúng thể thức."), icon=":material/check:")
        return
    if not any(one.stops for one in problems):
        st.success(_("Mẫu dùng được; thể thức còn điểm cần xem lại."), icon=":material/check:")
    for one in problems:
        where = f" ({plain(render(one.where))})" if one.where else ""
        say = st.error if one.stops else st.warning
        say(plain(render(one.text)) + where)
