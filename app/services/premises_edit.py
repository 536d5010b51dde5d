"""A premises of the register as a person changes it: particulars, place, status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import shapely
from sqlalchemy import select

from app.access import Right, require
from app.services.edits import FIELD_WORDS, changed_meanwhile, check_limits, cleaned, noted, personal
from app.services.free_text import about_places
from app.services.locate import gazetteer_of
from app.services.premises_file import Facts, nobodys_number
from data.importers.matching import content_key
from data.importers.registration import NO_REGISTRATION, hasher, parse_registration
from data.repositories.facts import identity_key
from data.repositories.frames import up_to
from data.repositories.register import left_out, record_since, snapshot
from data.repositories.scope import within_scope
from data.search_key import premises_key
from data.store import Actor, Store, Work
from data.tables import Premises, PremisesStatusChange
from geo.addresses import locate_many
from geo.crs import LONLAT
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import LocationQuality, PremisesStatus, PremisesType

#: West, south, east, north of the country: a point outside was mistyped.
_COUNTRY = (102.0, 8.0, 110.0, 23.5)
#: Places found from an address are looked for again when the address changes; what a person gave stays.
_FOUND = frozenset({LocationQuality.NONE, LocationQuality.WARD, LocationQuality.STREET, LocationQuality.HOUSE})
#: Fields whose column has the same name and kind.
_PLAIN_FIELDS = ("name", "address", "rooms", "workers", "opened_on", "commitment_on", "complex_grounds",
                 "unregistered_basis")  # fmt: skip


@dataclass(frozen=True)
class Particulars:
    """What a person may change at a premises. ``registration_number`` None leaves a hidden number alone."""

    name: str
    type: PremisesType
    address: str
    registration_number: str | None
    rooms: int | None
    workers: int | None
    opened_on: date | None
    commitment_on: date | None
    complex_grounds: str | None
    unregistered_basis: str | None
    lon: float | None
    lat: float | None
    status: PremisesStatus

    @classmethod
    def of(cls, facts: Facts) -> Particulars:
        """What stands in the register now, as a person sees it."""
        return cls(**{name: getattr(facts, name) for name in cls.__dataclass_fields__})


def edit(
    store: Store,
    actor: Actor,
    premises_id: str,
    changes: Particulars,
    *,
    seen: Particulars,
    version: int,
    status_on: date | None = None,
    reason: str = "",
) -> None:
    """Save a premises. ``seen`` and ``version`` are what the person had before their eyes; what differs from
    ``seen`` is written, the rest stays.

    A new status needs ``reason`` and holds from ``status_on`` (today by default). A point that is set here is
    a point set by hand; an address that changes without it is looked up again where the old point came from
    the address. Raises ConflictError saying what changed when somebody else has saved meanwhile, InputError for
    a value out of bounds, RuleError for personal data and for a premises outside the actor's scope.
    """
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        row, now = editable(work, premises_id)
        before, was = _particulars(row, now.status), snapshot(row)
        if row.version != version or now.status != seen.status:
            raise changed_meanwhile(seen, before)
        new = {name: value for name, value in asdict(changes).items() if value != getattr(seen, name)}
        check_limits(new, work.today)
        _write_words(work, row, new)
        _write_place(work, row, new)
        if "status" in new:
            _write_status(work, now, changes.status, status_on or work.today, reason)
        row.folded = premises_key(row.name, row.address, row.registration_number)
        row.content_key = content_key(row.name, row.address)
        record_since(work, row, was, why=about_places(reason)[:400] or None)
        after = _particulars(row, changes.status)
        changed = [name for name in FIELD_WORDS if getattr(before, name, None) != getattr(after, name, None)]
        told = [noted(work, premises_id, one, changed) for one in (before, after)]
        work.note("premises.edit", premises_id, before=told[0], after=told[1], text=reason.strip())


@dataclass(frozen=True)
class _Now:
    """The status a premises has today, and since when."""

    premises_id: str
    status: PremisesStatus
    since: date | None


def editable(work: Work, premises_id: str) -> tuple[Premises, _Now]:
    """The row, and its status of today; refused outside the actor's scope."""
    standing = select(Premises).where(Premises.id == premises_id, Premises.id.not_in(left_out()))
    row = work.session.scalars(standing).first()
    if row is None:
        raise InputError("unknown_premises", msg("Không có cơ sở {id}.", id=premises_id))
    _check_scope(work, row.geom)
    last = work.session.execute(
        up_to(PremisesStatusChange, work.today)
        .where(PremisesStatusChange.premises_id == premises_id)
        .order_by(None)
        .order_by(PremisesStatusChange.on_date.desc(), PremisesStatusChange.rid.desc())
    ).first()
    if last is None:
        return row, _Now(premises_id, PremisesStatus.ACTIVE, None)
    return row, _Now(premises_id, PremisesStatus(last.status), last.on_date)


def _check_scope(work: Work, point: shapely.Point | None) -> None:
    if within_scope(work, gpd.GeoDataFrame(geometry=[point], crs=LONLAT)).empty:
        raise RuleError(
            "outside_scope",
            msg("Cơ sở nằm ngoài địa bàn của tài khoản {name}.", name=work.actor.name),
            hint=msg("Nhờ người phụ trách địa bàn đó, hoặc người giữ dữ liệu, sửa giúp."),
        )


def _particulars(row: Premises, status: PremisesStatus) -> Particulars:
    return Particulars(
        **{name: getattr(row, name) for name in _PLAIN_FIELDS},
        registration_number=nobodys_number(row.registration_number),
        type=PremisesType(row.type),
        lon=None if row.geom is None else row.geom.x,
        lat=None if row.geom is None else row.geom.y,
        status=status,
    )


def _write_words(work: Work, row: Premises, new: Mapping[str, Any]) -> None:
    for name, value in new.items():
        if name == "registration_number":
            _write_registration(work, row, value)
        elif name in _PLAIN_FIELDS or name == "type":
            setattr(row, name, cleaned(name, value))
    if not any(map(str.isalnum, row.name or "")):
        raise InputError("no_name", msg("Thiếu tên cơ sở."))
    row.address = row.address or ""


def _write_registration(work: Work, row: Premises, value: str | None) -> None:
    """A number as it may be kept: an identity number becomes a hash that serves matching only."""
    kept = parse_registration(value, hasher(identity_key(work)))
    if kept == NO_REGISTRATION and (value or "").strip():
        raise personal("registration_number")
    row.registration_number = kept.number
    row.registration_hash = kept.hash or (None if kept.number else row.registration_hash)


def _write_status(work: Work, now: _Now, status: PremisesStatus, on_date: date, reason: str) -> None:
    why = about_places(reason)
    if not why:
        raise RuleError("status_reason", msg("Cần ghi lý do khi đổi tình trạng cơ sở."))
    if on_date > work.today or (now.since is not None and on_date < now.since):
        raise InputError(
            "status_date",
            msg(
                "Ngày đổi tình trạng phải từ {first} đến {last}.",
                first=now.since or date(1990, 1, 1),
                last=work.today,
            ),
        )
    change = {"premises_id": now.premises_id, "status": status.value, "on_date": on_date}
    work.session.add(PremisesStatusChange(**work.event(why), **change))


def _write_place(work: Work, row: Premises, new: Mapping[str, Any]) -> None:
    """A point set by hand, or looked up for a new address where the old one came from the address."""
    if "lon" in new or "lat" in new:
        old = (None, None) if row.geom is None else (row.geom.x, row.geom.y)
        row.geom = _point(new.get("lon", old[0]), new.get("lat", old[1]))
        row.location_quality = (LocationQuality.NONE if row.geom is None else LocationQuality.MANUAL).value
        _check_scope(work, row.geom)
    elif "address" in new and LocationQuality(row.location_quality) in _FOUND:
        (found,) = locate_many([row.address], gazetteer_of(work, work.today))
        if found.lon is not None and found.lat is not None:
            row.geom = shapely.Point(found.lon, found.lat)
            row.location_quality = found.quality.value


def _point(lon: float | None, lat: float | None) -> shapely.Point | None:
    if lon is None and lat is None:
        return None
    west, south, east, north = _COUNTRY
    if lon is None or lat is None or not (west <= lon <= east and south <= lat <= north):
        raise InputError(
            "bad_point",
            msg("Tọa độ không nằm trong Việt Nam."),
            hint=msg("Vĩ độ khoảng 20,9 và kinh độ khoảng 105,8 ở Hà Đông; xem có nhập ngược hai số không."),
        )
    return shapely.Point(lon, lat)
