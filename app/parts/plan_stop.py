"""One stop of a plan: why it is there, what it is worth, and changing it by hand with the price first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app.parts.failures import told
from app.parts.plain import plain
from app.parts.plan_desk import days_of, desk_of, make, may_change, price_of
from app.parts.plan_reads import team_names
from app.parts.plan_words import hours, kind_word, reasons, short_names, weekday_text
from app.parts.visit import Visit
from app.services.plan_desk import Desk
from app.services.plan_edits import Edit
from app.services.plan_reading import KeptPlan
from app.text import _, label, number, render
from geo.words import EditKind, PlanState, PremisesType, VisitKind


def stop_panel(visit: Visit, plan: KeptPlan, premises_id: str) -> None:
    """The stop at a premises; who plans may change it."""
    found = plan.visits[plan.visits["premises_id"] == premises_id]
    if found.empty:
        return
    row = next(found.itertuples(index=False))
    with st.container(border=True):
        left, right = st.columns([5, 6], gap="medium")
        with left:
            _why(plan, row)
        with right:
            if not may_change(visit, plan):
                _worth(row)
            elif pd.Timestamp(row.on_date).date() < visit.today:
                _worth(row)
                st.caption(_("Ngày đã qua thì không xếp lại được."))
            else:
                with told():
                    _change(visit, plan, row)


def _why(plan: KeptPlan, row: Any) -> None:
    st.subheader(plain(row.name), anchor=False)
    kind = label(PremisesType(row.type)) if isinstance(row.type, str) else ""
    st.caption(plain(" · ".join(filter(None, (kind, row.address, row.ward_name)))))
    when = _(
        "**{day}, {hours}**, điểm dừng thứ {n} của {team}",
        day=weekday_text(row.on_date),
        hours=hours(row),
        n=int(row.position),
        team=plain(row.team),
    )
    st.markdown(f"{when} · {plain(kind_word(row))}")
    if row.kind == VisitKind.UNANNOUNCED:
        st.warning(
            _(
                "Đột xuất: chỉ người yêu cầu, người ký và Đội được giao thấy lượt này. Căn cứ: {basis}",
                basis=plain(row.basis or ""),
            ),
            icon=":material/visibility_off:",
        )
    if len(row.joint_with):
        names = dict(zip(plan.visits["team_id"], plan.visits["team"], strict=True))
        others = ", ".join(str(names.get(team, team)) for team in row.joint_with)
        st.caption(_("Cùng với {teams}", teams=plain(others)))
    if row.drawn_at_random:
        st.caption(
            _("Bốc thăm trúng, xác suất được chọn {p}%.", p=number(100 * float(row.selection_probability)))
        )
    st.markdown(
        _("Vì sao đi, giá trị **{points}** điểm:", points=number(float(row.value or 0.0)))
        + "\n"
        + "\n".join(f"- {plain(text)}" for text in reasons(row.reason))
    )


def _worth(row: Any) -> None:
    """What speaks for the stop beyond its points."""
    told_of = [render(item["text"]) for item in row.evidence if item.get("text")]
    if told_of:
        st.markdown(
            _("Điều nói lên nguy cơ nhiều nhất:") + "\n" + "\n".join(f"- {plain(text)}" for text in told_of)
        )


def _change(visit: Visit, plan: KeptPlan, row: Any) -> None:
    desk = desk_of(visit, plan)
    place = desk.book.where(row.premises_id)
    if place is None:
        st.info(_("Bản điều chỉnh đang soạn đã bỏ lượt này."))
        return
    if plan.state is not PlanState.DRAFT:
        st.caption(_("Lịch đã được duyệt: thay đổi được gom lại thành đề nghị điều chỉnh."))
    locked = row.premises_id in desk.book.locked
    words = {
        EditKind.MOVE: _("Chuyển đội, ngày"),
        EditKind.REORDER: _("Đổi thứ tự"),
        EditKind.DROP: _("Bỏ lượt"),
        EditKind.UNLOCK if locked else EditKind.LOCK: _("Mở khóa") if locked else _("Khóa"),
    }
    kind = st.segmented_control(
        _("Sửa lượt này"), list(words), format_func=words.__getitem__, key=f"plan-edit-{row.premises_id}"
    )
    if kind is None:
        st.caption(_("Chọn cách sửa; giá của thay đổi hiện ra trước, chưa ghi gì."))
        _worth(row)
        return
    edit = _edit(visit, plan, desk, row.premises_id, kind)
    if edit is None:
        return
    price = price_of(desk, edit)
    if st.button(_("Xác nhận"), type="primary", disabled=not price.legal, key="plan-confirm"):
        make(visit, desk, edit)


def _edit(visit: Visit, plan: KeptPlan, desk: Desk, premises_id: str, kind: EditKind) -> Edit | None:
    """The change as it is being filled in, None while something is missing."""
    place = desk.book.where(premises_id)
    assert place is not None
    team, day = place
    if kind is EditKind.REORDER:
        names = desk.book.routes[place]
        now = names.index(premises_id) + 1
        others = [n for n in range(1, len(names) + 1) if n != now]
        if not others:
            st.info(_("Ngày này đội chỉ có một lượt."))
            return None
        return Edit(kind, premises_id, position=st.selectbox(_("Thứ tự mới"), others, key="plan-order"))
    if kind is not EditKind.MOVE:
        return Edit(kind, premises_id)
    chosen = pick_place(desk, team_names(visit, plan), premises_id, team, day)
    if chosen is None:
        return None
    if chosen[:2] == (team, day) and chosen[2] is None:
        st.caption(_("Chọn đội, ngày hoặc thứ tự khác."))
        return None
    return Edit(kind, premises_id, team_id=chosen[0], day=chosen[1], position=chosen[2])


def pick_place(
    desk: Desk, names: Mapping[str, str], key: str, team: str | None = None, day: date | None = None
) -> tuple[str, date, int | None] | None:
    """Team, day and position for a stop, None while the team has no day; the position may be the best one."""
    teams = [one.team_id for one in desk.book.problem.teams]
    if not teams:
        st.info(_("Không có đội nào trong kỳ."))
        return None
    short = short_names(names.values())
    one, two, three = st.columns([5, 4, 4])
    to = one.selectbox(
        _("Đội"),
        teams,
        index=teams.index(team) if team in teams else 0,
        format_func=lambda value: short.get(names.get(value, ""), value),
        key=f"plan-to-team-{key}",
    )
    days = days_of(desk, to)
    if not days:
        st.info(_("Đội này không còn ngày làm việc nào trong kỳ."))
        return None
    on = two.selectbox(
        _("Ngày"),
        days,
        index=days.index(day) if day in days else 0,
        format_func=weekday_text,
        key=f"plan-to-day-{key}-{to}",
    )
    own = (to, on) == (team, day)
    count = len(desk.book.routes.get((to, on), ()))
    spots = range(1, count + (1 if own else 2))
    position = three.selectbox(
        _("Thứ tự"),
        [None, *spots],
        format_func=lambda value: _("ít tốn giờ nhất") if value is None else str(value),
        key=f"plan-to-spot-{key}-{to}-{on}",
    )
    st.caption(_("Ngày này đội đang có {n} lượt.", n=count))
    return to, on, position
