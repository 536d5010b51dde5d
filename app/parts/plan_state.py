"""Where a plan stands in its life, and the steps that the visitor may take: approve, close, discard, undo."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.access import Right, may
from app.parts import plan_reads, plan_search
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.plan_desk import clear_desk, may_change, plan_rest, step, tell
from app.parts.plan_results import notes
from app.parts.visit import Visit
from app.services import plan_edits, plan_life
from app.services.plan_reading import KeptPlan
from app.text import _, label
from geo.words import PlanState

_COLOURS = {
    PlanState.DRAFT: "orange",
    PlanState.APPROVED: "blue",
    PlanState.RUNNING: "green",
    PlanState.CLOSED: "gray",
    PlanState.DISCARDED: "gray",
}


def state_line(plan: KeptPlan) -> None:
    """The state, the document that stands behind it, and who made the plan."""
    words = [f":{_COLOURS[plan.state]}-badge[{plain(label(plan.state).capitalize())}]"]
    if plan.document:
        words.append(_("theo **{document}**", document=plain(plan.document)))
    words.append(_("lập bởi {name}", name=plain(plan.made_by)))
    st.markdown(" ".join(words))
    st.caption(_state_told(plan))


def _state_told(plan: KeptPlan) -> str:
    match plan.state:
        case PlanState.DRAFT:
            return _("Bản dự thảo: chưa có số quyết định, chưa tính vào giới hạn một lần mỗi năm.")
        case PlanState.APPROVED:
            return _("Đã duyệt, thực hiện từ {first}. Thay đổi chỉ qua đề nghị điều chỉnh.", first=plan.first)
        case PlanState.RUNNING:
            return _("Đang thực hiện đến {last}. Thay đổi chỉ qua đề nghị điều chỉnh.", last=plan.last)
        case PlanState.CLOSED:
            return _("Đã kết thúc: lượt chưa thực hiện không còn hiệu lực.")
    return _("Dự thảo đã bỏ.")


def steps(visit: Visit, plan: KeptPlan) -> None:
    """The steps that the plan's state and the visitor's rights allow, side by side."""
    draft = plan.state is PlanState.DRAFT
    decided = plan.state in (PlanState.APPROVED, PlanState.RUNNING)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if draft and may_change(visit, plan):
            _draft_steps(visit, plan)
        if draft and may(visit.actor, Right.APPROVE):
            with st.popover(_("Phê duyệt"), icon=":material/approval:", key="plan-open-approval"):
                _approval(visit, plan)
        if decided and may(visit.actor, Right.APPROVE):
            with st.popover(_("Kết thúc lịch"), icon=":material/flag:", key="plan-open-flag"):
                _closing(visit, plan)
        if draft and may(visit.actor, Right.PLAN):
            with st.popover(_("Bỏ dự thảo"), icon=":material/delete:", key="plan-open-delete"):
                _discarding(visit, plan)
        notes(plan)


def _draft_steps(visit: Visit, plan: KeptPlan) -> None:
    with told():
        if st.button(_("Hoàn tác"), icon=":material/undo:", key="plan-undo", disabled=not plan.undoable):
            step(visit, plan, plan_edits.undo, _("Đã hoàn tác thay đổi cuối."))
    with told():
        if st.button(_("Làm lại"), icon=":material/redo:", key="plan-redo", disabled=not plan.redoable):
            step(visit, plan, plan_edits.redo, _("Đã làm lại."))
    with st.popover(_("Xếp lại phần còn lại"), icon=":material/autorenew:", key="plan-open-rest"), told():
        st.caption(
            _("Giữ nguyên các lượt đã khóa và lượt thêm bằng tay, tìm lại lịch tốt nhất cho phần còn lại.")
        )
        seconds = st.number_input(_("Thời gian tính (giây)"), 1, 300, 20, key="plan-rest-seconds")
        if st.button(_("Xếp lại"), type="primary", disabled=plan_search.running(), key="plan-rest"):
            plan_rest(visit, plan, float(seconds))


def _approval(visit: Visit, plan: KeptPlan) -> None:
    with told():
        if plan.seed_given:
            st.warning(
                _(
                    "Lịch này lập với số bốc thăm cho trước nên không được phê duyệt: kết quả bốc thăm có thể "
                    "đã được chọn. Lập lại lịch để hệ thống tự bốc thăm."
                )
            )
            return
        if plan.made_by == visit.actor.name:
            st.info(_("Người lập lịch không phê duyệt lịch của mình: nhờ người khác có quyền."))
            return
        number = st.text_input(_("Số văn bản phê duyệt"), placeholder="45/KH-UBND", key="plan-document")
        st.caption(_("Duyệt xong, quyết định kiểm tra của từng Đội được chuẩn bị; số ghi khi văn thư cấp."))
        if st.button(_("Phê duyệt lịch"), type="primary", key="plan-approve"):
            plan_life.approve(
                visit.store,
                visit.actor,
                plan.plan_id,
                number or "",
                visit.today,
                seen_version=plan.seen_version,
            )
            _done(visit, _("Đã phê duyệt lịch."))


def _closing(visit: Visit, plan: KeptPlan) -> None:
    with told():
        reason = st.text_area(
            _("Lý do (cần khi chưa hết kỳ)"), max_chars=1000, height=80, key="plan-close-reason"
        )
        if st.button(_("Kết thúc"), type="primary", key="plan-close"):
            plan_life.close(visit.store, visit.actor, plan.plan_id, visit.today, reason or "")
            _done(visit, _("Đã kết thúc lịch."))


def _discarding(visit: Visit, plan: KeptPlan) -> None:
    with told():
        reason = st.text_input(_("Lý do (không bắt buộc)"), max_chars=300, key="plan-discard-reason")
        if st.button(_("Bỏ dự thảo này"), type="primary", key="plan-discard"):
            plan_life.discard(visit.store, visit.actor, plan.plan_id, reason or "")
            _done(visit, _("Đã bỏ dự thảo."))


def _done(visit: Visit, text: str) -> None:
    plan_reads.changed_plan(visit)
    clear_desk()
    tell(text)
    st.rerun(scope="app")


def after(visit: Visit, do: Callable[[], object], text: str) -> None:
    """Take a step in a plan's life and show the page anew."""
    do()
    _done(visit, text)
