"""Hotspots: the list of them, the transitions that people decide, and the plan of the watch."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, require
from app.services.alerts import close_answered
from app.services.facts import Known
from app.services.free_text import about_places
from data.repositories import places
from data.repositories.frames import matched
from data.store import Actor, Store
from data.tables import Hotspot, HotspotTransition
from geo.errors import ConflictError, InputError
from geo.hotspots import catchments, check_transition, days_since_elimination, patrols_due
from geo.messages import Message, msg
from geo.words import HotspotState, SignalState


def overview(store: Store, actor: Actor, as_of: date) -> gpd.GeoDataFrame:
    """Hotspots of the day with days since elimination and the signals of a year inside the catchment."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        known = Known(work, as_of)
        spots = known.hotspots
        ground = catchments(spots)
        year_ago = pd.Timestamp(as_of) - pd.Timedelta(days=365)
        recent = known.signals[(known.signals["on_date"] > year_ago) & known.signals.geometry.notna()]
        spots["signals_year"] = [int(recent.geometry.intersects(shape).sum()) for shape in ground]
        spots["days_since"] = days_since_elimination(spots, as_of)
        due = patrols_due(spots, known.patrols, as_of).set_index("hotspot_id")
        spots["last_patrol"] = pd.to_datetime(matched(spots["id"], due["last_on"]))
        spots["patrol_overdue_days"] = matched(spots["id"], due["overdue_days"]).astype("Int64")
        spots["catchment"] = list(ground)
    return spots


def inside(frame: gpd.GeoDataFrame, ground: Any) -> gpd.GeoDataFrame:
    """The rows whose place touches ``ground``."""
    return frame[frame.geometry.notna() & frame.geometry.intersects(ground)]


def change_state(
    store: Store,
    actor: Actor,
    hotspot_id: str,
    new: HotspotState,
    *,
    on_date: date,
    reason: str,
    document: str | None,
    seen: HotspotState | None = None,
) -> None:
    """Record a transition that a person decided; one that answers the place's open alerts closes them.

    ``seen`` is the state that the person had before their eyes. Raises ConflictError when somebody else was
    first, RuleError when the rules forbid the transition.
    """
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        known = Known(work, work.today)
        found = known.hotspots[known.hotspots["id"] == hotspot_id]
        if found.empty:
            raise InputError("unknown_hotspot", msg("Không có điểm phức tạp {id}.", id=hotspot_id))
        spot = found.iloc[0]
        if seen is not None and spot["state"] != seen:
            raise ConflictError(
                "changed_meanwhile",
                msg(
                    "Người khác đã chuyển điểm này sang “{state}” trước bạn. Thay đổi của bạn chưa được ghi.",
                    state=HotspotState(spot["state"]),
                ),
                hint=msg("Xem trạng thái mới rồi quyết định có ghi nữa không."),
            )
        past = known.transitions[known.transitions["hotspot_id"] == hotspot_id]
        heard = inside(known.signals, catchments(found).iloc[0])
        check_transition(
            HotspotState(spot["state"]),
            new,
            on_date=on_date,
            as_of=work.today,
            history=[(HotspotState(row.state), row.on_date.date()) for row in past.itertuples()],
            reason=reason,
            document=document,
            watch_months=int(spot["watch_months"]),
            verified_signals=[
                day.date() for day in heard.loc[heard["state"] == SignalState.VERIFIED, "on_date"]
            ],
        )
        work.session.add(
            HotspotTransition(
                **work.event(),
                hotspot_id=hotspot_id,
                state=new.value,
                on_date=on_date,
                reason=about_places(reason),
                document=about_places(document) or None,
            )
        )
        if new in (HotspotState.REACTIVATED, HotspotState.ACTIVE):
            close_answered(work, hotspot_id, about_places(reason))
        work.note("hotspot.state", hotspot_id, state=new.value, on=on_date.isoformat())


@dataclass(frozen=True)
class WatchSettings:
    """What an officer may set at a hotspot. ``patrol_by``: the body that patrols it, never a person."""

    catchment_m: float
    watch_months: int
    patrol_every_days: int
    patrol_by: str = ""


#: What a person may set, in metres, months and days.
WATCH_LIMITS: dict[str, tuple[float, float]] = {
    "catchment_m": (20, 2000),
    "watch_months": (1, 120),
    "patrol_every_days": (1, 120),
}
_WATCH_WORDS: dict[str, Message] = {
    "catchment_m": msg("bán kính theo dõi (m)"),
    "watch_months": msg("thời gian theo dõi (tháng)"),
    "patrol_every_days": msg("nhịp tuần tra (ngày)"),
    "patrol_by": msg("đơn vị tuần tra"),
}


def check_watch_settings(**values: float) -> None:
    """Raise InputError ``out_of_bounds`` for a value of ``WATCH_LIMITS`` that a person may not set."""
    for name, value in values.items():
        least, most = WATCH_LIMITS[name]
        if not least <= value <= most:
            raise InputError(
                "out_of_bounds",
                msg("{field}: nhập từ {least} đến {most}.", field=_WATCH_WORDS[name], least=least, most=most),
            )


def change_watch(
    store: Store, actor: Actor, hotspot_id: str, new: WatchSettings, *, seen: WatchSettings, version: int
) -> None:
    """Save the watch of a hotspot. ``seen`` and ``version`` are what the person had before their eyes.

    Raises ConflictError saying what changed when somebody else has saved meanwhile, InputError for a value out
    of bounds.
    """
    require(actor, Right.EDIT_PLACES)
    new = replace(new, patrol_by=about_places(new.patrol_by)[:200])
    with store.write(actor) as work:
        spot = places.hotspot_by_id(work, hotspot_id)
        if spot is None:
            raise InputError("unknown_hotspot", msg("Không có điểm phức tạp {id}.", id=hotspot_id))
        if spot.version != version:
            raise _changed(spot, seen)
        check_watch_settings(**{name: getattr(new, name) for name in WATCH_LIMITS})
        for name in WATCH_LIMITS:
            setattr(spot, name, getattr(new, name))
        spot.patrol_by = new.patrol_by or None
        told = [{**asdict(one), "patrol_by": work.digest(hotspot_id, one.patrol_by)} for one in (seen, new)]
        work.note("hotspot.watch", hotspot_id, before=told[0], after=told[1])


def _changed(spot: Hotspot, seen: WatchSettings) -> ConflictError:
    changes = [
        msg("{field} {before} → {after}", field=word, before=getattr(seen, name), after=getattr(spot, name))
        for name, word in _WATCH_WORDS.items()
        if (getattr(spot, name) or "") != getattr(seen, name)
    ]
    what = changes[0] if changes else msg("mục khác của điểm này")
    for change in changes[1:]:
        what = msg("{one}; {other}", one=what, other=change)
    return ConflictError(
        "changed_meanwhile",
        msg("Người khác đã lưu trước bạn: {what}. Thay đổi của bạn chưa được ghi.", what=what),
        hint=msg("Tải lại trang, xem giá trị mới rồi quyết định có sửa nữa không."),
    )
