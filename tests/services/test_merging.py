"""Premises that stand in the register twice: found, merged by a person, told apart, and un-merged exactly."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.services import duplicates as service
from app.services import merging, register_history
from app.text import render
from data.repositories import events, places
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import AuditEntry, Finding, Inspection, Plan, Premises, Signal, Team, Visit
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.services.register_world import (
    OFFICER,
    STEWARD,
    VIEWER,
    content,
    fill,
    id_of,
    row,
    take,
    today,
)

OTHER_WARD = Actor("canbo2", Role.WARD_OFFICER, frozenset({"u2"}))
KEPT, DROPPED = "Nhà nghỉ Hoa Sen", "NN Hoa Sen 1"


@pytest.fixture
def district(empty_store: Store) -> Store:
    fill(empty_store)
    return empty_store


@pytest.fixture
def twice(district: Store, tmp_path: Path) -> Store:
    """A premises that stands in the register under two names, and another one."""
    take(district, tmp_path, *both(), row(2))
    return district


def both() -> list[list[Any]]:
    """The two rows of one premises. The second knows its workers, its number and another paper."""
    return [
        row(1, registration=None, security="1/ANTT"),
        row(1, name=DROPPED, address="10 Phố Giả Định, Hà Đông", rooms=12, workers=6, security="7/ANTT"),
    ]


def pairs(store: Store, who: Actor = STEWARD) -> list[service.Pair]:
    return service.duplicates(store, who, today(store))


def merged(store: Store, keep: str = KEPT, drop: str = DROPPED) -> str:
    return merging.merge(store, STEWARD, id_of(store, keep), id_of(store, drop), "cùng một cơ sở")


def names(store: Store) -> list[str]:
    with store.read(STEWARD) as work:
        return sorted(places.premises_on(work, work.today)["name"])


def one(store: Store, name: str) -> Premises:
    with store.read(STEWARD) as work:
        return work.session.scalars(select(Premises).where(Premises.name == name)).one()


def why(pair: service.Pair) -> list[str]:
    return [render(reason) for reason in pair.why]


def test_two_rows_of_one_premises_are_shown_side_by_side_with_what_differs(twice: Store) -> None:
    (pair,) = pairs(twice)
    assert {pair.first.name, pair.second.name} == {KEPT, DROPPED}
    assert pair.similarity >= 0.85
    assert "tên và địa chỉ giống nhau" in why(pair)
    assert {"name", "address", "rooms", "workers", "registration_number"} <= pair.differing
    assert {"type", "ward_name", "status"}.isdisjoint(pair.differing)


@pytest.mark.parametrize("number", ["01H8012345", "001064733374"])
def test_one_registration_is_a_reason_to_look_whatever_the_name(
    district: Store, tmp_path: Path, number: str
) -> None:
    take(
        district,
        tmp_path,
        row(1, registration=number),
        row(2, registration=number, type="karaoke", lat=20.99),
        row(3),
    )
    (pair,) = pairs(district)
    assert {pair.first.name, pair.second.name} == {"Nhà nghỉ Hoa Sen", "Nhà nghỉ Bình Minh"}
    assert why(pair)[0] == "cùng số đăng ký"
    assert pair.first.hidden_registration == (len(number) == 12)
    assert "001064733374" not in repr(pair)


def test_a_similar_name_on_the_same_spot_is_a_reason_to_look_though_the_address_differs(
    district: Store, tmp_path: Path
) -> None:
    take(
        district,
        tmp_path,
        row(1),
        row(2, name="Nhà nghỉ Hoa Sem", address="Ngõ 7 Tên Khác", lat=20.95110, lon=105.77),
        row(3, name="Nhà nghỉ Hoa Sên", address="Ngõ 9 Tên Lạ", lat=20.96, lon=105.78),
    )
    (pair,) = pairs(district)
    assert {pair.first.name, pair.second.name} == {"Nhà nghỉ Hoa Sen", "Nhà nghỉ Hoa Sem"}
    assert why(pair) == ["tên giống nhau, cách 11 m"]


def test_premises_placed_on_the_same_street_are_not_near_each_other_for_that(
    district: Store, tmp_path: Path
) -> None:
    placed = {"lat": None, "lon": None, "registration": None}
    take(
        district,
        tmp_path,
        row(1, address="Phố Giả Định", **placed),
        row(2, name="Nhà nghỉ Hoa Sim", address="Số 500 Phố Giả Định", **placed),
    )
    assert all("cách" not in reason for pair in pairs(district) for reason in why(pair))


def test_a_pair_that_a_person_told_apart_is_not_shown_until_somebody_looks_again(twice: Store) -> None:
    (pair,) = pairs(twice)
    service.mark_distinct(twice, STEWARD, pair.second.id, pair.first.id)
    service.mark_distinct(twice, STEWARD, pair.first.id, pair.second.id)
    assert pairs(twice) == []
    (mark,) = service.told_apart(twice, STEWARD)
    assert ({mark.first_name, mark.second_name}, mark.by) == ({KEPT, DROPPED}, "giudulieu")
    service.look_again(twice, STEWARD, mark.id)
    assert len(pairs(twice)) == 1


def test_after_a_merge_one_premises_stands_in_the_register_and_has_what_it_lacked(twice: Store) -> None:
    merged(twice)
    assert names(twice) == ["Nhà nghỉ Bình Minh", KEPT]
    assert pairs(twice) == []
    kept = one(twice, KEPT)
    assert (kept.workers, kept.registration_number) == (6, "01H8000001")
    assert (kept.rooms, kept.address) == (10, "Số 10 Phố Giả Định")
    assert "01h8000001" in kept.folded
    with twice.read(STEWARD) as work:
        papers = places.licences_on(work, work.today)
    own = papers[papers["premises_id"] == kept.id]
    assert sorted(own["number"].dropna()) == ["01H8000001", "1/ANTT", "7/ANTT"]


def inspected(store: Store, name: str, on: date = date(2026, 3, 2)) -> str:
    """Record an inspection with a finding, and a signal; give the inspection's id."""
    with store.write(STEWARD) as work:
        at = work.session.scalars(select(Premises).where(Premises.name == name)).one()
        visit = {**work.event(), "premises_id": at.id, "on_date": on, "outcome": "checked", "geom": at.geom}
        add_rows(work, Inspection, [visit])
        add_rows(work, Finding, [{**work.event(), "inspection_id": visit["id"], "kind": "fire"}])
        tip = {"premises_id": at.id, "geom": at.geom, "source": "hotline", "state": "received"}
        add_rows(work, Signal, [{**work.event(), **tip, "on_date": on}])
    return str(visit["id"])


def planned(store: Store, name: str) -> None:
    """Put a visit to the premises into a plan."""
    start = datetime.combine(date(2026, 4, 1), time(14), ZoneInfo("Asia/Ho_Chi_Minh"))
    with store.write(STEWARD) as work:
        work.session.add(Team(id="t1", name="Đội", kind="ward", valid_from=date(2026, 1, 1)))
        plan = Plan(
            id="k1", first_day=start.date(), last_day=start.date(), made_at=work.now, made_by="giudulieu"
        )
        work.session.add(plan)
        work.session.flush()
        premises_id = work.session.scalars(select(Premises.id).where(Premises.name == name)).one()
        stop = {"premises_id": premises_id, "on_date": start.date(), "arrive": start, "leave": start}
        where = {"id": "v1", "plan_id": "k1", "team_id": "t1", "position": 1, "selection_probability": 1.0}
        work.session.add(Visit(**stop, **where))


def of(store: Store, name: str) -> dict[str, int]:
    """How many inspections, findings, signals and planned visits are told of a premises."""
    premises_id = id_of(store, name)
    with store.read(STEWARD) as work:
        day = work.today
        frames = {
            "inspections": events.inspections_until(work, day),
            "findings": events.findings_until(work, day),
            "signals": events.signals_until(work, day),
        }
        visits = work.session.scalars(select(Visit.id).where(Visit.premises_id == premises_id)).all()
    found = {what: int((rows["premises_id"] == premises_id).sum()) for what, rows in frames.items()}
    return {**found, "visits": len(visits)}


def test_what_happened_at_either_is_found_under_the_one_that_was_kept(twice: Store) -> None:
    inspected(twice, KEPT, date(2025, 3, 1))
    inspected(twice, DROPPED)
    planned(twice, DROPPED)
    made = merged(twice)
    assert of(twice, KEPT) == {"inspections": 2, "findings": 2, "signals": 2, "visits": 1}
    merging.unmerge(twice, STEWARD, made)
    assert of(twice, KEPT) == {"inspections": 1, "findings": 1, "signals": 1, "visits": 0}
    assert of(twice, DROPPED) == {"inspections": 1, "findings": 1, "signals": 1, "visits": 1}


@pytest.mark.parametrize("keep_first", [True, False])
def test_unmerging_restores_everything_exactly(twice: Store, keep_first: bool) -> None:
    before = content(twice)
    keep, drop = (KEPT, DROPPED) if keep_first else (DROPPED, KEPT)
    made = merged(twice, keep, drop)
    assert content(twice) != before
    merging.unmerge(twice, STEWARD, made, "hai cơ sở khác nhau")
    assert content(twice) == before
    assert len(pairs(twice)) == 1
    (record,) = merging.merges(twice, STEWARD)
    assert (record.unmerged_by, record.unmerged_why) == ("giudulieu", "hai cơ sở khác nhau")


def test_what_a_person_changed_since_the_merge_stays_with_the_kept_one(twice: Store) -> None:
    made = merged(twice)
    with twice.write(STEWARD) as work:
        work.session.scalars(select(Premises).where(Premises.name == KEPT)).one().workers = 9
    merging.unmerge(twice, STEWARD, made)
    assert one(twice, KEPT).workers == 9
    assert one(twice, KEPT).registration_number is None
    assert one(twice, DROPPED).workers == 6


def test_both_have_the_merge_on_record(twice: Store) -> None:
    keep, drop = id_of(twice, KEPT), id_of(twice, DROPPED)
    merged(twice)
    mine = register_history.history(twice, STEWARD, keep)[0]
    assert (render(mine.what), mine.why, mine.by) == ("gộp cơ sở trùng", "cùng một cơ sở", "giudulieu")
    assert {line.field: line.new for line in mine.lines}["workers"] == 6
    gone = register_history.history(twice, STEWARD, drop)[0]
    assert {line.field: (line.old, line.new) for line in gone.lines}["name"] == (DROPPED, None)
    (record,) = merging.merges(twice, STEWARD)
    assert (record.keep_name, record.drop_name, record.reason) == (KEPT, DROPPED, "cùng một cơ sở")
    with twice.read(STEWARD) as work:
        assert "premises.merge" in set(work.session.scalars(select(AuditEntry.action)))


def test_a_file_that_still_has_both_rows_changes_nothing_after_the_merge(twice: Store, tmp_path: Path) -> None:
    merged(twice)
    before = content(twice)
    again = take(twice, tmp_path, *both(), row(2))
    assert (again["read"], again["added"], again["updated"], again["unchanged"]) == (3, 0, 0, 3)
    assert content(twice) == before


def test_a_file_that_has_only_the_old_name_brings_its_news_and_nothing_old(
    twice: Store, tmp_path: Path
) -> None:
    merged(twice)
    _kept, old = both()
    assert take(twice, tmp_path, old)["unchanged"] == 1
    news = row(1, name=DROPPED, address="10 Phố Giả Định, Hà Đông", rooms=12, workers=8, security="7/ANTT")
    assert take(twice, tmp_path, news)["updated"] == 1
    assert take(twice, tmp_path, news)["unchanged"] == 1
    kept = one(twice, KEPT)
    assert (kept.name, kept.rooms, kept.workers) == (KEPT, 10, 8)


def test_a_premises_that_took_in_another_can_be_merged_on_and_taken_apart_from_the_end(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, *both(), row(1, name="Hoa Sen Quán", registration=None, security=None, rooms=None))
    inspected(district, DROPPED)
    before = content(district)
    first = merged(district)
    second = merged(district, "Hoa Sen Quán", KEPT)
    assert of(district, "Hoa Sen Quán")["inspections"] == 1
    with pytest.raises(RuleError, match="gộp vào cơ sở khác"):
        merging.unmerge(district, STEWARD, first)
    merging.unmerge(district, STEWARD, second)
    merging.unmerge(district, STEWARD, first)
    assert content(district) == before
    with pytest.raises(RuleError, match="đã được giudulieu bỏ"):
        merging.unmerge(district, STEWARD, first)


def test_taking_one_of_two_merges_back_leaves_what_the_other_brought(district: Store, tmp_path: Path) -> None:
    third = row(1, name="Hoa Sen Quán", registration=None, security=None, workers=5)
    take(district, tmp_path, *both(), third)
    first = merged(district)
    merged(district, KEPT, "Hoa Sen Quán")
    assert one(district, KEPT).workers == 6
    merging.unmerge(district, STEWARD, first)
    assert one(district, KEPT).workers == 5


def test_a_premises_that_left_the_register_cannot_be_merged_again(twice: Store) -> None:
    merged(twice)
    with pytest.raises(InputError, match="Không có cơ sở"):
        merged(twice, "Nhà nghỉ Bình Minh", DROPPED)
    with pytest.raises(InputError, match="hai cơ sở khác nhau"):
        merged(twice, KEPT, KEPT)


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_merge_needs_a_reason(twice: Store, reason: str) -> None:
    before = content(twice)
    with pytest.raises(InputError, match="lý do"):
        merging.merge(twice, STEWARD, id_of(twice, KEPT), id_of(twice, DROPPED), reason)
    assert content(twice) == before


def test_the_reason_speaks_of_no_person(twice: Store) -> None:
    with pytest.raises(RuleError, match="số điện thoại"):
        merging.merge(twice, STEWARD, id_of(twice, KEPT), id_of(twice, DROPPED), "hỏi số 0912345678")


def test_only_who_may_edit_places_merges_and_only_in_the_own_wards(twice: Store) -> None:
    keep, drop = id_of(twice, KEPT), id_of(twice, DROPPED)
    with pytest.raises(RuleError, match="không có quyền"):
        merging.merge(twice, VIEWER, keep, drop, "cùng một cơ sở")
    with pytest.raises(RuleError, match="không có quyền"):
        service.duplicates(twice, VIEWER, today(twice))
    with pytest.raises(RuleError, match="ngoài địa bàn"):
        merging.merge(twice, OTHER_WARD, keep, drop, "cùng một cơ sở")
    assert pairs(twice, OTHER_WARD) == []
    made = merging.merge(twice, OFFICER, keep, drop, "cùng một cơ sở")
    with pytest.raises(RuleError, match="ngoài địa bàn"):
        merging.unmerge(twice, OTHER_WARD, made)


def test_an_import_cannot_be_undone_while_one_of_its_premises_is_merged(twice: Store, tmp_path: Path) -> None:
    made = merged(twice)
    batch = register_history.imports(twice, STEWARD)[0].id
    with pytest.raises(RuleError, match="giudulieu đã sửa"):
        register_history.undo_import(twice, STEWARD, batch)
    merging.unmerge(twice, STEWARD, made)
    assert register_history.undo_import(twice, STEWARD, batch) == {"removed": 3, "restored": 0}
    assert names(twice) == []
