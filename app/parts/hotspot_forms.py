"""What a person enters at a hotspot: its next state, and the plan of its watch."""

from __future__ import annotations

import streamlit as st

from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services import hotspots as service
from app.services.hotspot_view import HotspotSheet
from app.text import _, label, render, show
from geo.hotspots import ALLOWED
from geo.words import HotspotState

DAY = "DD/MM/YYYY"
_PRESSED, _WATCH = "transition-pressed", "watch-pressed"
#: Names in the page's address the state that an alert speaks of: the form opens on it.
TO = "to"
#: Lines of the evidence that stand beside the form.
_EVIDENCE = 5


def transition_form(visit: Visit, sheet: HotspotSheet) -> None:
    """Record the next state, with the previous one, its paper and the latest evidence in sight."""
    spot, state = sheet.spot, sheet.state
    following = sorted(ALLOWED.get(state, ()))
    if not following:
        st.caption(_("“{state}” là trạng thái cuối của điểm này.", state=state))
        return
    key = f"transition-{spot['id']}"
    wanted = st.query_params.get(TO)
    if wanted in following:
        st.session_state.setdefault(f"{key}-to-{state}", HotspotState(wanted))
    with st.expander(_("Ghi chuyển trạng thái"), expanded=wanted in following):
        _previous(sheet)
        with st.form(key, border=False):
            st.selectbox(_("Trạng thái mới"), following, format_func=label, key=f"{key}-to-{state}")
            st.date_input(_("Ngày"), value=visit.today, format=DAY, key=f"{key}-on")
            st.text_input(_("Số văn bản"), max_chars=200, key=f"{key}-paper")
            st.text_input(_("Lý do (không ghi tên người, số điện thoại)"), max_chars=500, key=f"{key}-why")
            st.form_submit_button(_("Ghi"), on_click=_press, args=(spot["id"], state))


def _previous(sheet: HotspotSheet) -> None:
    """The state now, what it rests on, and what has been heard and seen lately."""
    last = sheet.transitions.iloc[-1]
    lines = [
        _("Hiện nay: **{state}** từ {since}", state=sheet.state, since=show(sheet.spot["state_since"].date())),
        _("Lý do khi ghi: {reason}", reason=plain(last["reason"])),
    ]
    if isinstance(last["document"], str):
        lines.append(_("Văn bản: {document}", document=plain(last["document"])))
    if sheet.watch_ends is not None:
        lines.append(_("Theo dõi đến: {day}", day=sheet.watch_ends))
    st.markdown("  \n".join(lines))
    evidence = sheet.timeline[~sheet.timeline["kind"].isin(["transition", "shape"])].head(_EVIDENCE)
    if len(evidence):
        st.caption(
            _("Gần đây nhất trong vùng:")
            + "  \n"
            + "  \n".join(
                f"{show(one.on_date.date())} · {plain(render(one.word))}" for one in evidence.itertuples()
            )
        )


def _press(hotspot_id: str, seen: HotspotState) -> None:
    """Keep what was entered with the state that the person saw, before the page reads the present one."""
    key = f"transition-{hotspot_id}"
    st.session_state[_PRESSED] = {
        "hotspot_id": hotspot_id,
        "new": st.session_state[f"{key}-to-{seen}"],
        "on_date": st.session_state[f"{key}-on"],
        "document": st.session_state[f"{key}-paper"].strip() or None,
        "reason": st.session_state[f"{key}-why"],
        "seen": seen,
    }


def given_transition(visit: Visit) -> None:
    """Record the transition that was just entered, whatever has become of the hotspot since."""
    pressed = st.session_state.pop(_PRESSED, None)
    if pressed is None:
        return
    with told():
        service.change_state(visit.store, visit.actor, **pressed)
        for field in ("paper", "why"):
            st.session_state[f"transition-{pressed['hotspot_id']}-{field}"] = ""
        st.toast(_("Đã ghi."))
        st.rerun()


def watch_form(visit: Visit, sheet: HotspotSheet) -> None:
    """Change the watch; a change that somebody else saved meanwhile is not overwritten."""
    spot = sheet.spot
    key = f"watch-{spot['id']}"
    # What the form was opened with, whatever reruns come in between.
    seen, version = st.session_state.setdefault(
        f"{key}-seen",
        (
            service.WatchSettings(
                float(spot["catchment_m"]),
                int(spot["watch_months"]),
                int(spot["patrol_every_days"]),
                spot["patrol_by"] if isinstance(spot["patrol_by"], str) else "",
            ),
            int(spot["version"]),
        ),
    )
    with st.expander(_("Sửa vùng và nhịp theo dõi")), st.form(key, border=False):
        st.number_input(_("Bán kính theo dõi (m)"), 20.0, 2000.0, seen.catchment_m, 10.0, key=f"{key}-reach")
        st.number_input(_("Thời gian theo dõi (tháng)"), 1, 120, seen.watch_months, key=f"{key}-months")
        st.number_input(_("Tuần tra ít nhất mỗi (ngày)"), 1, 120, seen.patrol_every_days, key=f"{key}-rhythm")
        st.text_input(
            _("Đơn vị tuần tra (tên cơ quan, không ghi tên người)"),
            seen.patrol_by,
            max_chars=200,
            key=f"{key}-by",
        )
        st.form_submit_button(_("Lưu"), on_click=_press_watch, args=(spot["id"], seen, version))


def _press_watch(hotspot_id: str, seen: service.WatchSettings, version: int) -> None:
    """Keep what was entered, to be saved before the page reads anything anew."""
    field = {
        name: st.session_state[f"watch-{hotspot_id}-{name}"] for name in ("reach", "months", "rhythm", "by")
    }
    new = service.WatchSettings(
        float(field["reach"]), int(field["months"]), int(field["rhythm"]), str(field["by"])
    )
    st.session_state[_WATCH] = {"hotspot_id": hotspot_id, "new": new, "seen": seen, "version": version}


def given_watch(visit: Visit) -> None:
    """Save the watch that was just entered, unless somebody else has saved meanwhile."""
    pressed = st.session_state.pop(_WATCH, None)
    if pressed is None:
        return
    with told():
        service.change_watch(visit.store, visit.actor, **pressed)
        st.session_state.pop(f"watch-{pressed['hotspot_id']}-seen", None)
        st.toast(_("Đã ghi."))
        st.rerun()
