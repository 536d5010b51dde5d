"""The screens of the review meeting that only tell: changes, risks, premises, borders, alerts, targets."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.parts.failures import told
from app.parts.meeting_style import bullets, marked, numbered, safe, small, table
from app.parts.visit import Visit
from app.services import meeting as service
from app.services.meeting import Revealed, Review, TargetLine
from app.text import _, label, number, render, show

REVEALED = "meeting-revealed"
#: Lines that fit a screen and are read from the back row.
_LINES = 8


def changed(review: Review) -> str:
    """What changed since last time, in five sentences."""
    since = (
        _("Từ sau cuộc họp ngày {day} đến {last}.", day=review.since, last=review.last)
        if review.since
        else _("Từ {first} đến {last}; chưa có cuộc họp trước.", first=review.first, last=review.last)
    )
    left_out = _("Không kể kiểm tra đột xuất và tin chưa xác minh.")
    return numbered(render(one) for one in review.sentences) + small(f"{since} {left_out}")


def three_and_three(review: Review) -> str:
    """Three risks beside three things done."""
    risks = bullets(render(one) for one in review.risks) if review.risks else _none()
    done = bullets(render(one) for one in review.done) if review.done else _none()
    return (
        f'<div class="two"><div><h3>{safe(_("Ba rủi ro"))}</h3>{risks}</div>'
        f"<div><h3>{safe(_('Ba việc đã làm'))}</h3>{done}</div></div>"
    )


def _none() -> str:
    return f"<p>{safe(_('Số liệu không cho thấy điều gì.'))}</p>"


def premises(review: Review, names: dict[str, Revealed]) -> str:
    """Premises to talk about, by code, or by name where it was revealed."""
    if not review.premises:
        return f"<p>{safe(_('Không có cơ sở nào phải bàn riêng.'))}</p>"
    rows = []
    for one in review.premises[:_LINES]:
        known = names.get(one.code)
        called = f"<b>{safe(one.code)}</b>"
        if known is not None:
            called += f" {safe(known.name)}<br>{small(known.address)}"
        rows.append((called, safe("; ".join(render(reason) for reason in one.reasons[:2]))))
    return table((_("Cơ sở"), _("Vì sao")), rows)


def reveal_names(visit: Visit, review: Review, draw: Callable[[dict[str, Revealed]], None]) -> None:
    """Draw the premises, and let a leader reveal their names; that is noted, and ends with the screen."""
    shown = st.empty()
    names: dict[str, Revealed] = st.session_state.get(REVEALED, {})
    if service.may_reveal(visit.actor) and review.premises:
        if names:
            if st.button(_("Ẩn tên cơ sở"), icon=":material/visibility_off:"):
                st.session_state.pop(REVEALED, None)
                names = {}
        elif st.button(_("Hiện tên cơ sở (được ghi nhật ký)"), icon=":material/visibility:"):
            with told():
                wanted = [one.code for one in review.premises]
                names = service.reveal(visit.store, visit.actor, review.unit_id, wanted, as_of=review.as_of)
                st.session_state[REVEALED] = names
    with shown.container():
        draw(names)


def borders(review: Review) -> str:
    """Border strips with the neighbours, the riskiest first."""
    if not review.borders:
        return f"<p>{safe(_('Không dải giáp ranh nào có nguy cơ theo số liệu đã xác minh.'))}</p>"
    rows = [
        (
            f"<b>{safe(' – '.join(one.names))}</b><br>{small(' · '.join(render(r) for r in one.reasons))}",
            safe(number(one.risk)),
            safe(show(one.premises)),
            safe(show(one.last_joint) or _("chưa có")),
        )
        for one in review.borders
    ]
    head = (_("Dải giáp ranh"), _("Điểm nguy cơ"), _("Cơ sở"), _("Phối hợp gần nhất"))
    return table(head, rows, numbers=(1, 2, 3))


def alerts(review: Review) -> str:
    """Open alerts that established facts carry, and how many tips are late."""
    rows = [
        (
            f"<b>{safe(one.place)}</b>",
            safe(label(one.kind)),
            safe(show(one.since)),
            marked(_("quá hạn"), False) if one.late else "",
        )
        for one in review.alerts[: _LINES - 2]
    ]
    more = len(review.alerts) - len(rows)
    listed = (
        table((_("Nơi"), _("Cảnh báo đang mở"), _("Từ ngày"), ""), rows)
        if rows
        else f"<p>{safe(_('Không có cảnh báo nào đang mở.'))}</p>"
    )
    rest = small(_("và {n} cảnh báo khác", n=more)) if more > 0 else ""
    return (
        f"{listed}{rest}<p>{_count(review.late_tips)} {safe(_('nguồn tin quá hạn xử lý'))} · "
        f"{_count(review.late_handovers)} {safe(_('tin chuyển quá hạn nhận'))}</p>"
    )


def _count(value: int) -> str:
    return f'<span class="big">{marked(show(value), value == 0)}</span>'


def targets(review: Review) -> str:
    """The plan's targets: those not met first, with what is missing."""
    known = [one for one in review.targets if one.value is not None]
    if not known:
        return f"<p>{safe(_('Chưa có số liệu chỉ tiêu trong kỳ này.'))}</p>"
    order = {False: 0, None: 2, True: 1}
    known.sort(key=lambda one: (order[one.met], one.code))
    half = (len(known) + 1) // 2 if len(known) > _LINES else len(known)
    columns = [known[:half], known[half:]]
    drawn = [
        table((_("Chỉ tiêu"), _("Đạt được"), ""), map(_target, some), numbers=(1, 2))
        for some in columns
        if some
    ]
    if len(drawn) == 1:
        return drawn[0]
    return '<div class="two">' + "".join(f"<div>{one}</div>" for one in drawn) + "</div>"


def _target(one: TargetLine) -> tuple[str, str, str]:
    state = {True: _("đạt"), False: _("chưa đạt"), None: _("chưa giao")}[one.met]
    missing = f"<br>{small(render(one.text))}" if one.met is False else ""
    return safe(render(one.name)) + missing, safe(_figure(one) + _trend(one)), marked(state, one.met)


def _figure(one: TargetLine) -> str:
    value = _amount(one, one.value)
    return value if one.target is None else f"{value} / {_amount(one, one.target)}"


def _amount(one: TargetLine, value: float | None) -> str:
    if value is None:
        return ""
    return number(value, 0) if one.denominator is None else f"{number(100 * value)}%"


def _trend(one: TargetLine) -> str:
    if one.before is None or one.value is None or one.value == one.before:
        return ""
    return " ↑" if one.value > one.before else " ↓"
