"""Hotspots come into being, get another shape, and are split into parts.

A split: the hotspot gets ``ended_on`` and holds no more from that day on; each part names it in ``split_from``
and has its watch and all its changes of state, with "tách từ ..." before their reasons, so that the watch goes
on as it was. Patrols stay recorded under the old one and count for every part until the split day
(``data.repositories.places.with_parts``); signals and findings belong to whichever catchment they lie in. Open
alerts of the old one are closed, since the next scan asks about each part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
from sqlalchemy import select

from app.access import Right, require
from app.services.alerts import close_answered
from app.services.free_text import about_places
from app.services.hotspots import check_watch_settings
from app.text import render
from data.repositories import places
from data.repositories.frames import add_rows, current
from data.repositories.scope import scope_ground
from data.store import Actor, Store, Work
from data.tables import Hotspot, HotspotShapeChange, HotspotTransition, new_id
from geo.errors import ConflictError, InputError, RuleError
from geo.fold import fold
from geo.hotspot_shapes import CheckedShape, checked_shape, cut, measured
from geo.hotspots import check_transition
from geo.messages import Message, msg
from geo.words import HotspotState

SHAPE_CHANGED, SPLIT, CREATED = "hotspot.shape", "hotspot.split", "hotspot.new"
#: More parts are no split but another survey.
MOST_PARTS = 6
_LONGEST_NAME, _LONGEST_REASON = 300, 600


@dataclass(frozen=True)
class NewHotspot:
    """A hotspot that a person puts on record. ``geometry`` in EPSG:4326; ``state``: suspected or active."""

    name: str
    geometry: shapely.Geometry | None
    state: HotspotState
    found_on: date
    reason: str
    document: str | None = None
    catchment_m: float = 200.0
    watch_months: int = 24
    patrol_every_days: int = 14
    patrol_by: str | None = None
    source: str | None = None


def checked(
    store: Store, actor: Actor, geometry: shapely.Geometry | None
) -> tuple[CheckedShape, tuple[float, float]]:
    """What would be stored of a drawing, and its length and area (metres, square metres), to be shown before.

    Raises InputError and RuleError as ``geo.hotspot_shapes.checked_shape``.
    """
    require(actor, Right.EDIT_PLACES)
    with store.read(actor) as work:
        shape = _checked(work, geometry)
    return shape, measured(shape.geometry)


def new_hotspot(store: Store, actor: Actor, new: NewHotspot) -> tuple[str, tuple[Message, ...]]:
    """Put a hotspot on record with its first state; gives its id and what was mended about its shape.

    Raises RuleError for what the rules forbid (first state, date, reason, shape, personal data), InputError for
    a missing or known name and for values out of bounds.
    """
    require(actor, Right.EDIT_PLACES)
    name = _name(new.name)
    with store.write(actor) as work:
        shape = _checked(work, new.geometry)
        _refuse_known(work, [name])
        check_watch_settings(
            catchment_m=new.catchment_m,
            watch_months=new.watch_months,
            patrol_every_days=new.patrol_every_days,
        )
        check_transition(
            None,
            new.state,
            on_date=new.found_on,
            as_of=work.today,
            history=[],
            reason=new.reason,
            document=new.document,
        )
        hotspot_id = new_id()
        row = {
            "id": hotspot_id,
            "version": 1,
            "name": name,
            "geom": shape.geometry,
            "catchment_m": float(new.catchment_m),
            "found_on": new.found_on,
            "watch_months": int(new.watch_months),
            "patrol_every_days": int(new.patrol_every_days),
            "patrol_by": about_places(new.patrol_by)[:200] or None,
            "source": about_places(new.source)[:300] or None,
        }
        add_rows(work, Hotspot, [row])
        work.session.add(
            HotspotTransition(
                **work.event(),
                hotspot_id=hotspot_id,
                state=new.state.value,
                on_date=new.found_on,
                reason=about_places(new.reason)[:_LONGEST_REASON],
                document=about_places(new.document)[:200] or None,
            )
        )
        work.note(
            CREATED, hotspot_id, state=new.state.value, on=new.found_on.isoformat(), wkt=_wkt(shape.geometry)
        )
    return hotspot_id, shape.notes


def change_shape(
    store: Store,
    actor: Actor,
    hotspot_id: str,
    geometry: shapely.Geometry | None,
    *,
    version: int,
    reason: str = "",
) -> tuple[Message, ...]:
    """Give a hotspot another shape; ``version`` is what the person had before their eyes.

    The shape before and after stand in the audit log. Gives what was mended. Raises ConflictError when somebody
    else has changed the hotspot meanwhile, RuleError and InputError as ``checked``.
    """
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        spot = _to_edit(work, hotspot_id, version)
        shape = _checked(work, geometry)
        before = _wkt(spot.geom)
        if _wkt(shape.geometry) == before:
            return shape.notes
        spot.geom = shape.geometry
        why = about_places(reason)[:_LONGEST_REASON]
        _record(work, hotspot_id, SHAPE_CHANGED, why)
        work.note(SHAPE_CHANGED, hotspot_id, before=before, after=_wkt(shape.geometry), text=why)
    return shape.notes


def split_hotspot(
    store: Store,
    actor: Actor,
    hotspot_id: str,
    blade: shapely.Geometry,
    names: Sequence[str],
    *,
    version: int,
    reason: str,
    document: str | None = None,
) -> list[str]:
    """Cut a hotspot along ``blade`` into parts called ``names``, from west to east; gives the parts' ids.

    What a part inherits is said above. Raises RuleError ``hotspot_cut`` when nothing is cut or the names are
    not as many as the parts, ConflictError as ``change_shape``.
    """
    require(actor, Right.EDIT_PLACES)
    called = [_name(name) for name in names]
    why = about_places(reason)
    if not why:
        raise RuleError("hotspot_reason", msg("Cần ghi lý do khi tách điểm phức tạp."))
    with store.write(actor) as work:
        spot = _to_edit(work, hotspot_id, version)
        shapes = cut(spot.geom, blade)
        if len(shapes) > MOST_PARTS:
            raise RuleError("hotspot_cut", msg("Nét cắt chia thành {n} phần; nhiều nhất {most}.",
                                               n=len(shapes), most=MOST_PARTS))  # fmt: skip
        if len(called) != len(shapes):
            raise RuleError("hotspot_cut", msg("Cần đặt tên cho cả {n} phần.", n=len(shapes)))
        _refuse_known(work, called, but=hotspot_id)
        rows = [_part(spot, name, shape) for name, shape in zip(called, shapes, strict=True)]
        add_rows(work, Hotspot, rows)
        ids = [str(row["id"]) for row in rows]
        add_rows(work, HotspotTransition, _inherited(work, spot, ids))
        spot.ended_on = work.today
        told = msg("Đã tách thành {n} phần ngày {day}: {why}", n=len(ids), day=work.today, why=why)
        close_answered(work, hotspot_id, render(told)[:1000])
        paper = about_places(document)
        _record(work, hotspot_id, SPLIT, why, paper)
        work.note(
            SPLIT,
            hotspot_id,
            parts=ids,
            before=_wkt(spot.geom),
            after=[_wkt(shape) for shape in shapes],
            text=why,
            document=work.digest(hotspot_id, paper),
        )
    return ids


def _record(work: Work, hotspot_id: str, action: str, reason: str, document: str = "") -> None:
    work.session.add(
        HotspotShapeChange(
            **work.event(),
            hotspot_id=hotspot_id,
            action=action,
            on_date=work.today,
            reason=reason[:_LONGEST_REASON] or None,
            document=document[:200] or None,
        )
    )


def _part(spot: Hotspot, name: str, shape: shapely.Geometry) -> dict[str, Any]:
    watch = ("watch_months", "patrol_every_days", "patrol_by", "patrol_ordered_for", "patrol_ordered_at")
    kept = ("catchment_m", "found_on", "source", *watch)
    values = {column: getattr(spot, column) for column in kept}
    return {"id": new_id(), "version": 1, "name": name, "geom": shape, "split_from": spot.id, **values}


def _inherited(work: Work, spot: Hotspot, parts: Sequence[str]) -> list[dict[str, Any]]:
    """The changes of state of the split hotspot, once more for each part."""
    own = current(HotspotTransition).where(HotspotTransition.hotspot_id == spot.id)
    past = work.session.execute(own).all()
    from_ = render(msg("tách từ “{name}”", name=spot.name))
    return [
        {
            **work.event(places.INHERITED),
            "hotspot_id": part,
            "state": change.state,
            "on_date": change.on_date,
            "reason": f"{from_}: {change.reason}"[:_LONGEST_REASON],
            "document": change.document,
        }
        for part in parts
        for change in past
    ]


@dataclass(frozen=True)
class ShapeChange:
    """A shape that was changed or split, by whom and why."""

    on_date: date
    by: str
    action: str
    reason: str


def shape_changes(work: Work, hotspot_id: str, day: date) -> list[ShapeChange]:
    """What was done to the shape of a hotspot up to ``day``, oldest first."""
    rows = select(HotspotShapeChange).where(
        HotspotShapeChange.hotspot_id == hotspot_id, HotspotShapeChange.on_date <= day
    )
    return [
        ShapeChange(one.on_date, one.recorded_by, one.action, one.reason or "")
        for one in work.session.scalars(rows.order_by(HotspotShapeChange.rid))
    ]


def _to_edit(work: Work, hotspot_id: str, version: int) -> Hotspot:
    spot = places.hotspot_by_id(work, hotspot_id)
    if spot is None:
        raise InputError("unknown_hotspot", msg("Không có điểm phức tạp {id}.", id=hotspot_id))
    if spot.version != version:
        raise ConflictError(
            "changed_meanwhile",
            msg("Người khác đã sửa điểm này trước bạn. Hình bạn vẽ chưa được ghi."),
            hint=msg("Mở lại điểm để xem hình mới rồi quyết định có sửa nữa không."),
        )
    return spot


def _checked(work: Work, geometry: shapely.Geometry | None) -> CheckedShape:
    units = places.units_on(work, work.today)
    shape = checked_shape(geometry, None if units.empty else shapely.union_all(units.geometry.to_numpy()))
    own = scope_ground(work)
    if own is not None and not shapely.intersects(own, shape.geometry):
        raise RuleError(
            "hotspot_outside",
            msg("Hình nằm ngoài địa bàn mà tài khoản này phụ trách."),
            hint=msg("Nhờ phường có địa bàn đó ghi điểm này."),
        )
    return shape


def _name(name: str) -> str:
    cleaned = about_places(name)
    if not cleaned or len(cleaned) > _LONGEST_NAME:
        raise InputError("hotspot_name", msg("Cần đặt tên cho điểm, dài nhất {n} ký tự.", n=_LONGEST_NAME))
    return cleaned


def _refuse_known(work: Work, names: Sequence[str], *, but: str | None = None) -> None:
    """Two hotspots of one name could not be told apart in files and on paper."""
    rows = select(Hotspot.id, Hotspot.name).where(Hotspot.ended_on.is_(None))
    known = {fold(name) for hotspot_id, name in work.whole.session.execute(rows) if hotspot_id != but}
    for number, name in enumerate(names):
        if fold(name) in known | {fold(other) for other in names[:number]}:
            raise InputError("hotspot_name", msg("Đã có điểm phức tạp tên “{name}”.", name=name))


def _wkt(shape: shapely.Geometry) -> str:
    return str(shapely.to_wkt(shape, rounding_precision=6, trim=True))


def pieces(spot: gpd.GeoDataFrame, blade: shapely.Geometry) -> list[dict[str, Any]]:
    """What a cut would give, to be shown before: ``geometry``, ``length_m`` and ``area_m2`` of each part."""
    shapes = cut(spot.geometry.iloc[0], blade)
    sizes = [measured(shape) for shape in shapes]
    return [
        {"geometry": shape, "length_m": length, "area_m2": area}
        for shape, (length, area) in zip(shapes, sizes, strict=True)
    ]
