"""What the plain pages share: the language, forms that only come from our own pages, escaping."""

from __future__ import annotations

import html
import secrets
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from app.text import set_language

LANGUAGE_COOKIE = "diaban_language"
CSRF_COOKIE = "diaban_csrf"
#: Stands in a page where a form's token goes; what people typed is escaped and cannot look like it.
TOKEN = "<token>"
#: Several times the longest form of ours: the checklist of a visit with every note.
_LARGEST_FORM = 256 * 1024


def speak(request: Request, usual: str) -> None:
    """Speak the language that the browser has chosen, else the usual one."""
    chosen = request.cookies.get(LANGUAGE_COOKIE) or usual
    set_language("en" if chosen == "en" else "vi")


def text(value: Any) -> str:
    """A value as it may stand inside HTML or an attribute."""
    return html.escape(str(value))


def form_token(request: Request) -> str:
    """The token that ties forms to this browser, made where it has none; ``keep_token`` sends it along."""
    return request.cookies.get(CSRF_COOKIE) or secrets.token_urlsafe(24)


def keep_token(response: Response, token: str) -> None:
    """Give the browser its token; other sites' forms come without it.

    It outlives the session: a form that was filled in on a telephone is sent after signing in again.
    """
    response.set_cookie(CSRF_COOKIE, token, httponly=True, samesite="strict")


def token_field(token: str) -> str:
    """The token as a hidden field of a form."""
    return f'<input type="hidden" name="csrf" value="{text(token)}">'


async def own_form(request: Request) -> dict[str, str] | None:
    """The fields of a posted form, None when it does not come from our own page.

    Two signs of that: the token in the form is the one in the cookie, and the browser, where it says so, names
    no other site as the sender. A form that is larger than any of ours, or does not say how large, is not read.
    """
    if _sent_by_another(request) or not _small(request):
        return None
    fields = {name: str(value) for name, value in (await request.form()).items()}
    kept = request.cookies.get(CSRF_COOKIE, "")
    return fields if kept and secrets.compare_digest(fields.get("csrf", "").encode(), kept.encode()) else None


def _sent_by_another(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def _small(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and int(length) <= _LARGEST_FORM
