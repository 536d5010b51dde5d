"""Nothing stays longer than it may: the purge follows the table that a leader approved, and keeps counts."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import shapely
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.cli import main
from app.services import purge
from app.services.accounts import SYSTEM
from data import audit
from data.engine import sqlite_file
from data.repositories.purge import kept_counts
from data.store import LOCAL_ZONE, Actor, Store
from data.tables import (
    Account,
    AuditEntry,
    CasePaper,
    Complaint,
    Finding,
    Hotspot,
    Inspection,
    LoginSession,
    Patrol,
    Plan,
    Signal,
    Team,
    TextSalt,
    Tombstone,
    Visit,
)
from geo.errors import InputError, RuleError
from geo.retention import Keeping
from geo.words import Role
from tests.services.signal_world import DAY, HERE, wards

__all__ = ["wards"]
STEWARD = Actor("dulieu", Role.STEWARD)
LEADER = Actor("lanhdao", Role.REVIEWER)
OLD = DAY - timedelta(days=2 * 365)
TOLD = "Biển hiệu sáng khuya sau 24 giờ"


def signal(store: Store, state: str, handled_on: date | None, **changed: Any) -> str:
    """A signal that was brought to an end on a day; its id."""
    with store.write(SYSTEM) as work:
        plain = {
            **work.event(),
            "on_date": (handled_on or OLD) - timedelta(days=5),
            "source": "hotline",
            "kind": "feedback",
            "state": state,
            "handled_on": handled_on,
            "due_on": handled_on,
            "text": TOLD,
            "geom": shapely.Point(105.77, 20.95),
        }
        row = Signal(**(plain | changed))
        work.session.add(row)
        work.digest(plain["id"], TOLD)
        return str(plain["id"])


def ids(store: Store, table: Any) -> set[str]:
    with store.read(SYSTEM) as work:
        return set(work.session.scalars(select(table.id)))


def approved(store: Store) -> None:
    purge.approve(store, LEADER, purge.terms(store, LEADER).table.fingerprint)


def went(done: list[purge.Purged]) -> dict[Keeping, dict[str, int]]:
    return {one.rule.key: one.by_table for one in done if one.by_table}


# --- the table and its approval


def test_nothing_is_deleted_before_a_leader_has_approved_the_table(wards: Store) -> None:
    old = signal(wards, "unfounded", OLD)
    with pytest.raises(RuleError) as refused:
        purge.purge(wards, STEWARD, DAY)
    assert refused.value.code == "retention_not_approved"
    assert old in ids(wards, Signal)


def test_a_changed_table_has_to_be_approved_anew(wards: Store) -> None:
    approved(wards)
    purge.purge(wards, STEWARD, DAY)
    purge.set_months(wards, STEWARD, {Keeping.DISMISSED_SIGNALS: 6})
    assert purge.terms(wards, STEWARD).approved_by is None
    with pytest.raises(RuleError):
        purge.purge(wards, STEWARD, DAY)
    approved(wards)
    kept = purge.terms(wards, STEWARD)
    assert (kept.approved_by, kept.set_by) == ("lanhdao", "dulieu")
    assert {rule.key: rule.months for rule in kept.table.rules}[Keeping.DISMISSED_SIGNALS] == 6


def test_whoever_changed_the_table_does_not_approve_it(wards: Store) -> None:
    both = Actor("quantri", Role.ADMIN)
    purge.set_months(wards, both, {Keeping.NOTICES: 3})
    with pytest.raises(RuleError) as refused:
        purge.approve(wards, both, purge.terms(wards, both).table.fingerprint)
    assert refused.value.code == "own_table"


def test_what_is_approved_is_the_table_that_was_read(wards: Store) -> None:
    read = purge.terms(wards, LEADER).table.fingerprint
    purge.set_months(wards, STEWARD, {Keeping.NOTICES: 3})
    with pytest.raises(RuleError) as refused:
        purge.approve(wards, LEADER, read)
    assert refused.value.code == "table_changed"


@pytest.mark.parametrize("months", [{"nothing_like_it": 6}, {Keeping.NOTICES: 0}, {Keeping.NOTICES: 5000}])
def test_an_unlikely_term_is_refused(wards: Store, months: dict[str, int]) -> None:
    with pytest.raises(InputError):
        purge.set_months(wards, STEWARD, months)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.WARD_OFFICER, Role.PLANNER, Role.AUDITOR, Role.REVIEWER])
def test_only_a_data_steward_purges(wards: Store, role: Role) -> None:
    approved(wards)
    with pytest.raises(RuleError):
        purge.purge(wards, Actor("ai", role), DAY)


# --- what goes and what stays


def test_dismissed_tips_go_after_a_year_closed_ones_after_five_open_ones_never(wards: Store) -> None:
    approved(wards)
    gone = {
        signal(wards, "unfounded", DAY - timedelta(days=367)),
        signal(wards, "verified", DAY - timedelta(days=5 * 366 + 1)),
        signal(wards, "received", None, void=True, recorded_at=_instant(OLD)),
    }
    stay = {
        signal(wards, "unfounded", DAY - timedelta(days=360)),
        signal(wards, "verified", DAY - timedelta(days=367)),
        signal(wards, "verifying", None),
        # Made from the office's own records, which still say so.
        signal(wards, "unfounded", OLD, grew_from="licence:7"),
    }
    purge.purge(wards, STEWARD, DAY)
    left = ids(wards, Signal)
    assert not gone & left
    assert stay <= left


def _instant(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)


def test_a_duplicate_goes_with_the_signal_it_was_handled_at(wards: Store) -> None:
    approved(wards)
    root = signal(wards, "unfounded", OLD)
    twin = signal(wards, "received", None, same_as=root)
    purge.purge(wards, STEWARD, DAY)
    assert not {root, twin} & ids(wards, Signal)


def test_counts_are_kept_and_nothing_else(wards: Store) -> None:
    approved(wards)
    handled = DAY - timedelta(days=400)
    signal(wards, "unfounded", handled)
    purge.purge(wards, STEWARD, DAY)
    with wards.read(SYSTEM) as work:
        counts = kept_counts(work, Signal)
        graves = list(work.session.scalars(select(Tombstone)))
    month = f"{handled - timedelta(days=5):%Y-%m}"
    assert counts.to_dict("records") == [
        {"month": month, "unit": "u1", "kind": "feedback", "state": "unfounded", "in_time": True, "n": 1}
    ]
    assert [set(one.counts) for one in graves] == [{"month", "unit", "kind", "state", "in_time"}]
    assert TOLD not in repr([one.counts for one in graves])


def test_no_trace_of_the_words_is_left_in_the_database_file(wards: Store) -> None:
    approved(wards)
    signal(wards, "unfounded", OLD)
    file = sqlite_file(wards.engine)
    assert file is not None
    purge.purge(wards, STEWARD, DAY)
    beside = [one for one in file.parent.iterdir() if one.name.startswith(file.name)]
    assert all(TOLD.encode() not in one.read_bytes() for one in beside)


def test_the_salt_goes_with_the_event_and_the_log_stays_whole(wards: Store) -> None:
    approved(wards)
    old, new = signal(wards, "unfounded", OLD), signal(wards, "unfounded", DAY)
    with wards.read(SYSTEM) as work:
        before = list(work.session.scalars(select(AuditEntry.hash).order_by(AuditEntry.seq)))
    purge.purge(wards, STEWARD, DAY)
    with wards.read(SYSTEM) as work:
        after = list(work.session.scalars(select(AuditEntry.hash).order_by(AuditEntry.seq)))
        salts = set(work.session.scalars(select(TextSalt.subject)))
        told = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "purge.rule")).all()
        assert audit.first_broken(work.session) is None
    assert after[: len(before)] == before
    assert old not in salts and new in salts
    assert [(one.subject, one.detail["deleted"]) for one in told] == [("dismissed_signals", {"signals": 1})]


def test_an_event_without_a_tombstone_cannot_be_deleted(wards: Store) -> None:
    kept = signal(wards, "unfounded", OLD)
    with pytest.raises(IntegrityError), wards.write(SYSTEM) as work:
        work.session.execute(Signal.__table__.delete().where(Signal.id == kept))


def test_a_dry_run_tells_what_would_go_and_a_second_purge_finds_nothing(wards: Store) -> None:
    approved(wards)
    old = signal(wards, "unfounded", OLD)
    told = purge.what_would_go(wards, STEWARD, DAY)
    assert old in ids(wards, Signal)
    assert went(told) == went(purge.purge(wards, STEWARD, DAY)) == {Keeping.DISMISSED_SIGNALS: {"signals": 1}}
    assert went(purge.purge(wards, STEWARD, DAY)) == {}


# --- holds


def check(store: Store, on_date: date, *, paid_on: date | None, closed_on: date | None) -> str:
    """An inspection of premises p1 with a finding and a fine; its id."""
    with store.write(SYSTEM) as work:
        visit, found, fine = work.event(), work.event(), work.event()
        work.session.add(
            Inspection(**visit, premises_id="p1", on_date=on_date, outcome="checked", body="team178")
        )
        work.session.add(Finding(**found, inspection_id=visit["id"], kind="licence", closed_on=closed_on))
        paper = {"kind": "sanction", "on_date": on_date, "amount_vnd": 1_000_000, "paid_on": paid_on}
        work.session.add(CasePaper(**fine, inspection_id=visit["id"], finding_id=found["id"], **paper))
        return str(visit["id"])


LONG_AGO = DAY - timedelta(days=11 * 366)


def test_a_case_goes_whole_once_it_is_at_an_end(wards: Store) -> None:
    approved(wards)
    over = check(wards, LONG_AGO, paid_on=LONG_AGO, closed_on=LONG_AGO)
    done = purge.purge(wards, STEWARD, DAY)
    assert went(done)[Keeping.CASES] == {"case_papers": 1, "findings": 1, "inspections": 1}
    assert over not in ids(wards, Inspection)
    assert not ids(wards, CasePaper) and not ids(wards, Finding)


@pytest.mark.parametrize(
    ("paid_on", "closed_on"), [(None, LONG_AGO), (LONG_AGO, None)], ids=["fine unpaid", "finding open"]
)
def test_an_open_sanction_holds_the_case_and_the_tips_about_its_premises(
    wards: Store, paid_on: date | None, closed_on: date | None
) -> None:
    approved(wards)
    case = check(wards, LONG_AGO, paid_on=paid_on, closed_on=closed_on)
    tip = signal(wards, "unfounded", OLD, premises_id="p1")
    other = signal(wards, "unfounded", OLD, premises_id="p2")
    done = purge.purge(wards, STEWARD, DAY)
    assert case in ids(wards, Inspection)
    assert tip in ids(wards, Signal) and other not in ids(wards, Signal)
    held = {one.rule.key: one.held for one in done if one.held}
    assert held == {Keeping.CASES: 1, Keeping.DISMISSED_SIGNALS: 1}


def test_an_open_complaint_holds_all_about_its_premises_until_it_is_answered(wards: Store) -> None:
    approved(wards)
    case = check(wards, LONG_AGO, paid_on=LONG_AGO, closed_on=LONG_AGO)
    with wards.write(SYSTEM) as work:
        work.session.add(Team(id="t1", name="Đội 178", kind="ward", valid_from=LONG_AGO))
        work.session.flush()
        event = work.event()
        complaint = {"premises_id": "p1", "team_id": "t1", "on_date": LONG_AGO}
        work.session.add(Complaint(**event, **complaint))
    purge.purge(wards, STEWARD, DAY)
    assert case in ids(wards, Inspection)
    with wards.write(SYSTEM) as work:
        answered = {**work.event(), "id": event["id"], "revision": 2, "answered_on": LONG_AGO}
        work.session.add(Complaint(**answered, **complaint))
    purge.purge(wards, STEWARD, DAY)
    assert case not in ids(wards, Inspection)
    assert not ids(wards, Complaint)


# --- words, drafts, sign-ins


def test_a_patrol_loses_its_words_and_is_counted_all_the_same(wards: Store) -> None:
    approved(wards)
    with wards.write(SYSTEM) as work:
        work.session.add(Hotspot(id="h1", name="Bến xe", geom=shapely.Point(105.77, 20.95)))
        work.session.flush()
        for on_date in (LONG_AGO, DAY):
            saw = {"hotspot_id": "h1", "on_date": on_date, "result": "sign", "sign": TOLD}
            work.session.add(Patrol(**work.event(), **saw))
    before = patrols(wards)
    done = purge.purge(wards, STEWARD, DAY)
    assert went(done)[Keeping.PATROL_TEXTS] == {"patrols": 1}
    after = patrols(wards)
    assert [row[:4] for row in after] == [row[:4] for row in before]
    assert [row.sign for row in after] == [None, TOLD]


def patrols(store: Store) -> list[Any]:
    with store.read(SYSTEM) as work:
        told = select(Patrol.id, Patrol.on_date, Patrol.result, Patrol.recorded_at, Patrol.sign)
        return list(work.session.execute(told.order_by(Patrol.on_date)))


def test_a_forgotten_draft_goes_with_its_stops(wards: Store) -> None:
    approved(wards)
    with wards.write(SYSTEM) as work:
        work.session.add(Team(id="t1", name="Đội 178", kind="ward", valid_from=LONG_AGO))
        for name, last in (("old", OLD), ("new", DAY)):
            plan = {"first_day": last, "last_day": last, "made_at": work.now, "made_by": "ai"}
            work.session.add(Plan(id=name, **plan))
            work.session.flush()
            stop = {
                "premises_id": "p1",
                "team_id": "t1",
                "on_date": last,
                "arrive": work.now,
                "leave": work.now,
            }
            work.session.add(Visit(plan_id=name, position=1, selection_probability=0.5, **stop))
    done = purge.purge(wards, STEWARD, DAY)
    assert went(done)[Keeping.PLAN_DRAFTS] == {"visits": 1, "plans": 1}
    assert ids(wards, Plan) == {"new"} and len(ids(wards, Visit)) == 1


def test_sign_ins_of_long_ago_go(wards: Store) -> None:
    approved(wards)
    with wards.write(SYSTEM) as work:
        account = work.session.scalars(select(Account.id).limit(1)).one()
        for name, ended in (("old", OLD), ("new", DAY)):
            times = {key: _instant(ended) for key in ("started_at", "seen_at", "expires_at")}
            work.session.add(LoginSession(id=name, token_hash=name, account_id=account, **times))
    purge.purge(wards, STEWARD, DAY)
    assert ids(wards, LoginSession) == {"new"}


def test_a_ward_s_account_sees_the_table_and_no_other_ward_s_numbers(wards: Store) -> None:
    assert purge.terms(wards, HERE).table.rules
    with pytest.raises(RuleError):
        purge.what_would_go(wards, HERE, DAY)


# --- the command


def test_the_command_previews_approves_and_purges(wards: Store, capsys: pytest.CaptureFixture[str]) -> None:
    signal(wards, "unfounded", OLD)

    def run(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = main(["--db", str(wards.engine.url), "purge", *arguments, "--json", "--as-of", DAY.isoformat()])
        return code, json.loads(capsys.readouterr().out)

    code, refused = run()
    assert (code, refused["error"]["code"]) == (2, "retention_not_approved")
    _, told = run("--dry-run")
    assert (told["dry_run"], told["approved"], told["deleted"]) == (True, False, 1)
    assert run("--approve")[1]["approved"]
    _, done = run()
    assert not done["dry_run"]
    assert [one["rows"] for one in done["rules"]] == [one["rows"] for one in told["rules"]]
    assert run()[1]["deleted"] == 0
