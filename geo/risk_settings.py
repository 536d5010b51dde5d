"""Settings of the risk score: the text of ``risk.toml`` read, checked and given a version."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from geo.errors import InputError
from geo.messages import msg
from geo.words import HotspotState, LicenceKind, PremisesType


@dataclass(frozen=True)
class Scale:
    """Log-odds at score 0 and at score 100, and where every premises starts."""

    low: float
    high: float
    base: float

    @property
    def points_per_log_odds(self) -> float:
        """Score points of one unit of log-odds."""
        return 100.0 / (self.high - self.low)


@dataclass(frozen=True)
class HistorySettings:
    """Decay and empirical-Bayes strengths of the inspection history (inspections' worth of belief)."""

    window_months: int
    half_life_months: float
    prior_rate: float
    district_strength: float
    type_strength: float
    ward_strength: float
    own_strength: float
    type_weight: float
    ward_weight: float
    own_weight: float
    largest_weight: float
    other_weight: float
    other_cap: float


@dataclass(frozen=True)
class SinceSettings:
    """Log-odds per year since the last check, up to ``cap_years``; ``never`` for a premises never checked."""

    per_year: float
    cap_years: float
    never: float


@dataclass(frozen=True)
class ChangeSettings:
    """Log-odds of a premises opened, opened where another had closed, or reopened within ``months``."""

    months: int
    new: float
    renamed: float
    reopened: float


@dataclass(frozen=True)
class RequiredPaper:
    """A paper that some types need from ``valid_from`` to ``valid_to`` (None: still), by ``law``."""

    kind: LicenceKind
    types: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    law: str


@dataclass(frozen=True)
class LicenceSettings:
    """Log-odds of a needed paper that is not in force."""

    missing: float
    withdrawn: float
    suspended: float
    term_passed: float
    differing: float
    recorded_share: float


@dataclass(frozen=True)
class CommitmentSettings:
    """Log-odds of a signed commitment."""

    signed: float


@dataclass(frozen=True)
class SignalSettings:
    """Weight, reach and fading of verified signals."""

    weight: float
    radius_m: float
    half_distance_m: float
    window_months: int
    half_life_months: float


@dataclass(frozen=True)
class HotspotSettings:
    """Reach of hotspots, and log-odds of each state inside the catchment."""

    radius_m: float
    half_distance_m: float
    active: float
    reactivated: float
    suspected: float
    eliminated: float
    cleared: float
    dismissed: float

    def of_state(self, state: HotspotState) -> float:
        """Log-odds inside the catchment of a hotspot in ``state``."""
        return float(getattr(self, state.value))


@dataclass(frozen=True)
class BorderSettings:
    """Log-odds on a border, fading evenly to nothing at ``width_m``."""

    weight: float
    width_m: float


@dataclass(frozen=True)
class DeadlineSettings:
    """Log-odds of each open remedy deadline, passed or running; at most ``cap`` of each."""

    overdue: float
    running: float
    cap: int


class Mode(StrEnum):
    """Which model scores: the point table, the fitted one, or the one that did better on one's own history."""

    AUTO = "auto"
    TABLE = "table"
    FITTED = "fitted"


@dataclass(frozen=True)
class FitSettings:
    """When and how the table's weights are fitted to one's own inspections; see ``geo.risk_fit``."""

    name: str
    mode: Mode
    least_inspections: int
    least_found: int
    most_inspections: int
    period_months: int
    warm_up_months: int
    windows: int
    least_windows: int
    weight_spread: float
    range_share: float


@dataclass(frozen=True)
class RiskSettings:
    """All settings of the score; ``version`` changes with any value and with the name."""

    name: str
    scale: Scale
    history: HistorySettings
    since: SinceSettings
    changes: ChangeSettings
    licences: LicenceSettings
    required_papers: tuple[RequiredPaper, ...]
    commitment: CommitmentSettings
    signals: SignalSettings
    hotspots: HotspotSettings
    border: BorderSettings
    deadlines: DeadlineSettings
    fit: FitSettings
    type_log_ratio: Mapping[str, float]

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits over name and values."""
        document = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(document.encode()).hexdigest()[:12]


_SECTIONS: dict[str, type] = {
    "scale": Scale,
    "history": HistorySettings,
    "since": SinceSettings,
    "changes": ChangeSettings,
    "licences": LicenceSettings,
    "commitment": CommitmentSettings,
    "signals": SignalSettings,
    "hotspots": HotspotSettings,
    "border": BorderSettings,
    "deadlines": DeadlineSettings,
    "fit": FitSettings,
}
#: Log-odds that may be below zero; every other value may not.
_SIGNED = {"low", "high", "base", "signed", "dismissed", "cleared", "never"}
#: Values that divide, so they must be above zero.
_POSITIVE = {
    "half_life_months",
    "half_distance_m",
    "radius_m",
    "width_m",
    "window_months",
    "prior_rate",
    "district_strength",
    "type_strength",
    "ward_strength",
    "own_strength",
    "cap_years",
    "largest_weight",
    "least_inspections",
    "least_found",
    "most_inspections",
    "period_months",
    "windows",
    "least_windows",
    "weight_spread",
    "range_share",
}
#: Values with a largest or a least sensible one.
_AT_MOST = {"period_months": 12.0, "range_share": 0.99}
_AT_LEAST = {"largest_weight": 1.0}
#: Longest window, in months: a century.
_MOST_MONTHS = 1200
Section = TypeVar("Section")


def parse_settings(text: str) -> RiskSettings:
    """Read the text of ``risk.toml``.

    Raises ``InputError`` naming the key that is missing, unknown or out of range, so that a typing error in
    the file never becomes a silent default.
    """
    document = _toml(text)
    known = {*_SECTIONS, "name", "type"}
    for name in document:
        if name not in known:
            raise _error_unknown(name)
    licences = dict(_table(document, "licences"))
    required = licences.pop("required", [])
    if not isinstance(required, list):
        raise _error_value("licences.required")
    sections: dict[str, Any] = {
        name: _section(kind, name, licences if name == "licences" else _table(document, name))
        for name, kind in _SECTIONS.items()
    }
    settings = RiskSettings(
        name=str(_value(document, "name", "name")),
        required_papers=tuple(_paper(entry) for entry in required),
        type_log_ratio=_types(_table(document, "type")),
        **sections,
    )
    if settings.scale.low >= settings.scale.high:
        raise InputError("risk_settings", msg("Trong cấu hình nguy cơ, scale.low phải nhỏ hơn scale.high."))
    return settings


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "risk_settings",
            msg("Không đọc được cấu hình nguy cơ (TOML): {detail}", detail=str(error)),
        ) from error


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = _value(document, name, name)
    if not isinstance(table, Mapping):
        raise _error_value(name)
    return table


def _types(table: Mapping[str, Any]) -> dict[str, float]:
    for key in table:
        if key not in set(PremisesType):
            raise _error_unknown(f"type.{key}")
    return {
        kind.value: _number(_value(table, kind.value, f"type.{kind}"), f"type.{kind}") for kind in PremisesType
    }


def _section(kind: type[Section], name: str, table: Mapping[str, Any]) -> Section:
    wanted = {field.name: field.type for field in fields(kind)}  # type: ignore[arg-type]
    for key in table:
        if key not in wanted:
            raise _error_unknown(f"{name}.{key}")
    values: dict[str, Any] = {}
    for key, type_name in wanted.items():
        path = f"{name}.{key}"
        if type_name in ("str", "Mode"):
            values[key] = _word(_value(table, key, path), str if type_name == "str" else Mode, path)
            continue
        number = _number(_value(table, key, path), path)
        if (number < 0 and key not in _SIGNED) or (number <= 0 and key in _POSITIVE):
            raise _error_value(path)
        if key.endswith("months") and number > _MOST_MONTHS:
            raise _error_value(path)
        if not _AT_LEAST.get(key, number) <= number <= _AT_MOST.get(key, number):
            raise _error_value(path)
        if type_name == "int":
            if number != int(number):
                raise _error_value(path)
            values[key] = int(number)
        else:
            values[key] = number
    return kind(**values)


def _word(value: Any, kind: type[str], path: str) -> str:
    if not isinstance(value, str) or not value:
        raise _error_value(path)
    try:
        return kind(value)
    except ValueError as error:
        raise _error_value(path) from error


def _paper(entry: Any) -> RequiredPaper:
    path = "licences.required"
    if not isinstance(entry, Mapping):
        raise _error_value(path)
    for key in entry:
        if key not in {"kind", "types", "from", "until", "law"}:
            raise _error_unknown(f"{path}.{key}")
    valid_from = _value(entry, "from", f"{path}.from")
    valid_to = entry.get("until")
    types = _value(entry, "types", f"{path}.types")
    if not _is_day(valid_from):
        raise _error_value(f"{path}.from")
    if valid_to is not None and not (_is_day(valid_to) and valid_from <= valid_to):
        raise _error_value(f"{path}.until")
    if not isinstance(types, list) or any(one not in list(PremisesType) for one in types):
        raise _error_value(f"{path}.types")
    try:
        kind = LicenceKind(_value(entry, "kind", f"{path}.kind"))
    except ValueError as error:
        raise _error_value(f"{path}.kind") from error
    law = str(_value(entry, "law", f"{path}.law"))
    return RequiredPaper(kind, tuple(sorted(types)), valid_from, valid_to, law)


def _is_day(value: Any) -> bool:
    # A TOML date with a time is a date for Python too, but does not compare with one.
    return isinstance(value, date) and not isinstance(value, datetime)


def _value(table: Mapping[str, Any], key: str, path: str) -> Any:
    if key not in table:
        raise InputError("risk_settings", msg("Cấu hình nguy cơ thiếu mục {key}.", key=path))
    return table[key]


def _number(value: Any, path: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _error_value(path)
    return float(value)


def _error_unknown(path: str) -> InputError:
    return InputError(
        "risk_settings",
        msg("Cấu hình nguy cơ có mục lạ: {key}.", key=path),
        hint=msg("Sửa lại tên mục, hoặc bỏ dòng đó."),
    )


def _error_value(path: str) -> InputError:
    return InputError("risk_settings", msg("Cấu hình nguy cơ: giá trị của {key} không hợp lệ.", key=path))
