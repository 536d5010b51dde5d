"""The patrol's phone: whose turn it is, and a patrol told in three taps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.access import Actor
from app.field.pages import note, page, problem_note
from app.field.parts import (
    STATUS,
    Values,
    area,
    button,
    entry,
    form,
    fresh_key,
    hidden,
    local,
    picks,
    row,
    to_police,
)
from app.html_page import text
from app.services.patrols import Round
from app.text import _, label
from geo.errors import InputError
from geo.words import SignKind


def round_list(request: Request, actor: Actor, rounds: Sequence[Round], said: str = "") -> HTMLResponse:
    """Hotspots of the account's ground, overdue ones first."""
    title = _("Tuần tra")
    body = f'<h1>{text(title)}</h1>{note(said, "good")}<div id="outbox"></div>'
    if rounds:
        cards = "".join(f"<li>{_card(one)}" for one in rounds)
        here = row(button(_("Tôi đang ở đây"), "second", "data-here hidden"))
        body += f'{here}<ol class="cards">{cards}</ol>'
    else:
        body += f"<p>{text(_('Chưa có điểm nào để tuần tra.'))}</p>"
    return page(request, actor, title, body)


def _card(one: Round) -> str:
    late = bool(one.overdue_days)
    lines = [f"<b>{text(one.name)}</b>"]
    if one.ordered_for is not None:
        lines.append(f'<b class="mark">{text(_ordered(one.ordered_for).capitalize())}</b>')
    if late:
        lines.append(f'<b class="mark">{text(_overdue(one))}</b>')
    lines.append(text(_last(one)))
    if one.due_on not in (None, one.ordered_for) and not late:
        lines.append(text(_("Hạn {day}", day=one.due_on)))
    lines.append(f"<small>{text(label(one.state))}</small>")
    kind, place = "card late" if late else "card", f'data-lon="{one.lon:.6f}" data-lat="{one.lat:.6f}"'
    return f'<a class="{kind}" href="{text(_address(one))}" {place}>{"<br>".join(lines)}</a>'


def _address(one: Round) -> str:
    return f"/patrol/{quote(one.hotspot_id, safe='')}"


def _ordered(by: date) -> str:
    return _("có lệnh tuần tra trước ngày {day}", day=by)


def _overdue(one: Round) -> str:
    return _("Quá hạn {n} ngày", n=one.overdue_days)


def _last(one: Round) -> str:
    if one.days_since is None:
        return _("Chưa có lần tuần tra nào")
    if one.days_since == 0:
        return _("Đã tuần tra hôm nay")
    return _("Lần cuối {n} ngày trước, {day}", n=one.days_since, day=one.last_on)


def patrol_page(
    request: Request,
    actor: Actor,
    one: Round,
    now: datetime,
    *,
    values: Values | None = None,
    problem: InputError | None = None,
) -> HTMLResponse:
    """One hotspot: quiet with one tap, a sign with two."""
    given = values or {}
    # A button of choice cannot be let go, so there is one for none.
    signs = [*((sign.value, label(sign), "") for sign in SignKind), ("", _("Không chọn dấu hiệu nào"), "")]
    due = _overdue(one) if one.overdue_days else _("Hạn {day}", day=one.due_on) if one.due_on else ""
    ordered = _ordered(one.ordered_for) if one.ordered_for else ""
    name = f"patrol:{one.hotspot_id}"
    body = (
        f"<h1>{text(one.name)}</h1><p>{text(' · '.join(filter(None, [_last(one), due, ordered])))}</p>"
        + form(_address(one), name, one.name)
        + hidden("client_key", given.get("client_key") or fresh_key())
        + hidden("lon", given.get("lon", ""))
        + hidden("lat", given.get("lat", ""))
        + f"{STATUS}{problem_note(problem)}"
        + entry("at", _("Giờ"), "datetime-local", given.get("at") or local(now), "required data-now")
        + row(button(_("Không có dấu hiệu – ghi"), "good", 'name="result" value="quiet"'))
        + f"<fieldset><legend>{text(_('Hoặc có dấu hiệu ở địa điểm'))}</legend>"
        + picks("sign", signs, given.get("sign"), tall=True)
        + area("note", _("Ghi chú về địa điểm (không bắt buộc)"), given.get("note", ""), 600)
        + f'</fieldset><p class="small">{text(_("Không ghi về người, không ghi đồ vật của ai."))}</p>'
        + row(button(_("Có dấu hiệu – ghi"), "", 'name="result" value="sign"'))
        + f"</form>{to_police(now, name)}"
    )
    return page(request, actor, one.name, body, status=200 if problem is None else 422)
