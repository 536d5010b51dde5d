"""The points of a ward, "phường lành mạnh không có tệ nạn ma túy, mại dâm": criteria, points, classification.

The default follows the targets of plan 316/KH-UBND. What nobody can judge is left out, never taken for good or
bad. Criminal handling (T07) and the number of tips never count. A person may set other points, with a reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from geo.errors import InputError
from geo.messages import Message, msg
from geo.review_words import WardClass
from geo.targets import Indicator, OtherFigure, Rows

#: Never a criterion: it would pay to look away, or to be the more lenient ward (domain, section 2).
FORBIDDEN = ("T07",)

#: What the criteria of the default table are called; another one brings its own name.
_NAMES: dict[str, Message] = {
    "communication": msg("Duy trì hình thức truyền thông thường xuyên"),
    "reached": msg("Tỷ lệ người lao động, công nhân, học sinh, sinh viên được truyền thông"),
    "plan": msg("Có kế hoạch và tổ chức thực hiện"),
    "model": msg("Duy trì mô hình phòng ngừa"),
    "integration": msg("Lồng ghép với chương trình khác"),
    "in_time": msg("Xử lý nguồn tin đúng hạn"),
    "hotspots": msg("Không phát sinh, không tái hoạt động điểm phức tạp"),
    "inspected": msg("Kiểm tra cơ sở ít nhất một lần trong năm"),
    "trained": msg("Tập huấn cán bộ, tình nguyện viên"),
}


class Rule(StrEnum):
    """How a target turns into points (see ``ward_score.toml``)."""

    MET = "met"
    SHARE = "share"
    NONE = "none"


class Yearly(StrEnum):
    """From when a goal of the whole year is counted (see ``ward_score.toml``)."""

    NO = ""
    TO_DATE = "to_date"
    IN_PERIOD = "in_period"


@dataclass(frozen=True)
class YearPart:
    """Parts of a calendar year, 0 to 1: what has gone by since 1 January, and the period itself."""

    to_date: float = 1.0
    in_period: float = 1.0

    def of(self, yearly: Yearly) -> float:
        """Which part of a goal is asked for."""
        return {Yearly.NO: 1.0, Yearly.TO_DATE: self.to_date, Yearly.IN_PERIOD: self.in_period}[yearly]


#: Figures beside the targets of one ward, by key.
Counts = Mapping[str, int | None]
#: A whole year.
WHOLE_YEAR = YearPart()


@dataclass(frozen=True)
class Criterion:
    """A line of the table of points. ``goal``: what counts as reached where a ward has no target of its own.
    ``against``: the key of the figure that counts against the share in place of what is not yet reached."""

    key: str
    name: Message
    codes: tuple[str, ...]
    points: float
    rule: Rule
    goal: float
    yearly: Yearly
    against: str


@dataclass(frozen=True)
class ScoreSettings:
    """The table of points and the bounds of the classes. ``least_judged``: share of 0 to 1."""

    version: str
    criteria: tuple[Criterion, ...]
    healthy: float
    fair: float
    least_judged: float
    needed: tuple[str, ...]

    @property
    def most(self) -> float:
        """All points of the table."""
        return sum(one.points for one in self.criteria)


@dataclass(frozen=True)
class Given:
    """What a person set in place of what was worked out."""

    reason: str
    by: str
    on: date
    points: float | None = None
    ward_class: WardClass | None = None


@dataclass(frozen=True)
class CriterionPoints:
    """Points of a criterion, None where nobody can judge it. ``computed``: before a person set others.

    ``texts``: what the targets behind it say; ``rows``: the rows behind them.
    """

    key: str
    name: Message
    points: float | None
    most: float
    computed: float | None
    texts: tuple[Message, ...]
    rows: Rows
    given: Given | None = None


@dataclass(frozen=True)
class WardPoints:
    """A ward's points of 100 over what was judged (None: unrated), its class and what stands behind them.

    ``judged``: points that could be judged, of all. ``computed_class``: before a person set another; ``before``
    and ``class_before``: of the period before.
    """

    unit_id: str
    ward: str
    criteria: tuple[CriterionPoints, ...]
    points: float | None
    judged: float
    ward_class: WardClass
    computed_class: WardClass
    given: Given | None = None
    before: float | None = None
    class_before: WardClass | None = None

    @property
    def change(self) -> float | None:
        """Points more than in the period before."""
        return None if self.points is None or self.before is None else self.points - self.before


def parse_settings(text: str) -> ScoreSettings:
    """Read the table of points. Raises InputError ``score_settings`` for what cannot be one."""
    try:
        told = tomllib.loads(text)
        criteria = tuple(_criterion(one) for one in told["criterion"])
        classes = told["classes"]
        settings = ScoreSettings(
            version=str(told["version"]),
            criteria=criteria,
            healthy=float(classes["healthy"]),
            fair=float(classes["fair"]),
            least_judged=float(classes["least_judged"]),
            needed=tuple(classes["needed"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _wrong(msg("thiếu hoặc sai mục {key}", key=str(error))) from error
    _check(settings)
    return settings


def _criterion(told: Mapping[str, Any]) -> Criterion:
    key = str(told["key"])
    return Criterion(
        key=key,
        name=_NAMES[key] if key in _NAMES else msg(str(told["name"])),
        codes=tuple(str(code) for code in told["codes"]),
        points=float(told["points"]),
        rule=Rule(told["rule"]),
        goal=float(told.get("goal", 1.0)),
        yearly=Yearly(told.get("yearly", "")),
        against=str(told.get("against", "")),
    )


def _check(settings: ScoreSettings) -> None:
    keys = [one.key for one in settings.criteria]
    if len(set(keys)) < len(keys) or not set(settings.needed) <= set(keys):
        raise _wrong(msg("tên tiêu chí trùng, hoặc “needed” nêu tiêu chí không có"))
    if any(code.startswith(FORBIDDEN) for one in settings.criteria for code in one.codes):
        raise _wrong(msg("T07 không được dùng để chấm điểm phường"))
    if any(one.points <= 0 or one.goal <= 0 for one in settings.criteria):
        raise _wrong(msg("điểm và mức đạt phải lớn hơn 0"))
    if not 0 < settings.fair < settings.healthy <= 100 or not 0 < settings.least_judged <= 1:
        raise _wrong(msg("mức xếp loại phải tăng dần, từ 0 đến 100"))


def _wrong(what: Message) -> InputError:
    return InputError("score_settings", msg("Bảng chấm điểm phường không dùng được: {what}.", what=what))


def score_ward(
    unit_id: str,
    ward: str,
    targets: Sequence[Indicator],
    settings: ScoreSettings,
    *,
    beside: Sequence[OtherFigure] = (),
    year: YearPart = WHOLE_YEAR,
    given: Mapping[str | None, Given] | None = None,
) -> WardPoints:
    """The points of one ward from its targets and the figures ``beside`` them.

    ``year``: which parts of the year the period is, for yearly goals. ``given``: what people set, by criterion;
    None for the classification.
    """
    given = given or {}
    own = [one for one in targets if one.unit_id == unit_id]
    counts = {one.key: one.value for one in beside if one.unit_id == unit_id}
    criteria = tuple(
        _points(one, own, counts, year.of(one.yearly), given.get(one.key)) for one in settings.criteria
    )
    judged = [one for one in criteria if one.points is not None]
    most = sum(one.most for one in judged)
    rated = most >= settings.least_judged * settings.most and most > 0
    points = 100.0 * sum(one.points or 0.0 for one in judged) / most if rated else None
    computed = _class(points, criteria, settings)
    whole = given.get(None)
    return WardPoints(
        unit_id=unit_id,
        ward=ward,
        criteria=criteria,
        points=points,
        judged=most,
        ward_class=whole.ward_class if whole and whole.ward_class else computed,
        computed_class=computed,
        given=whole,
    )


def _points(
    criterion: Criterion, own: Sequence[Indicator], counts: Counts, asked: float, given: Given | None
) -> CriterionPoints:
    behind = [one for one in own if one.code in criterion.codes]
    parts = [_part(one, criterion, counts, asked) for one in behind]
    known = [part for part in parts if part is not None]
    computed = None if not known else criterion.points * _together(criterion.rule, known)
    rows: dict[str, tuple[str, ...]] = {}
    for one in behind:
        for table, ids in one.rows.items():
            rows[table] = tuple(dict.fromkeys((*rows.get(table, ()), *ids)))
    set_by_hand = given is not None and given.points is not None
    return CriterionPoints(
        key=criterion.key,
        name=criterion.name,
        points=given.points if given is not None and set_by_hand else computed,
        most=criterion.points,
        computed=computed,
        texts=tuple(one.text for one in behind) + _pace(asked),
        rows=rows,
        given=given,
    )


def _together(rule: Rule, parts: Sequence[float]) -> float:
    """Several parts of a target: reached on average, met or clean only when all are."""
    return sum(parts) / len(parts) if rule is Rule.SHARE else min(parts)


def _part(target: Indicator, criterion: Criterion, counts: Counts, asked: float) -> float | None:
    """How much of a criterion's points one target earns, 0 to 1; None where nobody can say."""
    if criterion.rule is Rule.NONE:
        counted = target.numerator if target.value is None else target.value
        return None if counted is None else float(counted == 0)
    if criterion.rule is Rule.MET and target.met is not None:
        return float(target.met)
    if (wrong := counts.get(criterion.against)) is not None and target.denominator:
        return max(0.0, 1 - wrong / target.denominator)
    reached = _reached(target, criterion.goal)
    if reached is None:
        return None
    if criterion.rule is Rule.MET:
        return float(reached >= 1)
    return min(1.0, reached / asked) if asked > 0 else 1.0


def _reached(target: Indicator, goal: float) -> float | None:
    """Share of the goal that was reached, above 1 for more."""
    if target.comparator == "count" and target.target and target.value is not None:
        return target.value / target.target
    if target.numerator is None or not target.denominator:
        return None
    wanted = target.target if target.target and target.comparator != "count" else goal
    return target.numerator / target.denominator / wanted


def _pace(asked: float) -> tuple[Message, ...]:
    if asked >= 1:
        return ()
    return (msg("Chỉ tiêu của cả năm; kỳ này tính {share}% chỉ tiêu.", share=max(1, round(100 * asked))),)


def _class(points: float | None, criteria: Sequence[CriterionPoints], settings: ScoreSettings) -> WardClass:
    if points is None:
        return WardClass.UNRATED
    lacking = any(
        one.key in settings.needed and one.points is not None and one.points < one.most for one in criteria
    )
    if points >= settings.healthy and not lacking:
        return WardClass.HEALTHY
    return WardClass.FAIR if points >= settings.fair else WardClass.WEAK
