"""The page Lịch kiểm tra: a plan is asked for, seen, changed with the price first, decided on by another."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from app.parts import plan_outputs, plan_request
from app.parts import visit as visits
from app.parts.plan_outputs import Output, Wish
from app.services import plan_edits, plan_life, plan_reading, plan_secrecy, plans
from app.services.looking import FILE_TAKEN
from app.services.plan_desk import open_desk
from app.services.plan_edits import Edit
from app.services.plan_reading import KeptPlan
from data.store import Actor, Store
from data.tables import AuditEntry
from geo.words import EditKind, PlanState, Role, VisitKind
from tests.conftest import DEMO_DAY
from tests.paths import ROOT
from tests.services.plan_world import PLANNER, REVIEWER, PlanWorld, decided, make_world

FIRST, LAST = date(2026, 11, 30), date(2026, 12, 6)


def opened(
    monkeypatch: pytest.MonkeyPatch, store: Store, actor: Actor, plan_id: str | None = None, **state: object
) -> AppTest:
    """The page as the account sees it."""
    visit = visits.Visit(store, actor, DEMO_DAY, demo=True)

    def current() -> visits.Visit:
        visits.set_language("vi")
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    # What is opened is opened now, on the day of the demonstration.
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / "plan.py"), default_timeout=90)
    shown.session_state["plan"] = plan_id
    for name, value in state.items():
        shown.session_state[name.replace("_", "-")] = value
    return shown.run()


def visit_of(store: Store, actor: Actor) -> visits.Visit:
    return visits.Visit(store, actor, DEMO_DAY, demo=True)


def made(store: Store, iterations: int = 60) -> str:
    request = plans.PlanRequest(first=FIRST, last=LAST, iterations=iterations)
    return str(plans.draft_plan(store, PLANNER, request, DEMO_DAY)["plan"])


def button(page: AppTest, label: str) -> object:
    return next(one for one in page.button if one.label == label)


def words(page: AppTest) -> str:
    """Every text of the page outside its tables."""
    kinds = (page.markdown, page.caption, page.info, page.success, page.warning, page.error, page.subheader)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def droppable(plan: KeptPlan) -> str:
    free = plan.visits[~plan.visits["drawn_at_random"].astype(bool) & (plan.visits["kind"] == "planned")]
    return str(free["premises_id"].iloc[0])


def finished(page: AppTest, seconds: float = 90) -> AppTest:
    """The page once its search has ended."""
    until = time.monotonic() + seconds
    while "plan-search" in page.session_state and time.monotonic() < until:
        time.sleep(0.3)
        page.run()
    return page


def test_next_week_and_next_month_are_offered() -> None:
    assert plan_request.next_week(date(2026, 11, 24)) == (FIRST, LAST)
    assert plan_request.next_week(date(2026, 11, 30)) == (date(2026, 12, 7), date(2026, 12, 13))
    assert plan_request.next_month(date(2026, 11, 30)) == (date(2026, 12, 1), date(2026, 12, 31))
    assert plan_request.next_month(date(2026, 12, 31)) == (date(2027, 1, 1), date(2027, 1, 31))


def test_a_plan_is_made_beside_the_page_and_then_shown(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    before = len(plan_reading.kept_plans(own_demo, PLANNER))
    page = opened(monkeypatch, own_demo, PLANNER)
    next(one for one in page.number_input if one.label == "Thời gian tính (giây)").set_value(1)
    button(page, "Lập kế hoạch").click()
    page = finished(page.run())
    assert not page.exception
    assert not page.error
    assert "lượt" in words(page)
    assert len(plan_reading.kept_plans(own_demo, PLANNER)) == before + 1
    assert page.dataframe


def test_a_search_that_fails_says_why_and_the_form_is_there_again(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    page = opened(monkeypatch, own_demo, PLANNER)
    monkeypatch.setattr(plans, "make_plan", lambda *_a, **_k: (_ for _ in ()).throw(KeyError("ngõ bí mật")))
    button(page, "Lập kế hoạch").click()
    page = finished(page.run())
    assert any("ngoài dự kiến" in error.value for error in page.error)
    assert "bí mật" not in words(page)
    assert button(page, "Lập kế hoạch")


def test_a_stop_says_why_it_is_there(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    plan_id = made(own_demo)
    plan = plan_reading.read_plan(own_demo, PLANNER, plan_id)
    row = plan.visits.iloc[0]
    page = opened(monkeypatch, own_demo, PLANNER, plan_id, plan_picked=row["premises_id"])
    assert row["name"] in [one.value.replace("\\", "") for one in page.subheader]
    assert "Vì sao đi" in words(page)


def test_a_change_is_priced_first_and_made_only_when_confirmed(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    plan_id = made(own_demo)
    name = droppable(plan_reading.read_plan(own_demo, PLANNER, plan_id))
    page = opened(monkeypatch, own_demo, PLANNER, plan_id, plan_picked=name)
    page.session_state[f"plan-edit-{name}"] = EditKind.DROP
    page.run()
    assert "vẫn đúng luật" in words(page)
    assert name in set(plan_reading.read_plan(own_demo, PLANNER, plan_id).visits["premises_id"])
    button(page, "Xác nhận").click()
    page.run()
    assert not page.exception
    assert name not in set(plan_reading.read_plan(own_demo, PLANNER, plan_id).visits["premises_id"])
    button(page, "Hoàn tác").click()
    page.run()
    assert name in set(plan_reading.read_plan(own_demo, PLANNER, plan_id).visits["premises_id"])


def test_what_the_law_forbids_cannot_be_confirmed(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    plan_id = made(own_demo)
    plan = plan_reading.read_plan(own_demo, PLANNER, plan_id)
    drawn = str(plan.visits.loc[plan.visits["drawn_at_random"].astype(bool), "premises_id"].iloc[0])
    page = opened(monkeypatch, own_demo, PLANNER, plan_id, plan_picked=drawn)
    page.session_state[f"plan-edit-{drawn}"] = EditKind.DROP
    page.run()
    assert any("ngẫu nhiên" in error.value for error in page.error)
    assert button(page, "Xác nhận").disabled  # type: ignore[attr-defined]


def test_another_persons_change_is_told_and_not_overwritten(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    plan_id = made(own_demo)
    name = droppable(plan_reading.read_plan(own_demo, PLANNER, plan_id))
    page = opened(monkeypatch, own_demo, PLANNER, plan_id, plan_picked=name)
    page.session_state[f"plan-edit-{name}"] = EditKind.DROP
    page.run()
    other = Actor("người lập khác", Role.PLANNER)
    desk = open_desk(own_demo, other, plan_id, DEMO_DAY)
    plan_edits.apply(own_demo, other, desk, Edit(EditKind.LOCK, name))
    button(page, "Xác nhận").click()
    page.run()
    # The page reads the plan anew: the stop is locked now, so that dropping it is not legal any more.
    assert any("khóa" in error.value or "thay đổi" in error.value for error in page.error)
    assert name in set(plan_reading.read_plan(own_demo, PLANNER, plan_id).visits["premises_id"])


def test_who_made_a_plan_is_not_offered_to_approve_it_and_the_leader_is(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    plan_id = made(own_demo)
    own = opened(monkeypatch, own_demo, PLANNER, plan_id)
    assert "Phê duyệt lịch" not in {one.label for one in own.button}
    leader = opened(monkeypatch, own_demo, REVIEWER, plan_id)
    button(leader, "Phê duyệt lịch").click()
    leader.run()
    assert any("số của văn bản" in error.value for error in leader.error)
    leader.text_input(key="plan-document").set_value("45/KH-UBND")
    button(leader, "Phê duyệt lịch").click()
    leader.run()
    assert not leader.error
    assert plan_reading.read_plan(own_demo, REVIEWER, plan_id).state is PlanState.APPROVED
    assert "45/KH" in words(leader).replace("\\", "")


def test_a_plan_of_a_given_seed_cannot_be_approved_and_says_why(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    request = plans.PlanRequest(first=FIRST, last=LAST, iterations=20, seed=7)
    plan_id = str(plans.draft_plan(own_demo, PLANNER, request, DEMO_DAY)["plan"])
    page = opened(monkeypatch, own_demo, REVIEWER, plan_id)
    assert "Phê duyệt lịch" not in {one.label for one in page.button}
    assert any("số bốc thăm" in warning.value for warning in page.warning)


def test_a_decided_plan_changes_by_a_proposal_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    plan_id = made(own_demo)
    plan_life.approve(own_demo, REVIEWER, plan_id, "45/KH-UBND", DEMO_DAY)
    name = droppable(plan_reading.read_plan(own_demo, PLANNER, plan_id))
    page = opened(monkeypatch, own_demo, PLANNER, plan_id, plan_picked=name)
    page.session_state[f"plan-edit-{name}"] = EditKind.DROP
    page.run()
    button(page, "Xác nhận").click()
    page.run()
    assert "Bản điều chỉnh đang soạn" in words(page)
    assert name in set(plan_reading.read_plan(own_demo, PLANNER, plan_id).visits["premises_id"])
    page.text_input(key="plan-amend-reason").set_value("Cơ sở nghỉ sửa chữa")
    button(page, "Gửi đề nghị điều chỉnh").click()
    page.run()
    assert not page.error
    leader = opened(monkeypatch, own_demo, REVIEWER, plan_id)
    assert "nghỉ sửa chữa" in words(leader)
    assert "Phê duyệt điều chỉnh" in {one.label for one in leader.button}


@pytest.fixture
def secret(own_demo: Store) -> PlanWorld:
    world = make_world(own_demo)
    decided(own_demo, world)
    return world


def test_an_unannounced_visit_is_marked_for_those_who_may_see_it(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, secret: PlanWorld
) -> None:
    page = opened(monkeypatch, own_demo, PLANNER, secret.plan_id, plan_picked=secret.secret_premises)
    assert any("Đột xuất" in warning.value for warning in page.warning)
    assert any(f"{secret.secret_name} (đột xuất)" in str(table.value.values) for table in page.dataframe)


@pytest.mark.parametrize("who", ["neighbour", "inspector"])
def test_nobody_else_reads_of_it_anywhere_on_the_page(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, secret: PlanWorld, who: str
) -> None:
    actor: Actor = getattr(secret, who)
    page = opened(monkeypatch, own_demo, actor, secret.plan_id, plan_picked=secret.secret_premises)
    for tab in [tab.label for tab in page.tabs]:
        page.session_state["plan-tab"] = tab
        page.run()
        assert not page.exception, tab
        tables = "\n".join(str(table.value.values) for table in page.dataframe)
        assert "đột xuất" not in (words(page) + tables).casefold()
        if tab == "Không xếp":
            # There it stands among the others that were not chosen, as if nobody had asked for it.
            assert "căn cứ" not in tables.casefold()
        else:
            assert secret.secret_name not in words(page) + tables


def test_files_hold_no_unannounced_visit(own_demo: Store, secret: PlanWorld, tmp_path: Path) -> None:
    plan_secrecy.log_opening(own_demo, PLANNER, secret.plan_id)
    plan = plan_reading.read_plan(own_demo, PLANNER, secret.plan_id)
    assert (plan.visits["kind"] == VisitKind.UNANNOUNCED.value).any()
    visit = visit_of(own_demo, PLANNER)
    for output in (Output.GPX, Output.KML, Output.ICS):
        text = plan_outputs.make(visit, plan, Wish(output)).data.decode("utf-8")
        assert secret.secret_name not in text
        assert "BEGIN" in text or "<" in text
    days = plan_outputs.carried(visit, plan)
    assert secret.secret_premises not in set(days["premises_id"])


def test_every_file_that_is_taken_is_in_the_log(own_demo: Store, secret: PlanWorld) -> None:
    plan = plan_reading.read_plan(own_demo, PLANNER, secret.plan_id)
    visit = visit_of(own_demo, PLANNER)
    taken = [
        plan_outputs.make(visit, plan, wish).name
        for wish in (Wish(Output.SHEETS), Wish(Output.WORKBOOK), Wish(Output.GPX), Wish(Output.ICS))
    ]
    with own_demo.read(PLANNER) as work:
        rows = work.session.scalars(select(AuditEntry).where(AuditEntry.action == FILE_TAKEN))
        logged = [(row.actor, row.subject, row.detail["file"]) for row in rows.all()]
    assert logged == [(PLANNER.name, secret.plan_id, name) for name in taken]


def test_nothing_is_offered_to_take_back_or_make_again_where_there_is_nothing(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    plan_id = made(own_demo, 20)
    page = opened(monkeypatch, own_demo, PLANNER, plan_id)
    assert [button(page, name).disabled for name in ("Hoàn tác", "Làm lại")] == [True, True]
    desk = open_desk(own_demo, PLANNER, plan_id, DEMO_DAY)
    name = droppable(plan_reading.read_plan(own_demo, PLANNER, plan_id))
    plan_edits.apply(own_demo, PLANNER, desk, Edit(EditKind.DROP, name))
    page = opened(monkeypatch, own_demo, PLANNER, plan_id)
    assert [button(page, name).disabled for name in ("Hoàn tác", "Làm lại")] == [False, True]
    button(page, "Hoàn tác").click()
    page.run()
    assert [button(page, name).disabled for name in ("Hoàn tác", "Làm lại")] == [True, False]


def test_the_decisions_lead_on_to_the_files_of_the_checks(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store, secret: PlanWorld
) -> None:
    page = opened(monkeypatch, own_demo, PLANNER, secret.plan_id, plan_tab="Quyết định")
    assert not page.exception and not page.error
    [link] = [one for one in page.get("page_link") if one.proto.label == "Hồ sơ kiểm tra"]
    assert link.proto.page == "cases"


def test_papers_of_a_check_come_with_the_decision_only(own_demo: Store) -> None:
    plan_id = made(own_demo, 20)
    visit = visit_of(own_demo, PLANNER)
    draft = plan_reading.read_plan(own_demo, PLANNER, plan_id)
    assert not {Output.DECISION, Output.MINUTES} & set(plan_outputs.outputs_of(visit, draft))
    plan_life.approve(own_demo, REVIEWER, plan_id, "45/KH-UBND", DEMO_DAY)
    after = plan_reading.read_plan(own_demo, PLANNER, plan_id)
    assert {Output.DECISION, Output.MINUTES} <= set(plan_outputs.outputs_of(visit, after))


def test_every_tab_draws_itself(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    made(own_demo, 20)
    page = opened(monkeypatch, own_demo, Actor("thử", Role.ADMIN), made(own_demo, 20))
    tabs = [tab.label for tab in page.tabs]
    assert "Độ bao phủ" in tabs
    for tab in tabs:
        page.session_state["plan-tab"] = tab
        page.run()
        assert not page.exception, tab
        assert not page.error, tab


def test_a_visit_is_fitted_in_where_it_costs_least(monkeypatch: pytest.MonkeyPatch, own_demo: Store) -> None:
    plan_id = made(own_demo)
    name = droppable(plan_reading.read_plan(own_demo, PLANNER, plan_id))
    desk = open_desk(own_demo, PLANNER, plan_id, DEMO_DAY)
    plan_edits.apply(own_demo, PLANNER, desk, Edit(EditKind.DROP, name))
    page = opened(monkeypatch, own_demo, PLANNER, plan_id, plan_tab="Xếp thêm lượt", plan_fit=name)
    offers = [one for one in page.button if one.label == "Chọn chỗ này"]
    assert 1 <= len(offers) <= 3
    offers[0].click()
    page.run()
    assert not page.error
    assert name in set(plan_reading.read_plan(own_demo, PLANNER, plan_id).visits["premises_id"])


def test_without_a_team_the_page_says_so_and_shows_a_way_out(
    monkeypatch: pytest.MonkeyPatch, own_demo: Store
) -> None:
    page = opened(monkeypatch, own_demo, PLANNER)
    next(one for one in page.segmented_control if one.label == "Thời gian").set_value("own")
    page.run()
    next(one for one in page.date_input if one.label == "Từ ngày, đến ngày").set_value(
        (date(2019, 1, 7), date(2019, 1, 13))
    )
    page.run()
    assert any("Chưa có Đội kiểm tra" in warning.value for warning in page.warning)
    assert not page.exception
