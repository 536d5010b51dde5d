"""Joint sweeps of borders: how far the two sides have come on paper, the next letter, the request to print."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from app.access import Right, may
from app.parts.case_entry import field_key, saved
from app.parts.case_words import lateness, sentence
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.runtime import runtime
from app.services import check_papers, exports, plan_sweeps
from app.services.cells import day_of, text_of
from app.services.check_papers import RequestLetter
from app.services.office import issuer
from app.services.plan_reading import kept_plans
from app.services.plan_sweeps import KeptSweep
from app.text import _, label, render, show
from geo.coordination import Deadlines
from geo.words import CoordinationState, LetterKind, PlanState

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WITH_LETTERS = (PlanState.APPROVED, PlanState.RUNNING, PlanState.CLOSED)
_CHAIN = (LetterKind.RULE, LetterKind.REQUEST, LetterKind.REPLY, LetterKind.JOINT_PLAN, LetterKind.MINUTES)


def letters(visit: Visit) -> None:
    """The sweeps of all decided plans, those whose paper is late first."""
    if not may(visit.actor, Right.SEE_PLANS):
        st.info(_("Văn bản phối hợp gắn với lịch kiểm tra; tài khoản này không xem được lịch."))
        return
    sweeps = _sweeps(visit)
    if not sweeps:
        st.caption(_("Chưa có đợt kiểm tra chung nào trong các lịch đã phê duyệt."))
        return
    late = sum(one.state.overdue for one in sweeps)
    done = sum(one.state.state is CoordinationState.DONE for one in sweeps)
    st.markdown(
        _(
            "**{n}** đợt kiểm tra chung · **{late}** quá hạn văn bản · **{done}** hoàn thành",
            n=len(sweeps),
            late=late,
            done=done,
        )
    )
    for one in sweeps:
        _sweep(visit, one)


def _sweeps(visit: Visit) -> list[KeptSweep]:
    plans = kept_plans(visit.store, visit.actor, visit.today)
    found = [
        sweep
        for row in plans.itertuples(index=False)
        if PlanState(row.state) in _WITH_LETTERS
        for sweep in plan_sweeps.kept_sweeps(visit.store, visit.actor, row.id, visit.today)
    ]
    return sorted(
        found,
        key=lambda one: (
            one.state.state is CoordinationState.DONE,
            not one.state.overdue,
            one.state.due_on or one.on_date,
        ),
    )


def _sweep(visit: Visit, one: KeptSweep) -> None:
    when = f"{show(one.on_date)}, {one.starts:%H:%M}–{one.ends:%H:%M}"
    title = f"{one.lead} – {one.other} · {when} · {label(one.state.state)}"
    mark = ":red[●] " if one.state.overdue else ""
    with st.expander(f"{mark}{plain(title)}", key=f"sweep-{one.id}"):
        st.html(_path(one))
        _next_step(visit, one)
        for note in one.state.notes:
            st.caption(plain(render(note)))
        _written(one)
        if may(visit.actor, Right.KEEP_CASES):
            _letter_form(visit, one)
            _done_form(visit, one)
        _request(visit, one)


def _next_step(visit: Visit, one: KeptSweep) -> None:
    state = one.state
    due = f" ({lateness(state.due_on, visit.today)})" if state.due_on and state.next_kind else ""
    text = plain(render(state.text)) + due
    if state.overdue:
        st.error(text, icon=":material/schedule:")
    elif state.state is CoordinationState.DONE:
        st.success(text, icon=":material/check_circle:")
    else:
        st.info(text, icon=":material/arrow_forward:")


def _path(one: KeptSweep) -> str:
    """The papers in their order: which are out, and which comes next."""
    issued = {row.kind for row in one.letters.itertuples(index=False) if text_of(row.number)}
    items = []
    for kind in _CHAIN:
        tone = "done" if kind.value in issued else ""
        if kind is one.state.next_kind:
            tone = "late" if one.state.overdue else "next"
        if kind is LetterKind.MINUTES and one.state.state is CoordinationState.DONE:
            tone = "done"
        items.append(f"<li class='{tone}'>{html.escape(sentence(label(kind)))}</li>")
    if one.state.to_city:
        at_city = one.state.state is CoordinationState.AT_CITY
        items.append(f"<li class='{'done' if at_city else 'late'}'>{html.escape(_('Báo cáo thành phố'))}</li>")
    return f"{_STYLE}<ol class='letters'>{''.join(items)}</ol>"


_STYLE = """<style>.letters{list-style:none;display:flex;flex-wrap:wrap;gap:.35rem;
margin:0!important;padding:0!important}
.letters li{border:1px solid #c3ccd4;border-radius:1rem;padding:.1rem .7rem;color:#52606d;
margin:0;font-size:.9rem}
.letters .done{background:#e3f1e8;border-color:#1f6f43;color:#1f6f43}
.letters .next{border-color:#8a5300;color:#8a5300;font-weight:600}
.letters .late{border-color:#b42318;color:#b42318;font-weight:600}</style>"""


def _written(one: KeptSweep) -> None:
    lines = []
    for row in one.letters.itertuples(index=False):
        paper = f"{sentence(label(LetterKind(row.kind)))} {text_of(row.number) or _('(chưa có số)')}"
        due = day_of(row.due_on)
        until = f", {_('hạn {day}', day=due)}" if due else ""
        lines.append(
            f"- {plain(f'{show(day_of(row.on_date))}: {paper}, {row.from_unit} → {row.to_unit}{until}')}"
        )
    if lines:
        st.markdown("\n".join(lines))


def _letter_form(visit: Visit, one: KeptSweep) -> None:
    kinds = list(LetterKind)
    with st.form(field_key(f"letter-{one.id}")):
        first, second = st.columns(2)
        kind = first.selectbox(
            _("Văn bản"),
            kinds,
            format_func=lambda value: sentence(label(value)),
            index=kinds.index(one.state.next_kind) if one.state.next_kind else 0,
            key=field_key(f"letter-kind-{one.id}"),
        )
        number = second.text_input(
            _("Số (để trống khi chưa phát hành)"), max_chars=80, key=field_key(f"letter-number-{one.id}")
        )
        third, fourth = st.columns(2)
        day = third.date_input(
            _("Ngày"),
            visit.today,
            max_value=visit.today,
            format="DD/MM/YYYY",
            key=field_key(f"letter-day-{one.id}"),
        )
        due = fourth.date_input(
            _("Đề nghị trả lời trước ngày"), None, format="DD/MM/YYYY", key=field_key(f"letter-due-{one.id}")
        )
        fifth, sixth = st.columns(2)
        sender = fifth.selectbox(_("Bên gửi, bên lập"), _senders(one), key=field_key(f"letter-from-{one.id}"))
        receiver = sixth.text_input(
            _("Bên nhận"),
            max_chars=200,
            placeholder=_("theo loại văn bản"),
            key=field_key(f"letter-to-{one.id}"),
        )
        note = st.text_input(
            _("Ghi chú (không ghi tên người)"), max_chars=600, key=field_key(f"letter-note-{one.id}")
        )
        if st.form_submit_button(_("Ghi văn bản"), type="primary"):
            with told():
                plan_sweeps.add_letter(
                    visit.store,
                    visit.actor,
                    one.id,
                    kind,
                    on_date=day,
                    as_of=visit.today,
                    number=number or "",
                    due_on=due,
                    from_unit="" if sender == _senders(one)[0] else sender,
                    to_unit=receiver or _receiver(one, sender),
                    note=note or "",
                )
                saved(_("Đã ghi {paper}.", paper=kind))


def _senders(one: KeptSweep) -> list[str]:
    return [_("theo loại văn bản"), one.lead, one.other]


def _receiver(one: KeptSweep, sender: str) -> str:
    """Across the border of whoever was named as sender; nothing named leaves it to the kind."""
    return {one.lead: one.other, one.other: one.lead}.get(sender, "")


def _done_form(visit: Visit, one: KeptSweep) -> None:
    if one.done_on is not None:
        st.caption(_("Hai bên đã kiểm tra chung ngày {day}.", day=one.done_on))
        return
    if one.on_date > visit.today:
        return
    with st.form(field_key(f"sweep-done-{one.id}")):
        day = st.date_input(
            _("Ngày hai bên cùng kiểm tra"),
            one.on_date,
            min_value=one.on_date,
            max_value=visit.today,
            format="DD/MM/YYYY",
            key=field_key(f"sweep-day-{one.id}"),
        )
        if st.form_submit_button(_("Đã kiểm tra chung")):
            with told():
                plan_sweeps.mark_done(visit.store, visit.actor, one.id, day, visit.today)
                saved(_("Đã ghi lượt kiểm tra chung."))


def _request(visit: Visit, one: KeptSweep) -> None:
    name = f"cong-van-phoi-hop-{one.on_date:%Y%m%d}.docx"
    st.download_button(
        _("Công văn đề nghị phối hợp (Word)"),
        data=lambda: _logged_letter(visit, one, name),
        file_name=name,
        mime=_DOCX,
        icon=":material/download:",
        on_click="ignore",
        key=f"sweep-letter-{one.id}",
    )


def _logged_letter(visit: Visit, one: KeptSweep, name: str) -> bytes:
    return exports.taken(visit.store, visit.actor, one.id, name, lambda: request_letter(visit, one))


def request_letter(visit: Visit, one: KeptSweep) -> bytes:
    """The letter that asks the other side, with the number once it is out."""
    rows = list(one.letters.itertuples(index=False))
    rule = _last(rows, LetterKind.RULE)
    asked = _last(rows, LetterKind.REQUEST)
    usual = visit.today + timedelta(days=Deadlines().reply_days)
    return check_papers.request_letter(
        RequestLetter(
            # The side that leads writes, in the office's form.
            issuer=replace(
                issuer(runtime().settings.office), name=f"UBND {one.lead[:1].lower()}{one.lead[1:]}"
            ),
            to_unit=f"UBND {one.other[:1].lower()}{one.other[1:]}",
            border=f"{one.lead} – {one.other}",
            starts=one.starts,
            ends=one.ends,
            reply_by=(day_of(asked.due_on) if asked else None) or min(usual, one.on_date),
            rule=f"số {text_of(rule.number)} ngày {rule.on_date:%d/%m/%Y}" if rule else "",
            number=text_of(asked.number) if asked else None,
            on_date=day_of(asked.on_date) if asked else None,
            demo=visit.demo,
        )
    )


def _last(rows: list[Any], kind: LetterKind) -> Any:
    issued = [row for row in rows if row.kind == kind.value and text_of(row.number)]
    return issued[-1] if issued else None
