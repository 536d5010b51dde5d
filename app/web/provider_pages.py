"""Going to the office's identity provider, coming back, and linking an account to who one is there."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import html_page
from app import runtime as running
from app.services import oidc
from app.services.oidc import NotLinked
from app.text import _
from app.web.callers import origin_of, same_origin
from app.web.frame import field, form, old_page, page, problem, small, speak, told
from app.web.frame import link as line
from app.web.signing_in import admitted
from app.web.ways import back_to
from geo.errors import InputError

_STATE_COOKIE, _LINK_COOKIE = "diaban_oidc", "diaban_link"
_SECONDS = 600
_PATH = "/auth/oidc"


def _keep(response: Response, name: str, ticket: str) -> Response:
    # Lax, not strict: the browser comes back from another site.
    response.set_cookie(name, ticket, httponly=True, samesite="lax", max_age=_SECONDS, path=_PATH)
    return response


def _sorry(request: Request, error: InputError) -> Response:
    body = problem(told(error)) + line("/auth/login", _("Đăng nhập lại"))
    response = page(_("Đăng nhập"), body, request, 401)
    response.delete_cookie(_STATE_COOKIE, path=_PATH, httponly=True)
    return response


async def depart(request: Request) -> Response:
    """Lead the browser to the provider; only from a page of our own."""
    speak(request)
    here = running.runtime()
    if not here.decided or same_origin(request, here.settings) is False:
        return RedirectResponse("/auth/login", 303)
    try:
        away = await run_in_threadpool(oidc.depart, here.store, here.settings)
    except InputError as error:
        return _sorry(request, error)
    return _keep(RedirectResponse(away.address, 303), _STATE_COOKIE, away.ticket)


async def arrive(request: Request) -> Response:
    """The browser comes back from the provider."""
    speak(request)
    here = running.runtime()
    if not here.decided:
        return RedirectResponse("/auth/start", 303)
    try:
        entry, back = await run_in_threadpool(
            oidc.arrive,
            here.store,
            here.settings,
            request.cookies.get(_STATE_COOKIE, ""),
            dict(request.query_params),
            origin_of(request, here.settings),
        )
    except InputError as error:
        return _sorry(request, error)
    if isinstance(entry, NotLinked):
        response = _keep(RedirectResponse(f"{_PATH}/link", 303), _LINK_COOKIE, entry.ticket)
    else:
        response = await admitted(request, entry, back_to(back))
    response.delete_cookie(_STATE_COOKIE, path=_PATH, httponly=True)
    return response


def _link_page(request: Request, said: str = "", status: int = 200) -> Response:
    fields = field("code", _("Mã nối tài khoản"), maxlength=40)
    body = problem(said) + small(
        _("Chưa có tài khoản nào nối với bạn. Nhập mã do người quản trị cấp; mỗi mã dùng một lần.")
    )
    body += form(f"{_PATH}/link", fields, _("Nối tài khoản")) + line("/auth/login", _("Đăng nhập lại"))
    return page(_("Nối tài khoản"), body, request, status)


async def link(request: Request) -> Response:
    """Link one's account with the code that an administrator handed over."""
    speak(request)
    here = running.runtime()
    ticket = request.cookies.get(_LINK_COOKIE)
    if not here.decided or not ticket:
        return RedirectResponse("/auth/login", 303)
    if request.method == "GET":
        return _link_page(request)
    fields = await html_page.own_form(request)
    if fields is None:
        return _link_page(request, old_page(), 403)
    code, origin = fields.get("code", ""), origin_of(request, here.settings)
    try:
        entry = await run_in_threadpool(oidc.link, here.store, here.settings, ticket, code, origin)
    except InputError as error:
        return _sorry(request, error)
    if entry is None:
        return _link_page(request, _("Mã không đúng hoặc đã dùng."), 401)
    response = await admitted(request, entry, "/")
    response.delete_cookie(_LINK_COOKIE, path=_PATH, httponly=True)
    return response
