"""The wards' points as a page reads them, and what a leader sets in their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.services import figure_entry, ward_score
from data.repositories import places
from data.store import Actor, Store
from data.tables import AuditEntry, WardScore
from geo.errors import InputError, RuleError
from geo.periods import parse_period
from geo.review_words import Measure, WardClass
from geo.ward_score import WardPoints
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.services.signal_world import DAY, DESK, HERE, wards

__all__ = ["wards"]
QUARTER = parse_period("2026-Q3")
LEADER = Actor("lanhdao", Role.REVIEWER)


def points(store: Store, actor: Actor = LEADER, unit: str = "u1") -> WardPoints:
    found = ward_score.ward_scores(store, actor, QUARTER, as_of=DAY)
    return next(one for one in found if one.unit_id == unit)


def line(ward: WardPoints, key: str) -> float | None:
    return next(one.points for one in ward.criteria if one.key == key)


def test_wards_stand_by_name_with_the_change_since_the_period_before(demo: Store) -> None:
    found = ward_score.ward_scores(demo, LEADER, QUARTER, as_of=DEMO_DAY)
    assert [one.ward for one in found] == sorted(one.ward for one in found)
    assert all(one.points is None or 0 <= one.points <= 100 for one in found)
    assert any(one.change is not None for one in found)
    assert all(one.texts for ward in found for one in ward.criteria)


def test_an_officer_reads_the_own_wards_points_only(demo: Store) -> None:
    with demo.read(LEADER) as work:
        units = places.units_on(work, DEMO_DAY).set_index("code")["id"]
    officer = Actor("canbo", Role.WARD_OFFICER, frozenset({units["09552"]}))
    found = ward_score.ward_scores(demo, officer, QUARTER, as_of=DEMO_DAY)
    assert [one.unit_id for one in found] == [units["09552"]]


def test_what_was_entered_gives_points_and_what_was_not_is_left_out(wards: Store) -> None:
    for month in ("2026-07", "2026-08", "2026-09"):
        values = {Measure.COMMUNICATION_ACTIVITIES: 1, Measure.RUNNING_MODELS: 0}
        figure_entry.enter(wards, DESK, "u1", parse_period(month), values, DAY)
    ward = points(wards)
    assert line(ward, "communication") == 10
    assert line(ward, "model") == 0
    assert line(ward, "plan") is None
    assert line(ward, "in_time") is None


def test_a_leader_sets_points_with_a_reason_and_takes_them_back(wards: Store) -> None:
    with pytest.raises(RuleError) as unsaid:
        ward_score.set_points(wards, LEADER, "u1", QUARTER, "hotspots", 5, " ")
    assert unsaid.value.code == "reason_missing"
    ward_score.set_points(wards, LEADER, "u1", QUARTER, "hotspots", 5, "Còn nguy cơ ở bến xe")
    ward_score.set_class(wards, LEADER, "u1", QUARTER, WardClass.WEAK, "Có vụ việc nghiêm trọng")
    ward = points(wards)
    changed = next(one for one in ward.criteria if one.key == "hotspots")
    assert changed.given is not None
    assert (changed.points, changed.computed, changed.given.by) == (5, 15, "lanhdao")
    assert (ward.ward_class, ward.computed_class) == (WardClass.WEAK, WardClass.UNRATED)
    assert points(wards, unit="u2").given is None
    ward_score.set_points(wards, LEADER, "u1", QUARTER, "hotspots", None, "Đã xử lý xong")
    ward_score.set_class(wards, LEADER, "u1", QUARTER, None, "Đã xử lý xong")
    assert line(points(wards), "hotspots") == 15
    assert points(wards).ward_class is WardClass.UNRATED
    with wards.read(DESK) as work:
        assert len(work.session.scalars(select(WardScore)).all()) == 4
        noted = select(AuditEntry).where(AuditEntry.action == "ward_score.set")
        assert len(work.session.scalars(noted).all()) == 4


def test_what_cannot_be_set_is_refused(wards: Store) -> None:
    with pytest.raises(RuleError):
        ward_score.set_points(wards, HERE, "u1", QUARTER, "hotspots", 5, "lý do")
    for unit, criterion, value in (("u1", "T07", 5), ("u1", "hotspots", 16), ("nowhere", "hotspots", 5)):
        with pytest.raises(InputError):
            ward_score.set_points(wards, LEADER, unit, QUARTER, criterion, value, "lý do")
    with pytest.raises(RuleError) as personal:
        ward_score.set_points(wards, LEADER, "u1", QUARTER, "hotspots", 5, "theo lời 0912 345 678")
    assert personal.value.code == "personal_data"
    elsewhere = replace(LEADER, scope=frozenset({"u2"}))
    with pytest.raises(InputError) as outside:
        ward_score.set_points(wards, elsewhere, "u1", QUARTER, "hotspots", 5, "lý do")
    assert outside.value.code == "unknown_unit"


@pytest.mark.parametrize(
    ("written", "day", "to_date", "in_period"),
    [
        ("2026", date(2026, 12, 31), 1.0, 1.0),
        ("2026-Q1", date(2026, 12, 31), 90 / 365, 90 / 365),
        ("2026-12", date(2027, 2, 1), 1.0, 31 / 365),
        ("2026", date(2026, 1, 10), 10 / 365, 10 / 365),
    ],
)
def test_a_yearly_goal_is_asked_for_as_far_as_its_time_has_run(
    written: str, day: date, to_date: float, in_period: float
) -> None:
    found = ward_score.year_part(parse_period(written), day)
    assert (found.to_date, found.in_period) == pytest.approx((to_date, in_period))
