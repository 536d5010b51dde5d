"""Who looks at the page in this run, on which day and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import streamlit as st

from app.access import Actor
from app.runtime import Store, runtime
from app.services import accounts, database
from app.services.clock import today
from app.text import set_language
from app.web import LANGUAGE_COOKIE, SESSION_COOKIE


@dataclass(frozen=True)
class Visit:
    """One run of a page by a signed-in account."""

    store: Store
    actor: Actor
    today: date
    demo: bool

    @property
    def scope_key(self) -> str:
        """Separates caches: what one scope has read is never shown to another."""
        scope = "all" if self.actor.scope is None else ",".join(sorted(self.actor.scope))
        return f"{self.actor.role}|{scope}|{self.store.engine.url}"


def current_visit() -> Visit | None:
    """The visit of this run, None without a valid session. The session is checked on every run."""
    _speak()
    here = runtime()
    if not here.decided:
        return None
    actor = accounts.who(here.store, here.settings, st.context.cookies.get(SESSION_COOKIE))
    if actor is None:
        return None
    return Visit(here.store, actor, today(), database.in_demo(here.store, actor))


def require_visit() -> Visit:
    """The visit of this run; a page without one ends here."""
    visit = current_visit()
    if visit is None:
        st.stop()
        raise RuntimeError("a page runs only for a signed-in account")
    return visit


def _speak() -> None:
    kept = st.session_state.get("chosen_language") or st.context.cookies.get(LANGUAGE_COOKIE)
    set_language("en" if (kept or runtime().settings.language) == "en" else "vi")


def unkept_language() -> str | None:
    """The language that was chosen in this browser session when the browser's cookie does not say so yet."""
    chosen = st.session_state.get("chosen_language")
    return None if chosen == st.context.cookies.get(LANGUAGE_COOKIE) else chosen


def switch_language() -> None:
    """Remember the language that was chosen in the side bar for the rest of this browser session."""
    st.session_state["chosen_language"] = st.session_state.get("language") or "vi"
