"""A premises may object to its score: recorded, read again by somebody else, answered, late ones seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import select

from app.services import objections, purge_selection
from app.services.accounts import SYSTEM
from app.services.facts import Known
from app.text import render
from data.repositories import places
from data.store import Actor, Store
from data.tables import AuditEntry, Inspection, Plan, ScoreObjection, Team, Visit
from geo.errors import ConflictError, InputError
from geo.objections import parse_objection_rule, standing
from geo.retention import Keeping, KeepingRule
from geo.words import Role
from tests.conftest import DEMO_DAY

RECEIVED = date(2026, 11, 10)
ABOUT = "Giấy chứng nhận đã cấp lại nhưng sổ ghi là hết hạn."
KEEPER = Actor("giữ hồ sơ", Role.PLANNER)
LEADER = Actor("lãnh đạo", Role.REVIEWER)


@dataclass(frozen=True)
class Ground:
    """A scored premises, its ward, and another ward."""

    premises: str
    ward: str
    elsewhere: str
    score: float


@pytest.fixture(scope="module")
def ground(demo: Store) -> Ground:
    """A premises that nobody of these tests has planned or inspected."""
    with demo.read(SYSTEM) as work:
        known = Known(work, DEMO_DAY)
        first = known.scores.sort_values("rank").iloc[0]
        ward = str(known.premises.set_index("id").loc[first["id"], "ward_id"])
        other = next(one for one in known.units["id"] if one != ward)
    return Ground(str(first["id"]), ward, str(other), float(first["score"]))


def recorded(store: Store, ground: Ground, actor: Actor = KEEPER, on_date: date = RECEIVED) -> str:
    return objections.record(store, actor, ground.premises, on_date, ABOUT, DEMO_DAY, document="15/ĐN")


def read_again(store: Store, actor: Actor, objection_id: str, *, wrong: tuple[str, ...] = ()) -> None:
    now = objections.score_to_read(store, actor, objection_id, DEMO_DAY)
    words = "Đã đối chiếu giấy với sổ."
    objections.reread(store, actor, objection_id, words, DEMO_DAY, wrong=wrong, seen=now.score)


def refused(attempt: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        attempt()
    return caught.value.code


def test_an_objection_goes_from_its_day_through_a_person_to_its_answer(own_demo: Store, ground: Ground) -> None:
    made = recorded(own_demo, ground)
    assert objections.open_premises(own_demo, LEADER, DEMO_DAY) == {ground.premises}
    (waiting,) = objections.kept_objections(own_demo, LEADER, DEMO_DAY)
    assert (waiting.about, waiting.document, waiting.barred, waiting.late) == (ABOUT, "15/ĐN", None, False)
    assert (
        refused(lambda: objections.answer(own_demo, KEEPER, made, DEMO_DAY, "9/TL", DEMO_DAY)) == "not_reread"
    )

    now = objections.score_to_read(own_demo, LEADER, made, DEMO_DAY)
    assert now.score == ground.score
    assert sum(part.points for part in now.parts) == pytest.approx(ground.score)
    doubted = max(now.parts, key=lambda part: part.points)
    read_again(own_demo, LEADER, made, wrong=(doubted.name,))
    (read,) = objections.kept_objections(own_demo, LEADER, DEMO_DAY)
    assert (read.reread_on, read.reread_by, read.score) == (DEMO_DAY, LEADER.name, ground.score)
    assert read.finding is not None
    assert str(doubted.text) in read.finding and "Cần sửa số liệu" in read.finding
    assert objections.open_premises(own_demo, LEADER, DEMO_DAY) == {ground.premises}

    assert (
        refused(lambda: objections.answer(own_demo, KEEPER, made, DEMO_DAY, " ", DEMO_DAY))
        == "document_missing"
    )
    early = DEMO_DAY - timedelta(1)
    assert refused(lambda: objections.answer(own_demo, KEEPER, made, early, "9/TL", DEMO_DAY)) == "bad_day"
    objections.answer(own_demo, KEEPER, made, DEMO_DAY, "9/TL", DEMO_DAY)
    (over,) = objections.kept_objections(own_demo, LEADER, DEMO_DAY)
    assert (over.answered_on, over.answer, over.late) == (DEMO_DAY, "9/TL", False)
    assert objections.open_premises(own_demo, LEADER, DEMO_DAY) == frozenset()
    assert refused(lambda: objections.answer(own_demo, KEEPER, made, DEMO_DAY, "9/TL", DEMO_DAY)) == "answered"
    assert refused(lambda: read_again(own_demo, LEADER, made)) == "reread"


def test_all_that_was_done_stands_in_the_log_and_on_record_without_the_words(
    own_demo: Store, ground: Ground
) -> None:
    made = recorded(own_demo, ground)
    read_again(own_demo, LEADER, made)
    objections.answer(own_demo, KEEPER, made, DEMO_DAY, "9/TL", DEMO_DAY)
    with own_demo.read(SYSTEM) as work:
        noted = work.session.scalars(
            select(AuditEntry).where(AuditEntry.subject == made).order_by(AuditEntry.seq)
        ).all()
        rows = work.session.scalars(
            select(ScoreObjection).where(ScoreObjection.id == made).order_by(ScoreObjection.revision)
        ).all()
        told = [(one.action, one.actor) for one in noted]
        weighed = noted[1].detail
        words = " ".join(str(one.detail) for one in noted)
        kept = [(row.recorded_by, row.score) for row in rows]
    assert told == [
        ("objection.record", KEEPER.name), ("objection.reread", LEADER.name), ("objection.answer", KEEPER.name),
    ]  # fmt: skip
    assert (weighed["score"], weighed["wrong"]) == (ground.score, [])
    assert sum(weighed["parts"].values()) == pytest.approx(ground.score)
    assert ABOUT not in words and "đối chiếu" not in words
    assert kept == [(KEEPER.name, None), (LEADER.name, ground.score), (KEEPER.name, ground.score)]


def test_a_score_that_stands_is_told_so(own_demo: Store, ground: Ground) -> None:
    made = recorded(own_demo, ground)
    read_again(own_demo, LEADER, made)
    (kept,) = objections.kept_objections(own_demo, LEADER, DEMO_DAY)
    assert kept.finding == "Điểm giữ nguyên. Đã đối chiếu giấy với sổ."


def test_a_score_that_changed_while_it_was_read_is_read_once_more(own_demo: Store, ground: Ground) -> None:
    made = recorded(own_demo, ground)
    with pytest.raises(ConflictError):
        objections.reread(own_demo, LEADER, made, "Đã xem.", DEMO_DAY, seen=ground.score + 1)
    assert objections.kept_objections(own_demo, LEADER, DEMO_DAY)[0].reread_on is None


def test_whoever_recorded_it_does_not_read_the_score_again(own_demo: Store, ground: Ground) -> None:
    made = recorded(own_demo, ground, LEADER)
    assert refused(lambda: objections.score_to_read(own_demo, LEADER, made, DEMO_DAY)) == "not_apart"
    assert objections.kept_objections(own_demo, LEADER, DEMO_DAY)[0].barred is not None
    officer = Actor("cán bộ", Role.WARD_OFFICER, frozenset({ground.ward}))
    read_again(own_demo, officer, made)


def test_whoever_planned_or_inspected_the_premises_lately_does_not_read_its_score_again(
    own_demo: Store, ground: Ground
) -> None:
    made = recorded(own_demo, ground)
    inspected, planned, long_ago = (Actor(name, Role.REVIEWER) for name in ("đã ghi", "đã lập", "ngày xưa"))
    with own_demo.write(inspected) as work:
        point = places.premises_on(work, DEMO_DAY).set_index("id").geometry[ground.premises]
        check = {"premises_id": ground.premises, "outcome": "access_refused", "geom": point}
        work.session.add(Inspection(**work.event(), on_date=DEMO_DAY - timedelta(30), **check))
    with own_demo.write(long_ago) as work:
        work.session.add(Inspection(**work.event(), on_date=DEMO_DAY - timedelta(900), **check))
    with own_demo.write(planned) as work:
        days = {"first_day": DEMO_DAY, "last_day": DEMO_DAY, "made_at": work.now}
        work.session.add(Plan(id="k", made_by=planned.name, summary={}, **days))
        work.session.flush()
        team = work.session.scalars(select(Team.id)).first()
        stop = {"on_date": DEMO_DAY, "arrive": work.now, "leave": work.now, "position": 1}
        work.session.add(
            Visit(
                id="v",
                plan_id="k",
                premises_id=ground.premises,
                team_id=team,
                selection_probability=1.0,
                **stop,
            )
        )
    for actor in (inspected, planned):
        assert refused(lambda actor=actor: read_again(own_demo, actor, made)) == "not_apart"
    read_again(own_demo, long_ago, made)


def test_an_answer_that_is_late_is_told_and_stands_first(own_demo: Store, ground: Ground) -> None:
    recorded(own_demo, ground, on_date=DEMO_DAY)
    recorded(own_demo, ground, on_date=date(2026, 10, 1))
    late, open_one = objections.kept_objections(own_demo, LEADER, DEMO_DAY)
    assert (late.on_date, late.late, open_one.late) == (date(2026, 10, 1), True, False)
    assert "Quá hạn" in render(late.text)


def test_another_wards_objection_is_as_unknown_as_one_that_is_none(own_demo: Store, ground: Ground) -> None:
    made = recorded(own_demo, ground)
    officer = Actor("cán bộ khác", Role.WARD_OFFICER, frozenset({ground.elsewhere}))
    assert objections.kept_objections(own_demo, officer, DEMO_DAY) == []
    assert objections.open_premises(own_demo, officer, DEMO_DAY) == frozenset()
    assert refused(lambda: recorded(own_demo, ground, officer)) == "unknown_premises"
    for attempt in (
        lambda one: objections.score_to_read(own_demo, officer, one, DEMO_DAY),
        lambda one: objections.reread(own_demo, officer, one, "Đã xem.", DEMO_DAY, seen=ground.score),
        lambda one: objections.answer(own_demo, officer, one, DEMO_DAY, "9/TL", DEMO_DAY),
    ):
        codes = {refused(lambda one=one, attempt=attempt: attempt(one)) for one in (made, "0" * 32)}
        assert codes == {"unknown_objection"}


@pytest.mark.parametrize(
    ("on_date", "about", "due_on", "code"),
    [
        (DEMO_DAY + timedelta(1), ABOUT, None, "future_day"),
        (DEMO_DAY, "  ", None, "words_missing"),
        (DEMO_DAY, "x" * 1001, None, "too_long"),
        (DEMO_DAY, ABOUT, RECEIVED, "bad_day"),
        (DEMO_DAY, "Bà Nguyễn Thị Hòa, số 0912 345 678, phản đối.", None, "personal_data"),
    ],
)
def test_what_cannot_be_is_not_recorded(
    demo: Store, ground: Ground, on_date: date, about: str, due_on: date | None, code: str
) -> None:
    assert code == refused(
        lambda: objections.record(demo, KEEPER, ground.premises, on_date, about, DEMO_DAY, due_on=due_on)
    )


def test_an_open_objection_holds_what_it_is_about_and_an_answered_one_goes_in_its_time(
    own_demo: Store, ground: Ground
) -> None:
    made = recorded(own_demo, ground)
    rule, of_cases = KeepingRule(Keeping.COMPLAINTS, 60, "luật"), KeepingRule(Keeping.CASES, 120, "luật")
    later = DEMO_DAY + timedelta(days=10 * 366)
    with own_demo.write(SYSTEM) as work:
        point = places.premises_on(work, DEMO_DAY).set_index("id").geometry[ground.premises]
        old = work.event()
        check = {"premises_id": ground.premises, "on_date": date(2016, 5, 9), "outcome": "access_refused"}
        work.session.add(Inspection(**old, **check, geom=point))
    with own_demo.read(SYSTEM) as work:
        assert purge_selection.going(work, rule, later).held == 1
        assert old["id"] not in purge_selection.going(work, of_cases, later).buried[Inspection]
    read_again(own_demo, LEADER, made)
    objections.answer(own_demo, KEEPER, made, DEMO_DAY, "9/TL", DEMO_DAY)
    with own_demo.read(SYSTEM) as work:
        going = purge_selection.going(work, rule, later)
        assert old["id"] in purge_selection.going(work, of_cases, later).buried[Inspection]
    assert (list(going.buried[ScoreObjection]), going.held) == ([made], 0)


# --- the days


def test_the_answer_is_due_after_so_many_working_days() -> None:
    # From Monday 02/11/2026 ten working days reach Monday 16/11/2026.
    assert objections.rule().due_on(date(2026, 11, 2)) == date(2026, 11, 16)
    assert objections.rule().apart_since(date(2026, 11, 24)) == date(2025, 11, 24)


@pytest.mark.parametrize(
    "text", ["", "days = 0\nlaw='x'\napart_months=1", "days=1\napart_months=1", "days=true"]
)
def test_a_rule_that_says_no_days_is_refused(text: str) -> None:
    assert refused(lambda: parse_objection_rule(text)) == "bad_objection_rule"


def test_an_objection_says_how_it_stands() -> None:
    due = date(2026, 11, 24)
    day, after = due, due + timedelta(1)
    assert standing(day, due, None, None)[1] is False
    assert standing(after, due, None, None)[1] is True
    assert standing(after, due, day, None)[1] is True
    told, late = standing(after, due, day, after)
    assert (late, "quá hạn" in str(told)) == (False, True)
    assert pd.Timestamp(after).strftime("%d/%m/%Y") in render(told)
