"""The page of cases: what is owed, one check's papers, who may enter and close what, letters and complaints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import case_downloads
from app.parts import visit as visits
from app.services import case_facts, case_papers, case_work, cases, complaints
from app.services.accounts import SYSTEM
from app.services.case_papers import PaperEntry
from app.services.case_work import TaskKind
from data.repositories import places, plans
from data.store import Actor, Store
from data.tables import Finding, Inspection, new_id
from geo.words import CasePaperKind, FindingKind, Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT
from tests.services.paper_reading import words
from tests.services.plan_world import PLANNER, REVIEWER, decided, make_world

CHECKED_ON = date(2026, 11, 9)
KEEPER = Actor("giữ hồ sơ", Role.REVIEWER)


@dataclass(frozen=True)
class World:
    """A check with a serious finding whose remedy is over, recorded by the ward's inspector."""

    inspection: str
    finding: str
    premises: str
    ward: str

    @property
    def inspector(self) -> Actor:
        return Actor("kiểm tra", Role.INSPECTOR, frozenset({self.ward}))


@pytest.fixture
def world(own_demo: Store) -> World:
    with own_demo.read(SYSTEM) as work:
        register = places.premises_on(work, DEMO_DAY)
        premises = register[register["ward_id"].notna()].iloc[0]
    inspector = Actor("kiểm tra", Role.INSPECTOR, frozenset({premises["ward_id"]}))
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
        return World(inspection.id, finding.id, premises["name"], premises["ward_id"])


def opened(
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
    actor: Actor,
    inspection_id: str | None = None,
    tab: str | None = None,
) -> AppTest:
    """The page as the account sees it: the lists, or one check."""
    monkeypatch.setattr(visits, "current_visit", lambda: visits.Visit(store, actor, DEMO_DAY, demo=True))
    page = AppTest.from_file(str(ROOT / "app" / "pages" / "cases.py"), default_timeout=120)
    if inspection_id is not None:
        page.query_params["id"] = inspection_id
    if tab is not None:
        page.session_state["case-tab"] = tab
    return page.run()


def press(page: AppTest, text: str) -> AppTest:
    next(button for button in page.button if button.label == text).click()
    return page.run()


def fill(page: AppTest, text: str, value: str) -> None:
    next(field for field in page.text_input if field.label == text).set_value(value)


def shown(page: AppTest) -> str:
    """Everything that the page says, its lines of papers too."""
    found = [
        one.value for kind in (page.markdown, page.caption, page.info, page.error, page.success) for one in kind
    ]
    return " ".join([*found, *(one.proto.body for one in page.get("html"))])


def put(store: Store, actor: Actor, world: World, kind: CasePaperKind, day: date, **more: object) -> None:
    entry = PaperEntry(kind, day, number="12/VB", finding_id=world.finding, **more)  # type: ignore[arg-type]
    case_papers.add_paper(store, actor, world.inspection, entry, DEMO_DAY)


def sanction(store: Store, world: World) -> None:
    put(
        store, KEEPER, world, CasePaperKind.SANCTION, date(2026, 11, 16), body="UBND phường",
        article="Nghị định 282/2025/NĐ-CP, Điều 12", amount_vnd=7_500_000,
    )  # fmt: skip


def test_the_list_begins_with_what_is_most_overdue(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    tasks = case_work.case_tasks(demo, KEEPER, DEMO_DAY)
    assert tasks
    late = [task.overdue for task in tasks]
    assert late == sorted(late, reverse=True)
    dates = [task.due_on for task in tasks if task.overdue and task.due_on]
    assert dates == sorted(dates)
    page = opened(monkeypatch, demo, KEEPER)
    assert not page.exception
    assert not page.error
    table = page.dataframe[0].value
    assert len(table) == len(tasks)
    assert table["Còn lại"].iloc[0].startswith("muộn")
    assert all(table["Đội"])


def test_minutes_and_notice_are_owed_once_for_a_check_with_several_findings(demo: Store) -> None:
    owed = [
        (task.inspection_id, task.kind)
        for task in case_work.case_tasks(demo, KEEPER, DEMO_DAY)
        if task.kind in (TaskKind.MINUTES, TaskKind.NOTICE)
    ]
    assert len(owed) == len(set(owed))


def test_the_list_is_narrowed_by_kind(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    page = opened(monkeypatch, demo, KEEPER)
    page.session_state["case-kinds"] = [TaskKind.CLOSING]
    page = page.run()
    assert set(page.dataframe[0].value["Việc"]) == {"Chờ kết thúc"}


def test_a_ward_sees_its_own_cases_only(own_demo: Store, world: World) -> None:
    with own_demo.read(SYSTEM) as work:
        wards = [ward for ward in places.units_on(work, DEMO_DAY)["id"] if ward != world.ward]
    home = Actor("cán bộ", Role.WARD_OFFICER, frozenset({world.ward}))
    elsewhere = Actor("phường bên", Role.WARD_OFFICER, frozenset({wards[0]}))
    assert world.inspection in {one.inspection_id for one in case_work.case_tasks(own_demo, home, DEMO_DAY)}
    assert world.inspection not in {
        one.inspection_id for one in case_work.case_tasks(own_demo, elsewhere, DEMO_DAY)
    }
    assert world.inspection not in set(case_facts.find_checks(own_demo, elsewhere, "", DEMO_DAY)["id"])


def test_checks_are_found_by_premises_and_by_any_number(own_demo: Store, world: World) -> None:
    put(own_demo, KEEPER, world, CasePaperKind.TRANSFER, CHECKED_ON, body="Công an phường")
    for typed in (world.premises, "08/BB-KT", "12/vb"):
        assert world.inspection in set(case_facts.find_checks(own_demo, KEEPER, typed, DEMO_DAY)["id"]), typed
    assert case_facts.find_checks(own_demo, KEEPER, "số nào cũng không phải", DEMO_DAY).empty


def test_a_check_from_before_the_plans_is_shown_as_well(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    found = case_facts.find_checks(demo, KEEPER, "karaoke", DEMO_DAY)
    oldest = found.iloc[-1]
    page = opened(monkeypatch, demo, KEEPER, str(oldest["id"]))
    assert not page.exception
    assert not any("ngoài dự kiến" in error.value for error in page.error)
    assert oldest["decision_number"] in shown(page)


def test_the_next_paper_is_offered_first_and_is_entered(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World
) -> None:
    page = opened(monkeypatch, own_demo, KEEPER, world.inspection)
    assert not page.exception
    first = next(box for box in page.selectbox if box.label == "Văn bản")
    assert first.value is CasePaperKind.VIOLATION_RECORD
    fill(page, "Số (văn thư đã cấp)", "21/BB-VPHC")
    page = press(page, "Ghi vào hồ sơ")
    assert not page.exception
    papers = cases.case(own_demo, KEEPER, world.inspection, DEMO_DAY).papers
    assert list(papers["number"]) == ["21/BB-VPHC"]
    assert "21/BB-VPHC" in shown(page)


def test_a_number_is_asked_for_and_what_was_typed_stays(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World
) -> None:
    page = opened(monkeypatch, own_demo, KEEPER, world.inspection)
    note = "Ghi chú (không ghi tên người, số điện thoại)"
    fill(page, note, "Chuyển kèm hồ sơ")
    page = press(page, "Ghi vào hồ sơ")
    assert "văn thư" in shown(page)
    assert next(field for field in page.text_input if field.label == note).value == "Chuyển kèm hồ sơ"
    fill(page, "Số (văn thư đã cấp)", "21/BB")
    fill(page, note, "Gọi 0912 345 678")
    page = press(page, "Ghi vào hồ sơ")
    assert "số điện thoại; hệ thống chỉ ghi" in shown(page)
    assert cases.case(own_demo, KEEPER, world.inspection, DEMO_DAY).papers.empty


def test_the_decree_of_the_day_of_the_check_stands_in_the_sanction(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World
) -> None:
    put(own_demo, KEEPER, world, CasePaperKind.VIOLATION_RECORD, CHECKED_ON)
    put(own_demo, KEEPER, world, CasePaperKind.RECHECK, date(2026, 11, 23))
    case_papers.add_paper(own_demo, KEEPER, world.inspection,
                          PaperEntry(CasePaperKind.RESULT_NOTICE, CHECKED_ON, "9/TB"), DEMO_DAY)  # fmt: skip
    page = opened(monkeypatch, own_demo, KEEPER, world.inspection)
    assert next(box for box in page.selectbox if box.label == "Văn bản").value is CasePaperKind.SANCTION
    article = next(field for field in page.text_input if field.label == "Nghị định, điều, khoản")
    assert article.value.startswith("Nghị định 282/2025/NĐ-CP")


def test_the_team_enters_its_own_papers_and_neither_sanctions_nor_closes(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World
) -> None:
    page = opened(monkeypatch, own_demo, world.inspector, world.inspection)
    assert not page.exception
    kinds = next(box for box in page.selectbox if box.label == "Văn bản").options
    assert "Quyết định xử phạt" not in kinds
    assert "Biên bản vi phạm hành chính" in kinds
    assert "Đóng phát hiện" not in {button.label for button in page.button}
    # The same account with another role by now has inspected all the same.
    promoted = Actor(world.inspector.name, Role.REVIEWER)
    page = opened(monkeypatch, own_demo, promoted, world.inspection)
    assert "Bạn đã ghi lần kiểm tra này" in shown(page)
    assert "Đóng phát hiện" not in {button.label for button in page.button}


def test_a_finding_is_closed_under_a_number_when_nothing_is_owed(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World
) -> None:
    put(own_demo, KEEPER, world, CasePaperKind.VIOLATION_RECORD, CHECKED_ON)
    page = opened(monkeypatch, own_demo, KEEPER, world.inspection)
    fill(page, "Số văn bản kết thúc", "77/TB")
    page = press(page, "Đóng phát hiện")
    assert "Chưa đóng được" in shown(page)
    sanction(own_demo, world)
    put(own_demo, KEEPER, world, CasePaperKind.RECHECK, date(2026, 11, 23))
    page = opened(monkeypatch, own_demo, KEEPER, world.inspection)
    fill(page, "Số văn bản kết thúc", "77/TB")
    page = press(page, "Đóng phát hiện")
    assert not page.exception
    assert cases.case(own_demo, KEEPER, world.inspection, DEMO_DAY).findings[0].document == "77/TB"
    assert "Kết thúc hồ sơ 77/TB" in shown(page)


def test_a_fine_is_marked_as_paid(monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World) -> None:
    put(own_demo, KEEPER, world, CasePaperKind.VIOLATION_RECORD, CHECKED_ON)
    sanction(own_demo, world)
    page = opened(monkeypatch, own_demo, KEEPER, world.inspection)
    assert "7.500.000" in shown(page)
    page = press(page, "Đã nộp phạt")
    assert "đã nộp ngày 24/11/2026" in shown(page)


def test_what_is_typed_is_text_and_never_markup(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World
) -> None:
    put(own_demo, KEEPER, world, CasePaperKind.TRANSFER, CHECKED_ON, body="<img src=x onerror=alert(1)>")
    page = opened(monkeypatch, own_demo, KEEPER, world.inspection)
    assert "<img" not in shown(page)
    assert "&lt;img" in shown(page)


def test_the_papers_of_a_recheck_name_the_earlier_minutes(own_demo: Store, world: World) -> None:
    visit = visits.Visit(own_demo, KEEPER, DEMO_DAY, demo=True)
    facts = case_facts.check_facts(own_demo, KEEPER, world.inspection, DEMO_DAY)
    for made in (case_downloads.recheck_minutes(visit, facts), case_downloads.recheck_decision(visit, facts)):
        assert "số 08/BB-KT ngày 09/11/2026" in words(made)


def test_a_complaint_bars_the_team_until_it_is_answered(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, world: World
) -> None:
    facts = case_facts.check_facts(own_demo, KEEPER, world.inspection, DEMO_DAY)
    team = next(iter(case_facts.teams_on(own_demo, KEEPER, DEMO_DAY)))
    complaints.record(own_demo, KEEPER, facts.premises_id, team, CHECKED_ON, DEMO_DAY, "12/Đ-KN")
    assert [one.about for one in case_work.complaint_tasks(own_demo, KEEPER, DEMO_DAY)] == [world.premises]
    page = opened(monkeypatch, own_demo, KEEPER, tab="Khiếu nại")
    assert "không được kiểm tra cơ sở này" in shown(page)
    fill(page, "Số văn bản trả lời", "31/UBND")
    press(page, "Ghi văn bản trả lời")
    assert complaints.kept_complaints(own_demo, KEEPER, DEMO_DAY)[0].answer == "31/UBND"


def test_decisions_without_a_number_are_in_the_list_for_those_who_see_plans(own_demo: Store) -> None:
    plan = make_world(own_demo)
    decided(own_demo, plan)
    kinds = [task.kind for task in case_work.plan_tasks(own_demo, PLANNER, DEMO_DAY)]
    assert kinds.count(TaskKind.DECISION) == 3
    # An unannounced visit's decision is for its planner and its signer.
    other = Actor("lập lịch khác", Role.PLANNER)
    assert len(case_work.plan_tasks(own_demo, other, DEMO_DAY)) == len(kinds) - 1
    police = Actor("công an phường", Role.WARD_POLICE, frozenset({plan.ward}))
    assert case_work.plan_tasks(own_demo, police, DEMO_DAY) == []


def test_signs_and_spared_visits_are_for_the_signer_alone(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    plan = make_world(own_demo)
    decided(own_demo, plan)
    with own_demo.write(SYSTEM) as work:
        for row in plans.visits_of(work, plan.plan_id).itertuples(index=False):
            work.session.add(
                Inspection(**work.event(), premises_id=row.premises_id, on_date=DEMO_DAY - timedelta(days=1),
                           outcome="closed_at_arrival", visit_id=row.id, team_id=row.team_id)
            )  # fmt: skip
    page = opened(monkeypatch, own_demo, REVIEWER, tab="Dành cho người ký")
    assert not page.exception
    assert any("gặp cửa đóng" in one.value for one in page.warning)
    page = opened(monkeypatch, own_demo, PLANNER)
    assert "Dành cho người ký" not in {tab.label for tab in page.tabs}


def test_who_may_not_read_what_was_found_is_told_so(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    page = opened(monkeypatch, demo, Actor("khác", Role.VIEWER))
    assert not page.exception
    assert any("không có quyền" in error.value for error in page.error)
    assert not page.dataframe
