"""One signal: what it says and where, what may be done with it now, what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.access import Right, may
from app.config import ROOT
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.search_box import CHOSEN
from app.parts.signal_form import alike_word, open_signal
from app.parts.signal_map import where_map
from app.parts.signal_words import (
    column_word,
    credibility_word,
    due_word,
    reliability_word,
    state_word,
    value_word,
)
from app.parts.visit import Visit
from app.services import signal_handling as handling
from app.services import signal_handovers as across
from app.services import signals as service
from app.services.audit import note_reading
from app.services.looking import Looked
from app.services.signal_handling import Correction, Step
from app.services.signal_intake import alike_signals
from app.services.signals import SignalFile
from app.text import _, label, show, show_time
from geo.words import SignalKind, SignalSource, SignalState, SignalTopic

PREMISES = ROOT / "app" / "pages" / "premises.py"


def signal_detail(visit: Visit, signal_id: str) -> None:
    """Draw the signal with everything that the visitor may do with it."""
    if st.button(_("Về danh sách"), icon=":material/arrow_back:"):
        st.query_params.pop("signal", None)
        st.rerun()
    with told():
        file = service.one(visit.store, visit.actor, signal_id, visit.today)
        note_reading(visit.store, visit.actor, Looked.TIP, file.id)
        _head(file)
        left, right = st.columns([3, 2])
        with left:
            _facts(file)
        with right:
            if file.lon is not None and file.lat is not None:
                where_map(visit, file.id, file.lon, file.lat)
        if may(visit.actor, Right.TAKE_SIGNALS):
            _to_do(visit, file)
        _history(file)


def _head(file: SignalFile) -> None:
    st.subheader(plain(file.number or _("Tin ngày {day}", day=file.on_date)))
    state = state_word(file.state, file.moved_to)
    left = due_word(file.days_left)
    colour = "red" if file.late else "gray"
    st.markdown(
        f"{label(file.kind)} · **{plain(state)}**" + (f" · :{colour}[**{plain(left)}**]" if left else "")
    )
    if file.same_as:
        st.info(
            _("Tin này kể cùng một việc với tin khác; mọi việc ghi ở tin đó."), icon=":material/content_copy:"
        )
        if st.button(_("Mở tin gốc")):
            open_signal(file.same_as)
    if file.waits_for:
        st.warning(
            _("Đang chờ {unit} nhận. Đến khi đó tin vẫn do bên gửi giữ.", unit=plain(file.waits_for)),
            icon=":material/swap_horiz:",
        )
    elif not file.ours:
        st.info(_("Tin này do đơn vị khác xử lý."), icon=":material/swap_horiz:")


def _facts(file: SignalFile) -> None:
    st.write(plain(file.text) or _("(nội dung không lưu ở đây)"))
    lines = [
        (_("Tiếp nhận"), f"{show(file.on_date)} · {label(file.source)} · {file.rating}"),
        (_("Phân loại"), label(file.topic) if file.topic else _("chưa phân loại")),
        (_("Nơi"), " · ".join(part for part in (file.premises or "", file.ward or "") if part)),
        (_("Hạn xử lý"), f"{show(file.due_on)} ({file.law})" if file.due_on else ""),
        (_("Giao cho"), file.assigned_to or _("chưa giao")),
        (_("Xử lý"), " · ".join(part for part in (show(file.handled_on), file.result or "") if part)),
        (_("Văn bản"), file.document or ""),
        (_("Số biên nhận"), file.receipt_number or ""),
        (_("Tự lập từ"), _("hồ sơ của đơn vị") if file.grew_from else ""),
    ]
    st.markdown("  \n".join(f"{name}: {plain(value)}" for name, value in lines if value))
    if file.premises_id and st.button(_("Mở cơ sở"), icon=":material/storefront:"):
        st.session_state[CHOSEN] = file.premises_id
        st.switch_page(PREMISES)
    if file.duplicates:
        st.caption(_("{n} tin khác kể cùng việc này.", n=len(file.duplicates)))
        for number, one in enumerate(file.duplicates, start=1):
            if st.button(_("Mở tin gộp {n}", n=number), key=f"duplicate-{one}"):
                open_signal(one)


def _to_do(visit: Visit, file: SignalFile) -> None:
    """What may be done: by who has the signal, or by whom it is offered."""
    _sending(visit, file)
    if not file.ours:
        return
    if file.same_as:
        act = lambda: handling.unlink(visit.store, visit.actor, file.id, seen=file.revision)  # noqa: E731
        _button(_("Tách ra thành tin riêng"), f"unlink-{file.id}", act)
        return
    if file.following:
        _steps(visit, file)
    if file.handled_on is None:
        _assign(visit, file)
        _same(visit, file)
        _send(visit, file)
        _correct(visit, file)


def _done() -> None:
    st.toast(_("Đã ghi."))
    st.rerun()


def _button(title: str, key: str, act: Callable[[], Any]) -> None:
    if st.button(title, key=key):
        with told():
            act()
            _done()


def _steps(visit: Visit, file: SignalFile) -> None:
    key = f"step-{file.id}-{file.revision}"
    with st.container(border=True):
        st.markdown("**" + _("Bước tiếp theo") + "**")
        chosen = st.selectbox(_("Chuyển sang"), file.following, format_func=label, key=f"{key}-to")
        with st.form(key, border=False):
            values = _step_fields(visit, file, chosen, key)
            if st.form_submit_button(_("Ghi"), type="primary"):
                with told():
                    step = Step(chosen, **values)
                    handling.take_step(
                        visit.store, visit.actor, file.id, step, seen=file.revision, as_of=visit.today
                    )
                    _done()


def _step_fields(visit: Visit, file: SignalFile, chosen: SignalState, key: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if chosen is SignalState.VERIFYING:
        if file.handled_on:
            values["result"] = st.text_input(_("Vì sao xác minh lại"), max_chars=1000, key=f"{key}-result")
        return values
    if chosen is SignalState.HANDED_OVER:
        values["receipt_number"] = st.text_input(
            _("Số biên nhận của công an"), max_chars=80, key=f"{key}-receipt"
        )
        st.caption(_("Sau khi chuyển, nội dung tin không còn hiện ở đây."))
    else:
        values["result"] = st.text_area(
            _("Kết quả xác minh (không ghi tên người, số điện thoại)"), max_chars=1000, key=f"{key}-result"
        )
        topics = list(SignalTopic)
        at = topics.index(file.topic) if file.topic else None
        values["topic"] = st.selectbox(_("Phân loại"), topics, at, format_func=label, key=f"{key}-topic")
    values["handled_on"] = st.date_input(
        _("Ngày xử lý"), visit.today, file.on_date, visit.today, format="DD/MM/YYYY", key=f"{key}-on"
    )
    values["document"] = st.text_input(_("Số văn bản (nếu có)"), max_chars=200, key=f"{key}-document")
    return values


def _assign(visit: Visit, file: SignalFile) -> None:
    with st.expander(_("Giao việc"), icon=":material/person_add:"):
        names: list[str | None] = [None, *service.handlers_of(visit.store, visit.actor, file.id)]
        at = names.index(file.assigned_to) if file.assigned_to in names else 0
        key = f"assign-{file.id}-{file.revision}"
        chosen = st.selectbox(_("Giao cho"), names, at, format_func=lambda one: one or _("chưa giao"), key=key)
        act = lambda: handling.assign(visit.store, visit.actor, file.id, chosen, seen=file.revision)  # noqa: E731
        _button(_("Giao"), f"{key}-do", act)


def _same(visit: Visit, file: SignalFile) -> None:
    found = alike_signals(
        visit.store,
        visit.actor,
        lon=file.lon,
        lat=file.lat,
        premises_id=file.premises_id,
        on_date=file.on_date,
        as_of=visit.today,
        but=file.id,
    )
    if not found:
        return
    with st.expander(_("Có thể trùng ({n})", n=len(found)), icon=":material/content_copy:"):
        words = {one.id: alike_word(one) for one in found}
        key = f"same-{file.id}-{file.revision}"
        chosen = st.radio(
            _("Tin kể cùng một việc"), list(words), index=None, format_func=words.__getitem__, key=key
        )
        act = lambda: handling.link(visit.store, visit.actor, file.id, chosen, seen=file.revision)  # noqa: E731
        if chosen is not None:
            _button(_("Gộp vào tin đó"), f"{key}-do", act)


def _send(visit: Visit, file: SignalFile) -> None:
    if file.waits_for:
        return
    with st.expander(_("Chuyển địa bàn giáp ranh"), icon=":material/swap_horiz:"):
        units = across.receivers(visit.store, visit.actor, visit.today)
        key = f"send-{file.id}-{file.revision}"
        options: list[str | None] = [*units, None]
        to = st.selectbox(
            _("Đơn vị nhận"), options, format_func=lambda one: units[one] if one else _("đơn vị khác"), key=key
        )
        name = "" if to else st.text_input(_("Tên đơn vị nhận"), max_chars=200, key=f"{key}-name")
        st.caption(
            _("Bên nhận có {n} ngày; đến khi nhận, tin vẫn do đơn vị bạn giữ.", n=across.days_to_accept())
        )

        def act() -> None:
            across.send(
                visit.store, visit.actor, file.id, to_unit=to, to_name=name, seen=file.revision,
                as_of=visit.today,
            )  # fmt: skip

        _button(_("Chuyển"), f"{key}-do", act)


def _sending(visit: Visit, file: SignalFile) -> None:
    """What waits: to be accepted by the receiver, or taken back by the sender."""
    if not file.waits_for:
        return
    for sent in across.sendings(visit.store, visit.actor, visit.today, signal_id=file.id):
        if sent.accepted_at is None:
            pending_sending(visit, sent, outside=sent.outside)


def pending_sending(visit: Visit, sent: across.Sending, *, outside: bool) -> None:
    """The buttons of a sending that waits."""
    receipt = ""
    if outside:
        receipt = st.text_input(
            _("Số văn bản nhận của {unit}", unit=sent.to_name), max_chars=80, key=f"receipt-{sent.id}"
        )
    if outside or sent.to_me:
        title = _("Ghi bên kia đã nhận") if outside else _("Nhận tin này")

        def accept() -> None:
            across.accept(visit.store, visit.actor, sent.id, receipt=receipt, as_of=visit.today)

        _button(title, f"accept-{sent.id}", accept)
    if sent.mine:
        _button(_("Rút lại"), f"back-{sent.id}", lambda: across.take_back(visit.store, visit.actor, sent.id))


def _correct(visit: Visit, file: SignalFile) -> None:
    key = f"correct-{file.id}-{file.revision}"
    with st.expander(_("Sửa nội dung đã ghi"), icon=":material/edit:"), st.form(key, border=False):
        text = st.text_area(_("Nội dung về địa điểm"), file.text, max_chars=2000)
        left, right = st.columns(2)
        with left:
            on_date = st.date_input(
                _("Ngày tiếp nhận"), file.on_date, max_value=visit.today, format="DD/MM/YYYY"
            )
            kinds, sources = list(SignalKind), list(SignalSource)
            kind = st.selectbox(_("Loại tin"), kinds, kinds.index(file.kind), format_func=label)
            source = st.selectbox(_("Nguồn"), sources, sources.index(file.source), format_func=label)
            number = st.text_input(_("Số tiếp nhận"), file.number or "", max_chars=80)
        with right:
            topics: list[SignalTopic | None] = [None, *SignalTopic]
            topic = st.selectbox(
                _("Phân loại"), topics, topics.index(file.topic),
                format_func=lambda one: label(one) if one else _("chưa phân loại"),
            )  # fmt: skip
            letters = list("ABCDEF")
            letter = st.selectbox(
                _("Tin cậy của nguồn"), letters, letters.index(file.rating[0]), format_func=reliability_word
            )
            digit = st.selectbox(
                _("Tin cậy của nội dung"),
                list(range(1, 7)),
                int(file.rating[1]) - 1,
                format_func=credibility_word,
            )
            why = st.text_input(_("Lý do sửa"), max_chars=400)
        if st.form_submit_button(_("Lưu")):
            with told():
                new = Correction(text, on_date, source, kind, topic, letter, digit, number)
                handling.correct(
                    visit.store, visit.actor, file.id, new, why, seen=file.revision, as_of=visit.today
                )
                _done()


def _history(file: SignalFile) -> None:
    with st.expander(_("Diễn biến ({n})", n=len(file.history)), icon=":material/history:"):
        for revision in file.history:
            what = "; ".join(
                f"{column_word(name)}: {value_word(name, old)} → {value_word(name, new)}"
                for name, old, new in revision.changes
            )
            why = f" ({revision.why})" if revision.why else ""
            said = f"{show_time(revision.at)} · {revision.by} · {what or _('tiếp nhận')}{why}"
            st.markdown(plain(said))
