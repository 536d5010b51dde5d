"""Response times of alerts in the 1-3-7 manner: acknowledged in 1 day, verified in 3, acted upon in 7.

The manner of the malaria programme (Cao et al. 2014, "Communicating and monitoring surveillance and response
activities for malaria elimination: China's 1-3-7 strategy", PLoS Medicine 11(5)).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from geo.errors import InputError
from geo.messages import msg
from geo.words import AlertState

_MOST_DAYS = 365


class Stage(StrEnum):
    """What an alert waits for, in order."""

    ACKNOWLEDGE = "acknowledge"
    VERIFY = "verify"
    ACT = "act"


#: States that show that a stage has been reached; "cannot tell" is the result of a verification too.
_REACHED: Mapping[Stage, frozenset[AlertState]] = {
    Stage.ACKNOWLEDGE: frozenset(AlertState) - {AlertState.RAISED},
    Stage.VERIFY: frozenset(
        {AlertState.CONFIRMED, AlertState.UNCLEAR, AlertState.DISMISSED, AlertState.CLOSED}
    ),
    Stage.ACT: frozenset({AlertState.DISMISSED, AlertState.CLOSED}),
}


@dataclass(frozen=True)
class ResponseRules:
    """Days that each stage may take, from the day the alert was raised."""

    days: Mapping[Stage, int]


@dataclass(frozen=True)
class PrecisionRules:
    """When a rule is mostly wrong: see ``alerts.toml``."""

    least_verdicts: int = 8
    mostly_wrong_below: float = 0.5


@dataclass(frozen=True)
class AlertRules:
    """The settings of an office for its alerts."""

    response: ResponseRules
    precision: PrecisionRules


def parse_rules(text: str, file: str = "alerts.toml") -> AlertRules:
    """The rules of a configuration in TOML. Raises InputError that names the key."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "bad_configuration", msg("Tệp {file}: {problem}", file=file, problem=str(error))
        ) from error
    days = {stage: _days(tables, f"{stage.value}_days", file) for stage in Stage}
    if not days[Stage.ACKNOWLEDGE] <= days[Stage.VERIFY] <= days[Stage.ACT]:
        raise _bad("response", msg("các thời hạn phải tăng dần"), file)
    own = tables.get("precision", {})
    least, below = own.get("least_verdicts"), own.get("mostly_wrong_below")
    if not (isinstance(least, int) and least >= 1):
        raise _bad("least_verdicts", msg("cần một số từ 1"), file)
    if not (isinstance(below, float) and 0 < below < 1):
        raise _bad("mostly_wrong_below", msg("cần một số giữa 0 và 1"), file)
    return AlertRules(ResponseRules(days), PrecisionRules(least, below))


def _days(tables: Mapping[str, Any], key: str, file: str) -> int:
    days = tables.get("response", {}).get(key)
    if not (isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= _MOST_DAYS):
        raise _bad(key, msg("cần số ngày từ 1 đến {n}", n=_MOST_DAYS), file)
    return days


def _bad(key: str, problem: Any, file: str) -> InputError:
    return InputError(
        "bad_configuration", msg("Tệp {file}, mục {key}: {problem}.", file=file, key=key, problem=problem)
    )


@dataclass(frozen=True)
class Response:
    """How far the answer to one alert has come.

    ``took``: days that each reached stage took. ``waiting``: the first stage that was not reached, None when
    all were; ``due_on`` its deadline. ``late``: the waiting stage is past its deadline. ``in_time``: of each
    stage that was reached, or whose deadline has passed.
    """

    took: Mapping[Stage, int]
    waiting: Stage | None
    due_on: date | None
    late: bool
    in_time: Mapping[Stage, bool]


def response(
    raised_on: date, steps: Iterable[tuple[AlertState, date]], rules: ResponseRules, as_of: date
) -> Response:
    """Measure one alert. ``steps``: (state, day) of its life, oldest first. A step dated before the alert (a
    clock that was set back) took 0 days."""
    life = list(steps)
    took = {}
    for stage in Stage:
        days = [day for state, day in life if state in _REACHED[stage]]
        if days:
            took[stage] = max((days[0] - raised_on).days, 0)
    waiting = next((stage for stage in Stage if stage not in took), None)
    due_on = None if waiting is None else raised_on + timedelta(days=rules.days[waiting])
    in_time = {
        stage: took.get(stage, _MOST_DAYS) <= days
        for stage, days in rules.days.items()
        if stage in took or raised_on + timedelta(days=days) < as_of
    }
    return Response(took, waiting, due_on, due_on is not None and as_of > due_on, in_time)


@dataclass(frozen=True)
class StageSummary:
    """Of the alerts whose stage was reached or is past its deadline: how many, and how many in time."""

    stage: Stage
    days: int
    counted: int
    in_time: int


def summary(responses: Iterable[Response], rules: ResponseRules) -> list[StageSummary]:
    """The share in time of each stage, over many alerts."""
    told = list(responses)
    found = []
    for stage in Stage:
        counted = [one.in_time[stage] for one in told if stage in one.in_time]
        found.append(StageSummary(stage, rules.days[stage], len(counted), sum(counted)))
    return found
