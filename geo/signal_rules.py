"""Signals: which law a piece of information follows, by when it must be handled, which step may follow which.

A signal names a place, never a person. What needs the police at once (domain, rule 7) never becomes a signal.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from geo.calendar_vn import working_days
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import SignalKind, SignalSource, SignalState

_HANDOVER = "handover"
#: Offices count Monday to Friday as working days.
_OFFICE_DAYS = range(5)

#: Which state may follow which. What was handed over is no longer ours.
NEXT: Mapping[SignalState, frozenset[SignalState]] = {
    SignalState.RECEIVED: frozenset(
        {SignalState.VERIFYING, SignalState.VERIFIED, SignalState.UNFOUNDED, SignalState.HANDED_OVER}
    ),
    SignalState.VERIFYING: frozenset({SignalState.VERIFIED, SignalState.UNFOUNDED, SignalState.HANDED_OVER}),
    SignalState.VERIFIED: frozenset({SignalState.VERIFYING, SignalState.HANDED_OVER}),
    SignalState.UNFOUNDED: frozenset({SignalState.VERIFYING}),
    SignalState.HANDED_OVER: frozenset(),
}
#: States in which somebody has brought a signal to an end.
HANDLED = frozenset({SignalState.VERIFIED, SignalState.UNFOUNDED, SignalState.HANDED_OVER})
#: What the office sees by itself, whoever may have told it first.
_OWN_SOURCES = frozenset({SignalSource.PATROL, SignalSource.INSPECTION, SignalSource.LICENCE})


@dataclass(frozen=True)
class Deadline:
    """How long a kind of signal may take. ``working``: working days are counted; ``police``: not verified
    here but handed over."""

    days: int
    law: str
    working: bool = False
    police: bool = False

    def due_on(self, received: date) -> date:
        """The last day on which it is in time."""
        if not self.working:
            return received + timedelta(days=self.days)
        # Holidays come in weeks: twice the days and a month always hold enough working days.
        last = received + timedelta(days=2 * self.days + 31)
        later = working_days(received + timedelta(days=1), last, weekdays=_OFFICE_DAYS)
        return later[self.days - 1]


@dataclass(frozen=True)
class SignalRules:
    """The deadlines of an office: by kind, and for a signal sent across a border to be accepted."""

    by_kind: Mapping[SignalKind, Deadline]
    handover: Deadline

    def due_on(self, kind: SignalKind, received: date) -> date:
        """The last day on which a signal of this kind is handled in time."""
        return self.by_kind[kind].due_on(received)

    def police(self, kind: SignalKind) -> bool:
        """Whether a signal of this kind always goes to the police (tố giác, tin báo về tội phạm)."""
        return self.by_kind[kind].police


def parse_rules(text: str, file: str = "signals.toml") -> SignalRules:
    """The rules of a configuration in TOML. Raises InputError that names the key."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            "bad_configuration", msg("Tệp {file}: {problem}", file=file, problem=str(error))
        ) from error
    known = {*SignalKind, _HANDOVER}
    for key in [*(one for one in known if one not in tables), *(one for one in tables if one not in known)]:
        raise InputError(
            "bad_configuration", msg("Tệp {file}: mục {key} thiếu hoặc thừa.", file=file, key=str(key))
        )
    deadlines = {key: _deadline(table, key, file) for key, table in tables.items()}
    return SignalRules({kind: deadlines[kind.value] for kind in SignalKind}, deadlines[_HANDOVER])


def _deadline(table: Any, key: str, file: str) -> Deadline:
    good = isinstance(table, dict) and set(table) <= {"days", "law", "working", "police"}
    days = table.get("days") if good else None
    if not (isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 365):
        raise InputError(
            "bad_configuration",
            msg("Tệp {file}, mục {key}: days cần là số ngày từ 1 đến 365.", file=file, key=key),
        )
    return Deadline(days, str(table.get("law", "")), table.get("working") is True, table.get("police") is True)


def usual_kind(source: SignalSource) -> SignalKind:
    """What a signal is before the law as long as nobody says otherwise."""
    return SignalKind.OBSERVATION if source in _OWN_SOURCES else SignalKind.FEEDBACK


def check_step(
    current: SignalState,
    new: SignalState,
    *,
    police: bool,
    result: str,
    receipt: str | None = None,
) -> None:
    """Raise ``RuleError`` with the reason if a signal may not go from ``current`` to ``new``.

    ``police``: its kind always goes to the police: then it may only be handed over. ``result``: what was found,
    needed to bring it to an end, and to take up again what was at an end. ``receipt``: of the police.
    """
    if new not in NEXT[current]:
        raise RuleError(
            "signal_step",
            msg("Nguồn tin đang “{current}” không thể chuyển sang “{new}”.", current=current, new=new),
        )
    if police and new is not SignalState.HANDED_OVER:
        raise RuleError(
            "signal_police",
            msg("Tố giác, tin báo về tội phạm luôn được chuyển công an, đội không tự xác minh."),
            hint=msg("Chọn “đã chuyển công an” và ghi số biên nhận."),
        )
    if new is SignalState.HANDED_OVER and not (receipt or "").strip():
        raise RuleError("signal_receipt", msg("Cần ghi số biên nhận của công an khi chuyển."))
    if new in (SignalState.VERIFIED, SignalState.UNFOUNDED) and not result.strip():
        raise RuleError("signal_result", msg("Cần ghi kết quả xác minh."))
    if current in HANDLED and new not in HANDLED and not result.strip():
        raise RuleError("signal_result", msg("Cần ghi vì sao xác minh lại."))


def timeliness(signals: pd.DataFrame, day: date) -> pd.DataFrame:
    """Whether each signal is in time on a day (target T06: handled before its deadline).

    ``signals``: columns state, due_on, handled_on. What was handed over in time counts as handled.

    Returns
    -------
    Frame with the index of ``signals``: ``open`` (nobody has brought it to an end), ``late`` (open and past its
    deadline, or handled after it), ``days_left`` (to the deadline of an open one; negative when past; <NA>
    where there is none), ``in_time`` (handled on or before the deadline, or without one). Handled on a later
    day it is open still; handled on a day that nobody wrote down, it is neither late nor in time.
    """
    due, handled = pd.to_datetime(signals["due_on"]), pd.to_datetime(signals["handled_on"])
    now = np.datetime64(pd.Timestamp(day))
    due_days, handled_days = due.to_numpy("datetime64[ns]"), handled.to_numpy("datetime64[ns]")
    ended = signals["state"].isin([state.value for state in HANDLED]).to_numpy(dtype=bool)
    ended = ended & ~(handled_days > now)
    known = ~np.isnat(due_days)
    after = known & (handled_days > due_days)
    past = known & (now > due_days)
    left = pd.Series((due - pd.Timestamp(day)).dt.days, index=signals.index).astype("Int64")
    return pd.DataFrame(
        {
            "open": ~ended,
            "late": np.where(ended, after, past),
            "days_left": left.where(~ended),
            "in_time": ended & (~known | (handled_days <= due_days)),
        },
        index=signals.index,
    )
