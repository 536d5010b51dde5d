"""Taking the review meeting along on paper."""

from __future__ import annotations

import streamlit as st

from app.parts.visit import Visit
from app.runtime import runtime
from app.services import meeting as service
from app.services.meeting import Review
from app.services.meeting_handout import NAME, handout
from app.services.office import issuer
from app.text import _

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def print_button(visit: Visit, review: Review) -> None:
    """The handout as a Word file, made when it is asked for, with the decisions as they stand then."""

    def made() -> bytes:
        now = service.review(visit.store, visit.actor, review.unit_id, review.period, as_of=visit.today)
        return handout(visit.store, visit.actor, now, issuer(runtime().settings.office), demo=visit.demo)

    st.download_button(
        _("Tài liệu họp (Word)"),
        data=made,
        file_name=NAME,
        mime=_DOCX,
        on_click="ignore",
        icon=":material/print:",
    )
