"""Hotspots: which change of state is allowed when, how long the watch runs, which patrols are due.

States after the malaria programme's classes for foci: ``suspected -> active -> eliminated (under watch) ->
cleared``, ``eliminated | cleared -> reactivated -> active``; a suspected one can be ``dismissed``. A person
decides every change; nothing here changes a state by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.crs import LONLAT, METRIC
from geo.errors import RuleError
from geo.messages import Message, msg
from geo.patrol_rhythm import order_stands
from geo.word_texts import word_text
from geo.words import HotspotState

#: Which state may follow which; ``None`` is a hotspot not yet on record.
ALLOWED: Mapping[HotspotState | None, frozenset[HotspotState]] = {
    None: frozenset({HotspotState.SUSPECTED, HotspotState.ACTIVE}),
    HotspotState.SUSPECTED: frozenset({HotspotState.ACTIVE, HotspotState.DISMISSED}),
    HotspotState.ACTIVE: frozenset({HotspotState.ELIMINATED}),
    HotspotState.ELIMINATED: frozenset({HotspotState.CLEARED, HotspotState.REACTIVATED}),
    HotspotState.CLEARED: frozenset({HotspotState.REACTIVATED}),
    HotspotState.REACTIVATED: frozenset({HotspotState.ACTIVE}),
    HotspotState.DISMISSED: frozenset(),
}
#: States in which a hotspot is quiet and must stay so: detection looks at these.
QUIET_STATES = frozenset({HotspotState.ELIMINATED, HotspotState.CLEARED})


def check_transition(
    current: HotspotState | None,
    new: HotspotState,
    *,
    on_date: date,
    as_of: date,
    history: Iterable[tuple[HotspotState, date]],
    reason: str,
    document: str | None = None,
    watch_months: int = 24,
    verified_signals: Iterable[date] = (),
) -> None:
    """Raise ``RuleError`` with the reason if the hotspot may not go from ``current`` to ``new`` on ``on_date``.

    ``history``: (state, date) of the earlier transitions. ``verified_signals``: dates of the verified signals
    inside the catchment; they matter for ``cleared`` only, which needs ``watch_months`` without one: the watch
    begins anew at the latest verified signal. Elimination needs a document; every change needs a reason, and
    lies neither before the previous change nor after ``as_of``.
    """
    past = sorted(history, key=lambda change: change[1])
    if new not in ALLOWED[current]:
        raise _forbidden(current, new)
    if not reason.strip():
        raise RuleError("hotspot_reason", msg("Cần ghi lý do khi đổi trạng thái điểm phức tạp."))
    if on_date > as_of:
        raise RuleError(
            "hotspot_date",
            msg("Ngày đổi trạng thái {date} ở tương lai.", date=_day(on_date)),
            hint=msg("Ngày muộn nhất có thể ghi là {date}.", date=_day(as_of)),
        )
    if past and on_date < past[-1][1]:
        raise RuleError(
            "hotspot_date",
            msg(
                "Ngày đổi trạng thái {date} trước lần đổi trước đó ({previous}).",
                date=_day(on_date),
                previous=_day(past[-1][1]),
            ),
        )
    if new is HotspotState.ELIMINATED and not (document or "").strip():
        raise RuleError("hotspot_document", msg("Triệt xóa cần có số văn bản."))
    if new is HotspotState.CLEARED:
        _check_watch(on_date, past, watch_months, verified_signals)


def _check_watch(
    on_date: date,
    past: list[tuple[HotspotState, date]],
    watch_months: int,
    verified_signals: Iterable[date],
) -> None:
    eliminated = [day for state, day in past if state is HotspotState.ELIMINATED]
    if not eliminated:
        raise RuleError("hotspot_watch", msg("Chưa có ngày triệt xóa, nên chưa thể hết theo dõi."))
    heard = [day for day in verified_signals if eliminated[-1] <= day <= on_date]
    ends = watch_ends_on(max([eliminated[-1], *heard]), watch_months)
    if on_date >= ends:
        return
    if heard:
        raise RuleError(
            "hotspot_watch",
            msg(
                "Có nguồn tin đã xác minh ngày {heard}: phải yên đủ {months} tháng từ ngày đó, tức đến {ends}.",
                heard=_day(max(heard)),
                months=watch_months,
                ends=_day(ends),
            ),
        )
    raise RuleError(
        "hotspot_watch",
        msg("Chưa hết thời gian theo dõi {months} tháng: đến {ends}.", months=watch_months, ends=_day(ends)),
    )


def _forbidden(current: HotspotState | None, new: HotspotState) -> RuleError:
    if current is None:
        return RuleError(
            "hotspot_transition",
            msg("Điểm mới không thể bắt đầu ở trạng thái “{new}”.", new=word_text(new)),
            hint=msg("Ghi lần lượt các trạng thái trước, mỗi trạng thái một ngày."),
        )
    return RuleError(
        "hotspot_transition",
        msg(
            "Không thể chuyển từ “{current}” sang “{new}”.",
            current=word_text(current),
            new=word_text(new),
        ),
        hint=_next_states(current),
    )


def _next_states(current: HotspotState) -> Message:
    following = sorted(ALLOWED[current])
    if not following:
        return msg("Đây là trạng thái cuối.")
    if len(following) == 1:
        return msg("Trạng thái tiếp theo có thể là “{one}”.", one=word_text(following[0]))
    return msg(
        "Trạng thái tiếp theo có thể là “{one}” hoặc “{two}”.",
        one=word_text(following[0]),
        two=word_text(following[1]),
    )


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def watch_ends_on(start: date, watch_months: int) -> date:
    """First day on which a watch of ``watch_months`` calendar months from ``start`` is over.

    >>> watch_ends_on(date(2024, 2, 29), 12)
    datetime.date(2025, 2, 28)
    """
    return date.fromisoformat(str((pd.Timestamp(start) + pd.DateOffset(months=watch_months)).date()))


def days_since_elimination(hotspots: pd.DataFrame, as_of: date) -> pd.Series:
    """Days since elimination of each quiet hotspot, indexed like ``hotspots``; missing for the others."""
    days = (pd.Timestamp(as_of) - pd.to_datetime(hotspots["eliminated_on"])).dt.days
    counted = hotspots["state"].isin(QUIET_STATES) & (days >= 0)
    return days.where(counted).astype("Int64")


def catchments(hotspots: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """The area within ``catchment_m`` metres of each hotspot: polygons in EPSG:4326, indexed like ``hotspots``.

    Broken geometries are repaired first; an empty or missing one gives an empty polygon.
    """
    shapes = shapely.make_valid(np.asarray(hotspots.geometry.to_crs(METRIC).to_numpy(), dtype=object))
    distance = np.nan_to_num(hotspots["catchment_m"].to_numpy(dtype=float))
    areas = shapely.buffer(shapes, np.maximum(distance, 0.0), quad_segs=32)
    areas = np.where(shapely.is_missing(areas), shapely.Polygon(), areas)
    return gpd.GeoSeries(areas, index=hotspots.index, crs=METRIC).to_crs(LONLAT)


def patrols_due(hotspots: pd.DataFrame, patrols: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Where a patrol is due: at the hotspots under watch (state ``eliminated``) in their rhythm, and wherever
    one was ordered and has not come, whatever the state.

    Returns ``hotspot_id``, ``last_on`` (date or None), ``due_on`` (date, the earlier of the two),
    ``overdue_days`` (0 on time), ``ordered_for`` (date or None: no order stands), most overdue first. The
    rhythm starts with the elimination; patrols after ``as_of`` do not count.
    """
    last = pd.to_datetime(hotspots["id"].map(_last_patrols(patrols, as_of)))
    ordered = _standing_orders(hotspots, patrols, as_of)
    due = pd.concat([_due_by_rhythm(hotspots, last, as_of), ordered], axis=1).min(axis=1)
    kept = due.notna()
    overdue = (pd.Timestamp(as_of) - due[kept]).dt.days.clip(lower=0)
    result = pd.DataFrame(
        {
            "hotspot_id": hotspots.loc[kept, "id"].astype(str),
            "last_on": _days(last[kept]),
            "due_on": due[kept].dt.date,
            "overdue_days": overdue.astype(int),
            "ordered_for": _days(ordered[kept]),
        }
    )
    by = ["overdue_days", "due_on", "hotspot_id"]
    return result.sort_values(by, ascending=[False, True, True], ignore_index=True)


def _due_by_rhythm(hotspots: pd.DataFrame, last: pd.Series, as_of: date) -> pd.Series:
    """The next due day of each hotspot under watch, missing for the others."""
    start = pd.to_datetime(hotspots["eliminated_on"]).fillna(pd.to_datetime(hotspots["state_since"]))
    rhythm = pd.to_timedelta(hotspots["patrol_every_days"], unit="D")
    due = pd.concat([start, last], axis=1).max(axis=1) + rhythm
    watched = hotspots["state"].eq(HotspotState.ELIMINATED) & (start <= pd.Timestamp(as_of))
    return due.where(watched)


def _standing_orders(hotspots: pd.DataFrame, patrols: pd.DataFrame, as_of: date) -> pd.Series:
    """The day by which a patrol was ordered, missing without an order that still stands."""
    ordered = pd.to_datetime(hotspots["patrol_ordered_for"])
    asked = ordered.notna() & hotspots["state"].ne(HotspotState.DISMISSED)
    for row in hotspots.index[asked]:
        own = patrols[patrols["hotspot_id"] == hotspots.at[row, "id"]]
        if not order_stands(hotspots.at[row, "patrol_ordered_at"], patrol_times(own), as_of):
            ordered[row] = pd.NaT
    return ordered.where(asked)


def patrol_times(patrols: pd.DataFrame) -> list[tuple[date, datetime | None]]:
    """Day and, where it was noted, instant of each patrol."""
    return [
        (day.date(), None if pd.isna(at) else at)
        for day, at in zip(patrols["on_date"], patrols["at"], strict=True)
    ]


def _days(instants: pd.Series) -> pd.Series:
    days = [None if pd.isna(instant) else instant.date() for instant in instants]
    return pd.Series(days, index=instants.index, dtype=object)


def _last_patrols(patrols: pd.DataFrame, as_of: date) -> dict[str, pd.Timestamp]:
    if patrols.empty:
        return {}
    days = pd.to_datetime(patrols["on_date"])
    past = days <= pd.Timestamp(as_of)
    return dict(days[past].groupby(patrols.loc[past, "hotspot_id"]).max())
