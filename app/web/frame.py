"""The frame of the plain pages: no script, nothing from elsewhere, forms that only come from our own pages."""

from __future__ import annotations

import html
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import html_page
from app import runtime as running
from app.html_page import TOKEN
from app.text import _, language, render
from geo.errors import InputError

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;background:#f3f5f7;color:#1d2733;margin:0}
main{max-width:26rem;margin:8vh auto;background:#fff;padding:2rem;border-radius:8px;border:1px solid #d8dee4}
h1{font-size:1.5rem;margin:0 0 .25rem} label{display:block;margin:.9rem 0 .2rem;font-weight:600}
input{width:100%;box-sizing:border-box;padding:.6rem;font:inherit;border:1px solid #7b8794;border-radius:4px}
button{margin-top:1.2rem;width:100%;padding:.7rem;font:inherit;font-weight:600;border:0;border-radius:4px;
background:#0b5c8a;color:#fff;cursor:pointer} button.second{background:#e3e9ee;color:#1d2733}
p.bad{background:#fdecea;border-left:4px solid #b3261e;padding:.6rem} p.small{color:#52606d;font-size:.9rem}
.code{text-align:center} .code svg{max-width:100%} code{font-size:1.05rem;overflow-wrap:anywhere}
"""


def speak(request: Request) -> None:
    """Speak the language of this browser."""
    html_page.speak(request, running.runtime().settings.language)


def page(title: str, body: str, request: Request, status: int = 200) -> HTMLResponse:
    """A page; ``TOKEN`` in its body becomes the token of its forms."""
    token = html_page.form_token(request)
    response = HTMLResponse(
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<link rel="icon" href="data:,"><title>{html.escape(title)} · Địa Bàn</title><style>{_STYLE}</style>'
        f"<main><h1>{html.escape(title)}</h1>{body.replace(TOKEN, html_page.token_field(token))}</main></html>",
        status,
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"},
    )
    html_page.keep_token(response, token)
    return response


def form(address: str, fields: str, button: str, *, second: bool = False) -> str:
    """A form with one button."""
    kind = ' class="second"' if second else ""
    pressed = f"<button{kind}>{html.escape(button)}</button>"
    return f'<form method="post" action="{address}">{TOKEN}{fields}{pressed}</form>'


def field(name: str, text: str, kind: str = "text", complete: str = "off", **more: Any) -> str:
    """A field that has to be filled in."""
    said = "".join(f' {key}="{html.escape(str(value))}"' for key, value in more.items())
    return (
        f'<label for="{name}">{html.escape(text)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}"{said} required>'
    )


def problem(text: str) -> str:
    """What went wrong."""
    return f'<p class="bad" role="alert">{html.escape(text)}</p>' if text else ""


def told(error: InputError) -> str:
    """An error with the way out, in one text."""
    return f"{render(error.message)} {render(error.hint)}" if error.hint else render(error.message)


def small(text: str) -> str:
    """A remark."""
    return f"<p class=small>{html.escape(text)}</p>"


def link(address: str, text: str) -> str:
    """A link on a line of its own."""
    return f'<p><a href="{address}">{html.escape(text)}</a></p>'


def old_page() -> str:
    """What is said of a form that did not come from our own page of just now."""
    return _("Trang đã cũ; hãy thử lại.")


def out_of_order(error: InputError, request: Request) -> Response:
    """The surroundings fail: what is wrong, for a person."""
    speak(request)
    body = problem(told(error)) + small(_("Tải lại trang sau ít phút."))
    return page(_("Tạm thời không dùng được"), body, request, 503)
