"""What a plan comes to: coverage of each ward, joint sweeps and borders, and what was left out and why."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from app.parts import choices, plan_reads
from app.parts.charts import Bar, BarRow, bar_rows, colour_key
from app.parts.plain import plain
from app.parts.plan_words import date_column, number_column, short_names, weekday_text
from app.parts.visit import Visit
from app.services import plan_sweeps
from app.services.plan_reading import KeptPlan
from app.text import _, number, render
from geo.fold import fold

_BEFORE, _AFTER = "#0062a3", "#7fb2d9"


def figures(plan: KeptPlan) -> None:
    """The plan in one line."""
    objective = plan.summary["solver"].get("objective")
    drawn = int(plan.visits["drawn_at_random"].sum())
    told = [
        _("**{n}** lượt, **{drawn}** bốc thăm", n=len(plan.visits), drawn=drawn),
        _("**{n}** buổi", n=len(plan.routes)),
        _("**{km}** km", km=number(float(plan.routes["km"].sum()))),
        _("**{hours}** giờ", hours=number(float(plan.routes["minutes"].sum()) / 60)),
        _("**{n}** đợt kiểm tra chung", n=len(plan.sweeps)),
    ]
    if objective is not None:
        told.append(_("giá trị **{points}** điểm", points=number(float(objective))))
    st.markdown(" · ".join(told))


def notes(plan: KeptPlan) -> None:
    """What the planner is told about the plan."""
    told = list(dict.fromkeys(render(note) for note in plan.summary.get("notes", [])))
    if told:
        with st.popover(_("Lưu ý ({n})", n=len(told)), icon=":material/info:", key="plan-open-notes"):
            for note in told:
                st.markdown(f"- {plain(note)}")


def coverage(visit: Visit, plan: KeptPlan) -> None:
    """Share of each ward's premises inspected in the year: before, after, the target, what is still missing."""
    rows = plan.summary["coverage"]
    if not rows:
        st.info(_("Chưa có cơ sở nào để tính độ bao phủ."))
        return
    units = plan_reads.ground(visit).units
    names = dict(zip(units["id"], units["name"], strict=True))
    rows = sorted(rows, key=lambda row: str(names.get(row["ward"], "")))
    left, right = st.columns([5, 6], gap="medium")
    with left:
        colour_key([(_BEFORE, _("đã kiểm tra")), (_AFTER, _("thêm theo lịch này"))])
        bar_rows([_ward_bar(row, names) for row in rows], _("Độ bao phủ từng phường"), room=0.34)
    with right:
        st.dataframe(
            _coverage_table(rows, names),
            hide_index=True,
            column_config={
                **dict.fromkeys((_("Trước"), _("Sau"), _("Chỉ tiêu")), number_column("%.1f%%")),
                _("Mỗi tuần"): number_column("%.1f"),
            },
        )
        st.caption(
            _(
                "Còn thiếu: số cơ sở cần kiểm tra thêm để đạt chỉ tiêu năm; mỗi tuần: nhịp cần giữ từ sau "
                "lịch này đến 31/12."
            )
        )


def _ward_bar(row: dict[str, Any], names: dict[str, str]) -> BarRow:
    before, after, target = (100 * float(row[name]) for name in ("before", "after", "target"))
    title = _("{ward} (chỉ tiêu {target}%)", ward=names.get(row["ward"], ""), target=number(target))
    told = f"{number(before)} → {number(after)}%"
    return BarRow(title, [[Bar(0.0, before, _BEFORE), Bar(before, after, _AFTER, told)]])


def _coverage_table(rows: list[dict[str, Any]], names: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            _("Phường"): [names.get(row["ward"], "") for row in rows],
            _("Cơ sở"): [row["premises"] for row in rows],
            _("Đã kiểm tra"): [row["inspected"] for row in rows],
            _("Lịch này"): [row.get("planned") for row in rows],
            _("Trước"): [100 * row["before"] for row in rows],
            _("Sau"): [100 * row["after"] for row in rows],
            _("Chỉ tiêu"): [100 * row["target"] for row in rows],
            _("Còn thiếu"): [row.get("missing") for row in rows],
            _("Mỗi tuần"): [row.get("pace") for row in rows],
        }
    )


def borders(visit: Visit, plan: KeptPlan) -> None:
    """The joint sweeps with both teams, time and place to meet; the riskiest segments and whether they are
    reached."""
    _sweeps(visit, plan)
    strips = plan_reads.ground(visit).strips
    known = {row["segment"]: row for row in plan.summary["borders"]}
    if strips.empty or not known:
        st.caption(_("Chưa có đoạn giáp ranh nào."))
        return
    worst = strips[strips["id"].isin(known)].sort_values("rank").head(20)
    days = [known[segment]["date"] for segment in worst["id"]]
    st.markdown(f"**{_('Đoạn giáp ranh có nguy cơ cao nhất')}**")
    st.dataframe(
        pd.DataFrame(
            {
                _("Hạng"): worst["rank"].astype(int),
                _("Đoạn giáp ranh"): [" – ".join(map(str, names)) for names in worst["names"]],
                _("Nguy cơ"): [float(risk) for risk in worst["risk"]],
                _("Có trong lịch"): [bool(known[segment]["visited"]) for segment in worst["id"]],
                _("Kiểm tra chung"): [bool(known[segment].get("start")) for segment in worst["id"]],
                _("Ngày"): [date.fromisoformat(day) if day else None for day in days],
            }
        ),
        hide_index=True,
        column_config={_("Nguy cơ"): number_column("%.1f"), _("Ngày"): date_column()},
    )


def _sweeps(visit: Visit, plan: KeptPlan) -> None:
    st.markdown(f"**{_('Các đợt kiểm tra chung')}**")
    if plan.sweeps.empty:
        st.caption(_("Lịch này không có đợt kiểm tra chung nào."))
        return
    names = plan_reads.team_names(visit, plan)
    short = short_names(names.values())
    rows = list(plan.sweeps.itertuples(index=False))
    papers = {
        one.id: render(one.state.text)
        for one in plan_sweeps.kept_sweeps(visit.store, visit.actor, plan.plan_id, visit.today)
    }
    middles = [row.geometry.interpolate(0.5, normalized=True) for row in rows]
    st.dataframe(
        pd.DataFrame(
            {
                _("Thời gian"): [
                    f"{weekday_text(row.on_date)}, {row.starts:%H:%M}–{row.ends:%H:%M}" for row in rows
                ],
                _("Giáp ranh"): [" – ".join(row.names) for row in rows],
                _("Hai bên"): [" + ".join(short.get(team, team) for team in row.teams) for row in rows],
                _("Chủ trì"): [short.get(names.get(row.lead_team_id, ""), "") for row in rows],
                _("Nơi gặp (vĩ độ, kinh độ)"): [f"{one.y:.5f}, {one.x:.5f}" for one in middles],
                _("Văn bản"): [papers.get(row.id, "") for row in rows],
            }
        ),
        hide_index=True,
    )
    st.caption(_("Hai bên gặp nhau ở giữa đoạn; mỗi bên kiểm tra trong địa bàn của mình."))


def left_out(visit: Visit, plan: KeptPlan) -> None:
    """Premises without a visit, each with the reason; to be searched, and grouped by reason."""
    premises = plan_reads.ground(visit).premises.set_index("id")
    rows = [row for row in plan.summary["unserved"] if row["premises"] in premises.index]
    if not rows:
        st.info(_("Mọi cơ sở đều có trong lịch."))
        return
    counts = Counter(row["code"] for row in rows)
    words = _codes()
    one, two = st.columns([2, 3])
    code = one.selectbox(
        _("Lý do"),
        [None, *(code for code, _n in counts.most_common())],
        format_func=lambda value: (
            _("Tất cả ({n})", n=len(rows)) if value is None else f"{words.get(value, value)} ({counts[value]})"
        ),
        key="plan-left-code",
    )
    typed = two.text_input(
        _("Tìm trong danh sách"), max_chars=100, icon=":material/search:", key="plan-left-typed"
    )
    rows = [row for row in rows if code in (None, row["code"])]
    table = pd.DataFrame(
        {
            _("Cơ sở"): [premises.at[row["premises"], "name"] for row in rows],
            _("Phường"): [premises.at[row["premises"], "ward_name"] for row in rows],
            _("Lý do"): [words.get(row["code"], row["code"]) for row in rows],
            _("Vì sao không xếp"): [render(row["why"]) for row in rows],
            _("Địa chỉ"): [premises.at[row["premises"], "address"] for row in rows],
        }
    )
    wanted = choices.search_words(typed or "")
    if wanted and len(table):
        texts = pd.Series([fold(" ".join(map(str, row))) for row in table.itertuples(index=False)])
        table = table[choices.matches(texts, wanted).to_numpy()]
    st.caption(_("{n} cơ sở", n=len(table)))
    st.dataframe(
        table,
        hide_index=True,
        height=360,
        column_config={_("Vì sao không xếp"): st.column_config.TextColumn(width="large")},
    )


def _codes() -> dict[str, str]:
    """Groups of reasons."""
    return {
        "inactive": _("Không hoạt động"),
        "no_point": _("Chưa có vị trí"),
        "not_open": _("Chưa mở cửa"),
        "capped": _("Đã kiểm tra trong năm"),
        "standing": _("Đã có trong lịch khác"),
        "excluded": _("Người lập lịch loại ra"),
        "basis": _("Thiếu căn cứ"),
        "outside": _("Ngoài địa bàn các đội"),
        "complaint": _("Đang khiếu nại đội"),
        "skill": _("Đội thiếu thành viên"),
        "lock": _("Ấn định không hợp lệ"),
        "no_days": _("Đội không có ngày làm việc"),
        "too_early": _("Chưa đến hạn"),
        "closed": _("Đóng cửa"),
        "hours": _("Giờ không khớp"),
        "unreachable": _("Không đến được"),
        "appointment": _("Buổi dành cho cuộc hẹn"),
        "same_business": _("Cùng số đăng ký với lượt khác"),
        "lower_value": _("Giá trị thấp hơn"),
        "no_room": _("Hết lượt hoặc hết giờ"),
        "daily_limit": _("Đủ lượt mỗi ngày"),
        "quota": _("Đủ lượt theo tiến độ"),
        "dropped": _("Người lập lịch bỏ"),
        "not_chosen": _("Không được chọn"),
    }
