"""Keeping the language that was chosen."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app import runtime as running
from app.html_page import LANGUAGE_COOKIE
from app.web.callers import same_origin


async def choose_language(request: Request) -> Response:
    """Keep the language in the browser, so that a reload and the sign-in speak it too."""
    chosen = request.query_params.get("to")
    if chosen not in ("vi", "en") or not same_origin(request, running.runtime().settings):
        return Response(status_code=403)
    response = Response(status_code=204, headers={"Cache-Control": "no-store"})
    response.set_cookie(LANGUAGE_COOKIE, chosen, httponly=True, samesite="lax", max_age=365 * 86400)
    return response
