"""What stands before Streamlit's pages: the gate, and the plain pages of signing in and setting up."""

from __future__ import annotations

from app.html_page import LANGUAGE_COOKIE
from app.runtime import runtime
from app.web.gate import Gate
from app.web.installing import setup, start
from app.web.language import choose_language
from app.web.routes import AUTH_ROUTES
from app.web.session_cookie import SESSION_COOKIE
from app.web.signing_in import login, logout
from app.web.ways import sign_in_address

__all__ = [
    "AUTH_ROUTES",
    "LANGUAGE_COOKIE",
    "SESSION_COOKIE",
    "Gate",
    "choose_language",
    "login",
    "logout",
    "runtime",
    "setup",
    "sign_in_address",
    "start",
]
