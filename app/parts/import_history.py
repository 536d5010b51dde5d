"""Earlier imports of register files, what each changed, and the way to take one back as a whole."""

from __future__ import annotations

import streamlit as st

from app.parts.failures import told
from app.parts.plain import plain
from app.parts.visit import Visit
from app.services.register_history import Import, imports, undo_import
from app.text import _, show_time

_SHOWN = 20
_UNDONE = "import-undone"


def show_history(visit: Visit) -> None:
    """The newest imports, each with what it counted and a way back."""
    _told_undone()
    every = imports(visit.store, visit.actor)
    if not every:
        return
    st.subheader(_("Các lượt nhập"))
    for one in every[:_SHOWN]:
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="medium"):
            st.markdown(_line(one), width="stretch")
            if one.undone_at is None and one.changed:
                undo_button(visit, one, key=one.id)
    if len(every) > _SHOWN:
        st.caption(_("{n} lượt gần nhất trong {all}.", n=_SHOWN, all=len(every)))


def _line(one: Import) -> str:
    done = _(
        "{read} dòng: thêm {added}, cập nhật {updated}, giữ nguyên {unchanged}, không nhận {rejected}",
        **{name: one.counts[name] for name in ("read", "added", "updated", "unchanged", "rejected")},
    )
    text = f"**{plain(one.file)}** · {show_time(one.at)} · {plain(one.by)}  \n{done}"
    if one.undone_at is not None:
        when = show_time(one.undone_at)
        text += "  \n" + _("Đã hoàn tác lúc {when}, {who}.", when=when, who=plain(one.undone_by))
        text += f" {plain(one.undone_why)}" if one.undone_why else ""
    return text


def newest_import(visit: Visit) -> Import:
    """The import that the person has just made."""
    return next(one for one in imports(visit.store, visit.actor) if one.by == visit.actor.name)


def import_by_id(visit: Visit, batch: str) -> Import:
    """One of the imports."""
    return next(one for one in imports(visit.store, visit.actor) if one.id == batch)


def undo_button(visit: Visit, one: Import, *, key: str) -> None:
    """Take an import back, after a second look at what goes."""
    with st.popover(_("Hoàn tác"), icon=":material/undo:"):
        st.markdown(
            _(
                "Rút {added} cơ sở mới khỏi sổ và trả {updated} cơ sở về như trước lượt nhập này?",
                **{name: one.counts[name] for name in ("added", "updated")},
            )
        )
        reason = st.text_input(_("Lý do (không bắt buộc)"), max_chars=300, key=f"undo-why-{key}")
        if st.button(_("Hoàn tác cả lượt nhập"), type="primary", key=f"undo-{key}"):
            with told():
                done = undo_import(visit.store, visit.actor, one.id, reason or "")
                st.session_state[_UNDONE] = done
                st.rerun()


def _told_undone() -> None:
    done = st.session_state.pop(_UNDONE, None)
    if done is not None:
        st.success(
            _("Đã hoàn tác: rút {removed} cơ sở, trả {restored} cơ sở về như trước.", **done),
            icon=":material/undo:",
        )
