"""Patrols of hotspots: whose turn it is, ordering one, recording one in the street, where was patrolled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import select

from app.access import Right, require
from app.services.alert_verdicts import record_deed
from app.services.field_record import client_key
from app.services.free_text import about_places
from data.repositories import events, places
from data.repositories.frames import matched
from data.store import LOCAL_ZONE, Actor, Store, Work
from data.tables import Patrol
from geo.errors import ConflictError, InputError, RuleError
from geo.hotspots import patrols_due
from geo.messages import msg
from geo.words import HotspotState, PatrolResult, SignKind

#: An older patrol comes in with a file.
OLDEST = timedelta(days=31)
#: How far ahead a patrol is ordered: later ones come with the rhythm.
FARTHEST = timedelta(days=31)
#: A phone's clock may be ahead of the server's.
_SLACK = timedelta(minutes=10)
_LONGEST = 600
#: West, south, east, north of the country.
_COUNTRY = (102.0, 8.0, 110.0, 23.5)
#: Nobody patrols where nothing was found.
_LEFT_ALONE = HotspotState.DISMISSED


@dataclass(frozen=True)
class Round:
    """A hotspot as a patrol sees it. ``due_on`` and ``overdue_days``: None where no patrol is due, which is
    outside the watch and without an order. ``ordered_for``: by when an order that still stands wants one."""

    hotspot_id: str
    name: str
    state: HotspotState
    last_on: date | None
    days_since: int | None
    due_on: date | None
    overdue_days: int | None
    every_days: int
    ordered_for: date | None
    lon: float
    lat: float


@dataclass(frozen=True)
class PatrolReport:
    """What a patrol saw. ``sign`` None: quiet. ``client_key``: a report sent twice is one patrol. ``lon`` and
    ``lat``: where it was, where the phone could tell."""

    client_key: str
    hotspot_id: str
    at: datetime
    sign: SignKind | None = None
    note: str = ""
    lon: float | None = None
    lat: float | None = None


def rounds(store: Store, actor: Actor, day: date) -> list[Round]:
    """Hotspots of the actor's scope: ordered patrols first, then overdue ones, then by due day; those where
    none is due last."""
    require(actor, Right.PATROL)
    with store.read(actor) as work:
        return _rounds(work, day)


def one_round(store: Store, actor: Actor, hotspot_id: str, day: date) -> Round:
    """One of them. Raises InputError ``unknown_hotspot`` for a hotspot outside the scope too."""
    found = [one for one in rounds(store, actor, day) if one.hotspot_id == hotspot_id]
    if not found:
        raise _unknown()
    return found[0]


def _unknown() -> InputError:
    return InputError("unknown_hotspot", msg("Không có điểm này trong địa bàn của bạn."))


def _rounds(work: Work, day: date) -> list[Round]:
    spots = places.hotspots_on(work, day)
    spots = spots[spots["state"] != _LEFT_ALONE].reset_index(drop=True)
    patrols = events.patrols_until(work, day)
    due = patrols_due(spots, patrols, day).set_index("hotspot_id")
    last = patrols.groupby("hotspot_id")["on_date"].max() if len(patrols) else pd.Series(dtype=object)
    spots["last_on"] = pd.to_datetime(matched(spots["id"], last))
    found = [_round(spot, due, day) for spot in spots.itertuples()]
    return sorted(found, key=_urgency)


def _urgency(one: Round) -> tuple[date, int, date, str]:
    return one.ordered_for or date.max, -(one.overdue_days or 0), one.due_on or date.max, one.name


def _round(spot: Any, due: pd.DataFrame, day: date) -> Round:
    asked = spot.id in due.index
    last_on = None if pd.isna(spot.last_on) else spot.last_on.date()
    middle = spot.geometry.representative_point()
    return Round(
        hotspot_id=spot.id,
        name=spot.name,
        state=HotspotState(spot.state),
        last_on=last_on,
        days_since=None if last_on is None else (day - last_on).days,
        due_on=due.at[spot.id, "due_on"] if asked else None,
        overdue_days=int(due.at[spot.id, "overdue_days"]) if asked else None,
        every_days=int(spot.patrol_every_days),
        ordered_for=due.at[spot.id, "ordered_for"] if asked else None,
        lon=middle.x,
        lat=middle.y,
    )


def order_patrol(
    store: Store, actor: Actor, hotspot_id: str, by: date, now: datetime, *, alert_id: str | None = None
) -> None:
    """Order a patrol of a hotspot by a day, whatever its state; the first one after ``now`` answers it.

    A later order takes the place of an earlier one. ``alert_id``: the open alert of this hotspot that asks for
    it; the order goes into its life. Raises InputError for a hotspot or an alert outside the scope and a day
    that has passed or is far ahead, RuleError for a hotspot that was dismissed.
    """
    require(actor, Right.JUDGE_ALERTS)
    today = now.astimezone(LOCAL_ZONE).date()
    if not today <= by <= today + FARTHEST:
        raise InputError(
            "order_day",
            msg("Ngày tuần tra theo lệnh: từ {first} đến {last}.", first=today, last=today + FARTHEST),
        )
    with store.write(actor) as work:
        spot, known = places.hotspot_by_id(work, hotspot_id), places.hotspots_on(work, today)
        if spot is None:
            raise _unknown()
        if known.loc[known["id"] == hotspot_id, "state"].eq(_LEFT_ALONE).any():
            raise RuleError("left_alone", msg("Điểm này không có căn cứ nên không ra lệnh tuần tra."))
        spot.patrol_ordered_for, spot.patrol_ordered_at = by, now
        if alert_id is not None:
            record_deed(work, alert_id, hotspot_id, f"Lệnh tuần tra trước ngày {by:%d/%m/%Y}.")
        work.note("patrol.order", hotspot_id, by=by.isoformat(), alert=alert_id)


def ordered_for(store: Store, actor: Actor, hotspot_id: str, day: date) -> date | None:
    """By when the order that still stands at a hotspot wants a patrol; None without one."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        spots = places.hotspots_on(work, day)
        due = patrols_due(spots[spots["id"] == hotspot_id], events.patrols_until(work, day), day)
    return next(iter(due["ordered_for"]), None)


def record(store: Store, actor: Actor, report: PatrolReport, now: datetime) -> bool:
    """Keep a patrol; whether it is new (the same report sent again is not).

    Raises InputError for a hotspot outside the scope, a time to come or long past, RuleError for personal data.
    """
    require(actor, Right.PATROL)
    key, note = client_key(report.client_key), about_places(report.note)
    if len(note) > _LONGEST:
        raise InputError("too_long", msg("Ghi chú dài nhất {n} ký tự.", n=_LONGEST))
    if report.sign is SignKind.OTHER and not note:
        raise InputError("note_missing", msg("Ghi một câu về dấu hiệu khác."))
    if report.at > now + _SLACK:
        raise InputError("future", msg("Giờ tuần tra {at} chưa đến.", at=report.at))
    if report.at < now - OLDEST:
        raise InputError("long_ago", msg("Giờ tuần tra {at} đã quá {n} ngày.", at=report.at, n=OLDEST.days))
    with store.write(actor) as work:
        if _sent_before(work, key, report, note):
            return False
        spots = places.hotspots_on(work, now.astimezone(LOCAL_ZONE).date())
        spot = spots[spots["id"] == report.hotspot_id]
        if spot.empty:
            raise _unknown()
        event = work.event()
        work.session.add(
            Patrol(
                **event,
                hotspot_id=report.hotspot_id,
                on_date=report.at.astimezone(LOCAL_ZONE).date(),
                at=report.at,
                result=(PatrolResult.SIGN if report.sign else PatrolResult.QUIET).value,
                sign_kind=report.sign.value if report.sign else None,
                sign=note or None,
                # Without a place of its own a patrol is seen by those who see the hotspot.
                geom=_where(report) or spot.geometry.iloc[0].representative_point(),
                client_key=key,
            )
        )
        work.note("patrol.record", event["id"], hotspot=report.hotspot_id)
    return True


def _sent_before(work: Work, key: str, report: PatrolReport, note: str) -> bool:
    """Whether this report had arrived before. Raises ConflictError where another one came with its key."""
    own = select(Patrol).where(Patrol.client_key == key, Patrol.recorded_by == work.actor.name)
    known = work.session.scalars(own.limit(1)).first()
    if known is None:
        return False
    sign = report.sign.value if report.sign else None
    sent = (report.hotspot_id, report.at, sign, note or None)
    if (known.hotspot_id, known.at, known.sign_kind, known.sign) != sent:
        raise ConflictError(
            "other_content",
            msg("Lần tuần tra này đã được ghi với nội dung khác; xem lại."),
            hint=msg("Nội dung vừa gửi chưa được ghi. Là một lần khác thì tải lại trang rồi ghi."),
        )
    return True


def _where(report: PatrolReport) -> shapely.Point | None:
    if report.lon is None or report.lat is None:
        return None
    west, south, east, north = _COUNTRY
    if not (west <= report.lon <= east and south <= report.lat <= north):
        raise RuleError("place", msg("Vị trí của máy nằm ngoài Việt Nam; tắt vị trí rồi gửi lại."))
    return shapely.Point(round(report.lon, 5), round(report.lat, 5))


def covered(store: Store, actor: Actor, first: date, last: date) -> gpd.GeoDataFrame:
    """Where was patrolled between two days, newest first: hotspot_id, name, on_date, at, result, sign_kind,
    sign, geometry (points, EPSG:4326); inside the actor's scope."""
    require(actor, Right.SEE_TIPS)
    with store.read(actor) as work:
        patrols, spots = events.patrols_until(work, last), places.hotspots_on(work, last)
    seen = patrols[patrols.geometry.notna() & (patrols["on_date"] >= pd.Timestamp(first))].copy()
    seen["name"] = matched(seen["hotspot_id"], spots.set_index("id")["name"])
    kept = ["hotspot_id", "name", "on_date", "at", "result", "sign_kind", "sign", "geometry"]
    return seen.sort_values("on_date", ascending=False, kind="stable")[kept].reset_index(drop=True)
