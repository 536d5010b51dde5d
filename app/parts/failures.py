"""Errors as part of the page: what went wrong and the way out, never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.text import _, render
from geo.errors import InputError

_log = logging.getLogger("diaban")


@contextmanager
def told() -> Iterator[None]:
    """Show an error where it happened; the page goes on below. Of an unforeseen one no details are told."""
    try:
        yield
    except InputError as error:
        text = render(error.message)
        if error.hint:
            text += "  \n" + render(error.hint)
        st.error(text, icon=":material/error:")
    except Exception as error:
        # Its text may hold what somebody typed or what another ward reported: neither is for a log.
        _log.error("unforeseen: %s", type(error).__name__)
        st.error(
            _("Có lỗi ngoài dự kiến. Hãy tải lại trang rồi thử lại; nếu còn lỗi, hãy báo người quản trị."),
            icon=":material/error:",
        )
