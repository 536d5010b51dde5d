"""Tasks: given to bodies and never to people, late ones first, each in its scope, counted for the reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.services import tasks
from app.services.accounts import SYSTEM
from app.services.task_kinds import USUAL
from app.services.task_owner import about_a_body
from app.text import render
from data.repositories import places
from data.store import Actor, Store
from geo.errors import ConflictError, InputError, RuleError
from geo.review_words import TaskKind, TaskState
from geo.words import HotspotState, Role
from tests.conftest import DEMO_DAY

LEADER = Actor("lanhdao", Role.REVIEWER)
DUE = DEMO_DAY + timedelta(days=10)


def unit(store: Store, code: str) -> str:
    with store.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY)
    return str(units.loc[units["code"] == code, "id"].iloc[0])


def officer(store: Store, code: str = "09552") -> Actor:
    return Actor("canbo", Role.WARD_OFFICER, frozenset({unit(store, code)}))


def new(unit_id: str | None, **changed: object) -> tasks.NewTask:
    made = tasks.NewTask(
        TaskKind.VOLUNTEER_TEAM, "Kiện toàn Đội tình nguyện", "UBND phường", unit_id, DEMO_DAY, DUE
    )
    return replace(made, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "owner",
    [
        "Công an phường",
        "Trưởng Công an phường Kiến Hưng",
        "Phòng Văn hóa - Xã hội phường",
        "UBND phường Nguyễn Trãi",
        "Đội kiểm tra liên ngành 178",
        "Trạm Y tế",
        "Chủ tịch UBND phường; Trưởng phòng Văn hóa - Xã hội",
        *(render(one.owner) for one in USUAL.values()),
    ],
)
def test_a_task_is_given_to_a_body_or_a_position(owner: str) -> None:
    assert about_a_body(f" {owner} ") == owner


@pytest.mark.parametrize(
    "owner",
    [
        "Nguyễn Văn Hùng",
        "Trần Hùng",
        "Hạnh",
        "tran hung",
        "anh Tuấn",
        "Trưởng Công an phường Nguyễn Văn Hùng",
        "Phó Chủ tịch UBND phường: Trần Hùng",
        "Công an phường (Lê Hà)",
        "Công an phường 0912345678",
        "",
        "  ",
    ],
)
def test_a_task_is_never_given_to_a_person(owner: str) -> None:
    with pytest.raises(RuleError):
        about_a_body(owner)


def test_late_tasks_come_first_and_ended_ones_last(demo: Store) -> None:
    found = tasks.tasks_of(demo, LEADER, as_of=DEMO_DAY)
    late = [one.days_late for one in found if one.late]
    assert late and late == sorted(late, reverse=True)
    assert [one.late for one in found] == sorted([one.late for one in found], reverse=True)
    opened = [one.state in tasks.OPEN for one in found]
    assert opened == sorted(opened, reverse=True)


def test_a_ward_sees_its_own_tasks_only(demo: Store) -> None:
    own, actor = unit(demo, "09552"), officer(demo)
    found = tasks.tasks_of(demo, actor, as_of=DEMO_DAY)
    assert found and {one.unit_id for one in found} == {own}
    assert tasks.tasks_of(demo, actor, unit_id=unit(demo, "09556"), as_of=DEMO_DAY) == []
    everything = tasks.tasks_of(demo, LEADER, as_of=DEMO_DAY)
    assert {one.unit_id for one in everything} > {own, None}


def test_a_task_is_added_done_and_counted(own_demo: Store) -> None:
    own, actor = unit(own_demo, "09552"), officer(own_demo)

    def count() -> tasks.TaskCount:
        counts = tasks.task_counts(own_demo, actor, DEMO_DAY, DEMO_DAY, DEMO_DAY)
        assert [one.kind for one in counts] == list(TaskKind)
        return next(one for one in counts if one.kind is TaskKind.VOLUNTEER_TEAM)

    before = count()
    added = tasks.add_task(own_demo, actor, new(own), as_of=DEMO_DAY)
    given = count()
    assert (given.given, given.open, given.done) == (before.given + 1, before.open + 1, before.done)
    row = next(one for one in tasks.tasks_of(own_demo, actor, as_of=DEMO_DAY) if one.id == added)
    assert (row.state, row.revision, row.unit) == (TaskState.OPEN, 1, "Phường Kiến Hưng")
    change = tasks.TaskChange(TaskState.DONE, value=12, document="15/QĐ ngày 24/11/2026")
    tasks.change_task(own_demo, actor, added, change, seen=1, as_of=DEMO_DAY)
    done = count()
    assert (done.open, done.done, done.value) == (before.open, before.done + 1, 12)
    assert "15/QĐ ngày 24/11/2026" in done.documents and added in done.rows
    day_before = tasks.task_counts(
        own_demo, actor, DEMO_DAY - timedelta(days=1), DEMO_DAY - timedelta(days=1), DEMO_DAY
    )
    assert all(added not in one.rows for one in day_before)


def test_who_comes_second_is_told_and_writes_nothing(own_demo: Store) -> None:
    own = unit(own_demo, "09552")
    added = tasks.add_task(own_demo, LEADER, new(own), as_of=DEMO_DAY)
    running = tasks.TaskChange(TaskState.RUNNING)
    tasks.change_task(own_demo, officer(own_demo), added, running, seen=1, as_of=DEMO_DAY)
    with pytest.raises(ConflictError, match="canbo"):
        tasks.change_task(
            own_demo, LEADER, added, tasks.TaskChange(TaskState.CANCELLED), seen=1, as_of=DEMO_DAY
        )


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": " "}, "title_missing"),
        ({"title": "Gặp anh Tuấn, số 0912345678"}, "personal_data"),
        ({"note": "hỏi bà Nguyễn Thị Hoa"}, "personal_data"),
        ({"owner": "Trần Hùng"}, "owner_is_person"),
        ({"due_on": DEMO_DAY - timedelta(days=1)}, "due_before_given"),
        ({"given_on": DEMO_DAY + timedelta(days=1), "due_on": None}, "given_in_future"),
        ({"unit_id": "khong-co"}, "unknown_unit"),
        ({"hotspot_id": "khong-co"}, "unknown_hotspot"),
        ({"value": -1}, "negative"),
        ({"title": "x" * 401}, "too_long"),
        ({"kind": TaskKind.EXPLANATION}, "hotspot_missing"),
    ],
)
def test_what_cannot_be_is_refused_in_words(demo: Store, changed: dict[str, object], code: str) -> None:
    task = replace(new(unit(demo, "09552")), **changed)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        tasks.add_task(demo, LEADER, task, as_of=DEMO_DAY)
    assert caught.value.code == code


def test_another_wards_task_can_neither_be_added_nor_changed(demo: Store) -> None:
    other, actor = unit(demo, "09556"), officer(demo)
    for foreign in (other, None):
        with pytest.raises(InputError, match="địa bàn"):
            tasks.add_task(demo, actor, new(foreign), as_of=DEMO_DAY)
    theirs = next(one for one in tasks.tasks_of(demo, LEADER, as_of=DEMO_DAY) if one.unit_id == other)
    with pytest.raises(InputError, match="địa bàn"):
        tasks.change_task(
            demo, actor, theirs.id, tasks.TaskChange(TaskState.DONE), seen=theirs.revision, as_of=DEMO_DAY
        )


def test_who_may_only_look_changes_nothing(demo: Store) -> None:
    inspector = Actor("kiemtra", Role.INSPECTOR)
    with pytest.raises(RuleError):
        tasks.add_task(demo, inspector, new(unit(demo, "09552")), as_of=DEMO_DAY)


def test_a_hotspot_that_came_back_waits_for_its_explanation_until_one_is_given(own_demo: Store) -> None:
    (missing,) = tasks.missing_explanations(own_demo, LEADER, DEMO_DAY)
    assert missing.state is HotspotState.REACTIVATED and missing.unit_id == unit(own_demo, "09556")
    assert tasks.missing_explanations(own_demo, officer(own_demo), DEMO_DAY) == []
    wanted = replace(
        new(missing.unit_id), kind=TaskKind.EXPLANATION, owner="Công an phường", hotspot_id=missing.hotspot_id
    )
    added = tasks.add_task(own_demo, LEADER, wanted, as_of=DEMO_DAY)
    assert tasks.missing_explanations(own_demo, LEADER, DEMO_DAY) == []
    done = tasks.TaskChange(TaskState.DONE)
    with pytest.raises(RuleError) as caught:
        tasks.change_task(own_demo, LEADER, added, done, seen=1, as_of=DEMO_DAY)
    assert caught.value.code == "document_missing"
    numbered = replace(done, document="22/BC-UBND ngày 24/11/2026")
    tasks.change_task(own_demo, LEADER, added, numbered, seen=1, as_of=DEMO_DAY)


def test_on_an_earlier_day_a_task_was_not_yet_done(demo: Store) -> None:
    done = next(one for one in tasks.tasks_of(demo, LEADER, as_of=DEMO_DAY) if one.done_on is not None)
    assert done.done_on is not None
    before: date = done.done_on - timedelta(days=1)
    then = next(one for one in tasks.tasks_of(demo, LEADER, as_of=before) if one.id == done.id)
    assert then.state in tasks.OPEN and then.done_on is None
