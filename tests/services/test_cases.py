"""The case that follows a check: who writes which paper, by which law, and who may close it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.services import case_papers, cases
from app.services.accounts import SYSTEM
from app.services.case_papers import PaperEntry
from app.text import render
from data.repositories import places
from data.repositories.events import findings_until
from data.store import Actor, Store
from data.tables import Finding, Inspection, new_id
from geo.errors import InputError, RuleError
from geo.words import CasePaperKind as Kind
from geo.words import FindingKind, Role
from tests.conftest import DEMO_DAY
from tests.services.plan_world import VIEWER

CHECKED_ON = date(2026, 11, 9)
KEEPER = Actor("giữ hồ sơ", Role.REVIEWER)
POLICE = Actor("công an", Role.WARD_POLICE)


@dataclass(frozen=True)
class World:
    """A check with a serious finding, recorded by the ward's inspector."""

    inspection: str
    finding: str
    ward: str
    other_ward: str

    @property
    def inspector(self) -> Actor:
        return Actor("kiểm tra", Role.INSPECTOR, frozenset({self.ward}))

    @property
    def officer(self) -> Actor:
        return Actor("cán bộ phường", Role.WARD_OFFICER, frozenset({self.ward}))

    @property
    def elsewhere(self) -> Actor:
        return Actor("cán bộ phường bên", Role.WARD_OFFICER, frozenset({self.other_ward}))


@pytest.fixture
def world(own_demo: Store) -> World:
    with own_demo.read(SYSTEM) as work:
        register = places.premises_on(work, DEMO_DAY)
        wards = list(register["ward_id"].dropna().unique())
        premises = register[register["ward_id"] == wards[0]].iloc[0]
    inspector = Actor("kiểm tra", Role.INSPECTOR, frozenset({wards[0]}))
    with own_demo.write(inspector) as work:
        inspection = Inspection(
            **work.event(), premises_id=premises["id"], on_date=CHECKED_ON, outcome="checked",
            geom=premises["geometry"], visit_id=new_id(), minutes_number="08/BB-KT",
        )  # fmt: skip
        work.session.add(inspection)
        work.session.flush()
        finding = Finding(
            **work.event(), inspection_id=inspection.id, kind=FindingKind.SECURITY.value, serious=True,
            text="Không có giấy chứng nhận ANTT", deadline=date(2026, 11, 20),
        )  # fmt: skip
        work.session.add(finding)
        work.session.flush()
        return World(inspection.id, finding.id, wards[0], wards[1])


def entry(kind: Kind, world: World, day: date = CHECKED_ON, **more: object) -> PaperEntry:
    return replace(PaperEntry(kind, day, number="12/VB", finding_id=world.finding), **more)


def sanction(world: World, day: date = date(2026, 11, 16), **more: object) -> PaperEntry:
    usual = {"body": "UBND phường", "article": "Nghị định 282/2025/NĐ-CP, Điều 12", "amount_vnd": 7_500_000}
    return entry(Kind.SANCTION, world, day, **{**usual, **more})


def put(store: Store, actor: Actor, world: World, one: PaperEntry) -> str:
    return case_papers.add_paper(store, actor, world.inspection, one, DEMO_DAY)


def next_step(store: Store, world: World, day: date = DEMO_DAY) -> Kind | None:
    return cases.case(store, KEEPER, world.inspection, day).findings[0].state.next


def test_the_papers_follow_one_another(own_demo: Store, world: World) -> None:
    case = cases.case(own_demo, world.officer, world.inspection, CHECKED_ON)
    assert case.minutes_number == "08/BB-KT"
    assert next_step(own_demo, world) is Kind.VIOLATION_RECORD
    put(own_demo, world.inspector, world, entry(Kind.VIOLATION_RECORD, world))
    put(own_demo, world.officer, world, entry(Kind.RESULT_NOTICE, world, date(2026, 11, 12), finding_id=None))
    assert next_step(own_demo, world) is Kind.SANCTION
    fine = put(own_demo, KEEPER, world, sanction(world))
    state = cases.case(own_demo, KEEPER, world.inspection, DEMO_DAY).findings[0].state
    # The fine is to be paid, the remedy's deadline has passed: the re-check is owed too.
    assert [one.kind for one in state.owed] == [None, Kind.RECHECK]
    case_papers.mark_paid(own_demo, KEEPER, fine, DEMO_DAY, DEMO_DAY)
    assert next_step(own_demo, world) is Kind.RECHECK
    put(own_demo, world.inspector, world, entry(Kind.RECHECK, world, date(2026, 11, 23)))
    assert next_step(own_demo, world) is Kind.CLOSED
    case_papers.close_finding(own_demo, KEEPER, world.finding, DEMO_DAY, "77/TB-UBND", DEMO_DAY)
    done = cases.case(own_demo, KEEPER, world.inspection, DEMO_DAY).findings[0]
    assert (done.closed_on, done.document, done.state.closed) == (DEMO_DAY, "77/TB-UBND", True)


def test_whoever_inspected_does_not_close(own_demo: Store, world: World) -> None:
    for one in (entry(Kind.VIOLATION_RECORD, world), entry(Kind.TRANSFER, world, date(2026, 11, 10))):
        put(own_demo, KEEPER, world, one)
    put(own_demo, KEEPER, world, entry(Kind.RECHECK, world, date(2026, 11, 23)))
    with pytest.raises(RuleError, match="quyền"):
        case_papers.close_finding(own_demo, world.inspector, world.finding, DEMO_DAY, "77/TB", DEMO_DAY)
    # Not even when the account has another role by now.
    promoted = Actor(world.inspector.name, Role.REVIEWER)
    with pytest.raises(RuleError) as refused:
        case_papers.close_finding(own_demo, promoted, world.finding, DEMO_DAY, "77/TB", DEMO_DAY)
    assert refused.value.code == "same_person"
    case_papers.close_finding(own_demo, KEEPER, world.finding, DEMO_DAY, "77/TB", DEMO_DAY)


def test_the_team_proposes_and_only_others_sanction(own_demo: Store, world: World) -> None:
    put(own_demo, world.inspector, world, entry(Kind.VIOLATION_RECORD, world))
    for actor in (world.inspector, POLICE, VIEWER):
        with pytest.raises(RuleError):
            put(own_demo, actor, world, sanction(world))
    with pytest.raises(RuleError) as refused:
        put(own_demo, Actor(world.inspector.name, Role.REVIEWER), world, sanction(world))
    assert refused.value.code == "same_person"
    put(own_demo, KEEPER, world, sanction(world))


def test_a_violation_takes_the_law_of_its_own_day(own_demo: Store, world: World) -> None:
    put(own_demo, KEEPER, world, entry(Kind.VIOLATION_RECORD, world))
    assert "282/2025" in str(cases.case(own_demo, KEEPER, world.inspection, DEMO_DAY).findings[0].sanctioned_by)
    with pytest.raises(RuleError, match="282/2025"):
        put(own_demo, KEEPER, world, sanction(world, article="Nghị định 144/2021/NĐ-CP, Điều 12"))


@pytest.mark.parametrize("article", ["Nghị định 282/2025/NĐ-CP, Điều ", "Nghị định 282/2025/NĐ-CP, khoản 1"])
def test_a_sanction_names_its_article_by_number(own_demo: Store, world: World, article: str) -> None:
    put(own_demo, KEEPER, world, entry(Kind.VIOLATION_RECORD, world))
    with pytest.raises(RuleError) as refused:
        put(own_demo, KEEPER, world, sanction(world, article=article))
    assert refused.value.code == "article_missing" and refused.value.hint
    put(own_demo, KEEPER, world, sanction(world, article="Nghị định 282/2025/NĐ-CP, điều 12 khoản 1"))


def test_papers_come_in_their_order_and_with_their_number(own_demo: Store, world: World) -> None:
    with pytest.raises(RuleError) as refused:
        put(own_demo, KEEPER, world, sanction(world))
    assert render(refused.value.message) == "Trước quyết định xử phạt cần có biên bản vi phạm hành chính."
    with pytest.raises(RuleError) as refused:
        put(own_demo, KEEPER, world, entry(Kind.ANSWER, world))
    assert "phiếu chuyển" in render(refused.value.message)
    with pytest.raises(RuleError, match="văn thư"):
        put(own_demo, KEEPER, world, entry(Kind.RESULT_NOTICE, world, number=""))
    for day in (CHECKED_ON - timedelta(days=1), DEMO_DAY + timedelta(days=1)):
        with pytest.raises(InputError):
            put(own_demo, KEEPER, world, entry(Kind.RESULT_NOTICE, world, day))
    with pytest.raises(RuleError, match="số điện thoại"):
        put(own_demo, KEEPER, world, entry(Kind.TRANSFER, world, note="Gọi chủ cơ sở 0912 345 678"))


def test_more_time_is_a_paper_and_moves_the_deadline(own_demo: Store, world: World) -> None:
    put(own_demo, KEEPER, world, entry(Kind.TRANSFER, world))
    longer = entry(Kind.REMEDY_EXTENDED, world, date(2026, 11, 20), due_on=date(2026, 12, 20))
    put(own_demo, KEEPER, world, longer)
    finding = cases.case(own_demo, KEEPER, world.inspection, DEMO_DAY).findings[0]
    assert finding.deadline == date(2026, 12, 20)
    with own_demo.read(SYSTEM) as work:
        known = findings_until(work, DEMO_DAY).set_index("id")
        revisions = list(work.session.scalars(select(Finding.revision).where(Finding.id == world.finding)))
    # Planning sees the new day, and what was recorded before is still there.
    assert known.at[world.finding, "deadline"].date() == date(2026, 12, 20)
    assert revisions == [1, 2]


def test_nothing_is_closed_while_a_sanction_or_a_recheck_is_owed(own_demo: Store, world: World) -> None:
    put(own_demo, KEEPER, world, entry(Kind.VIOLATION_RECORD, world))
    with pytest.raises(RuleError, match="Chưa đóng được"):
        case_papers.close_finding(own_demo, KEEPER, world.finding, DEMO_DAY, "77/TB", DEMO_DAY)
    put(own_demo, KEEPER, world, sanction(world))
    with pytest.raises(RuleError, match="phúc tra"):
        case_papers.close_finding(own_demo, KEEPER, world.finding, DEMO_DAY, "77/TB", DEMO_DAY)


def test_what_is_overdue_comes_first(own_demo: Store, world: World) -> None:
    waiting = cases.open_cases(own_demo, world.officer, DEMO_DAY)
    assert world.inspection in {one.inspection_id for one in waiting}
    overdue = [one.state.overdue for one in waiting]
    assert overdue == sorted(overdue, reverse=True)
    assert all(not one.state.closed for one in waiting)


def test_another_wards_case_is_not_seen_and_not_touched(own_demo: Store, world: World) -> None:
    assert world.inspection not in {
        one.inspection_id for one in cases.open_cases(own_demo, world.elsewhere, DEMO_DAY)
    }
    with pytest.raises(InputError):
        cases.case(own_demo, world.elsewhere, world.inspection, DEMO_DAY)
    with pytest.raises(InputError):
        put(own_demo, world.elsewhere, world, entry(Kind.TRANSFER, world))
    with pytest.raises(InputError):
        case_papers.close_finding(own_demo, world.elsewhere, world.finding, DEMO_DAY, "7/TB", DEMO_DAY)
    with pytest.raises(RuleError):
        cases.case(own_demo, VIEWER, world.inspection, DEMO_DAY)
