"""Deleting what has been kept long enough, by the office's retention table once a leader has approved it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from app.access import Right, may, require
from app.config import ROOT
from app.services.purge_selection import Going, going
from data.repositories import purge as repository
from data.repositories.facts import fact, record_fact
from data.store import Actor, Store, Work
from geo.errors import RuleError
from geo.messages import msg
from geo.retention import KeepingRule, RetentionTable, parse_retention

_TERMS, _APPROVAL = "retention", "retention_approved"


@dataclass(frozen=True)
class KeptTerms:
    """The table in force here, who set its terms last, and who approved it; None where nobody has, or where the
    table has changed since."""

    table: RetentionTable
    set_by: str | None
    approved_by: str | None
    approved_at: datetime | None


@dataclass(frozen=True)
class Purged:
    """What a rule let go, or would: how many rows by table, and how many are due but held back."""

    rule: KeepingRule
    by_table: dict[str, int]
    held: int


@cache
def default_table() -> RetentionTable:
    """The table as it comes with the program."""
    return parse_retention((ROOT / "geo" / "retention.toml").read_text(encoding="utf-8"))


def terms(store: Store, actor: Actor) -> KeptTerms:
    """The retention table of this office. It is about no place, so that every account may see it."""
    with store.read(actor) as work:
        return _terms(work)


def _terms(work: Work) -> KeptTerms:
    own = fact(work, _TERMS) or {}
    table = default_table().with_months(own.get("months", {}))
    approved = fact(work, _APPROVAL) or {}
    if approved.get("fingerprint") != table.fingerprint:
        return KeptTerms(table, own.get("by"), None, None)
    return KeptTerms(table, own.get("by"), approved["by"], datetime.fromisoformat(approved["at"]))


def set_months(store: Store, actor: Actor, months: dict[str, int]) -> None:
    """Give rules the office's own terms, in months. A leader has to approve the table anew."""
    require(actor, Right.KEEP_PRIVATE)
    with store.write(actor) as work:
        before = _terms(work).table
        after = before.with_months(months)
        if after == before:
            return
        changed = {rule.key: rule.months for rule in after.rules}
        record_fact(work, _TERMS, {"months": {str(key): n for key, n in changed.items()}, "by": actor.name})
        was = {rule.key: rule.months for rule in before.rules}
        told = {str(key): [was[key], n] for key, n in changed.items() if was[key] != n}
        work.note("retention.change", months=told)


def approve(store: Store, actor: Actor, fingerprint: str) -> None:
    """Approve the table that has this fingerprint, which is the one that was read.

    Raises RuleError ``table_changed`` when it has changed meanwhile, ``own_table`` for who set its terms.
    """
    require(actor, Right.APPROVE)
    with store.write(actor) as work:
        kept = _terms(work)
        if kept.table.fingerprint != fingerprint:
            raise RuleError(
                "table_changed",
                msg("Bảng thời hạn lưu giữ vừa được sửa."),
                hint=msg("Đọc lại bảng rồi duyệt."),
            )
        if kept.set_by == actor.name and not actor.at_command_line:
            raise RuleError("own_table", msg("Người sửa bảng thời hạn lưu giữ không tự duyệt bảng đó."))
        if kept.approved_by is not None:
            return
        record_fact(work, _APPROVAL, {"fingerprint": fingerprint, "by": actor.name, "at": work.now.isoformat()})
        work.note("retention.approve", fingerprint=fingerprint)


def what_would_go(store: Store, actor: Actor, day: date) -> list[Purged]:
    """What a purge on ``day`` would delete, rule by rule; nothing is changed."""
    if not may(actor, Right.APPROVE):
        require(actor, Right.KEEP_PRIVATE)
    with store.read(actor) as work:
        return [_told(rule, going(work, rule, day)) for rule in _terms(work).table.rules]


def purge(store: Store, actor: Actor, day: date) -> list[Purged]:
    """Delete what has been kept long enough on ``day``; each rule is stored whole or not at all.

    A second run of the same day finds nothing. The audit log is never touched; it tells what went. Raises
    RuleError ``retention_not_approved``.
    """
    require(actor, Right.KEEP_PRIVATE)
    approved = terms(store, actor)
    done = []
    for rule in approved.table.rules:
        with store.write(actor) as work:
            kept = _terms(work)
            if kept.approved_by is None or kept.table != approved.table:
                raise _not_approved()
            repository.leave_no_trace(work)
            gone = going(work, rule, day)
            _let_go(work, rule.key.value, gone)
            told = _told(rule, gone)
            if told.by_table:
                work.note("purge.rule", rule.key.value, before=rule.cutoff(day).isoformat(), **_noted(told))
            done.append(told)
    repository.settle(store)
    return done


def _not_approved() -> RuleError:
    return RuleError(
        "retention_not_approved",
        msg("Bảng thời hạn lưu giữ chưa được lãnh đạo duyệt."),
        hint=msg("Lãnh đạo duyệt bảng trên trang Dữ liệu và lưu giữ; xem trước bằng purge --dry-run."),
    )


def _let_go(work: Work, rule: str, gone: Going) -> None:
    for table, counts in gone.buried.items():
        repository.bury(work, table, counts, rule)
    for table, (counts, empty) in gone.blanked.items():
        repository.blank(work, table, counts, rule, empty)
    for table, (key, ids) in gone.rows.items():
        repository.delete_rows(work, table, ids, key=key)
    for table, (ids, empty) in gone.emptied.items():
        repository.empty_columns(work, table, ids, empty)


def _told(rule: KeepingRule, gone: Going) -> Purged:
    return Purged(rule, gone.by_table, gone.held)


def _noted(told: Purged) -> dict[str, Any]:
    return {"deleted": told.by_table, "held": told.held}


def as_document(told: list[Purged], day: date, *, dry_run: bool) -> dict[str, Any]:
    """What the command prints."""
    return {
        "as_of": day.isoformat(),
        "dry_run": dry_run,
        "deleted": sum(sum(one.by_table.values()) for one in told),
        "rules": [
            {"rule": one.rule.key.value, "months": one.rule.months, "rows": one.by_table, "held": one.held}
            for one in told
        ],
    }
