"""The addresses of the phone's pages: who is there, what they sent, and which page answers.

A form comes by the page's script, which wants JSON, or as a plain post from a browser without scripts; both go
through the same services.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from app import web
from app.access import Actor
from app.field.forms import moment, patrol_of, report_of
from app.field.pages import STATIC, day_list, refused
from app.field.patrol_pages import patrol_page, round_list
from app.field.police_page import police_page
from app.field.sheet import sheet_page
from app.field.unsent import session_over, stale
from app.field.visit_page import correction_page, visit_page
from app.html_page import own_form, speak
from app.runtime import Store
from app.services import accounts, field_record, field_work, patrols
from app.services.clock import LOCAL_ZONE
from app.services.police_handover import hand_over
from app.text import _, render
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import msg

Fields = dict[str, str]
Shown = Callable[[Request, Store, Actor], Awaitable[Response]]
Taken = Callable[[Request, Store, Actor, Fields], Awaitable[str]]
Again = Callable[[Request, Store, Actor, Fields, InputError], Awaitable[Response]]


def local_now() -> datetime:
    """The time in Hà Nội."""
    return datetime.now(LOCAL_ZONE)


async def _visitor(request: Request) -> Actor | None:
    runtime = web.runtime()
    speak(request, runtime.settings.language)
    if not runtime.decided:
        return None
    cookie = request.cookies.get(web.SESSION_COOKIE)
    return await run_in_threadpool(accounts.who, runtime.store, runtime.settings, cookie)


def _shown(show: Shown) -> Callable[[Request], Awaitable[Response]]:
    """A page for a signed-in account; what the rules refuse is told in words."""

    async def answer(request: Request) -> Response:
        actor = await _visitor(request)
        if actor is None:
            return RedirectResponse(web.sign_in_address(request.url.path), 303)
        try:
            return await show(request, web.runtime().store, actor)
        except InputError as problem:
            return refused(request, actor, problem)

    return answer


def _taken(take: Taken, again: Again) -> Callable[[Request], Awaitable[Response]]:
    """A form of our own page: taken, or shown ``again`` with what was typed and why it was refused."""

    async def answer(request: Request) -> Response:
        actor = await _visitor(request)
        script = "application/json" in request.headers.get("accept", "")
        fields = await own_form(request)
        if fields is None:
            return stale(request, script)
        if actor is None:
            return session_over(request, fields, script)
        store = web.runtime().store
        try:
            following = await take(request, store, actor, fields)
        except InputError as problem:
            if script:
                return _told(problem)
            if problem.code.startswith("unknown") or problem.code == "not_allowed":
                return refused(request, actor, problem)
            try:
                return await again(request, store, actor, fields, problem)
            except InputError as hidden:
                # What may not be opened is not shown for a slip in its form either.
                return refused(request, actor, hidden)
        return JSONResponse({"next": following}) if script else RedirectResponse(following, 303)

    return answer


def _told(problem: InputError) -> JSONResponse:
    status = 404 if problem.code.startswith("unknown") else 403 if problem.code == "not_allowed" else 422
    if isinstance(problem, ConflictError):
        status = 409
    hint = render(problem.hint) if problem.hint else ""
    return JSONResponse({"code": problem.code, "text": render(problem.message), "hint": hint}, status)


# --- the inspector


async def _day(request: Request, store: Store, actor: Actor) -> Response:
    now = local_now()
    stops = await run_in_threadpool(field_work.my_day, store, actor, now)
    return day_list(request, actor, stops, now.date())


async def _opened(request: Request, store: Store, actor: Actor) -> field_work.OpenVisit:
    visit_id = request.path_params["visit_id"]
    return await run_in_threadpool(field_work.open_visit, store, actor, visit_id, local_now())


async def _visit(request: Request, store: Store, actor: Actor) -> Response:
    return visit_page(request, actor, await _opened(request, store, actor), local_now())


async def _sheet(request: Request, store: Store, actor: Actor) -> Response:
    return sheet_page(request, actor, await _opened(request, store, actor))


async def _record(request: Request, store: Store, actor: Actor, fields: Fields) -> str:
    visit_id = request.path_params["visit_id"]
    await run_in_threadpool(field_record.record, store, actor, visit_id, report_of(fields), local_now())
    return f"/field/visit/{visit_id}"


async def _visit_again(
    request: Request, store: Store, actor: Actor, fields: Fields, problem: InputError
) -> Response:
    opened = await _opened(request, store, actor)
    if opened.report is not None and opened.report.correctable:
        # What stands already is not what was typed: that is kept as a correction somebody may send.
        values = {**fields, "client_key": ""}
        return correction_page(request, actor, opened, opened.report, values=values, problem=problem)
    return visit_page(request, actor, opened, local_now(), values=fields, problem=problem)


async def _correction(request: Request, store: Store, actor: Actor) -> Response:
    opened = await _opened(request, store, actor)
    return correction_page(request, actor, opened, _correctable(opened))


def _correctable(opened: field_work.OpenVisit) -> field_work.KeptReport:
    if opened.report is None or not opened.report.correctable:
        raise RuleError(
            "not_correctable",
            msg("Chỉ tài khoản đã ghi được đính chính, và chỉ khi chưa có giấy tờ xử lý tiếp theo."),
        )
    return opened.report


async def _correct(request: Request, store: Store, actor: Actor, fields: Fields) -> str:
    visit_id, seen = request.path_params["visit_id"], fields.get("seen", "")
    await run_in_threadpool(
        field_record.correct,
        store,
        actor,
        visit_id,
        report_of(fields),
        local_now(),
        reason=fields.get("reason", ""),
        seen=int(seen) if seen.isascii() and seen.isdigit() else 0,
    )
    return f"/field/visit/{visit_id}"


async def _correction_again(
    request: Request, store: Store, actor: Actor, fields: Fields, problem: InputError
) -> Response:
    opened = await _opened(request, store, actor)
    report = _correctable(opened)
    return correction_page(request, actor, opened, report, values=fields, problem=problem)


# --- handing over to the police


async def _police(request: Request, store: Store, actor: Actor) -> Response:
    return _handed_over(request, actor, None)


async def _hand_over(request: Request, store: Store, actor: Actor, fields: Fields) -> str:
    await run_in_threadpool(
        hand_over,
        store,
        actor,
        key=fields.get("client_key", ""),
        handed_at=moment(fields.get("handed_at", "")),
        receipt_number=fields.get("receipt"),
        now=local_now(),
    )
    return "/field/police?done=1"


async def _police_again(
    request: Request, store: Store, actor: Actor, fields: Fields, problem: InputError
) -> Response:
    return _handed_over(request, actor, problem)


def _handed_over(request: Request, actor: Actor, problem: InputError | None) -> HTMLResponse:
    done = bool(request.query_params.get("done"))
    return police_page(request, actor, local_now(), done=done, problem=problem)


# --- the patrol


async def _rounds(request: Request, store: Store, actor: Actor) -> Response:
    rounds = await run_in_threadpool(patrols.rounds, store, actor, local_now().date())
    said = _("Đã ghi lần tuần tra.") if request.query_params.get("done") else ""
    return round_list(request, actor, rounds, said)


async def _round(request: Request, store: Store, actor: Actor) -> Response:
    return patrol_page(request, actor, await _one_round(request, store, actor), local_now())


async def _one_round(request: Request, store: Store, actor: Actor) -> patrols.Round:
    hotspot_id = request.path_params["hotspot_id"]
    return await run_in_threadpool(patrols.one_round, store, actor, hotspot_id, local_now().date())


async def _patrol(request: Request, store: Store, actor: Actor, fields: Fields) -> str:
    report = patrol_of(request.path_params["hotspot_id"], fields)
    await run_in_threadpool(patrols.record, store, actor, report, local_now())
    return "/patrol?done=1"


async def _patrol_again(
    request: Request, store: Store, actor: Actor, fields: Fields, problem: InputError
) -> Response:
    one = await _one_round(request, store, actor)
    return patrol_page(request, actor, one, local_now(), values=fields, problem=problem)


FIELD_ROUTES = [
    Mount("/field/static", StaticFiles(directory=STATIC)),
    Route("/field", _shown(_day), methods=["GET"]),
    Route("/field/police", _shown(_police), methods=["GET"]),
    Route("/field/police", _taken(_hand_over, _police_again), methods=["POST"]),
    Route("/field/visit/{visit_id}", _shown(_visit), methods=["GET"]),
    Route("/field/visit/{visit_id}", _taken(_record, _visit_again), methods=["POST"]),
    Route("/field/visit/{visit_id}/sheet", _shown(_sheet), methods=["GET"]),
    Route("/field/visit/{visit_id}/correct", _shown(_correction), methods=["GET"]),
    Route("/field/visit/{visit_id}/correct", _taken(_correct, _correction_again), methods=["POST"]),
    Route("/patrol", _shown(_rounds), methods=["GET"]),
    Route("/patrol/{hotspot_id}", _shown(_round), methods=["GET"]),
    Route("/patrol/{hotspot_id}", _taken(_patrol, _patrol_again), methods=["POST"]),
]
