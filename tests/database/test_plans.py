"""Plans on both engines: what is kept of one comes back the same, and its past is not rewritten."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import shapely
from sqlalchemy import delete
from sqlalchemy.exc import DatabaseError

from data.repositories import checks
from data.repositories import plans as repository
from data.repositories.plan_contents import PlanContents, read_contents, write_contents
from data.repositories.teams import teams_between
from data.store import Actor, Store, Work
from data.tables import Complaint, Plan, PlanEvent, Premises, Team, new_id
from geo.messages import msg
from geo.words import PlanState, PlanStep, Role

ACTOR = Actor("system", Role.ADMIN)
DAY = date(2026, 12, 3)
MOMENT = datetime(2026, 12, 3, 7, 30, tzinfo=UTC)


def make_plan(work: Work) -> str:
    work.session.add(Premises(id="p", name="Cơ sở Mẫu", folded="co so mau", type="karaoke"))
    work.session.add(Team(id="t", name="Đội Mẫu", kind="ward", valid_from=date(2025, 7, 1)))
    work.session.add(
        Plan(id="k", first_day=DAY, last_day=date(2026, 12, 9), made_at=MOMENT, made_by="lập lịch", summary={})
    )
    work.session.flush()
    write_contents(work, "k", contents())
    return "k"


def contents() -> PlanContents:
    visit = {
        "id": new_id(), "premises_id": "p", "team_id": "t", "on_date": DAY, "arrive": MOMENT,
        "leave": MOMENT.replace(hour=8), "position": 1, "kind": "planned", "reason": {"parts": []},
        "evidence": [{"kind": "risk"}], "joint_with": [], "drawn_at_random": True, "selection_probability": 0.2,
        "value": 3.5, "locked": True, "basis": None, "decision_id": None,
    }  # fmt: skip
    line = shapely.LineString([(105.77, 20.97), (105.78, 20.98)])
    route = {"id": new_id(), "team_id": "t", "on_date": DAY, "km": 2.5, "minutes": 40.0, "geom": line}
    sweep = {
        "id": new_id(), "version": 1, "segment_id": "a-b:1", "geom": line, "on_date": DAY, "starts": MOMENT,
        "ends": MOMENT.replace(hour=9), "team_ids": ["t"], "meets": [[105.77, 20.97]], "unit_ids": ["u"],
        "lead_team_id": "t", "outside": True, "done_on": None,
    }  # fmt: skip
    return PlanContents((visit,), (route,), (sweep,), {"unserved": []})


def test_what_a_plan_holds_comes_back_the_same_through_json(store: Store) -> None:
    with store.write(ACTOR) as work:
        make_plan(work)
    with store.read(ACTOR) as work:
        kept = read_contents(work, "k", {"unserved": []})
    again = PlanContents.from_json(json.loads(json.dumps(kept.to_json())))
    assert again == kept
    assert (again.visits[0]["arrive"], again.sweeps[0]["ends"]) == (MOMENT, MOMENT.replace(hour=9))


def test_putting_rows_back_keeps_their_ids(store: Store) -> None:
    with store.write(ACTOR) as work:
        make_plan(work)
    with store.write(ACTOR) as work:
        before = read_contents(work, "k", {})
        write_contents(work, "k", replace(before, visits=()))
        write_contents(work, "k", before)
        after = read_contents(work, "k", {})
    assert after == before


def test_versions_are_numbered_from_one_and_name_their_author(store: Store) -> None:
    with store.write(ACTOR) as work:
        make_plan(work)
        numbers = [
            repository.add_version(work, "k", msg("Một"), {"parent": None}),
            repository.add_version(work, "k", msg("Hai"), {"parent": 1}, by="người khác"),
        ]
    with store.read(ACTOR) as work:
        kept = [(one.number, one.by) for one in repository.versions_of(work, "k")]
        assert repository.authors_of(work, "k") == {"system", "người khác"}
    assert numbers == [1, 2]
    assert kept == [(1, "system"), (2, "người khác")]


def test_the_life_of_a_plan_is_not_rewritten(store: Store) -> None:
    with store.write(ACTOR) as work:
        make_plan(work)
        repository.add_step(work, "k", PlanStep.APPROVED, document="45/KH")
    with pytest.raises(DatabaseError), store.write(ACTOR) as work:
        work.session.execute(delete(PlanEvent))
    with store.read(ACTOR) as work:
        assert list(repository.steps_of(work, "k")["document"]) == ["45/KH"]


def test_only_decided_plans_hold_their_premises(store: Store) -> None:
    with store.write(ACTOR) as work:
        make_plan(work)

    def held() -> list[str]:
        with store.read(ACTOR) as work:
            return list(repository.standing_visits(work, DAY, DAY)["premises_id"])

    assert held() == []
    for state in (PlanState.APPROVED, PlanState.RUNNING):
        with store.write(ACTOR) as work:
            plan = repository.plan_by_id(work, "k")
            assert plan is not None
            plan.state = state.value
        assert held() == ["p"]
    with store.write(ACTOR) as work:
        plan = repository.plan_by_id(work, "k")
        assert plan is not None
        plan.state = PlanState.CLOSED.value
    assert held() == []


def test_a_complaint_is_answered_by_a_new_revision(store: Store) -> None:
    with store.write(ACTOR) as work:
        make_plan(work)
        made = checks.add_complaint(work, premises_id="p", team_id="t", on_date=DAY, document="12/ĐKN")
    with store.write(ACTOR) as work:
        before = checks.complaint(work, made)
        assert before is not None
        checks.revise(work, Complaint, before, "trả lời", answered_on=DAY, answer="31/CV")
    with store.read(ACTOR) as work:
        kept = checks.complaints(work)
        now = checks.complaint(work, made)
    assert (len(kept), kept["answer"].iloc[0]) == (1, "31/CV")
    assert now is not None
    assert (now["revision"], now["document"]) == (2, "12/ĐKN")


def test_a_team_without_an_area_is_known_too(store: Store) -> None:
    with store.write(ACTOR) as work:
        make_plan(work)
    with store.read(ACTOR) as work:
        teams = teams_between(work, DAY, DAY)
    assert list(teams["name"]) == ["Đội Mẫu"]
    assert teams["area"].iloc[0].is_empty


def test_a_team_starts_and_ends_at_its_own_places(store: Store) -> None:
    start, end = shapely.Point(105.77, 20.97), shapely.Point(105.79, 20.95)
    with store.write(ACTOR) as work:
        for name, last in (("a", end), ("b", None)):
            work.session.add(Team(id=name, name=name, kind="ward", valid_from=DAY, depot=start, end_depot=last))
    with store.read(ACTOR) as work:
        teams = teams_between(work, DAY, DAY).set_index("id")
    assert list(teams.geometry) == [start, start]
    assert list(teams["end_depot"]) == [end, None]
