"""What an office may set about its plans: hours, service times, shares and weights; ``planning.toml`` read."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, time
from typing import Any

from geo.calendar_vn import MONDAY_TO_SATURDAY
from geo.errors import InputError
from geo.fold import fold
from geo.messages import msg
from geo.roads import SPEEDS, Speeds
from geo.visit_value import VisitWeights
from geo.words import FindingKind, PremisesType, VisitKind

DAY_S = 24 * 3600


@dataclass(frozen=True)
class Window:
    """Hours in which a check may take place from its first to its last minute, in seconds from midnight of
    the day the shift starts; beyond 24 h is after midnight."""

    open_s: int
    close_s: int

    def later(self, seconds: int) -> Window:
        """The window so much later."""
        return Window(self.open_s + seconds, self.close_s + seconds)


def window(start: time, end: time) -> Window:
    """The window between two times of day; one that ends before it starts runs past midnight."""
    open_s, close_s = seconds_of_day(start), seconds_of_day(end)
    return Window(open_s, close_s if close_s > open_s else close_s + DAY_S)


def seconds_of_day(moment: time) -> int:
    """Seconds since midnight, whole minutes."""
    return moment.hour * 3600 + moment.minute * 60


_EVENING = (window(time(19), time(23, 30)),)
_DAYTIME = (window(time(10), time(22)),)
ANY_HOUR = (Window(0, 2 * DAY_S),)


def _default_windows() -> dict[str, tuple[Window, ...]]:
    return {
        PremisesType.KARAOKE: _EVENING,
        PremisesType.BAR: _EVENING,
        PremisesType.DANCE_HALL: _EVENING,
        PremisesType.MASSAGE: _DAYTIME,
        PremisesType.CAFE: _DAYTIME,
    }


def _default_after_hours() -> dict[str, tuple[Window, ...]]:
    # Karaoke closes from 0 to 8 (Decree 54/2019): who is open then is checked unannounced, never by plan.
    return {PremisesType.KARAOKE: (window(time(0), time(2)),)}


def _default_service() -> dict[str, int]:
    return {PremisesType.KARAOKE: 60, PremisesType.HOTEL: 60}


def _default_agencies() -> dict[str, tuple[str, ...]]:
    return {FindingKind.FIRE: ("fire", "PCCC", "phòng cháy")}


@dataclass(frozen=True)
class PlanningSettings:
    """What an office may set. Times of premises types that ``windows`` does not name: any working hour.

    ``after_hours``: further hours by type for an unannounced check with a basis. ``agencies``: what a re-check
    of a finding of that kind needs on the team, as words of which the name of one of its agencies holds one.
    ``outings_per_week``: a team goes out on at most so many days of a calendar week. ``pace``: a plan holds
    at most so many times the visits that the period owes to the year's target (at least one a team and
    week; follow-ups apart); None: as many as the outings hold. ``random_share``: of all visits, drawn by
    lot (at least one). ``target_share``: of a ward's premises inspected by the year's end.
    ``strip_m``: width of a border strip to each side. ``point_s``: seconds of a team's time that a point of
    value is worth. ``outing_s``: what going out at all costs in such seconds, so that nobody drives out for
    next to nothing. ``max_access_m``: farthest a premises may lie from a street. ``days_at_once``: a longer
    period is planned week by week.
    """

    windows: Mapping[str, tuple[Window, ...]] = field(default_factory=_default_windows)
    after_hours: Mapping[str, tuple[Window, ...]] = field(default_factory=_default_after_hours)
    service_min: Mapping[str, int] = field(default_factory=_default_service)
    usual_service_min: int = 45
    follow_up_service_min: int = 30
    agencies: Mapping[str, tuple[str, ...]] = field(default_factory=_default_agencies)
    random_share: float = 0.15
    target_share: float = 0.60
    outings_per_week: int = 2
    pace: float | None = 2.0
    weekdays: frozenset[int] = MONDAY_TO_SATURDAY
    days_off: frozenset[date] = frozenset()
    mode: str = "motorbike"
    speeds: Speeds | None = None
    strip_m: float = 150.0
    point_s: int = 600
    outing_s: int = 1800
    max_access_m: float = 2000.0
    days_at_once: int = 10
    weights: VisitWeights = field(default_factory=VisitWeights)

    def windows_of(self, premises_type: str, kind: VisitKind = VisitKind.PLANNED) -> tuple[Window, ...]:
        """Hours of a premises type; an unannounced check may also come after hours."""
        usual = self.windows.get(premises_type, ANY_HOUR)
        after = self.after_hours.get(premises_type, ()) if kind is VisitKind.UNANNOUNCED else ()
        return (*usual, *after)

    def service_s(self, premises_type: str, kind: VisitKind) -> int:
        """Seconds a check takes; a follow-up looks only at what the earlier minutes say."""
        if kind is VisitKind.FOLLOW_UP:
            return self.follow_up_service_min * 60
        return self.service_min.get(premises_type, self.usual_service_min) * 60

    def can_recheck(self, team_agencies: frozenset[str], finding: str) -> bool:
        """Whether a team of these agencies may re-check a finding of that kind."""
        words = self.agencies.get(finding)
        if not words:
            return True
        return any(fold(word) in fold(agency) for agency in team_agencies for word in words)


def parse_settings(text: str) -> PlanningSettings:
    """Read the text of ``planning.toml``; what it leaves out keeps its default.

    Raises ``InputError`` naming the key that is unknown or whose value makes no sense, so that a typing error
    never becomes a silent default.
    """
    return read_settings(_toml(text))


def read_settings(document: Mapping[str, Any]) -> PlanningSettings:
    """The settings in the document of ``planning.toml`` or ``settings_document``.

    Raises ``InputError`` as ``parse_settings`` does.
    """
    _refuse_unknown(document, {"hours", "after_hours", "service", "agencies", "plan", "weights"}, "")
    usual = PlanningSettings()
    service = _table(document, "service")
    _refuse_unknown(service, {"usual", "follow_up", *PremisesType}, "service.")
    minutes = {key: _whole(value, f"service.{key}", 1, 24 * 60) for key, value in service.items()}
    hours = {"hours": usual.windows, "after_hours": usual.after_hours}
    for name in hours.keys() & document.keys():
        hours[name] = _windows(_table(document, name), name)
    own_minutes = {key: value for key, value in minutes.items() if key not in ("usual", "follow_up")}
    return PlanningSettings(
        windows=hours["hours"],
        after_hours=hours["after_hours"],
        service_min=own_minutes if "service" in document else usual.service_min,
        usual_service_min=minutes.get("usual", usual.usual_service_min),
        follow_up_service_min=minutes.get("follow_up", usual.follow_up_service_min),
        agencies=_agencies(document) if "agencies" in document else usual.agencies,
        weights=_weights(_table(document, "weights")),
        **_plan(_table(document, "plan")),
    )


def settings_document(settings: PlanningSettings) -> dict[str, Any]:
    """The settings as plain values for JSON, for a plan to keep those it was made with; ``read_settings`` reads
    them back. Own ``speeds`` are not among them: an office sets a mode."""
    kept = ("random_share", "target_share", "outings_per_week", "mode", "strip_m", "point_s", "outing_s")
    plan = {name: getattr(settings, name) for name in (*kept, "max_access_m", "days_at_once")}
    return {
        "hours": _clocks(settings.windows),
        "after_hours": _clocks(settings.after_hours),
        "service": {
            "usual": settings.usual_service_min,
            "follow_up": settings.follow_up_service_min,
            **settings.service_min,
        },
        "agencies": {kind: list(words) for kind, words in settings.agencies.items()},
        "plan": {
            **plan,
            "pace": settings.pace or 0.0,
            "weekdays": sorted(settings.weekdays),
            "days_off": [day.isoformat() for day in sorted(settings.days_off)],
        },
        "weights": asdict(settings.weights),
    }


def _clocks(windows: Mapping[str, tuple[Window, ...]]) -> dict[str, list[str]]:
    return {
        kind: [f"{_clock(one.open_s)}-{_clock(one.close_s)}" for one in own] for kind, own in windows.items()
    }


def _clock(seconds: int) -> str:
    return f"{seconds // 3600 % 24:02d}:{seconds // 60 % 60:02d}"


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        why = msg("Không đọc được cấu hình lập lịch (TOML): {detail}", detail=str(error))
        raise InputError("planning_settings", why) from error


def _plan(table: Mapping[str, Any]) -> dict[str, Any]:
    """The section ``plan``, each value within what makes sense."""
    within = {"random_share": (0.0, 1.0), "target_share": (0.0, 1.0), "pace": (0.0, 1e3)}
    within |= {"strip_m": (0.0, 1e5), "max_access_m": (0.0, 1e6)}
    whole = {
        "outings_per_week": (1, 7),
        "days_at_once": (1, 366),
        "point_s": (1, 10**6),
        "outing_s": (0, 10**6),
    }
    _refuse_unknown(table, {*within, *whole, "weekdays", "days_off", "mode"}, "plan.")
    read: dict[str, Any] = {}
    for key, value in table.items():
        path = f"plan.{key}"
        if key in within:
            read[key] = _number(value, path, *within[key])
        elif key in whole:
            read[key] = _whole(value, path, *whole[key])
        elif key == "mode":
            read[key] = value if value in SPEEDS else _refuse(path)
        elif key == "weekdays":
            read[key] = frozenset(_whole(day, path, 0, 6) for day in _list(value, path))
        else:
            read[key] = frozenset(_day(day, path) for day in _list(value, path))
    if read.get("pace") == 0:
        read["pace"] = None
    return read


def _weights(table: Mapping[str, Any]) -> VisitWeights:
    _refuse_unknown(table, {each.name for each in fields(VisitWeights)}, "weights.")
    read: dict[str, Any] = {
        key: _whole(value, f"weights.{key}", 1, 36_500)
        if key == "since_cap_days"
        else _number(value, f"weights.{key}", 0.0, 1e3)
        for key, value in table.items()
    }
    return VisitWeights(**read)


def _windows(table: Mapping[str, Any], name: str) -> dict[str, tuple[Window, ...]]:
    _refuse_unknown(table, set(PremisesType), f"{name}.")
    return {
        key: tuple(_window(one, f"{name}.{key}") for one in _list(value, f"{name}.{key}"))
        for key, value in table.items()
    }


def _window(value: Any, path: str) -> Window:
    found = re.fullmatch(r"(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)", str(value).strip())
    if found is None:
        raise _wrong(path)
    hour, minute, to_hour, to_minute = (int(part) for part in found.groups())
    try:
        start, end = time(hour, minute), time(to_hour % 24, to_minute)
    except ValueError as error:
        raise _wrong(path) from error
    if to_hour > 24 or start == end:
        raise _wrong(path)
    return window(start, end)


def _agencies(document: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    table = _table(document, "agencies")
    _refuse_unknown(table, set(FindingKind), "agencies.")
    read = {}
    for key, value in table.items():
        words = _list(value, f"agencies.{key}")
        if any(not isinstance(word, str) or not word.strip() for word in words):
            raise _wrong(f"agencies.{key}")
        read[key] = tuple(words)
    return read


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, Mapping):
        raise _wrong(name)
    return table


def _refuse_unknown(table: Mapping[str, Any], known: set[str], prefix: str) -> None:
    for key in table:
        if key not in known:
            raise InputError(
                "planning_settings",
                msg("Cấu hình lập lịch có mục lạ: {key}.", key=f"{prefix}{key}"),
                hint=msg("Sửa lại tên mục, hoặc bỏ dòng đó."),
            )


def _list(value: Any, path: str) -> list[Any]:
    return value if isinstance(value, list) else _refuse(path)


def _number(value: Any, path: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(path)
    return float(value) if low <= value <= high else _refuse(path)


def _whole(value: Any, path: str, low: int, high: int) -> int:
    number = _number(value, path, low, high)
    return int(number) if number == int(number) else _refuse(path)


def _day(value: Any, path: str) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise _wrong(path) from error
    # A TOML date with a time is a date for Python too, but does not compare with one.
    return value if isinstance(value, date) and not isinstance(value, datetime) else _refuse(path)


def _refuse(path: str) -> Any:
    raise _wrong(path)


def _wrong(path: str) -> InputError:
    why = msg("Cấu hình lập lịch: giá trị của {key} không hợp lệ.", key=path)
    return InputError("planning_settings", why)
