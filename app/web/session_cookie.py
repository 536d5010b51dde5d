"""The cookie of a session: out of reach of scripts and of other sites."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app import runtime as running
from app.services import sessions
from app.services.sessions import Standing

SESSION_COOKIE = "diaban_session"


def token_of(request: Request) -> str | None:
    """The session's token that the browser sent."""
    return request.cookies.get(SESSION_COOKIE)


def standing_of(request: Request) -> Standing | None:
    """Whose session it is; works on the database."""
    here = running.runtime()
    return sessions.standing(here.store, here.settings, token_of(request)) if here.decided else None


def hand_out(response: Response, token: str) -> Response:
    """Give the browser its session. The gate adds ``Secure`` over TLS."""
    hours = running.runtime().settings.session_hours
    response.set_cookie(SESSION_COOKIE, token, httponly=True, samesite="lax", max_age=hours * 3600)
    return response


def take_back(response: Response) -> Response:
    """The browser forgets its session."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax")
    return response
