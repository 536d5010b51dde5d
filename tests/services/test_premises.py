"""The register as people read and change it: list, papers, one premises on one page, edits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pytest
import shapely

from app.services import licence_edit, premises, premises_edit
from app.services.licence_edit import PaperParticulars
from app.services.premises_edit import Particulars
from app.services.premises_file import PremisesFile, check_text
from data import audit
from data.store import Actor, Store
from data.tables import AuditEntry, Inspection, Licence, Premises, Signal, Unit
from geo.errors import ConflictError, InputError, RuleError
from geo.words import (
    LicenceKind,
    LocationQuality,
    PaperProblem,
    PaperState,
    PremisesStatus,
    PremisesType,
    Role,
)
from tests.conftest import DEMO_DAY

OFFICER = Actor("canbo", Role.WARD_OFFICER)
STEWARD = Actor("giữ sổ", Role.STEWARD)
VIEWER = Actor("xem", Role.VIEWER)
LONG_AGO = date(2024, 5, 6)


@pytest.fixture
def ward(empty_store: Store, operator: Actor) -> Store:
    """Two wards side by side, each with one guesthouse."""
    with empty_store.write(operator) as work:
        for number, west in ((1, 105.76), (2, 105.77)):
            square = shapely.MultiPolygon([shapely.box(west, 20.96, west + 0.01, 20.97)])
            work.session.add(
                Unit(
                    id=f"w{number}", code=f"0000{number}", name=f"Phường {number}", valid_from=LONG_AGO,
                    geom=square,
                )
            )  # fmt: skip
            work.session.add(
                Premises(
                    id=f"p{number}", name=f"Nhà nghỉ Số {number}", folded="", type="guesthouse",
                    address=f"{number} Quang Trung", geom=shapely.Point(west + 0.005, 20.965),
                    location_quality="house", registration_number=f"MH-{number}", rooms=8, opened_on=LONG_AGO,
                )
            )  # fmt: skip
    return empty_store


def add(store: Store, rows: Iterable[object], *, as_event: bool = False) -> None:
    with store.write(STEWARD) as work:
        for row in rows:
            if as_event:
                for name, value in work.event().items():
                    if name != "id":
                        setattr(row, name, value)
            work.session.add(row)


def inspection(premises_id: str, on_date: date, **changes: object) -> Inspection:
    return Inspection(
        id=f"i-{premises_id}-{on_date}",
        premises_id=premises_id,
        on_date=on_date,
        body=changes.pop("body", "team178"),
        outcome=changes.pop("outcome", "checked"),
        kind="planned",
        **changes,
    )


def file_of(store: Store, actor: Actor = STEWARD, premises_id: str = "p1") -> PremisesFile:
    return premises.one(store, actor, premises_id, DEMO_DAY)


def scoped(role: Role, *units: str) -> Actor:
    return Actor("canbo", role, frozenset(units))


def change(store: Store, actor: Actor = STEWARD, premises_id: str = "p1", *, status_on: date | None = None,
           reason: str = "", **changes: object) -> None:  # fmt: skip
    facts = file_of(store, actor, premises_id).facts
    seen = Particulars.of(facts)
    premises_edit.edit(
        store, actor, premises_id, replace(seen, **changes), seen=seen, version=facts.version,
        status_on=status_on, reason=reason,
    )  # fmt: skip


# --- the list -------------------------------------------------------------------------------------------------


def test_the_list_has_what_officers_look_for(demo: Store) -> None:
    shown = premises.overview(demo, OFFICER, DEMO_DAY)
    found = premises.licence_problems(demo, OFFICER, DEMO_DAY)
    assert len(shown) > 400
    assert shown["problems"].sum() == len(found)
    assert (shown["problems"] > 0).equals(shown["problem_codes"].map(bool))
    assert shown.loc[shown["status"] != PremisesStatus.ACTIVE, "problems"].sum() == 0
    assert shown["score"].between(0, 100)[shown["status"] == PremisesStatus.ACTIVE].all()


def test_the_list_of_problems_names_premises_reason_and_law(demo: Store) -> None:
    found = premises.licence_problems(demo, OFFICER, DEMO_DAY)
    assert {PaperProblem.MISSING, PaperProblem.WITHDRAWN, PaperProblem.UNREGISTERED} <= set(found["code"])
    assert found["name"].notna().all()
    assert found.loc[found["code"] == PaperProblem.MISSING, "law"].notna().all()


def test_who_may_not_see_tips_sees_no_score(demo: Store) -> None:
    assert premises.overview(demo, VIEWER, DEMO_DAY)["score"].isna().all()


def test_an_empty_register_has_an_empty_list(empty_store: Store) -> None:
    assert premises.overview(empty_store, STEWARD, DEMO_DAY).empty
    assert premises.licence_problems(empty_store, STEWARD, DEMO_DAY).empty
    assert premises.unrecorded_papers(empty_store, STEWARD, DEMO_DAY) == []


def test_a_register_without_papers_says_that_it_cannot_tell_rather_than_that_all_are_missing(
    ward: Store,
) -> None:
    assert premises.licence_problems(ward, STEWARD, DEMO_DAY).empty
    assert LicenceKind.SECURITY in premises.unrecorded_papers(ward, STEWARD, DEMO_DAY)


# --- one premises ---------------------------------------------------------------------------------------------


def test_everything_about_one_premises_is_on_one_page(demo: Store) -> None:
    listed = premises.overview(demo, OFFICER, DEMO_DAY).sort_values("score", ascending=False)
    file = premises.one(demo, OFFICER, str(listed["id"].iloc[0]), DEMO_DAY)
    assert file.facts.name == listed["name"].iloc[0]
    assert file.risk is not None
    assert file.risk.rank == 1
    assert round(sum(part.points for part in file.risk.parts), 1) == file.risk.score
    assert file.papers
    assert file.checks
    assert [line.on_date for line in file.timeline] == sorted(
        (line.on_date for line in file.timeline), reverse=True
    )


def test_the_timeline_ends_on_the_day_that_is_asked_for(demo: Store) -> None:
    ids = premises.overview(demo, OFFICER, DEMO_DAY)["id"].iloc[:12]
    day = DEMO_DAY - timedelta(days=700)
    for premises_id in ids:
        file = premises.one(demo, OFFICER, str(premises_id), day)
        assert all(line.on_date <= day for line in file.timeline)
        assert all(check.on_date <= day for check in file.checks)


def test_an_unknown_premises_is_said_to_be_unknown(ward: Store) -> None:
    with pytest.raises(InputError, match="Không có cơ sở p9"):
        premises.one(ward, STEWARD, "p9", DEMO_DAY)


def test_another_wards_officer_learns_only_day_and_body_of_a_check(ward: Store) -> None:
    at = shapely.Point(105.765, 20.965)
    add(ward, [inspection("p1", date(2026, 3, 4), body="fire", decision_number="7/QĐ", geom=at)], as_event=True)
    own, other = file_of(ward, scoped(Role.WARD_OFFICER, "w1")), file_of(ward, scoped(Role.WARD_OFFICER, "w2"))
    assert own.checks[0].detail is not None
    assert own.checks[0].detail.decision_number == "7/QĐ"
    assert other.checks[0].detail is None
    assert str(check_text(other.checks[0])) == "Đã được kiểm tra ngày 2026-03-04, cơ quan Cảnh sát PCCC."
    assert "7/QĐ" not in repr(other)
    assert other.cap is not None


def test_a_viewer_learns_only_day_and_body_of_a_check(ward: Store) -> None:
    add(ward, [inspection("p1", date(2026, 3, 4))], as_event=True)
    assert file_of(ward, VIEWER).checks[0].detail is None


def test_a_check_whose_place_nobody_noted_belongs_to_the_ward_of_the_premises(ward: Store) -> None:
    add(ward, [inspection("p1", date(2026, 3, 4))], as_event=True)
    assert file_of(ward, scoped(Role.WARD_OFFICER, "w1")).checks[0].detail is not None


def test_a_closed_door_is_not_called_a_check(ward: Store) -> None:
    add(ward, [inspection("p1", date(2026, 3, 4), outcome="closed_at_arrival")], as_event=True)
    file = file_of(ward, VIEWER)
    assert "Đã được kiểm tra" not in str(check_text(file.checks[0]))
    assert file.cap is None


def test_the_yearly_cap_goes_by_registration_number(ward: Store) -> None:
    with ward.write(STEWARD) as work:
        for row in work.session.query(Premises):
            row.registration_number = "MH-chung"
    add(ward, [inspection("p2", date(2026, 3, 4))], as_event=True)
    assert "cùng số đăng ký" in str(file_of(ward).cap)


def test_signals_around_and_at_the_premises_are_told_within_the_scope_only(ward: Store) -> None:
    day, here = date(2026, 9, 1), shapely.Point(105.7651, 20.965)
    made = {"source": "citizen", "on_date": day, "geom": here, "state": "verified", "text": "Đèn mờ"}
    add(
        ward,
        [
            Signal(id="s1", **made),
            Signal(
                id="s2", **{**made, "premises_id": "p1", "state": "handed_over", "text": "Nội dung vụ việc"}
            ),
            Signal(id="s3", **{**made, "geom": shapely.Point(105.7695, 20.965)}),
            Signal(id="s4", **{**made, "on_date": date(2020, 1, 1)}),
        ],
        as_event=True,
    )
    file = file_of(ward, scoped(Role.WARD_OFFICER, "w1"))
    assert [(signal.names_it, signal.text) for signal in file.signals] == [(False, "Đèn mờ"), (True, "")]
    assert file_of(ward, scoped(Role.WARD_OFFICER, "w2")).signals == ()
    assert file_of(ward, VIEWER).signals == ()


def test_grounds_for_a_further_check_are_for_the_ward_itself(ward: Store) -> None:
    with ward.write(STEWARD) as work:
        work.session.query(Premises).filter_by(id="p1").one().complex_grounds = "Biên bản 3/BB"
    assert file_of(ward, scoped(Role.WARD_OFFICER, "w1")).facts.complex_grounds == "Biên bản 3/BB"
    assert file_of(ward, scoped(Role.WARD_OFFICER, "w2")).facts.complex_grounds is None
    assert file_of(ward, VIEWER).facts.complex_grounds is None


def test_an_identity_number_is_never_shown(ward: Store) -> None:
    with ward.write(STEWARD) as work:
        work.session.query(Premises).filter_by(id="p1").one().registration_number = "001 085 012 345"
        work.session.add(Licence(id="l1", premises_id="p1", kind="business", number="001085012345"))
    file = file_of(ward)
    assert file.facts.registration_number is None
    assert file.facts.hidden_registration
    assert "001085012345" not in repr(file)


# --- editing --------------------------------------------------------------------------------------------------


def test_an_edit_writes_what_differs_and_the_audit_says_who_and_what(ward: Store) -> None:
    change(ward, name="Khách sạn Hoa Sen", type=PremisesType.HOTEL, rooms=20)
    facts = file_of(ward).facts
    assert (facts.name, facts.type, facts.rooms) == ("Khách sạn Hoa Sen", PremisesType.HOTEL, 20)
    assert facts.version == 2
    with ward.read(STEWARD) as work:
        entry = work.session.query(AuditEntry).filter_by(action="premises.edit").one()
        assert (entry.actor, entry.subject) == ("giữ sổ", "p1")
        assert entry.detail["before"] == {"name": "Nhà nghỉ Số 1", "type": "guesthouse", "rooms": 8}
        assert entry.detail["after"]["rooms"] == 20
        assert audit.first_broken(work.session) is None
        row = work.session.query(Premises).filter_by(id="p1").one()
        assert "khach san hoa sen" in row.folded


def test_saving_over_somebody_elses_change_is_refused_and_says_what_changed(ward: Store) -> None:
    facts = file_of(ward).facts
    seen = Particulars.of(facts)
    change(ward, rooms=12)
    with pytest.raises(ConflictError, match="số phòng 8 → 12"):
        premises_edit.edit(ward, STEWARD, "p1", replace(seen, workers=3), seen=seen, version=facts.version)
    assert file_of(ward).facts.workers is None


def test_a_status_that_somebody_else_has_changed_meanwhile_is_not_overwritten(ward: Store) -> None:
    facts = file_of(ward).facts
    seen = Particulars.of(facts)
    change(ward, status=PremisesStatus.SUSPENDED, reason="Sửa nhà")
    with pytest.raises(ConflictError, match="tình trạng active → suspended"):
        premises_edit.edit(ward, STEWARD, "p1", replace(seen, rooms=3), seen=seen, version=facts.version)


def test_a_status_needs_a_reason_and_keeps_its_history(ward: Store) -> None:
    with pytest.raises(RuleError, match="lý do"):
        change(ward, status=PremisesStatus.CLOSED, rooms=1)
    assert file_of(ward).facts.rooms == 8
    change(ward, status=PremisesStatus.SUSPENDED, status_on=date(2025, 2, 1), reason="Sửa nhà")
    change(ward, status=PremisesStatus.CLOSED, status_on=date(2025, 5, 1), reason="Trả giấy phép")
    file = file_of(ward)
    assert file.facts.status is PremisesStatus.CLOSED
    assert [(one.on_date, one.status, one.why) for one in file.statuses] == [
        (date(2025, 2, 1), PremisesStatus.SUSPENDED, "Sửa nhà"),
        (date(2025, 5, 1), PremisesStatus.CLOSED, "Trả giấy phép"),
    ]
    with pytest.raises(InputError, match="Ngày đổi tình trạng"):
        change(ward, status=PremisesStatus.ACTIVE, status_on=date(2025, 4, 1), reason="Mở lại")


def test_a_point_set_by_hand_is_kept_as_such(ward: Store) -> None:
    change(ward, lon=105.7612, lat=20.9655)
    facts = file_of(ward).facts
    assert (facts.lon, facts.lat) == (105.7612, 20.9655)
    assert facts.location_quality is LocationQuality.MANUAL
    change(ward, address="90 Lê Lợi")
    assert (file_of(ward).facts.lon, file_of(ward).facts.location_quality) == (105.7612, LocationQuality.MANUAL)
    change(ward, lon=None, lat=None)
    assert file_of(ward).facts.location_quality is LocationQuality.NONE


def test_a_new_address_is_looked_up_where_the_old_point_came_from_the_address(own_demo: Store) -> None:
    listed = premises.overview(own_demo, STEWARD, DEMO_DAY)
    house = str(listed.loc[listed["location_quality"] == "house", "id"].iloc[0])
    before = file_of(own_demo, premises_id=house).facts
    change(own_demo, premises_id=house, address="Quang Trung, phường Hà Đông, Hà Nội")
    after = file_of(own_demo, premises_id=house).facts
    assert after.location_quality in (LocationQuality.STREET, LocationQuality.WARD)
    assert (after.lon, after.lat) != (before.lon, before.lat)


def test_a_point_outside_the_country_is_refused_with_a_way_out(ward: Store) -> None:
    for lon, lat in ((20.96, 105.76), (105.76, None), (0.0, 0.0)):
        with pytest.raises(InputError, match="Tọa độ") as refused:
            change(ward, lon=lon, lat=lat)
        assert refused.value.hint


def test_an_officer_edits_and_moves_premises_inside_the_own_ward_only(ward: Store) -> None:
    officer = scoped(Role.WARD_OFFICER, "w1")
    assert file_of(ward, officer, "p1").may_edit
    assert not file_of(ward, officer, "p2").may_edit
    with pytest.raises(RuleError, match="ngoài địa bàn"):
        change(ward, officer, "p2", rooms=3)
    with pytest.raises(RuleError, match="ngoài địa bàn"):
        change(ward, officer, "p1", lon=105.775, lat=20.965)
    change(ward, officer, "p1", rooms=3)
    with pytest.raises(RuleError):
        change(ward, VIEWER, "p1", rooms=4)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Hộ kinh doanh Nguyễn Văn An"},
        {"address": "12 Quang Trung, điện thoại 0912 345 678"},
        {"unregistered_basis": "Bà Trần Thị Bình khai"},
        {"complex_grounds": "CCCD 001085012345"},
        {"registration_number": "0912345678"},
    ],
)
def test_personal_data_is_refused_and_nothing_is_written(ward: Store, changes: dict[str, str]) -> None:
    with pytest.raises(RuleError) as refused:
        change(ward, **changes)
    assert refused.value.code == "personal_data"
    assert refused.value.hint
    assert file_of(ward).facts.version == 1


def test_an_identity_number_typed_as_registration_becomes_a_hash(ward: Store) -> None:
    change(ward, registration_number="001085012345")
    facts = file_of(ward).facts
    assert facts.registration_number is None
    assert facts.hidden_registration
    with ward.read(STEWARD) as work:
        assert "001085012345" not in str([entry.detail for entry in work.session.query(AuditEntry)])
    change(ward, rooms=9)
    assert file_of(ward).facts.hidden_registration


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "  "}, "Thiếu tên"),
        ({"name": "x" * 301}, "dài nhất 300"),
        ({"rooms": -1}, "nhập từ 0"),
        ({"workers": 99_999}, "nhập từ 0"),
        ({"commitment_on": date(2999, 1, 1)}, "tương lai"),
    ],
)
def test_a_value_out_of_bounds_is_named(ward: Store, changes: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        change(ward, **changes)
    assert file_of(ward).facts.version == 1


def test_a_name_with_signs_is_kept_as_it_is(ward: Store) -> None:
    change(ward, name='Nhà nghỉ <A & B> "x"')
    assert file_of(ward).facts.name == 'Nhà nghỉ <A & B> "x"'


# --- papers ---------------------------------------------------------------------------------------------------


def test_a_paper_is_recorded_and_what_it_states_is_compared(ward: Store) -> None:
    paper = PaperParticulars(LicenceKind.SECURITY, "12/ANTT", date(2024, 6, 1), stated_rooms=6)
    licence_edit.save_paper(ward, STEWARD, "p1", paper)
    (kept,) = file_of(ward).papers
    assert (kept.kind, kept.number, kept.state) == (LicenceKind.SECURITY, "12/ANTT", PaperState.IN_FORCE)
    assert kept.law is not None
    assert [problem.code for problem in file_of(ward).problems] == [PaperProblem.ROOMS_DIFFER]


def test_a_withdrawal_is_recorded_on_the_paper_and_shows_as_a_problem(ward: Store) -> None:
    seen = PaperParticulars(LicenceKind.SECURITY, "12/ANTT", date(2024, 6, 1))
    licence_edit.save_paper(ward, STEWARD, "p1", seen)
    (paper,) = file_of(ward).papers
    withdrawn = replace(PaperParticulars.of(paper), withdrawn_on=date(2025, 1, 5))
    licence_edit.save_paper(
        ward,
        STEWARD,
        "p1",
        withdrawn,
        paper_id=paper.id,
        seen=PaperParticulars.of(paper),
        version=paper.version,
    )
    file = file_of(ward)
    assert [paper.state for paper in file.papers] == [PaperState.WITHDRAWN]
    assert [problem.code for problem in file.problems] == [PaperProblem.WITHDRAWN]
    with pytest.raises(ConflictError, match="ngày thu hồi"):
        licence_edit.save_paper(ward, STEWARD, "p1", seen, paper_id=paper.id, seen=seen, version=paper.version)


def test_a_paper_withdrawn_before_it_was_issued_is_refused(ward: Store) -> None:
    upside_down = PaperParticulars(
        LicenceKind.SECURITY, issued_on=date(2024, 6, 1), withdrawn_on=date(2024, 5, 1)
    )
    with pytest.raises(InputError, match="trước ngày cấp"):
        licence_edit.save_paper(ward, STEWARD, "p1", upside_down)
    with pytest.raises(RuleError):
        licence_edit.save_paper(
            ward, STEWARD, "p1", PaperParticulars(LicenceKind.SECURITY, stated_name="Hộ kinh doanh Trần Văn An")
        )
    assert file_of(ward).papers == ()


def test_an_office_sets_its_own_months_of_the_post_licence_check(ward: Store, operator: Actor) -> None:
    assert premises.check_months(ward, STEWARD) == {PremisesType.KARAOKE: 6, PremisesType.DANCE_HALL: 6}
    licence_edit.set_check_months(ward, operator, {PremisesType.GUESTHOUSE: 3})
    assert premises.check_months(ward, STEWARD) == {PremisesType.GUESTHOUSE: 3}
    licence_edit.save_paper(ward, STEWARD, "p1", PaperParticulars(LicenceKind.SECURITY, None, date(2025, 1, 5)))
    assert [problem.code for problem in file_of(ward).problems] == [PaperProblem.CHECK_DUE]
    with pytest.raises(InputError):
        licence_edit.set_check_months(ward, operator, {PremisesType.GUESTHOUSE: 0})
    with pytest.raises(RuleError):
        licence_edit.set_check_months(ward, STEWARD, {})
