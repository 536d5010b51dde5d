"""Đặt vị trí: premises that stand nowhere, or for their whole street or ward, placed one after the other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.parts.failures import told
from app.parts.placing_map import placing_map
from app.parts.placing_reads import known_ground
from app.parts.plain import plain
from app.parts.visit import Visit, require_visit
from app.services import placing as service
from app.services.placing import Placed, Suggestion, Waiting
from app.text import _, label
from geo.errors import InputError
from geo.words import LocationQuality, PremisesStatus

#: Which premises is shown; what was placed last, to be undone; what went wrong in a callback, to be told.
_SHOWN, _LAST, _FAILED = "placing-shown", "placing-last", "placing-failed"


def show(premises_id: str) -> None:
    """Go to one of the waiting premises."""
    st.session_state[_SHOWN] = premises_id


def shown(waiting: Sequence[Waiting]) -> int:
    """Which of the waiting premises is shown: the one that was chosen, else the first."""
    ids = [one.id for one in waiting]
    chosen = st.session_state.get(_SHOWN)
    return ids.index(chosen) if chosen in ids else 0


def place(visit: Visit, waiting: Sequence[Waiting], premises_id: str, lon: float, lat: float) -> None:
    """Store the chosen place and go on to the next premises. A click that comes late finds nothing to do."""
    at = next((i for i, one in enumerate(waiting) if one.id == premises_id), None)
    if at is None:
        return
    try:
        done = service.place(visit.store, visit.actor, premises_id, lon, lat, version=waiting[at].version)
    except InputError as error:
        st.session_state[_FAILED] = error
        return
    st.session_state[_LAST] = done
    if len(waiting) > 1:
        show(waiting[(at + 1) % len(waiting)].id)


def undo(visit: Visit, last: Placed) -> None:
    """Put the last one back and show it again."""
    st.session_state.pop(_LAST, None)
    try:
        service.undo(visit.store, visit.actor, last)
    except InputError as error:
        st.session_state[_FAILED] = error
        return
    show(last.id)


def last_placed(visit: Visit) -> None:
    """What was just done, with the way back; or what went wrong. One row in any case: the map below stays."""
    failed, last = st.session_state.pop(_FAILED, None), st.session_state.get(_LAST)
    with st.container(horizontal=True, vertical_alignment="center"):
        if failed is not None:
            with told():
                raise failed
        elif last is None:
            st.caption(
                _("Cơ sở chưa biết chỗ, hoặc mới biết đến đường hay phường. Phường đi theo vị trí bạn chọn.")
            )
        else:
            where = plain(last.ward_name) if last.ward_name else _("ngoài mọi phường")
            st.markdown(_("Đã đặt **{name}**: {ward}.", name=plain(last.name), ward=where), width="content")
            icon = ":material/undo:"
            st.button(
                _("Hoàn tác"), icon=icon, shortcut="Z", key="placing-undo", on_click=undo, args=(visit, last)
            )


def quality_word(one: Waiting) -> str:
    """How the point that is on record was found."""
    return {
        LocationQuality.NONE: _("chưa có vị trí"),
        LocationQuality.WARD: _("mới biết đến phường"),
        LocationQuality.STREET: _("mới biết đến đường"),
    }[one.quality]


def card(visit: Visit, waiting: Sequence[Waiting], at: int, suggested: Sequence[Suggestion]) -> None:
    """The premises that is to be placed, the places its address may mean, and the way to the others."""
    one = waiting[at]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        alone = len(waiting) < 2
        before, after = waiting[at - 1].id, waiting[(at + 1) % len(waiting)].id
        st.button(
            _("Trước"), shortcut="Left", key="placing-before", on_click=show, args=(before,), disabled=alone
        )
        st.markdown(_("**{n}** / {all}", n=at + 1, all=len(waiting)), width="content")
        st.button(_("Sau"), shortcut="Right", key="placing-after", on_click=show, args=(after,), disabled=alone)
    st.markdown(f"#### {plain(one.name)}")
    kind = label(one.type)
    if one.status is not PremisesStatus.ACTIVE:
        kind = f"{kind} · {label(one.status)}"
    st.markdown(
        f"{plain(one.address) or _('(không có địa chỉ)')}  \n{kind} · {quality_word(one)}"
        + (f" · {plain(one.ward_name)}" if one.ward_name else "")
    )
    if not suggested:
        st.caption(_("Địa chỉ không khớp đường hay phường nào đã nạp: hãy bấm vào bản đồ."))
    for number, place_ in enumerate(suggested, start=1):
        st.button(
            plain(place_.text),
            key=f"placing-take-{number}",
            shortcut=str(number),
            width="stretch",
            on_click=place,
            args=(visit, waiting, one.id, place_.lon, place_.lat),
        )


@st.fragment
def one_after_the_other() -> None:
    """The map and the card; placing one redraws these and nothing else."""
    visit = require_visit()
    with told():
        register = service.read_register(visit.store, visit.actor, visit.today)
        waiting = service.waiting(register)
        last_placed(visit)
        if not waiting:
            st.success(_("Mọi cơ sở trong địa bàn đều đã có vị trí đến số nhà."), icon=":material/check:")
            return
        at = shown(waiting)
        suggested = service.suggestions(waiting[at].address, known_ground(visit).gazetteer)
        left, right = st.columns([2, 5], gap="small")
        with left, st.container(border=True):
            card(visit, waiting, at, suggested)
        with right:
            placing_map(
                visit,
                waiting[at],
                suggested,
                register,
                lambda premises_id, lon, lat: place(visit, waiting, premises_id, lon, lat),
            )
            st.caption(
                _(
                    "Bấm vào bản đồ để đặt; vòng tròn vàng là vị trí đang ghi: bấm nếu đúng, kéo nếu lệch; "
                    "phím số để lấy một chỗ gợi ý. Bằng bàn phím trên bản đồ: mũi tên để di chuyển, Enter để "
                    "đặt vào giữa."
                )
            )


visit = require_visit()
st.title(_("Đặt vị trí"))
one_after_the_other()
