"""Taking in a signal: first whether it is for the police (domain, rule 7), then what, where, by when, who."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import select

from app.access import Right, require
from app.services import signal_desk as desk
from app.services.field_record import client_key
from app.services.locate import gazetteer_of
from data.repositories import places
from data.repositories import signals as repository
from data.repositories.scope import scope_ground
from data.store import Actor, Store, Work
from data.tables import Signal
from geo.crs import LONLAT, METRIC
from geo.errors import InputError, RuleError
from geo.gazetteer import Gazetteer
from geo.messages import msg
from geo.signal_sources import alike
from geo.words import Danger, Role, SignalKind, SignalSource, SignalState, SignalTopic

#: Older information comes in with a file.
OLDEST_DAYS = 366
#: West, south, east, north of the country.
_COUNTRY = (102.0, 8.0, 110.0, 23.5)
#: How far back a signal may tell the same.
_ALIKE_DAYS = 60


@dataclass(frozen=True)
class Intake:
    """What is written down. ``key``: made by the form, so that a form sent twice is one signal.

    ``dangers``: the answer to each question of rule 7. A place is a point, or a premises. ``to_name``: who gets
    it, for a place outside all known wards. ``receipt_number``: of the police, for what goes to them.
    """

    key: str
    dangers: Mapping[Danger, bool]
    on_date: date
    source: SignalSource
    kind: SignalKind
    topic: SignalTopic | None = None
    text: str = ""
    reliability: str = "F"
    credibility: int = 6
    lon: float | None = None
    lat: float | None = None
    premises_id: str | None = None
    number: str = ""
    assigned_to: str | None = None
    same_as: str | None = None
    to_name: str = ""
    receipt_number: str = ""


@dataclass(frozen=True)
class TakenIn:
    """The signal that stands. ``again``: this very form had arrived before. ``sent_to``: the unit it was sent
    to at once, since its place lies there."""

    id: str
    again: bool = False
    sent_to: str | None = None


@dataclass(frozen=True)
class Alike:
    """A signal that may tell the same."""

    id: str
    number: str | None
    on_date: date
    source: SignalSource
    state: SignalState
    text: str


@dataclass(frozen=True)
class _Place:
    point: shapely.Point
    premises_id: str | None = None


def take_in(store: Store, actor: Actor, intake: Intake, as_of: date) -> TakenIn:
    """Keep a signal with its deadline, given to somebody, linked or sent on as was said.

    Of what always goes to the police (tố giác, tin báo về tội phạm) neither text nor place is kept, only the
    ward, that it was handed over, when, and the receipt's number. Raises RuleError when a question of rule 7
    was answered with yes or not at all, for personal data and for an account that cannot be given it;
    InputError for what cannot be, and for a signal without a place.
    """
    require(actor, Right.TAKE_SIGNALS)
    key = client_key(intake.key)
    _refuse_danger(intake.dangers)
    _check_words(intake, as_of)
    police = desk.rules().police(intake.kind)
    with store.write(actor) as work:
        known = _sent_before(work, key)
        if known:
            return TakenIn(key, again=True)
        values = _said(intake)
        if police:
            values |= _for_police(work, intake, as_of)
            sent_to = None
            made = repository.add(work, **values, id=key)
        else:
            place = _place(work, intake, as_of)
            values |= _to_handle(work, intake, place)
            made = repository.add(work, **values, id=key)
            sent_to = _send_on(work, made, place, intake.to_name, as_of)
            if intake.assigned_to:
                # Given away it is still ours: whoever is to handle it works where it was taken in.
                held = desk.holding_unit(desk.seen_signal(work, made))
                desk.check_handler(work, intake.assigned_to, place.point, held)
        work.note("signal.take_in", made, kind=intake.kind.value, source=intake.source.value)
    return TakenIn(made, sent_to=sent_to)


def _refuse_danger(dangers: Mapping[Danger, bool]) -> None:
    if any(dangers.values()):
        raise RuleError(
            "danger",
            msg("Việc này phải báo công an ngay (113; trẻ em: 111), không ghi thành nguồn tin."),
            hint=msg("Chỉ ghi giờ chuyển và số biên nhận."),
        )
    if not set(Danger) <= set(dangers):
        raise RuleError("danger_unanswered", msg("Trả lời câu hỏi đầu tiên trước khi ghi nguồn tin."))


def _check_words(intake: Intake, as_of: date) -> None:
    if intake.on_date > as_of:
        raise InputError("future", msg("Ngày tiếp nhận {day} chưa đến.", day=intake.on_date))
    if (as_of - intake.on_date).days > OLDEST_DAYS:
        raise InputError(
            "long_ago",
            msg("Ngày tiếp nhận {day} đã quá một năm.", day=intake.on_date),
            hint=msg("Tin cũ được nhập từ tệp."),
        )
    if not re.fullmatch("[A-F]", intake.reliability) or intake.credibility not in range(1, 7):
        raise InputError("rating", msg("Độ tin cậy: chữ A-F cho nguồn, số 1-6 cho nội dung."))


def _sent_before(work: Work, key: str) -> bool:
    by = work.whole.session.scalars(
        select(Signal.recorded_by).where(Signal.id == key, Signal.revision == 1)
    ).first()
    if by is not None and by != work.actor.name:
        raise InputError(
            "client_key", msg("Biểu mẫu thiếu mã gửi."), hint=msg("Tải lại trang rồi gửi lần nữa.")
        )
    return by is not None


def _said(intake: Intake) -> dict[str, object]:
    return {
        "on_date": intake.on_date,
        "source": intake.source.value,
        "reliability": intake.reliability,
        "credibility": intake.credibility,
        "kind": intake.kind.value,
        "topic": intake.topic.value if intake.topic else None,
        "number": desk.written(intake.number, desk.LONGEST_PAPER) or None,
        "due_on": desk.rules().due_on(intake.kind, intake.on_date),
        "state": SignalState.RECEIVED.value,
    }


def _for_police(work: Work, intake: Intake, as_of: date) -> dict[str, object]:
    receipt = desk.written(intake.receipt_number, desk.LONGEST_PAPER)
    if not receipt:
        raise RuleError(
            "signal_receipt",
            msg("Tố giác, tin báo về tội phạm được chuyển công an ngay; cần ghi số biên nhận."),
        )
    return {
        "state": SignalState.HANDED_OVER.value,
        "handled_on": as_of,
        "receipt_number": receipt,
        **desk.only_the_ward(work, None),
        # Not where it is, only which ward took it in: the share handled in time is counted by ward.
        "geom": _receiving_ward(work, intake, as_of),
    }


def _receiving_ward(work: Work, intake: Intake, as_of: date) -> shapely.Point | None:
    units = places.units_on(work, as_of)
    own = repository.own_units(work)
    if own is not None:
        units = units[units["id"].isin(own)]
    elif intake.premises_id or intake.lon is not None:
        place = _place(work, intake, as_of)
        units = units[units["id"] == desk.ward_of(place.point, units)]
    else:
        return None
    return None if units.empty else units.geometry.iloc[0].representative_point()


def _to_handle(work: Work, intake: Intake, place: _Place) -> dict[str, object]:
    text = desk.written(intake.text, desk.LONGEST_TEXT)
    if not text:
        raise InputError("text_missing", msg("Ghi nội dung tin về địa điểm."))
    root = None
    if intake.same_as:
        first = desk.seen_signal(work, intake.same_as)
        root = first["same_as"] if isinstance(first["same_as"], str) else intake.same_as
    return {
        "text": text,
        "geom": place.point,
        "premises_id": place.premises_id,
        "assigned_to": intake.assigned_to,
        "same_as": root,
    }


def _place(work: Work, intake: Intake, as_of: date) -> _Place:
    """Where it is. Raises InputError with the way out when nobody can tell."""
    there = None
    if intake.premises_id is not None:
        register = places.premises_on(work, as_of)
        found = register[register["id"] == intake.premises_id]
        if found.empty:
            raise InputError("unknown_premises", msg("Không có cơ sở này."))
        there = found.geometry.iloc[0]
    if intake.lon is not None and intake.lat is not None:
        west, south, east, north = _COUNTRY
        if not (west <= intake.lon <= east and south <= intake.lat <= north):
            raise InputError("bad_point", msg("Vị trí không nằm trong Việt Nam."))
        there = shapely.Point(round(intake.lon, 6), round(intake.lat, 6))
    if there is None:
        raise InputError(
            "no_place",
            msg("Nguồn tin chưa có vị trí trên bản đồ."),
            hint=msg(
                "Tìm theo địa chỉ, chọn một cơ sở đã có vị trí, hoặc bấm vào bản đồ; "
                "chưa rõ số nhà thì bấm vào đoạn đường."
            ),
        )
    return _Place(there, intake.premises_id)


def _send_on(work: Work, signal_id: str, place: _Place, to_name: str, as_of: date) -> str | None:
    """Send a signal whose place is not the actor's to the ward where it lies; it stays here until accepted."""
    ground, units = scope_ground(work), places.units_on(work, as_of)
    ward = desk.ward_of(place.point, units)
    to = str(units.set_index("id").at[ward, "name"]) if ward else desk.written(to_name, 200)
    if (ward is not None or not to) if ground is None else ground.intersects(place.point):
        return None
    if not to:
        raise InputError(
            "outside_wards",
            msg("Vị trí này nằm ngoài mọi phường đã biết."),
            hint=msg("Ghi tên đơn vị nhận để chuyển tin, hoặc chọn lại vị trí."),
        )
    repository.send(
        work,
        signal_id,
        from_unit_id=_nearest_own(work, units, place.point),
        to_unit_id=ward,
        to_name=to,
        sent_at=work.now,
        due_on=desk.rules().handover.due_on(as_of),
    )
    work.note("signal.send", signal_id, to=to if ward else work.digest(signal_id, to))
    return to


def _nearest_own(work: Work, units: gpd.GeoDataFrame, point: shapely.Point) -> str | None:
    own = repository.own_units(work)
    if own is None:
        return None
    mine = units[units["id"].isin(own)]
    if mine.empty:
        return None
    apart = mine.geometry.to_crs(METRIC).distance(gpd.GeoSeries([point], crs=LONLAT).to_crs(METRIC).iloc[0])
    return str(mine.at[apart.idxmin(), "id"])


def alike_signals(
    store: Store,
    actor: Actor,
    *,
    lon: float | None,
    lat: float | None,
    premises_id: str | None,
    on_date: date,
    as_of: date,
    but: str | None = None,
) -> list[Alike]:
    """Signals that the actor may see and that may tell the same, nearest in days first; without ``but``."""
    require(actor, Right.SEE_TIPS)
    point = None if lon is None or lat is None else shapely.Point(lon, lat)
    with store.read(actor) as work:
        since = (pd.Timestamp(on_date) - pd.Timedelta(days=_ALIKE_DAYS)).date()
        heard = repository.every_signal(work, as_of, since=since)
    heard = heard[heard["same_as"].isna() & (heard["id"] != but) & (heard["state"] != SignalState.HANDED_OVER)]
    rows = heard.set_index("id", drop=False)
    return [
        Alike(
            id=one,
            number=rows.at[one, "number"] if isinstance(rows.at[one, "number"], str) else None,
            on_date=rows.at[one, "on_date"].date(),
            source=SignalSource(rows.at[one, "source"]),
            state=SignalState(rows.at[one, "state"]),
            text=rows.at[one, "text"],
        )
        for one in alike(heard, point, premises_id, on_date)
    ]


def read_ground(store: Store, actor: Actor, day: date) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Wards and streets of a day, by which a place is found on the map."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        return places.units_on(work, day), places.streets(work)


def read_gazetteer(store: Store, actor: Actor, day: date) -> Gazetteer:
    """What addresses are looked up with."""
    require(actor, Right.TAKE_SIGNALS)
    with store.read(actor) as work:
        return gazetteer_of(work, day)


def handlers_at(store: Store, actor: Actor, lon: float | None, lat: float | None) -> dict[str, Role]:
    """The accounts to which a signal at a place may be given, by name."""
    require(actor, Right.TAKE_SIGNALS)
    point = None if lon is None or lat is None else shapely.Point(lon, lat)
    with store.read(actor) as work:
        ground = scope_ground(work)
        elsewhere = ground is not None and (point is None or not ground.intersects(point))
        if not elsewhere:
            return desk.handlers(work, point, None)
        units = repository.own_units(work) or frozenset()
        return desk.handlers(work, None, next(iter(sorted(units)), None))
