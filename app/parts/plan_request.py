"""What a planner asks for: the period, the teams with their hours, how much chance, how many joint sweeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pandas as pd
import streamlit as st

from app.parts import plan_reads, plan_search
from app.parts.failures import told
from app.parts.plain import plain
from app.parts.plan_words import short_names
from app.parts.visit import Visit
from app.services import plans as service
from app.services.plan_request import TIMES
from app.text import _, label, show
from geo.joint_sweeps import SweepSettings
from geo.plan_settings import DAY_S, PlanningSettings
from geo.planning import Progress
from geo.words import PremisesType

_WEEK, _MONTH, _OWN = "week", "month", "own"


def request_form(visit: Visit, *, expanded: bool) -> None:
    """The form in which a plan is asked for."""
    with st.expander(_("Lập lịch mới"), expanded=expanded, icon=":material/add:"):
        days = period(visit.today)
        if days is None:
            st.info(_("Chọn ngày đầu và ngày cuối."))
            return
        with told():
            _asked(visit, *days)


def period(today: date) -> tuple[date, date] | None:
    """First and last day that were picked: next week at first; None while one is missing."""
    words = {_WEEK: _("Tuần tới"), _MONTH: _("Tháng tới"), _OWN: _("Chọn ngày")}
    way = st.segmented_control(
        _("Thời gian"), list(words), default=_WEEK, format_func=words.__getitem__, key="plan-period"
    )
    first, last = next_month(today) if way == _MONTH else next_week(today)
    if way == _OWN:
        picked = st.date_input(_("Từ ngày, đến ngày"), value=(first, last), format="DD/MM/YYYY", key="period")
        if not isinstance(picked, tuple) or len(picked) != 2:
            return None
        first, last = picked
    else:
        st.caption(_("Từ {first} đến {last}", first=first, last=last))
    return first, last


def next_week(today: date) -> tuple[date, date]:
    """The Monday after today and the Sunday that follows it."""
    monday = today + timedelta(days=7 - today.weekday())
    return monday, monday + timedelta(days=6)


def next_month(today: date) -> tuple[date, date]:
    """The first and the last day of the month after today's."""
    first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _asked(visit: Visit, first: date, last: date) -> None:
    teams = plan_reads.teams(visit, first, last)
    if teams.empty:
        st.warning(
            _(
                "Chưa có Đội kiểm tra nào hoạt động suốt từ {first} đến {last}, nên chưa lập được lịch. "
                "Nhờ người quản trị nhập danh sách đội (lệnh import teams), hoặc chọn thời gian khác.",
                first=first,
                last=last,
            )
        )
        return
    table = _team_editor(teams, first, last)
    usual = service.office_settings()
    one, two, three, four = st.columns(4)
    outings = one.number_input(_("Số buổi mỗi tuần của một đội"), 1, 7, usual.outings_per_week)
    share = two.number_input(
        _("Tỷ lệ bốc thăm (%)"),
        0,
        100,
        round(usual.random_share * 100),
        help=_("Phần số lượt rút ngẫu nhiên trong các cơ sở được phép kiểm tra, để không nơi nào bị bỏ quên."),
    )
    sweeps = three.number_input(_("Số đợt kiểm tra chung giáp ranh"), 0, 20, SweepSettings().count)
    seconds = four.number_input(_("Thời gian tính (giây)"), 1, 300, 20)
    settings = replace(usual, outings_per_week=int(outings), random_share=share / 100)
    more = _further(visit, settings)
    if not st.button(
        _("Lập kế hoạch"), type="primary", icon=":material/route:", disabled=plan_search.running()
    ):
        return
    chosen = service.team_changes(table)
    if not chosen:
        st.warning(_("Chưa chọn đội nào: đánh dấu ít nhất một đội tham gia."))
        return
    service.check_period(first, last, visit.today)
    start, minutes = st.session_state["plan-sweep-start"], int(st.session_state["plan-sweep-minutes"])
    request = replace(
        more,
        first=first,
        last=last,
        seconds=float(seconds),
        team_ids=frozenset(chosen),
        team_changes=chosen,
        sweeps=SweepSettings(count=int(sweeps), start=start, minutes=minutes) if sweeps else None,
    )
    _begin(visit, request)
    st.rerun()


def _begin(visit: Visit, request: service.PlanRequest) -> None:
    store, actor, today = visit.store, visit.actor, visit.today

    def work(watch: Progress) -> str:
        return str(service.draft_plan(store, actor, request, today, watch=watch)["plan"])

    plan_search.begin(_("Đang lập lịch {first} - {last}", first=request.first, last=request.last), work)


def _team_editor(teams: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    """The teams of the period with their hours, to be changed for this plan."""
    table = pd.DataFrame(
        {
            "id": teams["id"],
            "use": True,
            "name": teams["name"].map(short_names(teams["name"])),
            "shift_start": teams["shift_start"],
            "shift_end": teams["shift_end"],
            "max_visits": teams["max_visits"],
            "pause_start": _times(teams["pause_start"]),
            "pause_end": _times(teams["pause_end"]),
            "base": [_("giữa địa bàn") if p is None else _("đã đặt") for p in teams["geometry"]],
        }
    )
    edited = st.data_editor(
        table,
        hide_index=True,
        disabled=["name", "base"],
        column_order=["use", "name", *TIMES[:2], "max_visits", *TIMES[2:], "base"],
        column_config={
            "use": st.column_config.CheckboxColumn(_("Tham gia"), required=True, width="small"),
            "name": st.column_config.TextColumn(_("Đội"), width="medium"),
            "shift_start": st.column_config.TimeColumn(_("Từ"), format="HH:mm", required=True, width="small"),
            "shift_end": st.column_config.TimeColumn(_("Đến"), format="HH:mm", required=True, width="small"),
            "max_visits": st.column_config.NumberColumn(
                _("Lượt mỗi ngày"), min_value=1, max_value=20, step=1, required=True, width="small"
            ),
            "base": st.column_config.TextColumn(_("Điểm xuất phát"), width="medium"),
            "pause_start": st.column_config.TimeColumn(_("Nghỉ từ"), format="HH:mm", width="small"),
            "pause_end": st.column_config.TimeColumn(_("Nghỉ đến"), format="HH:mm", width="small"),
        },
        key=f"teams-{first}-{last}",
    )
    st.caption(
        _(
            "Giờ ở cột “Đến” sớm hơn giờ ở cột “Từ” nghĩa là ca kéo dài qua nửa đêm, sang ngày hôm sau. "
            "Đội chưa đặt điểm xuất phát thì đi từ giữa địa bàn của mình."
        )
    )
    return edited


def _times(values: pd.Series) -> pd.Series:
    """Times of day, None where there is none."""
    return pd.Series([one if isinstance(one, time) else None for one in values], values.index, dtype=object)


def _further(visit: Visit, settings: PlanningSettings) -> service.PlanRequest:
    """Settings that are seldom changed, and premises that are to be left out or to be in."""
    with st.expander(_("Cài đặt khác"), icon=":material/tune:"):
        premises = plan_reads.ground(visit).premises
        names = {row.id: f"{row.name} · {row.address}" for row in premises.itertuples()}
        left, right = st.columns(2)
        inside = left.multiselect(
            _("Phải có trong lịch"), list(names), format_func=names.__getitem__, placeholder=_("Không có")
        )
        outside = right.multiselect(
            _("Không đưa vào lịch"), list(names), format_func=names.__getitem__, placeholder=_("Không có")
        )
        paces = {2.0: _("gấp đôi tiến độ năm"), 1.0: _("đúng tiến độ năm"), None: _("nhiều nhất có thể")}
        one, two, three = st.columns(3)
        pace = one.selectbox(
            _("Số lượt"),
            [*dict.fromkeys([settings.pace, *paces])],
            format_func=lambda value: paces.get(value) or _("{n} lần tiến độ năm", n=value),
        )
        two.time_input(_("Giờ kiểm tra chung"), SweepSettings().start, key="plan-sweep-start")
        three.number_input(
            _("Số phút một đợt kiểm tra chung"), 15, 240, SweepSettings().minutes, key="plan-sweep-minutes"
        )
        st.caption(_hours(settings))
    return service.PlanRequest(
        first=visit.today,
        last=visit.today,
        locked=frozenset(inside),
        excluded=frozenset(outside),
        settings=replace(settings, pace=pace),
    )


def _hours(settings: PlanningSettings) -> str:
    """When each type of premises is checked, and how long a check takes."""
    told = []
    for kind in PremisesType:
        if kind not in settings.windows:
            continue
        when = ", ".join(f"{_clock(w.open_s)}-{_clock(w.close_s)}" for w in settings.windows[kind])
        told.append(f"{label(kind)} {when}")
    minutes = settings.usual_service_min
    return plain(
        _(
            "Giờ kiểm tra theo loại hình: {hours}; loại khác: giờ làm của đội. Một lượt thường {n} phút.",
            hours=show("; ".join(told)),
            n=minutes,
        )
    )


def _clock(seconds: int) -> str:
    return f"{seconds % DAY_S // 3600:02d}:{seconds % 3600 // 60:02d}"
