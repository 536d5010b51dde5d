"""The first start: demonstration or one's own district, and the first account."""

from __future__ import annotations

import html

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from app import html_page
from app import runtime as running
from app.html_page import TOKEN
from app.services import accounts, database
from app.services.clock import today
from app.services.installation import install
from app.text import _
from app.web.callers import from_this_machine
from app.web.frame import field, form, link, old_page, page, problem, speak, told
from geo.errors import InputError


def _elsewhere() -> Response:
    return PlainTextResponse(_("Hãy thiết lập trên chính máy chạy ứng dụng."), 403)


async def start(request: Request) -> Response:
    """The first page of an empty installation: demonstration or my own district."""
    speak(request)
    here = running.runtime()
    if here.decided:
        return RedirectResponse("/", 303)
    if not from_this_machine(request, here.settings):
        return _elsewhere()
    if request.method == "GET":
        return _start_page(request)
    fields = await html_page.own_form(request)
    if fields is None:
        return _start_page(request, old_page())
    demo = fields.get("choice") == "demo"
    try:
        await run_in_threadpool(install, here.settings, demo=demo, as_of=today())
    except InputError as error:
        return _start_page(request, told(error))
    here.reopen()
    return _demo_ready(request) if demo else RedirectResponse("/auth/setup", 303)


def _demo_ready(request: Request) -> Response:
    rows = "".join(
        f"<tr><td>{html.escape(name)}<td><code>{html.escape(password)}</code>"
        for name, password, _role in database.demo_accounts(running.runtime().settings)
    )
    note = html.escape(_("Ghi lại các tài khoản minh họa này, rồi đăng nhập:"))
    body = f"<p>{note}</p><table>{rows}</table>{link('/auth/login', _('Đăng nhập'))}"
    return page(_("Bản minh họa đã sẵn sàng"), body, request)


def _start_page(request: Request, said: str = "") -> Response:
    demo, own = html.escape(_("Xem bản minh họa")), html.escape(_("Địa bàn của tôi"))
    about = html.escape(
        _("Bản minh họa là một quận với dữ liệu bịa, nằm trong tệp riêng. Tạo bản minh họa mất chừng 20 giây.")
    )
    body = (
        f'{problem(said)}<p>{about}</p><form method="post" action="/auth/start">{TOKEN}'
        f'<button name="choice" value="demo">{demo}</button>'
        f'<button class="second" name="choice" value="own">{own}</button></form>'
    )
    return page(_("Chào mừng đến với Địa Bàn"), body, request)


async def setup(request: Request) -> Response:
    """The administrator of an empty system, made on the machine itself."""
    speak(request)
    here = running.runtime()
    if not here.decided:
        return RedirectResponse("/auth/start", 303)
    if not await run_in_threadpool(lambda: here.needs_setup):
        return RedirectResponse("/auth/login", 303)
    if not from_this_machine(request, here.settings):
        return _elsewhere()
    if request.method == "GET":
        return _setup_page(request)
    fields = await html_page.own_form(request)
    if fields is None:
        return _setup_page(request, old_page())
    name, password = fields.get("name", ""), fields.get("password", "")
    try:
        await run_in_threadpool(accounts.create_first_account, here.store, name, password)
    except InputError as error:
        return _setup_page(request, told(error))
    return RedirectResponse("/auth/login", 303)


def _setup_page(request: Request, said: str = "") -> Response:
    name = _("Tên tài khoản quản trị (không phải tên người)")
    fields = field("name", name, complete="username", maxlength=40) + field(
        "password", _("Mật khẩu (từ 12 ký tự)"), "password", "new-password", maxlength=1024
    )
    body = problem(said) + form("/auth/setup", fields, _("Tạo tài khoản"))
    return page(_("Thiết lập lần đầu"), body, request)
