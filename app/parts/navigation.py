"""What every page shares: who is there, in which language, and which pages they may open."""

from __future__ import annotations

import streamlit as st

from app.access import Right, may
from app.parts.visit import Visit, current_visit, switch_language
from app.text import _, label, language


def main() -> None:
    """Draw the frame of the app and run the page that was chosen."""
    st.set_page_config(page_title="Địa Bàn", layout="wide", initial_sidebar_state="auto")
    visit = current_visit()
    if visit is None:
        st.title("Địa Bàn")
        st.info(_("Phiên làm việc đã hết. Hãy đăng nhập lại."))
        st.link_button(_("Đăng nhập"), "/auth/login")
        st.stop()
        return
    st.html(_STYLE)
    page = st.navigation(_pages(visit))
    _frame(visit)
    page.run()


def _pages(visit: Visit) -> list[st.Page]:
    folder = "pages/"
    pages = [st.Page(f"{folder}map.py", title=_("Bản đồ"), icon=":material/map:", url_path="map", default=True)]
    if may(visit.actor, Right.SEE_PLANS):
        pages.append(st.Page(f"{folder}plan.py", title=_("Lịch kiểm tra"), icon=":material/route:", url_path="plan"))
    if may(visit.actor, Right.SEE_TIPS):
        pages += [
            st.Page(f"{folder}hotspots.py", title=_("Điểm phức tạp"), icon=":material/location_on:", url_path="hotspots"),
            st.Page(f"{folder}alerts.py", title=_("Cảnh báo"), icon=":material/notifications:", url_path="alerts"),
            st.Page(f"{folder}risk.py", title=_("Mức độ nguy cơ"), icon=":material/leaderboard:", url_path="risk"),
        ]
    return pages


def _frame(visit: Visit) -> None:
    if visit.demo:
        st.warning(_("Bản minh họa: cơ sở, điểm phức tạp và sự việc đều do máy bịa ra."), icon=":material/info:")
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
.block-container{padding-top:2.6rem;padding-bottom:2rem}
[data-testid="stSidebar"]{min-width:13rem}
@media (max-width:640px){.block-container{padding-left:.6rem;padding-right:.6rem}}
</style>"""

main()
