"""Errors as part of the page: what went wrong and the way out, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from app.text import render
from geo.errors import InputError


@contextmanager
def told() -> Iterator[None]:
    """Show an error of ours where it happened; the page goes on below."""
    try:
        yield
    except InputError as error:
        text = render(error.message)
        if error.hint:
            text += "  \n" + render(error.hint)
        st.error(text, icon=":material/error:")
