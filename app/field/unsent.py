"""Answers to a form that could not be taken: the session is over, or the form is not of our own page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app import web
from app.field.pages import page
from app.field.parts import button, hidden, link, row
from app.html_page import TOKEN, text
from app.text import _


def stale(request: Request, script: bool) -> Response:
    """The form comes from another site, or from a page older than this browser's token."""
    said = _("Trang đã cũ; nội dung vẫn còn trên máy này. Tải lại trang rồi gửi lần nữa.")
    if script:
        return JSONResponse({"code": "csrf", "text": said}, 403)
    title = _("Chưa gửi được")
    return page(request, None, title, f"<h1>{text(title)}</h1><p>{text(said)}</p>", status=403)


def session_over(request: Request, fields: dict[str, str], script: bool) -> Response:
    """Nobody is signed in any more. A page without scripts carries what was typed until somebody is again.

    The form came with this browser's own token, so nobody else can put words into it.
    """
    title = _("Phiên làm việc đã hết")
    if script:
        return JSONResponse({"code": "session", "text": title}, 401)
    kept = "".join(hidden(name, value) for name, value in fields.items() if name != "csrf")
    stay = text(_("Nội dung đã nhập vẫn còn ở trang này; đừng đóng trang."))
    new_tab = 'target="_blank" rel="noopener"'
    body = (
        f"<h1>{text(title)}</h1><p>{stay}</p>"
        + row(link(web.sign_in_address("/field"), _("1. Đăng nhập ở thẻ mới"), "second", new_tab))
        + f'<form method="post" action="{text(request.url.path)}">{TOKEN}{kept}'
        + row(button(_("2. Gửi lại nội dung đã nhập")))
        + "</form>"
    )
    return page(request, None, title, body, status=401)
