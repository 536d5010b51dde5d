"""Họp rà soát địa bàn: one ward and period on a projector, screen by screen, and what the meeting decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from app.parts import meeting_screens as screens
from app.parts.failures import told
from app.parts.meeting_decisions import decisions
from app.parts.meeting_keys import NEXT, PREVIOUS, listen
from app.parts.meeting_map import ward_map
from app.parts.meeting_print import print_button
from app.parts.meeting_reads import forget_review, review
from app.parts.meeting_style import STYLE, screen
from app.parts.visit import Visit, require_visit
from app.services import meeting as service
from app.services.meeting import Review
from app.text import _, render, show
from geo.periods import Period, period_of

UNIT, PERIOD, STEP = "meeting-unit", "meeting-period", "meeting-step"
WHOLE = ""
MAP = 1
#: How many periods of each length can be chosen.
_PERIODS = {1: 12, 3: 4, 6: 2, 12: 2}


def titles() -> list[str]:
    """What the screens are called, in their order."""
    return [
        _("Thay đổi từ lần trước"),
        _("Bản đồ"),
        _("Ba rủi ro, ba việc đã làm"),
        _("Cơ sở cần bàn"),
        _("Dải giáp ranh với phường bạn"),
        _("Cảnh báo, tin quá hạn"),
        _("Chỉ tiêu"),
        _("Kết luận"),
    ]


def go(step: int | None) -> None:
    """Show a screen, none for the choice of ward and period. Names that were revealed do not go along."""
    st.session_state.pop(screens.REVEALED, None)
    st.session_state[STEP] = None if step is None else min(max(step, 0), len(titles()) - 1)


def move(to: str) -> None:
    """The next or the previous screen, seen from the one that is shown when the key is pressed: somebody who
    presses twice is faster than the page."""
    go((st.session_state.get(STEP) or 0) + (1 if to == NEXT else -1))


def periods(today: date) -> list[Period]:
    """Months, quarters, halves and years, the newest first."""
    found = []
    for length, count in _PERIODS.items():
        one = period_of(today, length)
        for _step in range(count):
            found.append(one)
            one = one.before
    return found


def choose(visit: Visit) -> None:
    """Ward and period, the last meetings, and the way in."""
    st.title(_("Họp rà soát địa bàn"))
    st.caption(
        _("Màn hình họp không nêu điểm nghi vấn, tin chưa xác minh và kiểm tra đột xuất; cơ sở ghi bằng mã.")
    )
    names = service.reviewable(visit.store, visit.actor, visit.today)
    whole = {WHOLE: _("Toàn địa bàn")} if visit.actor.scope is None else {}
    choices = {**names, **whole}
    if not names:
        st.info(_("Chưa có địa giới phường trong địa bàn của tài khoản này."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        unit = st.selectbox(
            _("Phường"), list(choices), format_func=choices.__getitem__, key="meeting-choose-unit"
        )
        period = st.selectbox(
            _("Kỳ"),
            periods(visit.today),
            format_func=lambda one: render(one.words),
            key="meeting-choose-period",
        )
        if st.button(_("Bắt đầu họp"), type="primary", icon=":material/slideshow:"):
            st.session_state[UNIT], st.session_state[PERIOD] = unit, period
            forget_review()
            go(0)
            st.rerun()
    st.markdown(
        _("Phím: **→** hoặc **Page Down** tiếp, **←** hoặc **Page Up** lùi, **F** bản đồ toàn màn hình.")
    )
    past(visit, unit or None)


def past(visit: Visit, unit_id: str | None) -> None:
    """The meetings of the unit on record."""
    held = service.meetings_of(visit.store, visit.actor, unit_id, as_of=visit.today)
    if not held:
        st.caption(_("Chưa có cuộc họp nào của đơn vị này."))
        return
    st.subheader(_("Các cuộc họp trước"))
    st.dataframe(
        {
            _("Ngày họp"): [show(one.held_on) for one in held],
            _("Văn bản"): [one.document or "" for one in held],
            _("Kết luận"): [one.decisions for one in held],
        },
        hide_index=True,
        width="content",
    )


def present(visit: Visit, step: int) -> None:
    """One screen of the meeting."""
    st.html(STYLE)
    unit_id = st.session_state[UNIT] or None
    found = review(visit, unit_id, st.session_state[PERIOD])
    show_screen = partial(
        screen,
        titles()[step],
        f"{found.unit or _('Toàn địa bàn')} · {render(found.period.words)}",
        f"{step + 1}/{len(titles())}",
    )
    draw(visit, found, step, show_screen)
    navigation(step)


def draw(visit: Visit, found: Review, step: int, show_screen: Callable[[str], None]) -> None:
    """What stands on the screen."""
    telling = {
        0: screens.changed,
        2: screens.three_and_three,
        4: screens.borders,
        5: screens.alerts,
        6: screens.targets,
    }
    if step in telling:
        show_screen(telling[step](found))
    elif step == MAP:
        show_screen("")
        ward_map(found.unit_id)
    elif step == 3:
        screens.reveal_names(visit, found, lambda names: show_screen(screens.premises(found, names)))
    else:
        show_screen("")
        decisions(visit, found)
        print_button(visit, found)


def navigation(step: int) -> None:
    """Buttons for who has no keyboard at hand, and the keys."""
    last = len(titles()) - 1
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(_("Lùi"), icon=":material/arrow_back:", disabled=step == 0, on_click=move, args=(PREVIOUS,))
        st.button(
            _("Tiếp"), icon=":material/arrow_forward:", disabled=step == last, on_click=move, args=(NEXT,)
        )
        listen(move, on_map=step == MAP)
        st.button(_("Kết thúc trình chiếu"), icon=":material/close:", on_click=go, args=(None,))


visit = require_visit()
with told():
    at = st.session_state.get(STEP)
    if at is None or PERIOD not in st.session_state:
        choose(visit)
    else:
        present(visit, at)
