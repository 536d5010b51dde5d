"""One's own password and second factor. Plain pages, because only they can give the browser a fresh session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app import html_page
from app import runtime as running
from app.services import own_password as passwords
from app.services import second_factor, sessions
from app.services.sessions import Need, Standing
from app.text import _
from app.web.callers import origin_of
from app.web.frame import field, form, link, old_page, page, problem, small, speak, told
from app.web.session_cookie import hand_out, standing_of
from data.store import Actor
from geo.errors import InputError

Show = Callable[[Request, Standing, str, int], Awaitable[Response]]
Take = Callable[[Actor, dict[str, str]], Awaitable[None]]


async def _answer(request: Request, show: Show, take: Take) -> Response:
    """What both pages do: only for a session of one's own, also one to which nothing else opens yet."""
    speak(request)
    known = await run_in_threadpool(standing_of, request)
    if known is None:
        return RedirectResponse("/auth/login", 303)
    if request.method == "GET":
        return await show(request, known, "", 200)
    fields = await html_page.own_form(request)
    if fields is None:
        return await show(request, known, old_page(), 403)
    try:
        await take(known.actor, fields)
    except InputError as error:
        return await show(request, known, told(error), 422)
    return await _fresh_session(request, known.actor)


async def _fresh_session(request: Request, actor: Actor) -> Response:
    """All sessions of the account are over but a new one in this browser."""
    here = running.runtime()
    token = await run_in_threadpool(
        sessions.renew, here.store, here.settings, actor, origin_of(request, here.settings)
    )
    return hand_out(RedirectResponse("/", 303), token)


def _asked_password() -> str:
    return field("old", _("Mật khẩu hiện tại"), "password", "current-password", maxlength=1024)


# --- the password


async def own_password(request: Request) -> Response:
    """Choose another password; the first page of an account whose password somebody else gave."""
    return await _answer(request, _password_page, _new_password)


async def _password_page(request: Request, known: Standing, said: str, status: int) -> Response:
    fields = (
        _asked_password()
        + field(
            "new", _("Mật khẩu mới (từ 12 ký tự)"), "password", "new-password", minlength=12, maxlength=1024
        )
        + field("again", _("Nhập lại mật khẩu mới"), "password", "new-password", maxlength=1024)
    )
    body = problem(said)
    if known.need is Need.PASSWORD:
        body += small(
            _("Mật khẩu này do người khác cấp. Hãy đặt mật khẩu của riêng bạn trước khi vào ứng dụng.")
        )
    body += small(_("Dùng một câu dài chỉ mình biết; không cần chữ hoa, chữ số hay ký hiệu."))
    body += form("/auth/password", fields, _("Đổi mật khẩu"))
    body += small(_("Các phiên đăng nhập khác của tài khoản sẽ kết thúc."))
    return page(_("Đổi mật khẩu"), body + _way_out(known), request, status)


async def _new_password(actor: Actor, fields: dict[str, str]) -> None:
    await run_in_threadpool(
        passwords.change,
        running.runtime().store,
        actor,
        old=fields.get("old", ""),
        new=fields.get("new", ""),
        again=fields.get("again", ""),
    )


def _way_out(known: Standing) -> str:
    if known.need is None:
        return link("/my_account", _("Về tài khoản của tôi"))
    return form("/auth/logout", "", _("Đăng xuất"), second=True)


# --- the second factor


async def own_second_factor(request: Request) -> Response:
    """Turn the second factor on, or off where the role allows it."""
    return await _answer(request, _factor_page, _change_factor)


async def _factor_page(request: Request, known: Standing, said: str, status: int) -> Response:
    if known.need is Need.PASSWORD:
        return RedirectResponse("/auth/password", 303)
    here = running.runtime()
    try:
        fresh = await run_in_threadpool(second_factor.begin, here.store, here.settings, known.actor)
    except InputError as error:
        return page(_("Xác minh hai bước"), problem(told(error)) + _way_out(known), request, 503)
    with_password = not await run_in_threadpool(passwords.signs_in_elsewhere, here.store, known.actor)
    fields = (_asked_password() if with_password else "") + field(
        "code", _("Mã đang hiện trên điện thoại"), complete="one-time-code", inputmode="numeric", maxlength=10
    )
    body = problem(said)
    if fresh is None:
        body += small(_("Xác minh hai bước đang bật. Tắt đi thì chỉ còn mật khẩu bảo vệ tài khoản."))
        body += form("/auth/second-factor", fields, _("Tắt xác minh hai bước"), second=True)
        return page(_("Xác minh hai bước"), body + _way_out(known), request, status)
    if known.need is Need.SECOND_FACTOR:
        body += small(_("Vai trò của tài khoản này bắt buộc xác minh hai bước."))
    body += small(_("Quét hình bằng ứng dụng mã xác minh trên điện thoại, hoặc nhập dãy chữ bên dưới vào đó."))
    body += f'<div class="code">{fresh.picture}<p><code>{html_page.text(fresh.secret)}</code></p></div>'
    body += form("/auth/second-factor", fields, _("Bật xác minh hai bước"))
    return page(_("Xác minh hai bước"), body + _way_out(known), request, status)


async def _change_factor(actor: Actor, fields: dict[str, str]) -> None:
    here = running.runtime()
    await run_in_threadpool(passwords.confirm, here.store, actor, fields.get("old", ""))
    on = await run_in_threadpool(second_factor.has, here.store, actor)
    change = second_factor.remove if on else second_factor.confirm
    await run_in_threadpool(change, here.store, here.settings, actor, fields.get("code", ""))
