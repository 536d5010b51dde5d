"""The columns of each exported layer: field names for maps, Vietnamese headers for sheets.

Headers are those that the importers know, so that a sheet comes back as it went out.
"""

from __future__ import annotations

from enum import StrEnum

from data.exporters.layer import Column
from data.importers import event_fields
from data.importers.fields import TITLES, Field
from geo.words import (
    HotspotState,
    LicenceKind,
    PlanState,
    PremisesStatus,
    PremisesType,
    SignalKind,
    SignalSource,
    SignalState,
    SignalTopic,
    VisitKind,
)

WARDS = (
    Column("code", "Mã"),
    Column("name", "Tên"),
    Column("valid_from", "Hiệu lực từ"),
    Column("valid_to", "Hiệu lực đến"),
    Column("population", "Dân số"),
    Column("area_km2", "Diện tích (km²)"),
    Column("source", "Nguồn"),
    Column("schematic", "Ranh giới sơ đồ"),
)
_WORDS: dict[Field, type[StrEnum]] = {Field.TYPE: PremisesType, Field.STATUS: PremisesStatus}
_PREMISES_FIELDS = (
    Field.ID, Field.NAME, Field.TYPE, Field.ADDRESS, Field.WARD, Field.STATUS, Field.STATUS_ON,
    Field.REGISTRATION_NUMBER, Field.REGISTERED_ON, Field.REGISTERED_UNTIL,
    Field.SECURITY_NUMBER, Field.SECURITY_ISSUED_ON, Field.SECURITY_UNTIL,
    Field.KARAOKE_NUMBER, Field.KARAOKE_ISSUED_ON, Field.KARAOKE_UNTIL,
    Field.FIRE_NUMBER, Field.FIRE_ISSUED_ON, Field.FIRE_UNTIL,
    Field.ROOMS, Field.WORKERS, Field.OPENED_ON, Field.COMMITMENT, Field.UNREGISTERED_BASIS,
)  # fmt: skip
PREMISES = tuple(Column(field.value, TITLES[field], _WORDS.get(field)) for field in _PREMISES_FIELDS)
#: What is added for those who may see tips.
PREMISES_GROUNDS = (Column(Field.COMPLEX_GROUNDS.value, TITLES[Field.COMPLEX_GROUNDS]),)
#: Where the fields of each paper stand; the number of the business registration is the premises' own.
LICENCES: dict[LicenceKind, dict[str, Field]] = {
    LicenceKind.BUSINESS: {"issued_on": Field.REGISTERED_ON, "term_until": Field.REGISTERED_UNTIL},
    LicenceKind.SECURITY: {
        "number": Field.SECURITY_NUMBER,
        "issued_on": Field.SECURITY_ISSUED_ON,
        "term_until": Field.SECURITY_UNTIL,
    },
    LicenceKind.KARAOKE: {
        "number": Field.KARAOKE_NUMBER,
        "issued_on": Field.KARAOKE_ISSUED_ON,
        "term_until": Field.KARAOKE_UNTIL,
    },
    LicenceKind.FIRE: {
        "number": Field.FIRE_NUMBER,
        "issued_on": Field.FIRE_ISSUED_ON,
        "term_until": Field.FIRE_UNTIL,
    },
}
_PLACES = {"lat", "lon", "wkt", "registration_number"}
_HOTSPOT_WORDS: dict[str, type[StrEnum]] = {"state": HotspotState}
_SIGNAL_WORDS: dict[str, type[StrEnum]] = {
    "source": SignalSource,
    "state": SignalState,
    "kind": SignalKind,
    "topic": SignalTopic,
}
HOTSPOTS = tuple(
    Column(one.key, one.header, _HOTSPOT_WORDS.get(one.key))
    for one in event_fields.HOTSPOTS
    if one.key not in _PLACES
)
SIGNALS = tuple(
    Column(one.key, one.header, _SIGNAL_WORDS.get(one.key))
    for one in event_fields.SIGNALS
    if one.key not in _PLACES
)
BORDERS = (
    Column("id", "Mã đoạn"),
    Column("names", "Giữa"),
    Column("length_m", "Chiều dài (m)"),
    Column("risk", "Mức độ nguy cơ"),
    Column("rank", "Thứ hạng"),
    Column("premises", "Số cơ sở"),
    Column("hotspots", "Số điểm phức tạp"),
    Column("last_joint_inspection", "Kiểm tra chung gần nhất"),
    Column("why", "Vì sao"),
)
VISITS = (
    Column("date", "Ngày"),
    Column("team", "Đội"),
    Column("order", "Thứ tự"),
    Column("arrive", "Đến"),
    Column("leave", "Rời"),
    Column("name", "Tên cơ sở"),
    Column("type", "Loại hình", PremisesType),
    Column("address", "Địa chỉ"),
    Column("ward", "Phường"),
    Column("kind", "Hình thức", VisitKind),
    Column("reason", "Vì sao"),
    Column("drawn_at_random", "Rút ngẫu nhiên"),
    Column("state", "Tình trạng lịch", PlanState),
)
ROUTES = (
    Column("date", "Ngày"),
    Column("team", "Đội"),
    Column("km", "Quãng đường (km)"),
    Column("minutes", "Thời gian (phút)"),
)
