"""Changes to the register that a person makes: a premises, its papers, the office's own months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

import geopandas as gpd
import shapely
from sqlalchemy import select

from app.access import Right, require
from app.services.facts import Known
from app.services.free_text import about_places
from app.services.locate import gazetteer_of
from app.services.premises import CHECK_MONTHS
from app.services.premises_file import Facts, Paper
from data.importers.matching import content_key
from data.importers.persons import without_personal_data, without_persons
from data.importers.registration import NO_REGISTRATION, hasher, paper_number, parse_registration
from data.repositories.facts import identity_key, record_fact
from data.repositories.scope import within_scope
from data.search_key import premises_key
from data.store import Actor, Store, Work
from data.tables import Licence, Premises, PremisesStatusChange
from geo.addresses import locate_many
from geo.crs import LONLAT
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import Message, msg
from geo.words import LicenceKind, LocationQuality, PremisesStatus, PremisesType

Values = TypeVar("Values")
#: West, south, east, north of the country: a point outside was mistyped.
_COUNTRY = (102.0, 8.0, 110.0, 23.5)
_MOST = {"rooms": 2_000, "workers": 10_000, "stated_rooms": 2_000}
_MOST_MONTHS = 60
#: Places found from an address are looked for again when the address changes; what a person gave stays.
_FOUND = frozenset({LocationQuality.NONE, LocationQuality.WARD, LocationQuality.STREET, LocationQuality.HOUSE})


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


@dataclass(frozen=True)
class PaperParticulars:
    """What a person may record of a paper; ``stated_*`` is what the paper itself says."""

    kind: LicenceKind
    number: str | None = None
    issued_on: date | None = None
    term_until: date | None = None
    suspended_on: date | None = None
    withdrawn_on: date | None = None
    stated_name: str | None = None
    stated_address: str | None = None
    stated_rooms: int | None = None

    @classmethod
    def of(cls, paper: Paper) -> PaperParticulars:
        """What stands in the register now, as a person sees it."""
        return cls(**{name: getattr(paper, name) for name in cls.__dataclass_fields__})


FIELD_WORDS: dict[str, Message] = {
    "name": msg("tên"),
    "type": msg("loại hình"),
    "address": msg("địa chỉ"),
    "registration_number": msg("số đăng ký"),
    "rooms": msg("số phòng"),
    "workers": msg("số lao động"),
    "opened_on": msg("ngày mở cửa"),
    "commitment_on": msg("ngày ký cam kết"),
    "complex_grounds": msg("căn cứ có biểu hiện phức tạp"),
    "unregistered_basis": msg("căn cứ xác định không có đăng ký"),
    "lon": msg("kinh độ"),
    "lat": msg("vĩ độ"),
    "status": msg("tình trạng"),
    "kind": msg("loại giấy"),
    "number": msg("số"),
    "issued_on": msg("ngày cấp"),
    "term_until": msg("thời hạn ghi trên giấy"),
    "suspended_on": msg("ngày tạm đình chỉ"),
    "withdrawn_on": msg("ngày thu hồi"),
    "stated_name": msg("tên ghi trên giấy"),
    "stated_address": msg("địa chỉ ghi trên giấy"),
    "stated_rooms": msg("số phòng ghi trên giấy"),
}


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
        row, standing = _editable(work, premises_id)
        known = _particulars(row, standing)
        if row.version != version or known.status != seen.status:
            raise _changed_meanwhile(seen, known)
        new = {name: value for name, value in asdict(changes).items() if value != getattr(seen, name)}
        if not new:
            return
        _check_limits(new, work.today)
        _place(work, row, new)
        _write_words(work, row, new)
        if "status" in new:
            _write_status(work, premises_id, PremisesStatus(new["status"]), status_on or work.today, reason)
        row.folded = premises_key(row.name, row.address, row.registration_number)
        row.content_key = content_key(row.name, row.address)
        before = {name: getattr(seen, name) for name in new}
        after = {name: getattr(_particulars(row, changes.status), name) for name in new}
        work.note("premises.edit", premises_id, before=_plain(before), after=_plain(after))


def save_paper(
    store: Store,
    actor: Actor,
    premises_id: str,
    changes: PaperParticulars,
    *,
    paper_id: str | None = None,
    seen: PaperParticulars | None = None,
    version: int | None = None,
) -> None:
    """Record a new paper of a premises, or save one that was ``seen`` in ``version``. Raises as ``edit``."""
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        _editable(work, premises_id)
        row = _paper_row(work, premises_id, paper_id)
        if seen is not None and row.version != version:
            raise _changed_meanwhile(seen, _paper_particulars(row))
        base = seen or PaperParticulars(changes.kind)
        new = {name: value for name, value in asdict(changes).items() if value != getattr(base, name)}
        if seen is not None and not new:
            return
        _check_limits(new, work.today)
        _check_paper_days(changes)
        for name, value in new.items():
            setattr(row, name, _paper_value(name, value))
        row.kind = changes.kind.value
        work.session.add(row)
        work.session.flush()
        before = None if seen is None else _plain({name: getattr(seen, name) for name in new})
        work.note("licence.save", row.id, premises=premises_id, before=before, after=_plain(new))


def set_check_months(store: Store, actor: Actor, months: Mapping[PremisesType, int]) -> None:
    """Set within how many months after the licence an office checks premises; a type left out has no such
    check. Raises InputError for a number out of bounds."""
    require(actor, Right.MANAGE)
    if any(not 1 <= number <= _MOST_MONTHS for number in months.values()):
        raise InputError("out_of_bounds", msg("Số tháng hậu kiểm: nhập từ 1 đến {most}.", most=_MOST_MONTHS))
    with store.write(actor) as work:
        kept = {kind.value: number for kind, number in months.items()}
        record_fact(work, CHECK_MONTHS, kept)
        work.note("office.check_months", months=kept)


def _editable(work: Work, premises_id: str) -> tuple[Premises, PremisesStatus]:
    """The row, and the status of today; refused outside the actor's scope."""
    row = work.session.scalars(select(Premises).where(Premises.id == premises_id)).first()
    if row is None:
        raise InputError("unknown_premises", msg("Không có cơ sở {id}.", id=premises_id))
    _check_scope(work, row.geom)
    register = Known(work, work.today).premises
    return row, PremisesStatus(register.set_index("id").at[premises_id, "status"])


def _check_scope(work: Work, point: shapely.Point | None) -> None:
    if within_scope(work, gpd.GeoDataFrame(geometry=[point], crs=LONLAT)).empty:
        raise RuleError(
            "outside_scope",
            msg("Cơ sở nằm ngoài địa bàn của tài khoản {name}.", name=work.actor.name),
            hint=msg("Nhờ người phụ trách địa bàn đó, hoặc người giữ dữ liệu, sửa giúp."),
        )


def _particulars(row: Premises, status: PremisesStatus) -> Particulars:
    names = [name for name in Particulars.__dataclass_fields__ if name not in ("type", "lon", "lat", "status")]
    return Particulars(
        **{name: getattr(row, name) for name in names},
        type=PremisesType(row.type),
        lon=None if row.geom is None else row.geom.x,
        lat=None if row.geom is None else row.geom.y,
        status=status,
    )


def _paper_particulars(row: Licence) -> PaperParticulars:
    names = [name for name in PaperParticulars.__dataclass_fields__ if name != "kind"]
    return PaperParticulars(LicenceKind(row.kind), **{name: getattr(row, name) for name in names})


def _paper_row(work: Work, premises_id: str, paper_id: str | None) -> Licence:
    if paper_id is None:
        return Licence(premises_id=premises_id)
    chosen = select(Licence).where(Licence.id == paper_id, Licence.premises_id == premises_id)
    row = work.session.scalars(chosen).first()
    if row is None:
        raise InputError("unknown_paper", msg("Không có giấy {id} của cơ sở này.", id=paper_id))
    return row


def _changed_meanwhile(seen: Any, now: Any) -> ConflictError:
    """What somebody else has saved since; a point that moved is told once."""
    what: Message | None = None
    for name in seen.__dataclass_fields__:
        before, after = getattr(seen, name), getattr(now, name)
        if before != after:
            one = msg("{field} {before} → {after}", field=FIELD_WORDS[name], before=_told(before), after=_told(after))
            what = one if what is None else msg("{one}; {other}", one=what, other=one)
    return ConflictError(
        "changed_meanwhile",
        msg(
            "Người khác đã lưu trước bạn: {what}. Thay đổi của bạn chưa được ghi.",
            what=what or msg("mục khác của cơ sở này"),
        ),
        hint=msg("Tải lại trang, xem giá trị mới rồi quyết định có sửa nữa không."),
    )


def _told(value: Any) -> Any:
    return msg("(trống)") if value is None or value == "" else value


def _check_limits(new: Mapping[str, Any], today: date) -> None:
    for name, most in _MOST.items():
        value = new.get(name)
        if value is not None and not 0 <= value <= most:
            raise InputError(
                "out_of_bounds",
                msg("{field}: nhập từ {least} đến {most}.", field=FIELD_WORDS[name], least=0, most=most),
            )
    for name in ("opened_on", "commitment_on", "issued_on", "suspended_on", "withdrawn_on"):
        value = new.get(name)
        if value is not None and value > today:
            raise InputError("future", msg("{field}: ngày {date} ở tương lai.", field=FIELD_WORDS[name], date=value))


def _check_paper_days(paper: PaperParticulars) -> None:
    for name in ("term_until", "suspended_on", "withdrawn_on"):
        value = getattr(paper, name)
        if value is not None and paper.issued_on is not None and value < paper.issued_on:
            raise InputError(
                "before_issue",
                msg(
                    "{field} {date} trước ngày cấp {issued}.",
                    field=FIELD_WORDS[name],
                    date=value,
                    issued=paper.issued_on,
                ),
            )


def _place(work: Work, row: Premises, new: dict[str, Any]) -> None:
    """Take the point out of ``new``: set by hand, or looked up for a new address."""
    moved = "lon" in new or "lat" in new
    lon = new.pop("lon", None if row.geom is None else row.geom.x)
    lat = new.pop("lat", None if row.geom is None else row.geom.y)
    if moved:
        row.geom = _point(lon, lat)
        row.location_quality = (LocationQuality.NONE if row.geom is None else LocationQuality.MANUAL).value
        _check_scope(work, row.geom)
    elif "address" in new and LocationQuality(row.location_quality) in _FOUND:
        (found,) = locate_many([new["address"]], gazetteer_of(work, work.today))
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
