"""Routes for whoever watches the server: alive, ready, figures. They need no sign-in and tell no secret."""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.runtime import runtime
from app.services.health import Look, Traffic, Watch, look, metrics
from geo.errors import InputError

_NEVER_KEPT = {"Cache-Control": "no-store"}
TRAFFIC = Traffic()


class Counting:
    """Counts answers by class of status, and the pages that are connected."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._page(scope, receive, send)
        elif scope["type"] == "http":
            await self.app(scope, receive, _counted(send))
        else:
            await self.app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        TRAFFIC.open_pages += 1
        try:
            await self.app(scope, receive, send)
        finally:
            TRAFFIC.open_pages -= 1


def _counted(send: Send) -> Send:
    async def counted(message: Message) -> None:
        if message["type"] == "http.response.start":
            TRAFFIC.answers[f"{message['status'] // 100}xx"] += 1
        await send(message)

    return counted


@cache
def _watch() -> Watch:
    return Watch(_ask)


def _ask() -> Look:
    try:
        return look(runtime().store)
    except InputError:
        # Opening it already failed: it does not answer, or comes from a newer version.
        return Look("database")


def _look() -> Look | None:
    return _watch().look() if runtime().decided else None


async def health(request: Request) -> Response:
    """Whether the process answers at all; a server that does not is to be started again."""
    return PlainTextResponse("ok\n", headers=_NEVER_KEPT)


async def ready(request: Request) -> Response:
    """Whether requests may be sent here: 503 while the database does not answer or waits for its update."""
    found = await run_in_threadpool(_look)
    said = "setup" if found is None else found.readiness
    return PlainTextResponse(f"{said}\n", 200 if said in ("ready", "setup") else 503, headers=_NEVER_KEPT)


async def figures(request: Request) -> Response:
    """Technical figures in Prometheus's text format."""
    told: Any = metrics(TRAFFIC, await run_in_threadpool(_look))
    return PlainTextResponse(told, headers=_NEVER_KEPT, media_type="text/plain; version=0.0.4")


HEALTH_ROUTES = [
    Route("/health", health, methods=["GET"]),
    Route("/ready", ready, methods=["GET"]),
    Route("/metrics", figures, methods=["GET"]),
]
