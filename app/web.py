"""Plain pages outside Streamlit: choosing the database, setting up, signing in and out; the gate before all."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from app import html_page
from app.config import ROOT
from app.html_page import LANGUAGE_COOKIE
from app.runtime import runtime
from app.services import accounts, database
from app.services.clock import today
from app.services.installation import install
from app.text import _, language, render
from geo.errors import InputError

SESSION_COOKIE = "diaban_session"
#: The addresses of Streamlit's pages; the map is the first page and has none.
_PAGES = frozenset(file.stem for file in (ROOT / "app" / "pages").glob("[a-z]*.py")) - {"map"}
#: Pages of our own beside Streamlit's: they answer for themselves what is not there.
_FIELD = re.compile(r"/(?:field|patrol)(?:/[^/\\?#\s]+)*")
_HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=()",
}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;background:#f3f5f7;color:#1d2733;margin:0}
main{max-width:26rem;margin:8vh auto;background:#fff;padding:2rem;border-radius:8px;border:1px solid #d8dee4}
h1{font-size:1.5rem;margin:0 0 .25rem} label{display:block;margin:.9rem 0 .2rem;font-weight:600}
input{width:100%;box-sizing:border-box;padding:.6rem;font:inherit;border:1px solid #7b8794;border-radius:4px}
button{margin-top:1.2rem;width:100%;padding:.7rem;font:inherit;font-weight:600;border:0;border-radius:4px;
background:#0b5c8a;color:#fff;cursor:pointer} button.second{background:#e3e9ee;color:#1d2733}
p.bad{background:#fdecea;border-left:4px solid #b3261e;padding:.6rem} p.small{color:#52606d;font-size:.9rem}
"""


class Gate(BaseHTTPMiddleware):
    """Security headers for all; a browser page without a session is led to where it can get one."""

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        target = await run_in_threadpool(_detour, request)
        if target:
            response: Response = RedirectResponse(target, 303)
        elif _is_page(request) and not _known(request.url.path):
            response = _no_such_page(request)
        else:
            response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _known(path: str) -> bool:
    return path.strip("/") in {"", *_PAGES} or _FIELD.fullmatch(path.rstrip("/")) is not None


def _is_page(request: Request) -> bool:
    """Whether somebody opens one of Streamlit's pages."""
    page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    ours = ("/auth/", "/vendor/", "/component", "/_stcore", "/static", "/media")
    return page and not request.url.path.startswith(ours)


def _no_such_page(request: Request) -> Response:
    _speak(request)
    told, back = html.escape(_("Địa chỉ này không có trong ứng dụng.")), html.escape(_("Về bản đồ"))
    return _page(_("Không có trang này"), f'<p>{told}</p><p><a href="/">{back}</a></p>', request, 404)


def _detour(request: Request) -> str | None:
    if not _is_page(request):
        return None
    if not runtime().decided:
        return "/auth/start"
    if runtime().needs_setup:
        return "/auth/setup"
    signed_in = accounts.who(runtime().store, runtime().settings, request.cookies.get(SESSION_COOKIE))
    if not signed_in:
        return sign_in_address(request.url.path)
    return "/" if request.url.path.strip("/") == "map" else None


def sign_in_address(path: str) -> str:
    """Where to sign in so that one comes back to a page of the field; from elsewhere it leads to the map."""
    return f"/auth/login?next={quote(path, safe='/')}" if _FIELD.fullmatch(path) else "/auth/login"


def _speak(request: Request) -> None:
    html_page.speak(request, runtime().settings.language)


def _page(title: str, body: str, request: Request, status: int = 200) -> HTMLResponse:
    token = html_page.form_token(request)
    body = body.replace("@csrf@", html_page.token_field(token))
    response = HTMLResponse(
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{html.escape(title)} · Địa Bàn</title><style>{_STYLE}</style>"
        f"<main><h1>{html.escape(title)}</h1>{body}</main></html>",
        status,
        headers={
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
        },
    )
    html_page.keep_token(response, token)
    return response


def _problem(text: str) -> str:
    return f'<p class="bad" role="alert">{html.escape(text)}</p>' if text else ""


def _field(name: str, text: str, kind: str, complete: str) -> str:
    return (
        f'<label for="{name}">{html.escape(text)}</label>'
        f'<input id="{name}" name="{name}" type="{kind}" autocomplete="{complete}" required>'
    )


def _login_page(request: Request, problem: str = "", status: int = 200, back: str = "/") -> Response:
    following = f'<input type="hidden" name="next" value="{html.escape(back)}">'
    body = (
        f"{_problem(problem)}<p class=small>{html.escape(_('Địa bàn kiểm tra của Hà Đông'))}</p>"
        f'<form method="post" action="/auth/login">@csrf@{following}'
        + _field("name", _("Tài khoản"), "text", "username")
        + _field("password", _("Mật khẩu"), "password", "current-password")
        + f"<button>{html.escape(_('Đăng nhập'))}</button></form>"
    )
    if runtime().settings.database_url is None and runtime().settings.chosen() == "demo":
        hint = _("Bản minh họa: tài khoản và mật khẩu được in ở cửa sổ lệnh khi khởi động.")
        body += f"<p class=small>{html.escape(hint)}</p>"
    return _page(_("Đăng nhập"), body, request, status)


async def login(request: Request) -> Response:
    """Sign in with name and password; gives the session cookie."""
    _speak(request)
    if not runtime().decided:
        return RedirectResponse("/auth/start", 303)
    if request.method == "GET":
        return _login_page(request, back=_back(request.query_params.get("next")))
    fields = await html_page.own_form(request)
    if fields is None:
        return _login_page(request, _("Trang đã cũ; hãy thử lại."), 403)
    back = _back(fields.get("next"))
    name, password = fields.get("name", ""), fields.get("password", "")
    token = await run_in_threadpool(accounts.sign_in, runtime().store, runtime().settings, name, password)
    if token is None:
        return _login_page(
            request, _("Tên hoặc mật khẩu không đúng, hoặc tài khoản tạm khóa. Thử lại sau ít phút."), 401, back
        )
    response = RedirectResponse(back, 303)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        max_age=runtime().settings.session_hours * 3600,
    )
    return response


def _back(wanted: str | None) -> str:
    """Where to go after signing in: a page of the field that was asked for, else the map; never elsewhere."""
    return wanted if wanted and _FIELD.fullmatch(wanted) else "/"


async def logout(request: Request) -> Response:
    """End the session."""
    if runtime().decided:
        await run_in_threadpool(accounts.sign_out, runtime().store, request.cookies.get(SESSION_COOKIE))
    response = RedirectResponse("/auth/login", 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


async def choose_language(request: Request) -> Response:
    """Keep the language in the browser, so that a reload and the sign-in speak it too."""
    chosen = request.query_params.get("to")
    if chosen not in ("vi", "en") or not _from_our_page(request):
        return Response(status_code=403)
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    response.set_cookie(
        LANGUAGE_COOKIE, chosen, httponly=True, samesite="lax", secure=secure, max_age=365 * 86400
    )
    return response


def _from_our_page(request: Request) -> bool:
    # Browsers send the first header over https and on the machine itself, the second over plain http too.
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("referer", "")).netloc == request.headers.get("host")


def _from_this_machine(request: Request) -> bool:
    return request.client is not None and request.client.host in ("127.0.0.1", "::1")


async def start(request: Request) -> Response:
    """The first page of an empty installation: demonstration or my own district."""
    _speak(request)
    if runtime().decided:
        return RedirectResponse("/", 303)
    if not _from_this_machine(request):
        return PlainTextResponse(_("Hãy thiết lập trên chính máy chạy ứng dụng."), 403)
    if request.method == "GET":
        return _start_page(request)
    fields = await html_page.own_form(request)
    if fields is None:
        return _start_page(request, _("Trang đã cũ; hãy thử lại."))
    demo = fields.get("choice") == "demo"
    try:
        await run_in_threadpool(install, runtime().settings, demo=demo, as_of=today())
    except InputError as error:
        return _start_page(request, render(error.message))
    runtime().reopen()
    if not demo:
        return RedirectResponse("/auth/setup", 303)
    rows = "".join(
        f"<tr><td>{html.escape(name)}<td><code>{html.escape(password)}</code>"
        for name, password, _role in database.demo_accounts(runtime().settings)
    )
    note = html.escape(_("Ghi lại các tài khoản minh họa này, rồi đăng nhập:"))
    link = f'<p><a href="/auth/login">{html.escape(_("Đăng nhập"))}</a></p>'
    return _page(_("Bản minh họa đã sẵn sàng"), f"<p>{note}</p><table>{rows}</table>{link}", request)


def _start_page(request: Request, problem: str = "") -> Response:
    demo, own = html.escape(_("Xem bản minh họa")), html.escape(_("Địa bàn của tôi"))
    about = html.escape(
        _("Bản minh họa là một quận với dữ liệu bịa, nằm trong tệp riêng. Tạo bản minh họa mất chừng 20 giây.")
    )
    body = (
        f'{_problem(problem)}<p>{about}</p><form method="post" action="/auth/start">@csrf@'
        f'<button name="choice" value="demo">{demo}</button>'
        f'<button class="second" name="choice" value="own">{own}</button></form>'
    )
    return _page(_("Chào mừng đến với Địa Bàn"), body, request)


async def setup(request: Request) -> Response:
    """The administrator of an empty system, made on the machine itself."""
    _speak(request)
    if not runtime().decided:
        return RedirectResponse("/auth/start", 303)
    if not runtime().needs_setup:
        return RedirectResponse("/auth/login", 303)
    if not _from_this_machine(request):
        return PlainTextResponse(_("Hãy thiết lập trên chính máy chạy ứng dụng."), 403)
    problem = ""
    if request.method == "POST":
        fields = await html_page.own_form(request)
        if fields is None:
            problem = _("Trang đã cũ; hãy thử lại.")
        else:
            try:
                await run_in_threadpool(
                    accounts.create_first_account,
                    runtime().store,
                    fields.get("name", ""),
                    fields.get("password", ""),
                )
                return RedirectResponse("/auth/login", 303)
            except InputError as error:
                problem = render(error.message)
    body = (
        f'{_problem(problem)}<form method="post" action="/auth/setup">@csrf@'
        + _field("name", _("Tên tài khoản quản trị (không phải tên người)"), "text", "username")
        + _field("password", _("Mật khẩu (từ 12 ký tự)"), "password", "new-password")
        + f"<button>{html.escape(_('Tạo tài khoản'))}</button></form>"
    )
    return _page(_("Thiết lập lần đầu"), body, request)
