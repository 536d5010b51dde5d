"""The gate before everything: the name one comes by, whether one is signed in, the headers of every answer."""

from __future__ import annotations

import html

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import runtime as running
from app.config import ROOT
from app.services.sessions import Need
from app.text import _
from app.web import callers, frame, policy
from app.web.routes import AUTH_ROUTES
from app.web.session_cookie import standing_of
from app.web.ways import is_field, sign_in_address
from geo.errors import InputError

#: The addresses of Streamlit's pages; the map is the first page and has none.
_PAGES = frozenset(file.stem for file in (ROOT / "app" / "pages").glob("[a-z]*.py")) - {"map"}
_OURS = ("/auth/", "/vendor/", "/component", "/_stcore", "/static", "/media")
#: Answers for machines, for which no page stands.
_WATCHED = frozenset({"/health", "/ready", "/metrics"})
#: Files that a page was given and that it gives: only for who is signed in.
_DATA = ("/media/", "/_stcore/upload_file")
#: The forms of the plain pages are small.
_LARGEST_FORM = 32 * 1024
_FIRST = {Need.PASSWORD: "/auth/password", Need.SECOND_FACTOR: "/auth/second-factor"}


class Gate:
    """Looks at every request before the app does, and answers the plain pages itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._plain = Router(routes=AUTH_ROUTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        call = HTTPConnection(scope)
        if not callers.host_allowed(call, running.runtime().settings):
            await _unknown_host(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            await self._page(Request(scope, receive), scope, receive, _guarded(call, send))

    async def _page(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await _before(request)
            if answer is None and request.url.path.startswith("/auth/"):
                await self._plain(scope, receive, send)
                return
        except InputError as error:
            # What people do wrong the pages tell themselves; this is a lost database, a full disk.
            answer = frame.out_of_order(error, request)
        except HTTPException as refused:
            # An address under /auth/ that is none, or a method that it does not take.
            answer = PlainTextResponse("", refused.status_code)
        await (answer or self._app)(scope, receive, send)


def _guarded(call: HTTPConnection, send: Send) -> Send:
    """Puts the headers on that every answer carries."""
    settings = running.runtime().settings
    tls = callers.over_tls(call, settings)
    said = policy.headers(settings, call.headers.get("host", ""), tls=tls)

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in said.items():
                headers.setdefault(name, value)
            if tls:
                message["headers"] = [_over_tls_only(name, value) for name, value in message["headers"]]
        await send(message)

    return guarded


def _over_tls_only(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    cookie = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if cookie else value


async def _unknown_host(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    said = _("Ứng dụng không phục vụ dưới tên này. Người vận hành thêm tên vào DIABAN_ALLOWED_HOSTS.")
    await PlainTextResponse(said, 400)(scope, receive, send)


async def _before(request: Request) -> Response | None:
    """The answer to whoever may not go on; None to whoever may."""
    path = request.url.path
    if path.startswith("/auth/"):
        return _too_much(request) if request.method == "POST" else None
    if path.startswith(_DATA):
        known = await run_in_threadpool(standing_of, request)
        return PlainTextResponse("", 401) if known is None or known.need is not None else None
    if not _is_page(request):
        return None
    target = await run_in_threadpool(_detour, request)
    if target:
        return RedirectResponse(target, 303)
    return None if _known(path) else _no_such_page(request)


def _too_much(request: Request) -> Response | None:
    length = request.headers.get("content-length", "")
    small = length.isascii() and length.isdigit() and int(length) <= _LARGEST_FORM
    return None if small else PlainTextResponse("", 413)


def _known(path: str) -> bool:
    return path.strip("/") in {"", *_PAGES} or is_field(path.rstrip("/"))


def _is_page(request: Request) -> bool:
    """Whether somebody opens one of Streamlit's pages."""
    page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    return page and not request.url.path.startswith(_OURS) and request.url.path not in _WATCHED


def _no_such_page(request: Request) -> Response:
    frame.speak(request)
    told, back = html.escape(_("Địa chỉ này không có trong ứng dụng.")), _("Về bản đồ")
    return frame.page(_("Không có trang này"), f"<p>{told}</p>{frame.link('/', back)}", request, 404)


def _detour(request: Request) -> str | None:
    here = running.runtime()
    if not here.decided:
        return "/auth/start"
    if here.needs_setup:
        return "/auth/setup"
    known = standing_of(request)
    if known is None:
        return sign_in_address(request.url.path)
    if known.need is not None:
        return _FIRST[known.need]
    return "/" if request.url.path.strip("/") == "map" else None
