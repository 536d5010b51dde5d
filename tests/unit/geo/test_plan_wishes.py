"""What a person has fixed, who may not go where, and checks that nobody is told of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

import pandas as pd
import pytest

from geo.plan_json import plan_document
from geo.plan_types import Lock, PlanDraft, PlanningSettings, UnannouncedRequest, Unserved, window
from geo.planning import make_plan
from tests.plan_worlds import District, usual_district

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 15)


def plan(district: District, setting: PlanningSettings | None = None, **wishes: Any) -> PlanDraft:
    facts = replace(district.facts(), **wishes)
    return make_plan(facts, first=FIRST, last=LAST, seed=1, iterations=40, settings=setting)


def left(draft: PlanDraft, name: str) -> Unserved:
    (one,) = [one for one in draft.unserved if one.premises_id == name]
    return one


def crowded() -> District:
    """More hotels than two wards' teams and the city's can ever visit; the first is the least of them."""
    made = usual_district(60)
    for row in made.premises:
        row["type"] = "hotel"
        made.scores[row["id"]] = 0.0 if row["id"] == "p000" else 80.0
    return made


def test_a_locked_visit_is_in_the_plan_whatever_it_is_worth() -> None:
    draft = plan(crowded(), locks=(Lock("p000"),))
    (visit,) = [visit for visit in draft.visits if visit.premises_id == "p000"]
    assert "ấn định" in str(visit.parts[-1].text)


def test_a_locked_visit_keeps_its_team_day_and_hour() -> None:
    day = date(2026, 3, 13)
    draft = plan(crowded(), locks=(Lock("p000", "t2", day, time(17, 20)),))
    (visit,) = [visit for visit in draft.visits if visit.premises_id == "p000"]
    assert (visit.team_id, visit.date, visit.arrive.time()) == ("t2", day, time(17, 20))


def test_twelve_locked_visits_on_one_day_of_a_team_that_makes_six_give_six_and_six_reasons() -> None:
    locks = tuple(Lock(f"p{k:03}", "t2", date(2026, 3, 13)) for k in range(12))
    draft = plan(crowded(), locks=locks)
    names = {lock.premises_id for lock in locks}
    there = {visit.premises_id for visit in draft.visits} & names
    assert len(there) == 6
    assert {left(draft, name).code for name in names - there} == {"daily_limit"}


@pytest.mark.parametrize(
    ("lock", "code"),
    [
        (Lock("p000", date=date(2026, 3, 8)), "lock"),
        (Lock("p000", arrive=time(3)), "hours"),
        (Lock("p000", "t9"), "lock"),
        (Lock("p000", date=date(2026, 7, 1)), "lock"),
    ],
)
def test_a_lock_that_breaks_a_rule_is_refused_with_the_reason(lock: Lock, code: str) -> None:
    assert left(plan(crowded(), locks=(lock,)), "p000").code == code


def test_a_lock_does_not_lift_the_yearly_cap_and_unknown_premises_are_told() -> None:
    district = crowded()
    district.inspections = [("p000", date(2026, 1, 5), "checked")]
    draft = plan(district, locks=(Lock("p000"), Lock("lạ")))
    assert left(draft, "p000").code == "capped"
    assert any("lạ" in str(note) for note in draft.notes)


def test_no_team_visits_premises_that_complained_about_it() -> None:
    district = District(wards=1)
    names = [district.add_premises(0.2 * k) for k in range(1, 5)]
    district.add_team(0)
    district.add_team(0)
    complaints = {names[0]: frozenset({"t0"}), names[1]: frozenset({"t0", "t1"})}
    draft = plan(district, PlanningSettings(pace=None), complaints=complaints)
    teams = {visit.premises_id: visit.team_id for visit in draft.visits}
    assert teams[names[0]] == "t1"
    assert left(draft, names[1]).code == "complaint"


def owing(kind: str, **team: Any) -> District:
    """A premises with an open finding whose deadline has passed, and a team."""
    made = District(wards=1)
    name = made.add_premises(0.5)
    made.inspections = [(name, date(2026, 1, 5), "checked")]
    made.findings = [(name, date(2026, 2, 1), kind, False)]
    made.add_team(0, **team)
    return made


def test_a_fire_finding_is_rechecked_only_by_a_team_with_fire_police() -> None:
    assert left(plan(owing("fire", agencies=["Công an phường"])), "p000").code == "skill"
    (visit,) = plan(owing("fire", agencies=["Đội Cảnh sát PCCC và CNCH"])).visits
    assert visit.kind == "follow_up"
    (visit,) = plan(owing("labour")).visits
    assert visit.kind == "follow_up"


def asked(**more: Any) -> tuple[UnannouncedRequest, ...]:
    return (UnannouncedRequest("p000", **{"basis": "Biên bản xác minh 12", **more}),)


def karaoke(**team: Any) -> District:
    made = District(wards=1)
    made.add_premises(0.5, type="karaoke")
    made.add_premises(0.7, type="hotel")
    made.add_team(0, **team)
    return made


def test_after_midnight_karaoke_is_checked_unannounced_with_a_basis_and_never_by_plan() -> None:
    night = {"shift_start": time(23, 30), "shift_end": time(2, 30)}
    assert left(plan(karaoke(**night)), "p000").code == "hours"
    (visit, *_) = [v for v in plan(karaoke(**night), unannounced=asked()).visits if v.premises_id == "p000"]
    assert visit.kind == "unannounced"
    assert visit.arrive.date() > visit.date
    assert visit.leave.time() <= time(2)
    assert "Biên bản xác minh 12" in str(visit.parts[-1].text)


def test_an_unannounced_check_keeps_the_team_day_and_hours_asked_for() -> None:
    hours = window(time(20), time(22))
    wanted = asked(team_id="t0", date=date(2026, 3, 12), window=hours)
    (visit,) = [v for v in plan(karaoke(), unannounced=wanted).visits if v.premises_id == "p000"]
    assert visit.date == date(2026, 3, 12)
    assert time(20) <= visit.arrive.time() <= visit.leave.time() <= time(22)
    # Asked for in the morning, a karaoke is closed.
    morning = asked(window=window(time(9), time(11)))
    assert left(plan(karaoke(), unannounced=morning), "p000").code == "hours"


def test_without_a_basis_there_is_no_unannounced_check_and_beyond_the_cap_a_numbered_decision_is_needed() -> (
    None
):
    assert left(plan(karaoke(), unannounced=asked(basis=" ")), "p000").code == "basis"
    done = karaoke()
    done.inspections = [("p000", date(2026, 1, 5), "checked")]
    refused = left(plan(done, unannounced=asked()), "p000")
    assert (refused.code, refused.kind) == ("capped", "unannounced")
    (visit,) = [v for v in plan(done, unannounced=asked(decision="5/QĐ")).visits if v.premises_id == "p000"]
    assert visit.kind == "unannounced"
    # An open deadline is no way around the decision.
    done.findings = [("p000", date(2026, 2, 1), "labour", False)]
    assert left(plan(done, unannounced=asked()), "p000").code == "capped"


def test_unannounced_checks_are_never_drawn_and_counted_apart_in_the_coverage() -> None:
    draft = plan(karaoke(), unannounced=asked())
    (visit,) = [visit for visit in draft.visits if visit.premises_id == "p000"]
    assert not visit.drawn_at_random
    (ward,) = plan_document(draft)["coverage"]
    assert ward["unannounced"] == 1
    assert draft.draw.pool == 1


def test_the_strip_along_a_border_does_not_tell_of_an_unannounced_check() -> None:
    district = District(wards=2)
    district.add_premises(0.999, type="karaoke")
    district.add_team(0)
    segments = district.facts().segments
    draft = plan(district, unannounced=asked(), segments=segments)
    assert draft.visits
    assert not any(border.visited for border in draft.borders)
    assert pd.notna(draft.borders[0].premises)
