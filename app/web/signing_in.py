"""Signing in by password and code, and out again."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import html_page
from app import runtime as running
from app.services import sessions, sign_in
from app.services.sign_in import CodeWanted, Entered
from app.text import _
from app.web.callers import origin_of, same_origin
from app.web.frame import field, form, link, old_page, page, problem, small, speak, told
from app.web.session_cookie import hand_out, take_back, token_of
from app.web.ways import back_to
from geo.errors import InputError

#: Carries the ticket between the password and the code.
_TICKET_COOKIE = "diaban_code"
_TICKET_SECONDS = 300


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{html_page.text(value)}">'


def _login_page(request: Request, said: str = "", status: int = 200, back: str = "/") -> Response:
    settings = running.runtime().settings
    fields = (
        _hidden("next", back)
        + field("name", _("Tài khoản"), complete="username", maxlength=80)
        + field("password", _("Mật khẩu"), "password", "current-password", maxlength=1024)
    )
    body = problem(said) + small(_("Địa bàn kiểm tra của Hà Đông"))
    body += form("/auth/login", fields, _("Đăng nhập"))
    if settings.has_oidc:
        body += link("/auth/oidc/start", _("Đăng nhập bằng {name}", name=settings.oidc_name))
    if settings.database_url is None and settings.chosen() == "demo":
        body += small(_("Bản minh họa: tài khoản và mật khẩu được in ở cửa sổ lệnh khi khởi động."))
    return page(_("Đăng nhập"), body, request, status)


async def login(request: Request) -> Response:
    """Sign in with name and password; gives the session cookie, or asks for a code."""
    speak(request)
    here = running.runtime()
    if not here.decided:
        return RedirectResponse("/auth/start", 303)
    if request.method == "GET":
        return _login_page(request, back=back_to(request.query_params.get("next")))
    fields = await html_page.own_form(request)
    if fields is None:
        return _login_page(request, old_page(), 403)
    back = back_to(fields.get("next"))
    name, password = fields.get("name", ""), fields.get("password", "")
    try:
        entry = await run_in_threadpool(
            sign_in.enter, here.store, here.settings, name, password, origin_of(request, here.settings)
        )
    except InputError as error:
        return _login_page(request, told(error), 503, back)
    if entry is None:
        return _login_page(
            request, _("Tên hoặc mật khẩu không đúng, hoặc tài khoản tạm khóa. Thử lại sau ít phút."), 401, back
        )
    return await admitted(request, entry, back)


async def admitted(request: Request, entry: Entered | CodeWanted, back: str) -> Response:
    """Let the browser in with a fresh session, or lead it to where a code is asked for."""
    here = running.runtime()
    if isinstance(entry, CodeWanted):
        response: Response = RedirectResponse(f"/auth/code?next={back}" if back != "/" else "/auth/code", 303)
        response.set_cookie(
            _TICKET_COOKIE,
            entry.ticket,
            httponly=True,
            samesite="strict",
            max_age=_TICKET_SECONDS,
            path="/auth/code",
        )
        return response
    # Whatever session the browser had before is over: nobody plants one in it, nobody leaves one behind.
    await run_in_threadpool(sessions.sign_out, here.store, token_of(request))
    response = hand_out(RedirectResponse(back, 303), entry.token)
    response.delete_cookie(_TICKET_COOKIE, path="/auth/code", httponly=True, samesite="strict")
    return response


def _code_page(request: Request, said: str = "", status: int = 200, back: str = "/") -> Response:
    fields = _hidden("next", back) + field(
        "code", _("Mã trên điện thoại"), complete="one-time-code", inputmode="numeric", maxlength=10
    )
    body = problem(said) + form("/auth/code", fields, _("Tiếp tục")) + link("/auth/login", _("Đăng nhập lại"))
    body += small(_("Mất điện thoại? Người quản trị cấp lại tài khoản cho bạn."))
    return page(_("Xác minh hai bước"), body, request, status)


async def enter_code(request: Request) -> Response:
    """The second step of signing in, where the account has one."""
    speak(request)
    here = running.runtime()
    ticket = request.cookies.get(_TICKET_COOKIE)
    if not here.decided or (request.method == "GET" and not ticket):
        return RedirectResponse("/auth/login", 303)
    if request.method == "GET":
        return _code_page(request, back=back_to(request.query_params.get("next")))
    fields = await html_page.own_form(request)
    if fields is None:
        return _code_page(request, old_page(), 403)
    back = back_to(fields.get("next"))
    try:
        token = await run_in_threadpool(
            sign_in.enter_with_code,
            here.store,
            here.settings,
            ticket or "",
            fields.get("code", ""),
            origin_of(request, here.settings),
        )
    except InputError as error:
        return _login_page(request, told(error), 401, back)
    if token is None:
        return _code_page(request, _("Mã không đúng, hoặc phải chờ ít phút rồi thử lại."), 401, back)
    return await admitted(request, Entered(token), back)


async def logout(request: Request) -> Response:
    """End the session: for a form of our own, or a link on a page of our own; anybody else has to ask first."""
    speak(request)
    here = running.runtime()
    if request.method == "POST":
        ours = await html_page.own_form(request) is not None
    else:
        ours = bool(same_origin(request, here.settings))
    if not ours:
        # A foreign page could otherwise sign people out with a picture.
        return page(
            _("Đăng xuất"), form("/auth/logout", "", _("Đăng xuất")) + link("/", _("Về bản đồ")), request
        )
    if here.decided:
        await run_in_threadpool(sessions.sign_out, here.store, token_of(request))
    return take_back(RedirectResponse("/auth/login", 303))
