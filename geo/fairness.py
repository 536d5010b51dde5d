"""The fairness sheet: who is inspected more than risk explains, and whether what was found bears it out.

Checks of a period are compared, group by group (ward, type, size, same office), with what the risk alone would
have sent there: the same number of checks in all, shared out by the premises' probability of a serious
violation. The ratio has an exact Poisson interval (Garwood 1936), so that small groups are not over-read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import chi2

from geo.messages import Message, msg
from geo.words import Grouping, Verdict

__all__ = ["FairnessRow", "Grouping", "Verdict", "fairness", "poisson_interval"]

_CONFIDENCE = 0.95
#: Upper ends of the size bands, in rooms.
_BANDS = (5, 15, 30)


@dataclass(frozen=True)
class FairnessRow:
    """One group.

    ``expected``: checks that risk alone would have sent here. ``ratio``: checks / expected with its 95%
    interval. ``found_rate``: serious violations a check, None where nothing is known of what was found.
    """

    grouping: Grouping
    group: str
    premises: int
    checks: int
    expected: float
    ratio: float
    low: float
    high: float
    serious: int | None
    found_rate: float | None
    verdict: Verdict

    @property
    def text(self) -> Message:
        """The row as a sentence."""
        return _SENTENCES[self.verdict]


_SENTENCES: dict[Verdict, Message] = {
    Verdict.AS_EXPECTED: msg("Số lượt kiểm tra phù hợp với mức nguy cơ."),
    Verdict.MORE: msg("Được kiểm tra nhiều hơn mức nguy cơ giải thích được."),
    Verdict.MORE_FOUND_LESS: msg("Được kiểm tra nhiều hơn mức nguy cơ, mà phát hiện ít hơn mức chung."),
    Verdict.LESS: msg("Được kiểm tra ít hơn mức nguy cơ đòi hỏi."),
    Verdict.TOO_FEW: msg("Quá ít lượt kiểm tra để kết luận."),
}


def fairness(
    premises: pd.DataFrame, checks: pd.DataFrame, probability: pd.Series, *, least_checks: int = 5
) -> list[FairnessRow]:
    """Compare checks with risk, group by group.

    Parameters
    ----------
    premises : active premises with ``id``, ``ward_name``, ``type``, ``rooms`` (may be missing) and
        ``same_office`` (bool: licensed and inspected by the same office).
    checks : one row a check or planned visit, with ``premises_id`` and, where known, ``serious`` (bool).
    probability : by premises id; a missing one counts as the mean.
    least_checks : groups whose checks and expected checks are both fewer are not judged.

    Returns
    -------
    Rows by grouping, most over-inspected first. Empty without premises or without checks.
    """
    counted = checks[checks["premises_id"].isin(premises["id"])]
    if premises.empty or counted.empty:
        return []
    frame = _with_risk(premises, probability)
    frame["checks"] = frame["id"].map(counted["premises_id"].value_counts()).fillna(0)
    known = "serious" in counted
    if known:
        found = counted[counted["serious"].eq(True)]["premises_id"].value_counts()
        frame["serious"] = frame["id"].map(found).fillna(0)
    frame["expected"] = frame["risk"] / frame["risk"].sum() * len(counted)
    overall = float(frame["serious"].sum()) / len(counted) if known else None
    rows = [
        _row(grouping, str(name), group, overall, least_checks)
        for grouping, labels in _groupings(frame).items()
        for name, group in frame.groupby(labels, sort=True)
    ]
    order = list(Grouping)
    return sorted(rows, key=lambda row: (order.index(row.grouping), -row.ratio, row.group))


def _with_risk(premises: pd.DataFrame, probability: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame(premises[["id", "ward_name", "type", "rooms", "same_office"]])
    risk = frame["id"].map(probability).astype(float)
    usual = float(risk.mean()) if risk.notna().any() else 1.0
    # A floor keeps the shares defined where every probability is 0.
    frame["risk"] = np.maximum(risk.fillna(usual), 1e-9)
    return frame


def _groupings(frame: pd.DataFrame) -> dict[Grouping, pd.Series]:
    rooms = pd.to_numeric(frame["rooms"], errors="coerce")
    return {
        Grouping.WARD: frame["ward_name"].astype(object).where(frame["ward_name"].notna(), ""),
        Grouping.TYPE: frame["type"].astype(str),
        Grouping.SIZE: rooms.map(_band),
        Grouping.SAME_OFFICE: frame["same_office"].map({True: "yes", False: "no"}),
    }


def _band(rooms: float) -> str:
    """Size band in rooms: "1-5", "6-15", "16-30", "31+", empty where unknown."""
    if np.isnan(rooms):
        return ""
    least = 1
    for most in _BANDS:
        if rooms <= most:
            return f"{least}-{most}"
        least = most + 1
    return f"{least}+"


def _row(grouping: Grouping, name: str, group: pd.DataFrame, overall: float | None, least: int) -> FairnessRow:
    count, expected = int(group["checks"].sum()), float(group["expected"].sum())
    low, high = poisson_interval(count)
    serious = int(group["serious"].sum()) if overall is not None else None
    rate = serious / count if serious is not None and count else None
    return FairnessRow(
        grouping=grouping,
        group=name,
        premises=len(group),
        checks=count,
        expected=round(expected, 1),
        ratio=round(count / expected, 2),
        low=round(low / expected, 2),
        high=round(high / expected, 2),
        serious=serious,
        found_rate=None if rate is None else round(rate, 3),
        verdict=_verdict(count, expected, serious, overall, least),
    )


def _verdict(count: int, expected: float, serious: int | None, overall: float | None, least: int) -> Verdict:
    if max(count, expected) < least:
        return Verdict.TOO_FEW
    low, high = poisson_interval(count)
    if high < expected:
        return Verdict.LESS
    if low <= expected:
        return Verdict.AS_EXPECTED
    if serious is not None and overall is not None and poisson_interval(serious)[1] / count < overall:
        return Verdict.MORE_FOUND_LESS
    return Verdict.MORE


def poisson_interval(count: int, confidence: float = _CONFIDENCE) -> tuple[float, float]:
    """Exact interval of a Poisson mean of which ``count`` was seen (Garwood 1936)."""
    tail = (1 - confidence) / 2
    low = float(chi2.ppf(tail, 2 * count) / 2) if count else 0.0
    return low, float(chi2.ppf(1 - tail, 2 * count + 2) / 2)
