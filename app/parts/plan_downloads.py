"""Taking a plan along: choose a file, have it prepared, save it."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.plan_outputs import Made, Output, Wish, carried, make, output_words, outputs_of
from app.parts.plan_reads import plan as read
from app.parts.plan_words import short_names
from app.parts.visit import Visit, require_visit
from app.services import decisions
from app.services.plan_reading import KeptPlan
from app.text import _, label, show

_READY = "plan-file"


@st.fragment
def downloads(plan_id: str) -> None:
    """The files of a plan, made on demand so that the page stays fast."""
    visit = require_visit()
    with told():
        plan = read(visit, plan_id)
        words = output_words()
        one, two, three = st.columns([4, 4, 3])
        output = one.selectbox(
            _("Tệp"), outputs_of(visit, plan), format_func=words.__getitem__, key="plan-output"
        )
        with two:
            wish = _which(visit, plan, output)
        with three:
            wish = _paper(wish) if output is Output.MAP else wish
        st.caption(_about(output))
        if wish is None:
            return
        if st.button(_("Chuẩn bị tệp"), icon=":material/build:", key="plan-prepare"):
            with st.spinner(_("Đang chuẩn bị tệp...")):
                st.session_state[_READY] = (plan.plan_id, wish, make(visit, plan, wish))
        _ready(plan, wish)


def _ready(plan: KeptPlan, wish: Wish) -> None:
    kept = st.session_state.get(_READY)
    if kept is None or kept[:2] != (plan.plan_id, wish):
        return
    made: Made = kept[2]
    st.download_button(
        _("Tải {name} ({kb} kB)", name=made.name, kb=max(len(made.data) // 1024, 1)),
        made.data,
        file_name=made.name,
        mime=made.mime,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )


def _which(visit: Visit, plan: KeptPlan, output: Output) -> Wish | None:
    """What else has to be chosen for a file; None where there is nothing to choose from."""
    wish = Wish(output)
    if output is Output.DECISION:
        kept = decisions.kept_decisions(visit.store, visit.actor, plan.plan_id)
        names = [f"{one.team} ({label(one.kind)}, {one.number or _('chưa có số')})" for one in kept]
        if not kept:
            st.caption(_("Không có quyết định nào trong phạm vi của bạn."))
            return None
        at = st.selectbox(_("Quyết định"), range(len(kept)), format_func=names.__getitem__)
        return replace(wish, decision=kept[at])
    if output not in (Output.SHEETS, Output.MAP, Output.MINUTES):
        return wish
    sweeping = {team for own in plan.sweeps["teams"] for team in own}
    teams = sorted({*plan.visits["team"].dropna(), *sweeping})
    short = short_names(teams)
    if output is not Output.MINUTES:
        team = st.selectbox(
            _("Đội"),
            [None, *teams],
            format_func=lambda value: _("Tất cả các đội") if value is None else short.get(value, value),
        )
        return replace(wish, team=team)
    days = carried(visit, plan)[["team", "on_date"]].drop_duplicates().sort_values(["on_date", "team"])
    pairs = [(row.team, pd.Timestamp(row.on_date).date()) for row in days.itertuples()]
    if not pairs:
        st.caption(_("Lịch này không có lượt nào."))
        return None
    chosen = st.selectbox(
        _("Đội, ngày"), pairs, format_func=lambda one: f"{show(one[1])} · {short.get(one[0], one[0])}"
    )
    return replace(wish, team=chosen[0], day=chosen[1])


def _paper(wish: Wish | None) -> Wish | None:
    """Size and form of a printed map."""
    if wish is None:
        return None
    left, right = st.columns(2)
    size = left.selectbox(_("Khổ giấy"), ["A4", "A3"])
    form = right.selectbox(_("Dạng"), ["pdf", "png"], format_func=str.upper)
    return replace(wish, size=size, form=form)


def _about(output: Output) -> str:
    if output is Output.PUBLIC:
        return _("Chỉ có tên cơ sở và quý: không ngày, không giờ, không điểm, không lý do.")
    if output is Output.ICS:
        return _("Lịch hẹn không bao giờ có lượt đột xuất.")
    if output in (Output.DECISION, Output.MINUTES):
        return _("Tên người, lời khai và chữ ký ghi tay trên giấy; số văn bản ghi khi văn thư cấp.")
    return _("Lưu hành nội bộ. Không có lượt đột xuất, trừ phiếu và tuyến của chính Đội được giao.")
