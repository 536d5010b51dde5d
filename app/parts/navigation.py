"""What every page shares: who is there, in which language, and which pages they may open."""

from __future__ import annotations

import html
from functools import partial

import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.search_box import search_box
from app.parts.signal_reads import late_for
from app.parts.visit import Visit, current_visit, switch_language, unkept_language
from app.text import _, label, language, render
from geo.errors import InputError

FOLDER = ROOT / "app" / "pages"
_ICON = ROOT / "app" / "parts" / "icon.svg"


def main() -> None:
    """Draw the frame of the app and run the page that was chosen."""
    st.set_page_config(page_title="Địa Bàn", page_icon=_ICON, layout="wide", initial_sidebar_state="auto")
    try:
        visit = current_visit()
    except InputError as error:
        # A database that went away while somebody was at work.
        st.title("Địa Bàn")
        st.error(plain(render(error.message)) + (f"  \n{plain(render(error.hint))}" if error.hint else ""))
        st.stop()
        return
    if visit is None:
        st.html(_STYLE)
        st.title("Địa Bàn")
        st.info(_("Phiên làm việc đã hết. Hãy đăng nhập lại."))
        _leave_for(_("Đăng nhập"), "/auth/login")
        st.stop()
        return
    st.html(_STYLE)
    page = st.navigation(_pages(visit), expanded=True)
    # A page's own icon as the tab's would be fetched from a foreign host.
    st.set_page_config(page_title=f"{page.title} · Địa Bàn", page_icon=_ICON)
    _frame(visit)
    page.run()


#: The pages by section: file, icon, and the right that opens it. The first one is where everybody lands.
_PAGES: dict[str, tuple[tuple[str, str, Right], ...]] = {
    "places": (
        ("map", "map", Right.SEE),
        ("premises", "storefront", Right.SEE),
        ("hotspots", "location_on", Right.SEE_TIPS),
        ("ward_systems", "layers", Right.SEE),
    ),
    "watch": (
        ("alerts", "notifications", Right.SEE_TIPS),
        ("signals", "inbox", Right.SEE_TIPS),
        ("risk", "leaderboard", Right.SEE_TIPS),
        ("borders", "border_outer", Right.SEE_TIPS),
    ),
    "inspect": (
        ("plan", "route", Right.SEE_PLANS),
        ("cases", "folder_open", Right.SEE_TIPS),
        ("fairness", "balance", Right.SEE_TIPS),
        ("backtest", "fact_check", Right.SEE_TIPS),
    ),
    "review": (
        ("meeting", "groups", Right.SEE_TIPS),
        ("targets", "flag", Right.SEE_TIPS),
        ("compare_wards", "compare_arrows", Right.SEE_TIPS),
        ("figures", "edit_note", Right.ENTER_FIGURES),
        ("tasks", "task_alt", Right.SEE_TIPS),
        ("reports", "description", Right.SEE_TIPS),
    ),
    "register": (
        ("import_premises", "upload_file", Right.IMPORT),
        ("placing", "add_location", Right.EDIT_PLACES),
        ("duplicates", "merge", Right.EDIT_PLACES),
        ("candidates", "travel_explore", Right.EDIT_PLACES),
    ),
    "office": (
        ("my_account", "person", Right.SEE),
        ("accounts", "manage_accounts", Right.MANAGE),
        ("audit", "receipt_long", Right.AUDIT),
        ("keeping", "auto_delete", Right.SEE_TIPS),
    ),
}


def _titles() -> dict[str, str]:
    return {
        "map": _("Bản đồ"),
        "premises": _("Cơ sở"),
        "hotspots": _("Điểm phức tạp"),
        "ward_systems": _("Hệ thống phường"),
        "alerts": _("Cảnh báo"),
        "signals": _("Nguồn tin"),
        "risk": _("Mức độ nguy cơ"),
        "borders": _("Giáp ranh"),
        "plan": _("Lịch kiểm tra"),
        "cases": _("Hồ sơ kiểm tra"),
        "fairness": _("Cân bằng kiểm tra"),
        "backtest": _("Kiểm chứng"),
        "meeting": _("Họp rà soát địa bàn"),
        "targets": _("Chỉ tiêu"),
        "compare_wards": _("So sánh các phường"),
        "figures": _("Nhập số liệu"),
        "tasks": _("Nhiệm vụ"),
        "reports": _("Báo cáo"),
        "my_account": _("Tài khoản của tôi"),
        "accounts": _("Tài khoản"),
        "audit": _("Nhật ký"),
        "keeping": _("Dữ liệu và lưu giữ"),
        "import_premises": _("Nhập từ tệp"),
        "placing": _("Đặt vị trí"),
        "duplicates": _("Cơ sở trùng"),
        "candidates": _("Địa điểm từ bản đồ mở"),
    }


def _sections() -> dict[str, str]:
    return {
        "places": _("Địa bàn"),
        "watch": _("Theo dõi"),
        "inspect": _("Kiểm tra"),
        "review": _("Rà soát, báo cáo"),
        "register": _("Sổ cơ sở"),
        "office": _("Quản trị"),
    }


def _pages(visit: Visit) -> dict[str, list[st.Page]]:
    """The pages that the visitor may open, by section; empty sections are left out."""
    titles, sections = _titles(), _sections()
    found = {
        sections[section]: [
            st.Page(
                FOLDER / f"{name}.py",
                title=titles[name],
                icon=f":material/{icon}:",
                url_path=name,
                default=name == "map",
            )
            for name, icon, right in pages
            if may(visit.actor, right)
        ]
        for section, pages in _PAGES.items()
    }
    visible = {section: pages for section, pages in found.items() if pages}
    # Known by address all the same, so that a link from a colleague is answered in words.
    refused = [
        st.Page(partial(_refuse, titles[name]), title=titles[name], url_path=name, visibility="hidden")
        for pages in _PAGES.values()
        for name, _icon, right in pages
        if not may(visit.actor, right)
    ]
    visible[sections["places"]] += refused
    return visible


def _refuse(title: str) -> None:
    st.title(title)
    st.info(_("Tài khoản này không có quyền xem trang này."))


def _frame(visit: Visit) -> None:
    if visit.demo:
        made_up = _("Bản minh họa: cơ sở, điểm phức tạp và sự việc đều là dữ liệu giả định.")
        st.html(f'<div class="demo" role="note">{html.escape(made_up)}</div>')
    _late_signals(visit)
    with st.sidebar:
        search_box(visit)
        _field_links(visit)
        st.caption(f"{visit.actor.name} · {label(visit.actor.role)}")
        st.segmented_control(
            _("Ngôn ngữ"),
            ["vi", "en"],
            default=language(),
            format_func={"vi": "Tiếng Việt", "en": "English"}.__getitem__,
            key="language",
            on_change=switch_language,
        )
        _leave_for(_("Đăng xuất"), "/auth/logout")
    if (chosen := unkept_language()) is not None:
        # Only an answer to a request of the browser's own can set its cookie.
        st.html(f'<img src="/auth/language?to={chosen}" alt="" hidden>')


def _late_signals(visit: Visit) -> None:
    """What is late at the visitor's office, on every page: nobody has to look for it."""
    late = None
    with told():
        late = late_for(visit)
    words = [_("{n} nguồn tin quá hạn", n=late.signals)] if late and late.signals else []
    words += [_("{n} tin chuyển quá hạn nhận", n=late.handovers)] if late and late.handovers else []
    for text in words:
        st.sidebar.page_link(FOLDER / "signals.py", label=f":red[{text}]", icon=":material/schedule:")
    if words:
        # A phone folds the side bar away.
        told_there = html.escape(" · ".join(words))
        st.html(f'<a class="late" target="_self" href="/signals">{told_there}</a>')


def _field_links(visit: Visit) -> None:
    """The plain pages for a telephone in the street."""
    if may(visit.actor, Right.INSPECT):
        _leave_for(_("Lượt kiểm tra hôm nay"), "/field")
    if may(visit.actor, Right.PATROL):
        _leave_for(_("Tuần tra"), "/patrol")


def _leave_for(text: str, address: str) -> None:
    """A button out of Streamlit's pages in the same tab; Streamlit's own link buttons open another one."""
    st.html(f'<a class="leave" target="_self" href="{address}">{html.escape(text)}</a>')


_STYLE = """<style>
.block-container{padding:2.4rem 1.5rem 2rem}
h1{font-size:1.55rem!important;padding:.2rem 0 .3rem!important}
h3{font-size:1.15rem!important}
.demo{background:#fff4ce;border-left:4px solid #b7791f;padding:.25rem .7rem;font-size:.9rem;color:#5f4106}
a.leave{display:inline-block;padding:.35rem .8rem;border:1px solid #c3ccd4;border-radius:.5rem;
color:#1d2733!important;text-decoration:none!important}
a.leave:hover,a.leave:focus-visible{border-color:#0b5c8a;color:#0b5c8a!important}
[data-testid="stSidebar"]{min-width:13rem}
[data-testid="stMetricValue"]{font-size:1.5rem}
a.late{display:none;color:#b3261e!important;font-weight:600}
@media (max-width:640px){.block-container{padding:3.9rem .6rem 2rem} a.late{display:inline-block}}
</style>"""

main()
