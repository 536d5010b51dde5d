"""The addresses of the plain pages."""

from __future__ import annotations

from starlette.routing import Route

from app.services.oidc import CALLBACK
from app.web.installing import setup, start
from app.web.language import choose_language
from app.web.own_account import own_password, own_second_factor
from app.web.provider_pages import arrive, depart, link
from app.web.signing_in import enter_code, login, logout

_BOTH = ["GET", "POST"]
AUTH_ROUTES = [
    Route("/auth/login", login, methods=_BOTH),
    Route("/auth/code", enter_code, methods=_BOTH),
    Route("/auth/logout", logout, methods=_BOTH),
    Route("/auth/password", own_password, methods=_BOTH),
    Route("/auth/second-factor", own_second_factor, methods=_BOTH),
    Route("/auth/oidc/start", depart, methods=["GET"]),
    Route(CALLBACK, arrive, methods=["GET"]),
    Route("/auth/oidc/link", link, methods=_BOTH),
    Route("/auth/language", choose_language, methods=["GET"]),
    Route("/auth/start", start, methods=_BOTH),
    Route("/auth/setup", setup, methods=_BOTH),
]
