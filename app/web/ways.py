"""Where one may be led before and after signing in: never to another server."""

from __future__ import annotations

import re
from urllib.parse import quote

#: Pages of our own beside Streamlit's: they answer for themselves what is not there.
_FIELD = re.compile(r"/(?:field|patrol)(?:/[^/\\?#\s]+)*")


def is_field(path: str) -> bool:
    """Whether it is the address of a page of the field, on this server."""
    return _FIELD.fullmatch(path) is not None


def sign_in_address(path: str) -> str:
    """Where to sign in so that one comes back to a page of the field; from elsewhere it leads to the map."""
    return f"/auth/login?next={quote(path, safe='/')}" if is_field(path) else "/auth/login"


def back_to(wanted: str | None) -> str:
    """Where to go after signing in: a page of the field that was asked for, else the map."""
    return wanted if wanted and is_field(wanted) else "/"
