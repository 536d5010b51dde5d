"""The quick report (báo cáo nhanh) on a hotspot that was eliminated or came back: it names the hotspot.

Premises are counted, never named; of signals only those that were verified are counted, and none is quoted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.cells import text_of
from app.services.facts import Known
from app.services.hotspots import inside
from app.services.report_contents import Contents, period_line
from app.services.report_figures import Figure, figure_id
from app.services.report_request import Asked
from app.services.report_text import Section, figure_lines
from app.text import label, show, speaking
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.hotspots import catchments, watch_ends_on
from geo.messages import msg
from geo.periods import parse_period
from geo.report_calendar import chosen_days
from geo.review_words import ReportKind
from geo.units import covering
from geo.words import HotspotState, PatrolResult, SignalState, VisitOutcome

#: Changes of state that a quick report is owed for.
REPORTED = (HotspotState.ELIMINATED, HotspotState.REACTIVATED)
#: A doubt is no matter for a paper.
_UNTOLD = (HotspotState.SUSPECTED, HotspotState.DISMISSED)


@dataclass(frozen=True)
class _Spot:
    """A hotspot with its catchment and what is told of its changes of state, oldest first."""

    row: Any
    ground: Any
    told: pd.DataFrame


def asked_quick(
    store: Store, actor: Actor, hotspot_id: str | None, period: str | None, *, as_of: date
) -> Asked:
    """The quick report on a hotspot's last elimination or return up to the day, in ``period`` if one is given.

    It counts the days since the change of state before. Raises InputError ``no_hotspot``, ``unknown_hotspot``;
    RuleError ``nothing_to_report`` where the hotspot was neither eliminated nor came back, ``outside_scope``.
    """
    require(actor, Right.SEE_TIPS)
    if not hotspot_id:
        raise InputError("no_hotspot", msg("Báo cáo nhanh cần nêu điểm phức tạp (--hotspot)."))
    wanted = parse_period(period) if period else None
    with store.read(actor) as work:
        known = Known(work, as_of)
        spot = _spot(known, hotspot_id)
        days = [day.date() for day in spot.told["on_date"]]
        states = list(spot.told["state"])
        at = [
            number
            for number, (state, day) in enumerate(zip(states, days, strict=True))
            if state in REPORTED and (wanted is None or wanted.first <= day <= wanted.last)
        ]
        if not at:
            raise RuleError(
                "nothing_to_report",
                msg("Điểm phức tạp này không được triệt xóa và không tái hoạt động trong thời gian đó."),
            )
        first = days[max(at[-1] - 1, 0)]
        unit = covering(gpd.GeoDataFrame([spot.row], crs=known.hotspots.crs), known.units).iloc[0]
        names = known.units.set_index("id")["name"]
    chosen = chosen_days(ReportKind.QUICK, first, days[at[-1]])
    found = None if pd.isna(unit) else str(unit)
    if actor.scope is not None and found not in actor.scope:
        raise RuleError("outside_scope", msg("Điểm phức tạp này do phường khác báo cáo."))
    return Asked(ReportKind.QUICK, chosen, as_of, found, names[found] if found else None, hotspot_id)


def _spot(known: Known, hotspot_id: str | None) -> _Spot:
    found = known.hotspots[known.hotspots["id"] == hotspot_id]
    if found.empty:
        raise InputError("unknown_hotspot", msg("Không có điểm phức tạp {id}.", id=hotspot_id or ""))
    changes = known.transitions[known.transitions["hotspot_id"] == hotspot_id]
    told = changes[~changes["state"].isin(_UNTOLD)].reset_index(drop=True)
    return _Spot(found.iloc[0], catchments(found).iloc[0], told)


def contents(store: Store, actor: Actor, asked: Asked, *, as_of: date, known_by: datetime) -> Contents:
    """The quick report that is asked for, of what is on record now."""
    require(actor, Right.SEE_TIPS)
    with speaking("vi"), store.read(actor) as work:
        known = Known(work, as_of)
        spot = _spot(known, asked.hotspot_id)
        told = spot.told[spot.told["on_date"] <= pd.Timestamp(asked.period.last)]
        state = HotspotState(told["state"].iloc[-1])
        figures = _figures(known, spot, asked)
        event = "đã triệt xóa" if state is HotspotState.ELIMINATED else "tái hoạt động"
        return Contents(
            about=f"theo dõi, xử lý điểm phức tạp “{spot.row['name']}” {event}",
            period_line=period_line(asked.period, max(as_of, asked.period.last)),
            figures=tuple(figures),
            sections=tuple(_sections(spot, told, state, figures)),
            units_as_of=asked.units_as_of,
            facts=tuple(_facts(spot, told, state, asked)),
        )


def _facts(spot: _Spot, told: pd.DataFrame, state: HotspotState, asked: Asked) -> list[tuple[str, str]]:
    last = told.iloc[-1]
    facts = [
        ("Điểm phức tạp", str(spot.row["name"])),
        ("Phường", asked.ward or ""),
        ("Trạng thái", label(state)),
        ("Từ ngày", show(last["on_date"].date())),
        ("Văn bản", text_of(last["document"]) or ""),
        ("Bán kính vùng theo dõi (m)", show(float(spot.row["catchment_m"]))),
    ]
    return [(name, value) for name, value in facts if value]


def _figures(known: Known, spot: _Spot, asked: Asked) -> list[Figure]:
    """What was done inside the catchment in the days of the report."""
    visits = _during(inside(known.inspections, spot.ground), asked)
    visits = visits[visits["outcome"] == VisitOutcome.CHECKED]
    found = _during(inside(known.findings, spot.ground), asked)
    heard = _during(inside(known.signals, spot.ground), asked)
    heard = heard[heard["state"] == SignalState.VERIFIED]
    walks = _during(known.patrols[known.patrols["hotspot_id"] == asked.hotspot_id], asked)
    signs = walks[walks["result"] == PatrolResult.SIGN]
    premises = inside(known.premises, spot.ground)
    counted = (
        ("premises_inside", "cơ sở trong vùng theo dõi", "premises", premises),
        ("inspections", "lượt kiểm tra cơ sở trong vùng theo dõi", "inspections", visits),
        ("findings", "vi phạm được phát hiện trong vùng theo dõi", "findings", found),
        ("signals_verified", "nguồn tin đã xác minh, có căn cứ", "signals", heard),
        ("patrols", "lượt tuần tra", "patrols", walks),
        ("patrols_sign", "lượt tuần tra có dấu hiệu", "patrols", signs),
    )
    return [
        Figure(
            id=figure_id(code, asked.unit_id),
            code=code,
            name=name,
            unit_id=asked.unit_id,
            ward=asked.ward,
            in_plan=False,
            value=rows["id"].nunique(),
            rows={table: sorted(set(rows["id"]))} if len(rows) else {},
        )
        for code, name, table, rows in counted
    ]


def _during(rows: gpd.GeoDataFrame, asked: Asked) -> gpd.GeoDataFrame:
    days = pd.to_datetime(rows["on_date"])
    return rows[(days >= pd.Timestamp(asked.period.first)) & (days <= pd.Timestamp(asked.period.last))]


def _sections(spot: _Spot, told: pd.DataFrame, state: HotspotState, figures: Sequence[Figure]) -> list[Section]:
    course = tuple(
        f"- Ngày {change.on_date:%d/%m/%Y}: {label(HotspotState(change.state))}{_by_paper(change.document)}."
        for change in told.itertuples()
    )
    return [
        Section("course", "1. Diễn biến", course),
        figure_lines("done", "2. Kết quả đã thực hiện", figures),
        Section("next", "3. Nhiệm vụ tiếp theo", tuple(_next(spot.row, told, state))),
    ]


def _by_paper(document: Any) -> str:
    number = text_of(document)
    return f" (theo {number})" if number else ""


def _next(spot: Any, told: pd.DataFrame, state: HotspotState) -> list[str]:
    if state is HotspotState.REACTIVATED:
        return [
            "- Tăng cường tuần tra, xác minh; xử lý vi phạm theo thẩm quyền.",
            "- Báo cáo giải trình việc điểm phức tạp tái hoạt động.",
        ]
    until = watch_ends_on(told["on_date"].iloc[-1].date(), int(spot["watch_months"]))
    by = text_of(spot["patrol_by"])
    who = f" ({by})" if by else ""
    return [
        f"- Tuần tra {int(spot['patrol_every_days'])} ngày một lần{who}.",
        f"- Theo dõi {int(spot['watch_months'])} tháng, đến ngày {until:%d/%m/%Y}; có nguồn tin được xác minh "
        "thì tính lại từ ngày đó.",
    ]
