"""What a part of the risk score is, and the parts from the papers of a premises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.messages import Message, msg
from geo.risk_settings import LicenceSettings, RequiredPaper
from geo.word_texts import word_text
from geo.words import LicenceKind

Floats = npt.NDArray[np.float64]
#: Days of a mean month, for half-lives given in months.
MONTH_DAYS = 30.4375


@dataclass(frozen=True)
class Part:
    """One named part of a score: what was measured, its points, and the sentence for people."""

    name: str
    value: float
    points: float
    text: Message

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready form; ``text`` keeps its slots, so that it can be shown in either language."""
        return {"name": self.name, "value": self.value, "points": self.points, "text": self.text.to_json()}


@dataclass(frozen=True)
class PartColumn:
    """One part for all premises in their order: (n,) values, (n,) log-odds, and the reason of row i.

    ``doubt``: what thin data leave open of the log-odds, as a standard deviation (n,); None for nothing.
    """

    name: str
    value: Floats
    log_odds: Floats
    reason: Callable[[int], Message]
    doubt: Floats | None = None


def days_before(frame: pd.DataFrame, column: str, as_of: date) -> Floats:
    """Whole days from ``column`` to ``as_of``: (n,), negative after ``as_of``, NaN where missing."""
    if column not in frame:
        return np.full(len(frame), np.nan)
    # Plain arrays: the fit asks this hundreds of times.
    days = pd.to_datetime(frame[column]).to_numpy().astype("datetime64[D]")
    gap = (np.datetime64(as_of, "D") - days).astype(float)
    return np.where(np.isnat(days), np.nan, gap)


def window_days(months: int, as_of: date) -> int:
    """Days of the ``months`` calendar months up to ``as_of``."""
    end = pd.Timestamp(as_of)
    return int((end - (end - pd.DateOffset(months=months))).days)


def particulars_column(
    premises: pd.DataFrame, differing: pd.Series | None, settings: LicenceSettings
) -> PartColumn:
    """Papers in force whose name, address or rooms are no longer those of the premises.

    ``differing``: how many such particulars, by premises id; None where nobody compared them.
    """
    counts: Floats = np.zeros(len(premises))
    if differing is not None and len(differing):
        counts = differing.reindex(premises["id"]).fillna(0).to_numpy(dtype=float)

    def reason(row: int) -> Message:
        return msg("{n} chi tiết trên giấy phép không còn khớp với cơ sở", n=int(counts[row]))

    return PartColumn("particulars", counts, np.where(counts > 0, settings.differing, 0.0), reason)


# States of a paper at a date, best first: of several papers of a kind the best one counts.
_IN_FORCE, _TERM_PASSED, _SUSPENDED, _WITHDRAWN, _MISSING = range(5)


def licence_columns(
    premises: pd.DataFrame,
    licences: pd.DataFrame,
    as_of: date,
    settings: LicenceSettings,
    required_papers: tuple[RequiredPaper, ...],
) -> list[PartColumn]:
    """One part per kind of paper that the type needs at ``as_of`` and that is not in force.

    Value: 1 term passed, 2 suspended, 3 withdrawn, 4 missing.
    """
    states = _paper_states(premises, licences, as_of)
    needed = _needed(premises, required_papers, as_of)
    weights = np.array([0.0, settings.term_passed, settings.suspended, settings.withdrawn, settings.missing])
    columns = []
    for kind in LicenceKind:
        state, need = states[kind], needed[kind]
        recorded = (state[need] != _MISSING).mean() if need.any() else 0.0
        if recorded < settings.recorded_share:
            state = np.where(state == _MISSING, _IN_FORCE, state)
        state = np.where(need, state, _IN_FORCE)
        reason = _paper_reason(kind, state)
        columns.append(PartColumn(f"licence_{kind.value}", state.astype(float), weights[state], reason))
    return columns


def _paper_states(
    premises: pd.DataFrame, licences: pd.DataFrame, as_of: date
) -> dict[LicenceKind, npt.NDArray[np.int64]]:
    states = {kind: np.full(len(premises), _MISSING) for kind in LicenceKind}
    if licences.empty:
        return states
    issued = days_before(licences, "issued_on", as_of)
    row = pd.Index(premises["id"]).get_indexer(licences["premises_id"])
    state = np.full(len(licences), _IN_FORCE)
    # A stated term's last day is still in force.
    state[days_before(licences, "term_until", as_of) > 0] = _TERM_PASSED
    state[days_before(licences, "suspended_on", as_of) >= 0] = _SUSPENDED
    state[days_before(licences, "withdrawn_on", as_of) >= 0] = _WITHDRAWN
    known = (row >= 0) & ~(issued < 0)
    for kind in LicenceKind:
        of_kind = known & (licences["kind"] == kind).to_numpy(dtype=bool)
        np.minimum.at(states[kind], row[of_kind], state[of_kind])
    return states


def _needed(
    premises: pd.DataFrame, required_papers: tuple[RequiredPaper, ...], as_of: date
) -> dict[LicenceKind, npt.NDArray[np.bool_]]:
    needed = {kind: np.zeros(len(premises), dtype=bool) for kind in LicenceKind}
    for paper in required_papers:
        if paper.valid_from <= as_of and (paper.valid_to is None or as_of <= paper.valid_to):
            needed[paper.kind] |= premises["type"].isin(paper.types).to_numpy(dtype=bool)
    return needed


def _paper_reason(kind: LicenceKind, state: npt.NDArray[np.int64]) -> Callable[[int], Message]:
    paper = word_text(kind)
    texts = {
        _TERM_PASSED: msg("Hết thời hạn ghi trên giấy: {paper}", paper=paper),
        _SUSPENDED: msg("Đang bị tạm đình chỉ: {paper}", paper=paper),
        _WITHDRAWN: msg("Đã bị thu hồi: {paper}", paper=paper),
        _MISSING: msg("Chưa có giấy bắt buộc với loại hình: {paper}", paper=paper),
    }
    return lambda row: texts[int(state[row])]
