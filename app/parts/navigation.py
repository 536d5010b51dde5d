"""What every page shares: who is there, in which language, and which pages they may open."""

from __future__ import annotations

import html

import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts.visit import Visit, current_visit, switch_language
from app.text import _, label, language

_ICON = ROOT / "app" / "parts" / "icon.svg"


def main() -> None:
    """Draw the frame of the app and run the page that was chosen."""
    st.set_page_config(page_title="Địa Bàn", page_icon=_ICON, layout="wide", initial_sidebar_state="auto")
    visit = current_visit()
    if visit is None:
        st.title("Địa Bàn")
        st.info(_("Phiên làm việc đã hết. Hãy đăng nhập lại."))
        st.link_button(_("Đăng nhập"), "/auth/login")
        st.stop()
        return
    st.html(_STYLE)
    page = st.navigation(_pages(visit))
    # A page's own icon as the tab's would be fetched from a foreign host.
    st.set_page_config(page_title=f"{page.title} · Địa Bàn", page_icon=_ICON)
    _frame(visit)
    page.run()


def _pages(visit: Visit) -> list[st.Page]:
    pages = [_page("map", _("Bản đồ"), "map", default=True)]
    if may(visit.actor, Right.SEE_PLANS):
        pages.append(_page("plan", _("Lịch kiểm tra"), "route"))
    if may(visit.actor, Right.SEE_TIPS):
        pages += [
            _page("hotspots", _("Điểm phức tạp"), "location_on"),
            _page("alerts", _("Cảnh báo"), "notifications"),
            _page("risk", _("Mức độ nguy cơ"), "leaderboard"),
        ]
    return pages


def _page(name: str, title: str, icon: str, *, default: bool = False) -> st.Page:
    file = ROOT / "app" / "pages" / f"{name}.py"
    return st.Page(file, title=title, icon=f":material/{icon}:", url_path=name, default=default)


def _frame(visit: Visit) -> None:
    if visit.demo:
        told = _("Bản minh họa: cơ sở, điểm phức tạp và sự việc đều do máy bịa ra.")
        st.html(f'<div class="demo" role="note">{html.escape(told)}</div>')
    with st.sidebar:
        st.caption(f"{visit.actor.name} · {label(visit.actor.role)}")
        st.segmented_control(
            _("Ngôn ngữ"),
            ["vi", "en"],
            default=language(),
            format_func={"vi": "Tiếng Việt", "en": "English"}.__getitem__,
            key="language",
            on_change=switch_language,
        )
        st.link_button(_("Đăng xuất"), "/auth/logout")


_STYLE = """<style>
.block-container{padding:2.4rem 1.5rem 2rem}
h1{font-size:1.55rem!important;padding:.2rem 0 .3rem!important}
h3{font-size:1.15rem!important}
.demo{background:#fff4ce;border-left:4px solid #b7791f;padding:.25rem .7rem;font-size:.9rem;color:#5f4106}
[data-testid="stSidebar"]{min-width:13rem}
[data-testid="stMetricValue"]{font-size:1.5rem}
@media (max-width:640px){.block-container{padding-left:.6rem;padding-right:.6rem}}
</style>"""

main()
