"""The work list of cases: counts on top, filters, and what is due next; and the checks found by a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from app.parts import case_reads
from app.parts.case_words import lateness, sentence, task_words
from app.parts.plain import plain
from app.parts.plan_words import short_names
from app.parts.visit import Visit
from app.services.case_work import Task, TaskKind
from app.text import _, label, number, render
from geo.word_texts import body_text
from geo.words import VisitOutcome

_SOON = timedelta(days=7)
_LATE, _NEAR = "color:#b42318;font-weight:600", "color:#8a5300"
#: Wide enough for a day in bold.
_DAY = st.column_config.DateColumn(format="DD/MM/YYYY", width=110)
Opens = Callable[[str], None]


def work_list(visit: Visit, opens: Opens) -> None:
    """What is owed, by deadline; a row of a check opens its case."""
    with st.spinner(_("Đang xem lại các hồ sơ...")):
        every = case_reads.tasks(visit)
    if not every:
        st.success(_("Không có việc nào đang chờ trong phạm vi của bạn."), icon=":material/check_circle:")
        return
    counts(visit, every)
    shown = _filtered(every)
    if not shown:
        st.caption(_("Không có việc nào khớp bộ lọc."))
        return
    _table(visit, shown, opens)
    st.caption(
        _(
            "Chọn một dòng để mở hồ sơ. Khiếu nại và văn bản phối hợp ở thẻ riêng; "
            "số quyết định kiểm tra ghi ở trang Lịch kiểm tra."
        )
    )


def counts(visit: Visit, tasks: Sequence[Task]) -> None:
    """How much is late, how much is due soon, how much in all."""
    late = sum(task.overdue for task in tasks)
    soon = sum(
        not task.overdue and task.due_on is not None and task.due_on <= visit.today + _SOON for task in tasks
    )
    cases = len({task.inspection_id for task in tasks if task.inspection_id})
    st.html(
        f"{_STYLE}<div class='case-counts'>"
        + _count(late, _("quá hạn"), "late" if late else "")
        + _count(soon, _("đến hạn trong 7 ngày"), "near" if soon else "")
        + _count(len(tasks), _("việc đang chờ"), "")
        + _count(cases, _("hồ sơ chưa kết thúc"), "")
        + "</div>"
    )


_STYLE = """<style>.case-counts{display:flex;flex-wrap:wrap;gap:.4rem 1.8rem;align-items:baseline}
.case-counts b{font-size:1.7rem;line-height:1.1;margin-right:.35rem}
.case-counts .late{color:#b42318}.case-counts .near{color:#8a5300}</style>"""


def _count(value: int, word: str, tone: str) -> str:
    return f"<span class='{tone}'><b>{number(value, 0)}</b>{word}</span>"


def _filtered(tasks: Sequence[Task]) -> list[Task]:
    words = task_words()
    by_kind = Counter(task.kind for task in tasks)
    late = Counter(task.kind for task in tasks if task.overdue)
    kinds = [kind for kind in TaskKind if by_kind[kind]]
    picked = st.pills(
        _("Loại việc"),
        kinds,
        selection_mode="multi",
        format_func=lambda kind: _pill(words[kind], by_kind[kind], late[kind]),
        key="case-kinds",
        label_visibility="collapsed",
    )
    with st.popover(_("Bộ lọc"), icon=":material/filter_list:"):
        teams = _pick(_("Đội"), [task.team for task in tasks], "case-teams")
        wards = _pick(_("Phường"), [task.ward for task in tasks], "case-wards")
        only_late = st.toggle(_("Chỉ việc quá hạn"), key="case-late")
    return [
        task
        for task in tasks
        if (not picked or task.kind in picked)
        and (not teams or task.team in teams)
        and (not wards or task.ward in wards)
        and (task.overdue or not only_late)
    ]


def _pill(word: str, count: int, late: int) -> str:
    return f"{word} ({count}, :red[{_('muộn')} {late}])" if late else f"{word} ({count})"


def _pick(title: str, values: Sequence[str], key: str) -> list[str]:
    known = sorted({value for value in values if value})
    return st.multiselect(title, known, placeholder=_("Tất cả"), key=key)


def _table(visit: Visit, tasks: Sequence[Task], opens: Opens) -> None:
    words, short = task_words(), short_names(task.team for task in tasks if task.team)
    columns = {
        _("Còn lại"): [lateness(task.due_on, visit.today) for task in tasks],
        _("Cơ sở, đơn vị"): [task.about for task in tasks],
        _("Việc"): [words[task.kind] for task in tasks],
        _("Hạn"): [task.due_on for task in tasks],
        _("Nội dung"): [render(task.text) for task in tasks],
        _("Kiểm tra ngày"): [task.on_date for task in tasks],
        _("Phường"): [task.ward for task in tasks],
        _("Đội"): [short.get(task.team, task.team) for task in tasks],
        _("Căn cứ"): [task.law or "" for task in tasks],
    }
    tones = [_tone(visit, task) for task in tasks]
    frame = pd.DataFrame(columns)
    styled = frame.style.apply(lambda _column: tones, subset=[_("Hạn"), _("Còn lại")])
    days = dict.fromkeys((_("Hạn"), _("Kiểm tra ngày")), _DAY)
    picking_table("case-work", styled, [task.inspection_id for task in tasks], opens, days)


def _tone(visit: Visit, task: Task) -> str:
    if task.overdue:
        return _LATE
    near = task.due_on is not None and task.due_on <= visit.today + _SOON
    return _NEAR if near else ""


def picking_table(
    name: str, rows: Any, ids: Sequence[str | None], opens: Opens, settings: dict[str, Any]
) -> None:
    """A list whose rows open their case; a row without one stays where it is."""
    # Another list of rows is another table: a row that was picked by position must not stay picked.
    key = f"{name}-{crc32('|'.join(one or '' for one in ids).encode())}"
    st.dataframe(
        rows,
        hide_index=True,
        height=min(36 * (len(ids) + 1), 470),
        selection_mode="single-row",
        on_select=partial(_open_row, key, list(ids), opens),
        column_config=settings,
        placeholder="",
        key=key,
    )


def _open_row(key: str, ids: Sequence[str | None], opens: Opens) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        wanted = ids[rows[0]]
        if wanted is not None:
            opens(wanted)


def search_list(visit: Visit, opens: Opens) -> None:
    """Checks of the visitor's scope by premises or number, those brought in from files too."""
    typed = st.text_input(
        _("Tìm theo tên, địa chỉ cơ sở hoặc số văn bản"),
        max_chars=100,
        key="case-search",
        icon=":material/search:",
    )
    found = case_reads.found_checks(visit, typed or "")
    if found.empty:
        st.caption(_("Không tìm thấy lần kiểm tra nào."))
        return
    told = _("**{n}** lần kiểm tra", n=len(found))
    st.markdown(told if typed else f"{told} · {plain(_('60 ngày gần đây'))}")
    short = short_names(team for team in found["team"] if team)
    bodies = [sentence(render(body_text(body))) for body in found["body"]]
    columns = {
        _("Ngày"): found["on_date"],
        _("Cơ sở"): found["premises"],
        _("Kết quả"): [label(VisitOutcome(one)) for one in found["outcome"]],
        _("Phường"): found["ward"],
        _("Cơ quan, Đội"): [short.get(team) or body for team, body in zip(found["team"], bodies, strict=True)],
        _("Quyết định"): found["decision_number"],
        _("Biên bản"): found["minutes_number"],
    }
    picking_table("case-found", pd.DataFrame(columns), list(found["id"]), opens, {_("Ngày"): _DAY})
