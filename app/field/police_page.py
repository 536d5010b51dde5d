"""Handing over to the police by itself: the form, and after it what is kept and what is not."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.access import Actor, Right, may
from app.field.pages import note, page, problem_note
from app.field.parts import link, row, to_police
from app.html_page import text
from app.text import _, render
from geo.errors import InputError
from geo.messages import msg

_KEPT = msg(
    "Đã ghi giờ chuyển và số biên nhận. Không giữ gì khác; nội dung ghi dở của lượt đó trên máy đã xóa. "
    "Việc tiếp theo thuộc cơ quan công an."
)


def police_page(
    request: Request, actor: Actor, now: datetime, *, done: bool, problem: InputError | None
) -> HTMLResponse:
    """The form, or the confirmation."""
    title = _("Chuyển công an")
    said = note(render(_KEPT), "good") if done else to_police(now, opened=True)
    back = "/field" if may(actor, Right.INSPECT) else "/patrol"
    away = row(link(back, _("Quay lại danh sách"), "second"))
    body = f"<h1>{text(title)}</h1>{problem_note(problem)}{said}{away}"
    return page(request, actor, title, body, status=200 if problem is None else 422)
