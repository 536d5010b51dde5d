"""What may follow a confirmed alert: a change of state, a patrol, a visit; each a click, none by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts.alert_decide import give
from app.parts.failures import told
from app.parts.hotspot_forms import TO
from app.parts.plan_desk import FITTED
from app.parts.visit import Visit
from app.services import alerts as service
from app.services import patrols
from app.services.alert_next import premises_there
from app.text import _, show
from geo.detection import REACTIVATION
from geo.words import AlertKind, AlertState, HotspotState, Role

_PAGES = ROOT / "app" / "pages"
#: What a patrol is asked for, on record.
_PATROL = "Đề nghị tuần tra ngay: cảnh báo đã được xác minh đúng."


def next_steps(visit: Visit, alert: pd.Series) -> None:
    """Offered once a person has confirmed that a place is coming back."""
    coming_back = AlertKind(alert["kind"]) in REACTIVATION | {AlertKind.NEW_CLUSTER}
    if alert["state"] != AlertState.CONFIRMED or not coming_back:
        return
    st.markdown(f"**{_('Việc tiếp theo: chọn việc cần làm, hệ thống không tự làm việc nào')}**")
    with told():
        if alert["place_kind"] == "hotspot" and may(visit.actor, Right.EDIT_PLACES):
            _state_change(alert)
        if may(visit.actor, Right.JUDGE_ALERTS):
            if alert["place_kind"] == "hotspot":
                _order(visit, alert)
            _patrol(visit, alert)
        _visit(visit, alert)


def right_now() -> datetime:
    """This instant."""
    return datetime.now(UTC)


def _state_change(alert: pd.Series) -> None:
    if st.button(_("Ghi điểm tái hoạt động"), key=f"state-{alert['id']}", icon=":material/change_circle:"):
        # The page's form opens on the state that the alert speaks of.
        st.switch_page(
            _PAGES / "hotspots.py",
            query_params={"hotspot": alert["place_id"], TO: HotspotState.REACTIVATED.value},
        )


def _order(visit: Visit, alert: pd.Series) -> None:
    """A patrol by a day, for whoever patrols there."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.date_input(
            _("Tuần tra trước ngày"),
            value=visit.today + timedelta(days=1),
            min_value=visit.today,
            max_value=visit.today + patrols.FARTHEST,
            format="DD/MM/YYYY",
            key=f"order-by-{alert['id']}",
            width=180,
        )
        if st.button(_("Lệnh tuần tra"), key=f"order-{alert['id']}", icon=":material/local_police:"):
            patrols.order_patrol(
                visit.store, visit.actor, alert["place_id"], by, right_now(), alert_id=alert["id"]
            )
            st.toast(_("Đã ra lệnh tuần tra trước ngày {day}.", day=by))
            st.rerun()


def _patrol(visit: Visit, alert: pd.Series) -> None:
    accounts = service.assignable(visit.store, visit.actor, alert["id"], visit.today)
    police = [name for name, role in accounts.items() if role is Role.WARD_POLICE]
    if not police:
        st.caption(_("Chưa có tài khoản công an phường nào phụ trách nơi này để giao tuần tra."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        to = st.selectbox(_("Công an phường"), police, key=f"police-{alert['id']}", width=260)
        if st.button(_("Giao tuần tra ngay"), key=f"patrol-{alert['id']}", icon=":material/local_police:"):
            give(visit, alert, to, _PATROL)


def _visit(visit: Visit, alert: pd.Series) -> None:
    there = premises_there(visit.store, visit.actor, alert["id"], visit.today)
    if there.empty:
        return
    words = {row.id: _premises_word(row) for row in there.itertuples()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            _("Cơ sở trong vùng"),
            list(words),
            format_func=words.__getitem__,
            key=f"premises-{alert['id']}",
            width=360,
        )
        planning = may(visit.actor, Right.PLAN)
        if st.button(
            _("Đưa vào lịch kiểm tra"),
            key=f"plan-{alert['id']}",
            icon=":material/route:",
            disabled=not planning,
            help=None if planning else _("Người lập lịch mở cảnh báo này rồi đưa vào lịch."),
        ):
            st.session_state[FITTED] = chosen
            st.session_state["plan-tab"] = _("Xếp thêm lượt")
            st.switch_page(_PAGES / "plan.py")
    st.caption(
        _(
            "Điểm đổi trạng thái không phải là căn cứ để kiểm tra lại cơ sở đã được kiểm tra trong năm "
            "(Nghị quyết 198/2025/QH15, Điều 4): cần dấu hiệu vi phạm rõ ràng tại chính cơ sở đó và quyết định "
            "có số nêu dấu hiệu ấy."
        )
    )


def _premises_word(row: object) -> str:
    if pd.isna(row.checked_on):
        return str(row.name)
    return _("{name} (đã kiểm tra {day})", name=row.name, day=show(row.checked_on.date()))
