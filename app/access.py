"""Who may see and do what: one table of rights, asked by services, pages and routes."""

from __future__ import annotations

from enum import StrEnum

from data.store import Actor
from geo.errors import RuleError
from geo.messages import msg
from geo.words import Role


class Right(StrEnum):
    """Something an account may be allowed to do.

    ``INSPECT``: record what a visit met. ``KEEP_CASES``: enter the papers that follow a check, close findings.
    ``TAKE_SIGNALS``: take in and handle information about places. ``PATROL``: record patrols.
    ``ENTER_FIGURES``: what wards report by hand, and tasks. ``REPORT``: write reports, record what a meeting
    decides. ``ISSUE``: enter the number under which a report went out. ``AUDIT``: read the log of who did what.
    ``KEEP_PRIVATE``: judge whether words are personal data, run the purge that a leader has approved.
    """

    SEE = "see"
    SEE_TIPS = "see_tips"
    SEE_PLANS = "see_plans"
    PLAN = "plan"
    APPROVE = "approve"
    INSPECT = "inspect"
    KEEP_CASES = "keep_cases"
    TAKE_SIGNALS = "take_signals"
    PATROL = "patrol"
    JUDGE_ALERTS = "judge_alerts"
    EDIT_PLACES = "edit_places"
    IMPORT = "import"
    ENTER_FIGURES = "enter_figures"
    REPORT = "report"
    ISSUE = "issue"
    AUDIT = "audit"
    KEEP_PRIVATE = "keep_private"
    MANAGE = "manage"


_FIELD = {Right.SEE, Right.SEE_TIPS}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.AUDITOR: frozenset({Right.SEE, Right.AUDIT}),
    Role.WARD_OFFICER: frozenset(
        _FIELD
        | {Right.SEE_PLANS, Right.KEEP_CASES, Right.TAKE_SIGNALS, Right.JUDGE_ALERTS, Right.EDIT_PLACES}
        | {Right.ENTER_FIGURES, Right.REPORT}
    ),
    Role.WARD_POLICE: frozenset(
        _FIELD | {Right.TAKE_SIGNALS, Right.PATROL, Right.JUDGE_ALERTS, Right.ENTER_FIGURES}
    ),
    Role.INSPECTOR: frozenset(_FIELD | {Right.SEE_PLANS, Right.INSPECT, Right.TAKE_SIGNALS}),
    Role.PLANNER: frozenset(
        _FIELD
        | {Right.SEE_PLANS, Right.PLAN, Right.KEEP_CASES, Right.TAKE_SIGNALS}
        | {Right.ENTER_FIGURES, Right.REPORT}
    ),
    Role.REVIEWER: frozenset(
        _FIELD
        | {Right.SEE_PLANS, Right.APPROVE, Right.KEEP_CASES, Right.JUDGE_ALERTS}
        | {Right.ENTER_FIGURES, Right.REPORT, Right.ISSUE}
    ),
    Role.STEWARD: frozenset(_FIELD | {Right.EDIT_PLACES, Right.IMPORT, Right.KEEP_PRIVATE}),
    Role.ADMIN: frozenset(Right),
}


def may(actor: Actor, right: Right) -> bool:
    """Whether the actor's role carries the right."""
    return right in RIGHTS[actor.role]


def require(actor: Actor, right: Right) -> None:
    """Raise RuleError ``not_allowed`` when the actor's role does not carry the right."""
    if not may(actor, right):
        raise RuleError(
            "not_allowed",
            msg("Tài khoản {name} ({role}) không có quyền làm việc này.", name=actor.name, role=actor.role),
            hint=msg("Nhờ người quản trị cấp quyền, hoặc nhờ người có quyền làm."),
        )
