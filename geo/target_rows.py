"""The targets of a period, per ward and for the whole: value, target, met or not, trend, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from geo.messages import Message, msg
from geo.target_facts import TargetFacts
from geo.target_parts import Part, Parts, parts_of
from geo.target_settings import CODES, COUNTS, OVER_THE_YEAR, WHOLE_ONLY, TargetRule, TargetSettings, exact
from geo.target_texts import NAMES, how_it_stands, what_is_asked, what_is_missing
from geo.target_windows import Window, same_days
from geo.targets import Indicator


@dataclass(frozen=True)
class Aim:
    """What a unit has to reach. ``target`` None: nobody gave it one, for the reason ``why``."""

    comparator: str
    target: float | None
    assigned: bool = False
    source: str | None = None
    why: Message | None = None


def indicator_rows(
    facts: TargetFacts, settings: TargetSettings, shares: pd.DataFrame, window: Window
) -> list[Indicator]:
    """Every target that a paper or a share asks for, and every one that is no plain count; the whole first,
    then the wards by name.

    ``shares``: ``unit_id, code, first_day, last_day, value`` with ``ward``, the ward of the chosen set that
    each passes to (None: to none).
    """
    now, before, last_year = (parts_of(facts, one) for one in (window, window.before, window.year_before))
    rows: list[Indicator] = []
    for code in CODES:
        asked = _asked_days(code, window)
        given = _given(shares, code, asked)
        if code in COUNTS and settings.rule(code, asked.last) is None and not given:
            continue
        aims = _aims(code, facts, settings, given, asked)
        for unit in [None] if code in WHOLE_ONLY else facts.keys:
            rows.append(_indicator(code, unit, facts, now, before[code], last_year[code], aims[unit], asked))
    return rows


def is_met(part: Part, comparator: str, target: float | None) -> bool | None:
    """Whether the target is reached; None without a target or a value, or where the figures cannot be right."""
    if target is None or part.value is None or part.numerator is None:
        return None
    value: Fraction = Fraction(part.numerator)
    if part.denominator is not None:
        if part.denominator == 0:
            return None
        value = Fraction(part.numerator, part.denominator)
        if part.rise:
            value -= 1
        elif value > 1:
            return None
    aim = exact(target)
    if comparator == ">":
        return value > aim
    return value <= aim if comparator == "<=" else value >= aim


def _asked_days(code: str, window: Window) -> Window:
    """The days that a target of the period is for: T09 is always the calendar year's."""
    return window.whole_year if code in ("T09", "T09a") else window


def _indicator(
    code: str,
    unit: str | None,
    facts: TargetFacts,
    now: Mapping[str, Parts],
    before: Parts,
    last_year: Parts,
    aim: Aim,
    asked: Window,
) -> Indicator:
    part = now[code][unit]
    judged = code not in OVER_THE_YEAR or asked.about_a_year
    met = is_met(part, aim.comparator, aim.target) if judged else None
    missing = _missing(code, unit, part, aim, asked, facts.as_of)
    names = dict(zip(facts.wards["id"], facts.wards["name"], strict=True))
    return Indicator(
        code=code,
        name=NAMES[code],
        unit_id=unit,
        ward=None if unit is None else names[unit],
        numerator=part.numerator,
        denominator=part.denominator,
        value=part.value,
        comparator=aim.comparator,
        target=aim.target,
        assigned=aim.assigned,
        met=met,
        text=_text(code, part, aim, met, judged, missing),
        flags=part.flags,
        before=before[unit].value,
        year_before=last_year[unit].value,
        rows=part.rows,
    )


def _missing(code: str, unit: str | None, part: Part, aim: Aim, asked: Window, as_of: date) -> Message | None:
    if aim.target is None:
        return None
    ward, deadline = unit is not None, asked.last
    return what_is_missing(code, part, aim.comparator, aim.target, ward=ward, deadline=deadline, as_of=as_of)


def _text(code: str, part: Part, aim: Aim, met: bool | None, judged: bool, missing: Message | None) -> Message:
    said = [how_it_stands(part)]
    if aim.target is None:
        said.append(aim.why or msg("Chưa có chỉ tiêu cho kỳ này."))
        return _sentences(said)
    said.append(what_is_asked(code, aim.comparator, aim.target, aim.source, aim.assigned))
    if not judged:
        said.append(msg("Chỉ tiêu tính cho cả năm."))
    elif missing is not None:
        said.append(missing)
    elif met is not None:
        said.append(msg("Đạt.") if met else msg("Chưa đạt."))
    return _sentences(said)


def _sentences(said: list[Message]) -> Message:
    whole = said[0]
    for one in said[1:]:
        whole = msg("{first} {second}", first=whole, second=one)
    return whole


# --- what each unit has to reach


def _aims(
    code: str, facts: TargetFacts, settings: TargetSettings, given: dict[str, float], asked: Window
) -> dict[str | None, Aim]:
    rule = settings.rule(code, asked.last)
    if code not in COUNTS:
        common = _common(rule, settings.paper(asked.last))
        own = {unit: Aim(_sign(common.comparator), value, True) for unit, value in given.items()}
        return {unit: own.get(unit, common) if unit else common for unit in facts.keys}
    wards: dict[str | None, Aim] = {
        unit: Aim("count", given[unit], True) if unit in given else Aim("count", None, why=msg("Chưa giao."))
        for unit in facts.unit_ids
    }
    return {None: _whole_count(rule, given, facts.unit_ids, settings.city, asked)} | wards


def _common(rule: TargetRule | None, paper: str | None) -> Aim:
    if rule is not None:
        return Aim(rule.comparator, rule.value, source=rule.source)
    why = msg("Chưa có chỉ tiêu cho kỳ này ({paper}).", paper=paper) if paper else None
    return Aim(">=", None, why=why)


def _sign(comparator: str) -> str:
    return ">=" if comparator == "count" else comparator


def _whole_count(
    rule: TargetRule | None, given: dict[str, float], units: list[str], city: bool, asked: Window
) -> Aim:
    """Of the city its own figure; elsewhere what was given to all wards together, never a computed part."""
    if units and all(unit in given for unit in units):
        return Aim("count", sum(given.values()), True)
    if rule is None:
        return Aim("count", None, why=msg("Chưa giao."))
    whole = int(rule.value) if rule.value.is_integer() else rule.value
    if not same_days(rule.first, rule.last, asked.first, asked.last):
        first, last = rule.first, rule.last
        why = msg(
            "Chỉ tiêu của thành phố ({n}) tính cho thời gian {first} - {last}.", n=whole, first=first, last=last
        )
        return Aim("count", None, why=why)
    if city:
        return Aim("count", rule.value, source=rule.source)
    return Aim(
        "count",
        None,
        why=msg(
            "Chưa giao: {n} là chỉ tiêu của thành phố, {k}/{of} phường có phần giao.",
            n=whole,
            k=len(given),
            of=len(units),
        ),
    )


def _given(shares: pd.DataFrame, code: str, asked: Window) -> dict[str, float]:
    """What was assigned for these days, by ward. Of a ratio only a unit's own share: ratios do not add up."""
    found: dict[str, float] = {}
    for share in shares[shares["code"] == code].itertuples():
        first, last = pd.Timestamp(share.first_day).date(), pd.Timestamp(share.last_day).date()
        if share.ward is None or not same_days(first, last, asked.first, asked.last):
            continue
        if code in COUNTS:
            found[share.ward] = found.get(share.ward, 0.0) + float(share.value)
        elif share.ward == share.unit_id:
            found[share.ward] = float(share.value)
    return found
