"""The frame of the phone's pages, the inspector's list of the day, and what is said where nothing is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.access import Actor, Right, may
from app.html_page import TOKEN, form_token, keep_token, text, token_field
from app.services.field_work import Stop
from app.text import _, label, language, number, render, show
from geo.errors import InputError
from geo.words import VisitKind

STATIC = Path(__file__).parent / "static"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@cache
def _versions() -> dict[str, str]:
    """Addresses of the two files, which change with their content."""
    return {
        name: f"/field/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
        for name in ("field.css", "field.js")
    }


def _words() -> dict[str, str]:
    """What the script says."""
    return {
        "again": _("Gửi lại ngay"),
        "changed": _("Nội dung đã thay đổi; bấm gửi khi xong."),
        "missing": _("Còn mục chưa trả lời."),
        "nohere": _("Máy không cho biết vị trí"),
        "nosign": _("Chọn một dấu hiệu."),
        "nostore": _("Máy này không giữ được nội dung đang ghi; đừng đóng trang."),
        "open": _("Mở để sửa"),
        "reload": _("Tải lại trang"),
        "restored": _("Đã khôi phục nội dung đang ghi dở trên máy này."),
        "sending": _("Đang gửi..."),
        "sent": _("Đã gửi."),
        "session": _("Phiên làm việc đã hết. Nội dung vẫn còn trên máy này."),
        "signchosen": _(
            "Đã chọn một dấu hiệu nên chưa ghi là không có dấu hiệu. "
            "Bấm “Có dấu hiệu – ghi”, hoặc chọn “Không chọn dấu hiệu nào” rồi ghi lại."
        ),
        "signin": _("Đăng nhập lại"),
        "unsent": _("Chưa gửi được, sẽ thử lại."),
    }


def page(
    request: Request, actor: Actor | None, title: str, body: str, *, status: int = 200, recorded: str = ""
) -> HTMLResponse:
    """A page of the field; ``actor`` None: the session is over. ``recorded``: the form that the page confirms,
    so that the phone forgets its draft."""
    token, files = form_token(request), _versions()
    attributes = {
        "account": actor.name if actor else "",
        "csrf": token,
        "recorded": recorded,
        "words": json.dumps(_words(), ensure_ascii=False),
    }
    said = " ".join(f'data-{name}="{text(value)}"' for name, value in attributes.items())
    response = HTMLResponse(
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="referrer" content="same-origin"><title>{text(title)} · Địa Bàn</title>'
        f'<link rel="icon" href="data:,"><link rel="stylesheet" href="{files["field.css"]}">'
        f'<script src="{files["field.js"]}" defer></script><body {said}>{_top(actor) if actor else ""}'
        f"<main>{body.replace(TOKEN, token_field(token))}</main></body></html>",
        status,
        headers={
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-store",
            "Permissions-Policy": "camera=(), microphone=(), payment=(), geolocation=(self)",
        },
    )
    keep_token(response, token)
    return response


def _top(actor: Actor) -> str:
    links = [("/field", _("Lượt hôm nay"), Right.INSPECT), ("/patrol", _("Tuần tra"), Right.PATROL)]
    shown = "".join(f'<a href="{to}">{text(word)}</a>' for to, word, right in links if may(actor, right))
    return f'<header>{shown}<a href="/">{text(_("Bản đồ"))}</a><span>{text(actor.name)}</span></header>'


def note(said: str, kind: str = "") -> str:
    """A sentence that stands out; ``kind``: bad or good."""
    return f'<p class="note {kind}">{text(said)}</p>' if said else ""


def problem_note(problem: InputError | None) -> str:
    """What was refused, and the way out."""
    if problem is None:
        return ""
    hint = f" {render(problem.hint)}" if problem.hint else ""
    return f'<p class="note bad" role="alert">{text(render(problem.message) + hint)}</p>'


def refused(request: Request, actor: Actor, problem: InputError) -> HTMLResponse:
    """The page for what is not there or not allowed."""
    missing = problem.code.startswith("unknown")
    title = _("Không có ở đây") if missing else _("Không có quyền")
    body = f"<h1>{text(title)}</h1>{problem_note(problem)}"
    return page(request, actor, title, body, status=404 if missing else 403)


def day_list(request: Request, actor: Actor, stops: Sequence[Stop], today: date) -> HTMLResponse:
    """The inspector's stops of the day, and before them those still to be reported on."""
    title = _("Lượt hôm nay, {day}", day=today)
    late = [one for one in stops if one.on_date < today and one.arrive.date() < today]
    now = [one for one in stops if one not in late]
    teams = {one.team for one in stops}
    body = f'<h1>{text(title)}</h1><div id="outbox"></div>'
    if len(teams) == 1:
        body += f"<p>{text(next(iter(teams)))}</p>"
    if late:
        body += f"<h2>{text(_('Chưa ghi kết quả'))}</h2>{_cards(late, teams, with_day=True)}"
        body += f"<h2>{text(_('Hôm nay'))}</h2>"
    body += _cards(now, teams) if now else f"<p>{text(_('Hôm nay đội của bạn không có lượt nào.'))}</p>"
    return page(request, actor, title, body)


def _cards(stops: Sequence[Stop], teams: set[str], *, with_day: bool = False) -> str:
    return '<ol class="cards">' + "".join(f"<li>{_card(one, teams, with_day)}" for one in stops) + "</ol>"


def _card(stop: Stop, teams: set[str], with_day: bool) -> str:
    when = f"{stop.arrive:%H:%M}" + (f" · {show(stop.on_date)}" if with_day else "")
    lines = [f"<b>{stop.position}. {text(when)} · {text(_name(stop))}</b>"]
    if stop.place is not None:
        lines.append(f"{text(label(stop.place.type))} · {text(stop.place.address)}")
        if stop.place.reasons:
            lines.append(f"<small>{text('; '.join(stop.place.reasons))}</small>")
        if stop.place.distance_m is not None:
            far = _("Cách lượt trước khoảng {way}", way=way(stop.place.distance_m))
            lines.append(f"<small>{text(far)}</small>")
    if len(teams) > 1:
        lines.append(f"<small>{text(stop.team)}</small>")
    if stop.kind is not VisitKind.PLANNED and stop.place is not None:
        lines.append(f"<small>{text(label(stop.kind))}</small>")
    if stop.outcome is not None:
        lines.append(f"<b>✓ {text(label(stop.outcome).capitalize())}</b>")
    elif stop.decision.problem is not None:
        lines.append(f'<b class="mark">{text(render(stop.decision.problem))}</b>')
    kind = "done" if stop.outcome else "late" if with_day or stop.decision.problem else ""
    return f'<a class="card {kind}" href="/field/visit/{text(stop.visit_id)}">{"<br>".join(lines)}</a>'


def _name(stop: Stop) -> str:
    return _("Lượt đột xuất, mở để xem") if stop.place is None else stop.place.name


def way(metres: int) -> str:
    """A distance as people say it."""
    return f"{metres} m" if metres < 1000 else f"{number(metres / 1000)} km"
