"""What people's verdicts say of the rules: how many of a rule's alerts were right, quarter by quarter.

Precision is confirmed / (confirmed + false alarm); "cannot tell" counts for neither. With the score interval of
Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from geo.alert_times import PrecisionRules
from geo.words import AlertKind

_Z = 1.959964


@dataclass(frozen=True)
class Precision:
    """Verdicts on one rule. ``share`` and its 95% interval are None without a verdict. ``quarter``: such as
    "2026-Q3", None for all of them. ``mostly_wrong``: see ``PrecisionRules``."""

    rule: AlertKind
    quarter: str | None
    confirmed: int
    false: int
    unclear: int
    share: float | None
    low: float | None
    high: float | None
    mostly_wrong: bool = False


def wilson(good: int, n: int) -> tuple[float, float]:
    """95% score interval of a share.

    >>> [round(bound, 3) for bound in wilson(1, 10)]
    [0.018, 0.404]
    """
    if not 0 <= good <= n or n == 0:
        raise ValueError("good of n, n at least 1")
    share, z2 = good / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def precision_of_rules(verdicts: pd.DataFrame, rules: PrecisionRules | None = None) -> list[Precision]:
    """Each rule over all time, then by quarter, in the order of ``AlertKind``.

    ``verdicts``: one row an alert and rule that spoke: rule, state ("confirmed", "dismissed" or "unclear", the
    last verdict), on_date (of the verdict).
    """
    rules = rules or PrecisionRules()
    if verdicts.empty:
        return []
    days = pd.to_datetime(verdicts["on_date"])
    quarters = days.dt.year.astype(str) + "-Q" + days.dt.quarter.astype(str)
    found = []
    for rule in AlertKind:
        own = verdicts["rule"].eq(rule.value)
        if own.any():
            found.append(_precision(rule, None, verdicts[own], rules))
            found += [
                _precision(rule, quarter, verdicts[own & quarters.eq(quarter)], rules)
                for quarter in sorted(set(quarters[own]))
            ]
    return found


def _precision(rule: AlertKind, quarter: str | None, rows: pd.DataFrame, rules: PrecisionRules) -> Precision:
    confirmed, false, unclear = (int(rows["state"].eq(s).sum()) for s in ("confirmed", "dismissed", "unclear"))
    judged = confirmed + false
    if judged == 0:
        return Precision(rule, quarter, 0, 0, unclear, None, None, None)
    low, high = wilson(confirmed, judged)
    wrong = quarter is None and judged >= rules.least_verdicts and high < rules.mostly_wrong_below
    return Precision(rule, quarter, confirmed, false, unclear, confirmed / judged, low, high, wrong)
