"""Objections on the page of a premises: record one, read the score again, enter the answer."""

from __future__ import annotations

from datetime import date

import streamlit as st

from app.access import Right, may
from app.parts import objection_reads
from app.parts.case_entry import field_key, saved
from app.parts.failures import told
from app.parts.objection_list import objection_hint
from app.parts.plain import plain
from app.parts.score import score_parts
from app.parts.visit import Visit
from app.services import objections
from app.services.objections import KeptObjection
from app.text import _, number, render, show

_LONGEST = 600


def premises_objections(visit: Visit, premises_id: str) -> None:
    """The objections of a premises, below its score; whoever may not see them is told that one is open."""
    if not objections.may_see(visit.actor):
        objection_hint(visit, premises_id)
        return
    kept = [one for one in objection_reads.kept(visit) if one.premises_id == premises_id]
    if not kept and not objections.may_record(visit.actor):
        return
    st.subheader(_("Ý kiến phản đối điểm"))
    if any(one.answered_on is None for one in kept):
        st.caption(_("Điểm đang có ý kiến phản đối; đọc lại không tự đổi điểm, số liệu sai thì sửa ở sổ."))
    for one in kept:
        with st.container(border=True):
            _one(visit, one)
    if objections.may_record(visit.actor):
        _new(visit, premises_id)


def _one(visit: Visit, one: KeptObjection) -> None:
    told_text = plain(render(one.text))
    paper = f", {one.document}" if one.document else ""
    head = f"**{plain(_('Ngày {day}', day=one.on_date) + paper)}**"
    st.markdown(f"{head} · " + (f":red[{told_text}]" if one.late else told_text))
    st.markdown(plain(one.about))
    if one.reread_on is not None:
        by = _("Đọc lại ngày {day}, tài khoản {name}.", day=one.reread_on, name=one.reread_by or "")
        score = "" if one.score is None else _("Điểm khi đọc lại: {score}.", score=number(one.score))
        st.caption(plain(f"{by} {score}".strip()))
        st.markdown(plain(one.finding or ""))
    elif objections.may_reread(visit.actor):
        _reread(visit, one)
    if one.answer:
        st.caption(plain(_("Văn bản trả lời: {paper}", paper=one.answer)))
    elif one.reread_on is not None and may(visit.actor, Right.KEEP_CASES):
        _answer(visit, one, one.reread_on)


def _reread(visit: Visit, one: KeptObjection) -> None:
    """The score with all its parts, and what whoever reads it again finds."""
    if one.barred is not None:
        st.info(plain(render(one.barred)), icon=":material/person_off:")
        return
    with st.expander(_("Đọc lại điểm")), told():
        now = objection_reads.score_to_read(visit, one.id)
        if now.score is None:
            st.caption(_("Chỉ cơ sở đang hoạt động trong địa bàn mới có điểm."))
        else:
            score_parts({"name": one.premises, "score": now.score, "parts": now.parts})
            st.caption(plain(_("Hạng {rank}. Mô hình: {model}.", rank=now.rank, model=now.model)))
        sentences = {part.name: render(part.text) for part in now.parts}
        with st.form(field_key(f"objection-reread-{one.id}"), border=False):
            wrong = st.multiselect(
                _("Phần dựa trên số liệu sai (để trống nếu điểm giữ nguyên)"),
                list(sentences),
                format_func=sentences.__getitem__,
                placeholder=_("Không có"),
                key=field_key(f"objection-wrong-{one.id}"),
            )
            found = st.text_area(
                _("Đã xem lại những gì, thấy gì (không ghi tên người)"),
                max_chars=_LONGEST,
                key=field_key(f"objection-found-{one.id}"),
            )
            sent = st.form_submit_button(_("Ghi kết quả đọc lại"), type="primary")
        if sent:
            objections.reread(
                visit.store, visit.actor, one.id, found or "", visit.today, wrong=wrong, seen=now.score
            )
            saved(_("Đã ghi kết quả đọc lại điểm."))


def _answer(visit: Visit, one: KeptObjection, first: date) -> None:
    with st.form(field_key(f"objection-answer-{one.id}"), border=False):
        left, right = st.columns(2)
        paper = left.text_input(
            _("Số văn bản trả lời"), max_chars=200, key=field_key(f"objection-paper-{one.id}")
        )
        day: date = right.date_input(
            _("Ngày trả lời"),
            visit.today,
            min_value=first,
            max_value=visit.today,
            format="DD/MM/YYYY",
            key=field_key(f"objection-answered-{one.id}"),
        )
        if st.form_submit_button(_("Ghi văn bản trả lời")):
            with told():
                objections.answer(visit.store, visit.actor, one.id, day, paper or "", visit.today)
                saved(_("Đã ghi văn bản trả lời ý kiến của cơ sở."))


def _new(visit: Visit, premises_id: str) -> None:
    rule = objections.rule()
    with (
        st.expander(_("Ghi ý kiến phản đối")),
        st.form(field_key(f"objection-new-{premises_id}"), border=False),
    ):
        left, right = st.columns(2)
        day: date = left.date_input(
            _("Ngày nhận"),
            visit.today,
            max_value=visit.today,
            format="DD/MM/YYYY",
            key=field_key(f"objection-day-{premises_id}"),
        )
        paper = right.text_input(
            _("Số đơn, văn bản"), max_chars=200, key=field_key(f"objection-number-{premises_id}")
        )
        about = st.text_area(
            _("Phản đối điều gì (không ghi tên người, số điện thoại)"),
            max_chars=_LONGEST,
            key=field_key(f"objection-about-{premises_id}"),
        )
        due = st.date_input(
            _("Hạn trả lời"),
            None,
            format="DD/MM/YYYY",
            key=field_key(f"objection-due-{premises_id}"),
            help=_("Để trống: {n} ngày làm việc. {law}.", n=rule.days, law=rule.law),
        )
        st.caption(plain(_("Nếu nhận hôm nay, hạn trả lời là {day}.", day=show(rule.due_on(visit.today)))))
        if st.form_submit_button(_("Ghi ý kiến"), type="primary"):
            with told():
                objections.record(
                    visit.store,
                    visit.actor,
                    premises_id,
                    day,
                    about or "",
                    visit.today,
                    document=paper or "",
                    due_on=due,
                )
                saved(_("Đã ghi ý kiến; chờ người khác đọc lại điểm."))
