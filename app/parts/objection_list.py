"""Objections to scores as a list, for the page of risk: what is open, what is late, what came of the rest."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.parts import objection_reads
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services.objections import KeptObjection, may_see
from app.text import _, render

#: So many that were answered are listed; older ones stand on the page of their premises.
_ANSWERED = 20


def objection_hint(visit: Visit, premises_id: str) -> None:
    """Say beside a score that its premises objects to it."""
    if premises_id in objection_reads.open_premises(visit):
        st.info(
            _("Cơ sở đang có ý kiến phản đối điểm này; chưa trả lời xong."), icon=":material/record_voice_over:"
        )


def objection_list(visit: Visit, open_one: Callable[[str], None]) -> None:
    """All objections of the visitor's ground, folded up; nothing where there is none."""
    if not may_see(visit.actor):
        return
    kept = objection_reads.kept(visit)
    if not kept:
        return
    waiting = [one for one in kept if one.answered_on is None]
    late = sum(one.late for one in waiting)
    title = _("Ý kiến phản đối điểm: {n} chưa trả lời, {late} quá hạn", n=len(waiting), late=late)
    with st.expander(title, icon=":material/record_voice_over:", expanded=late > 0):
        for one in waiting:
            _line(one, open_one)
        answered = [one for one in kept if one.answered_on is not None][:_ANSWERED]
        if answered:
            st.markdown(_("**Đã trả lời**"))
        for one in answered:
            _line(one, open_one)


def _line(one: KeptObjection, open_one: Callable[[str], None]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        told = plain(render(one.text))
        state = f":red[{told}]" if one.late else told
        where = plain(" · ".join(filter(None, (one.ward, _("ngày {day}", day=one.on_date)))))
        st.markdown(f"**{plain(one.premises)}** · {where}  \n{state}")
        if st.button(_("Mở hồ sơ cơ sở"), key=f"objection-open-{one.id}"):
            open_one(one.premises_id)
