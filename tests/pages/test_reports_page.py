"""The page Báo cáo: what is owed, a report made, edited, traced back, numbered, corrected; templates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.parts import visit as visits
from app.services import reports
from data.store import Actor
from geo.review_words import ReportKind, ReportState
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT
from tests.services.report_world import OPERATOR, ReportDesk, add_check, report_desk

LEADER = Actor("lãnh đạo", Role.REVIEWER)


@pytest.fixture(scope="module")
def desk(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportDesk]:
    made = report_desk(demo_folder, tmp_path_factory.mktemp("report-page"))
    yield made
    made.store.engine.dispose()


def opened(
    monkeypatch: pytest.MonkeyPatch, desk: ReportDesk, actor: Actor, report_id: str | None = None
) -> AppTest:
    visit = visits.Visit(desk.store, actor, DEMO_DAY, demo=True)

    def current() -> visits.Visit:
        visits.set_language("vi")
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / "reports.py"), default_timeout=120)
    if report_id:
        shown.query_params["report"] = report_id
    return shown.run()


def text(page: AppTest) -> str:
    kinds = (page.markdown, page.caption, page.info, page.warning, page.error, page.subheader)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def click(page: AppTest, label: str) -> AppTest:
    next(one for one in page.button if one.label == label).click()
    return page.run()


def test_an_officer_sees_what_is_owed_and_makes_the_wards_report(
    monkeypatch: pytest.MonkeyPatch, desk: ReportDesk
) -> None:
    page = opened(monkeypatch, desk, desk.officer())
    assert not page.exception
    assert not page.error
    assert "**Báo cáo tháng, tháng 11 năm 2026**: hạn 17/11/2026 · quá hạn 7 ngày" in text(page)
    assert page.selectbox(key="report-unit").options == ["Phường Kiến Hưng"]
    made = click(page, "Mở hoặc lập báo cáo")
    assert not made.exception
    assert "Kỳ báo cáo: từ ngày 15/10/2026 đến ngày 14/11/2026" in text(made).replace("\\", "")
    assert "NHIỆM VỤ KỲ TỚI" in text(made)
    assert "Nhập số văn bản" not in {one.label for one in made.expander}
    assert len(reports.reports(desk.store, desk.officer())) == 1


def test_a_number_of_the_text_leads_to_its_rows(monkeypatch: pytest.MonkeyPatch, desk: ReportDesk) -> None:
    kept = desk.made(ReportKind.HALF, "2026-H1", desk.kien_hung)
    page = opened(monkeypatch, desk, desk.officer(), kept.id)
    turns = f"turns/{desk.kien_hung}"
    traced = page.selectbox(key="report-figure-inspection").set_value(turns).run()
    assert not traced.exception
    figure = next(one for one in kept.contents.figures if one.id == turns)
    shown = next(table.value for table in traced.dataframe if "Mã dòng" in table.value)
    assert list(shown["Mã dòng"]) == list(figure.rows["inspections"])


def test_a_section_is_edited_and_a_lost_number_is_told(
    monkeypatch: pytest.MonkeyPatch, desk: ReportDesk
) -> None:
    kept = desk.made(ReportKind.QUARTER, "2026-Q2", desk.kien_hung)
    page = opened(monkeypatch, desk, desk.officer(), kept.id)
    area = next(one for one in page.text_area if "Công tác kiểm tra" in one.label)
    area.set_value("Đã tổ chức kiểm tra theo kế hoạch. Gọi 0912345678.")
    saving = [one for one in page.button if one.label == "Lưu"]
    form = next(one for one in saving if one.form_id == area.form_id)
    refused = form.click().run()
    assert any("số điện thoại" in error.value for error in refused.error)
    area = next(one for one in refused.text_area if "Công tác kiểm tra" in one.label)
    area.set_value("Đã tổ chức kiểm tra theo kế hoạch.")
    form = next(one for one in refused.button if one.label == "Lưu" and one.form_id == area.form_id)
    saved = form.click().run()
    assert not saved.exception
    assert "Đã tổ chức kiểm tra theo kế hoạch" in text(saved)
    assert any("Số liệu không còn trong bài" in warning.value for warning in saved.warning)


def test_the_leader_enters_the_number_and_a_correction_tells_what_changed(
    monkeypatch: pytest.MonkeyPatch, desk: ReportDesk
) -> None:
    kept = desk.made(ReportKind.MONTH, "2026-06", desk.kien_hung)
    page = opened(monkeypatch, desk, LEADER, kept.id)
    page.text_input(key="report-number").set_value("15/BC-UBND")
    issued = click(page, "Ghi số")
    assert reports.report(desk.store, OPERATOR, kept.id).state is ReportState.ISSUED
    assert "Lưu" not in {one.label for one in issued.button}
    add_check(desk.store, date(2026, 6, 1), desk.kien_hung)
    corrected = click(issued, "Lập bản điều chỉnh")
    assert not corrected.exception
    (changed,) = [table.value for table in corrected.table if "Số điều chỉnh" in table.value]
    assert "Lượt kiểm tra (Phường Kiến Hưng)" in set(changed["Nội dung"].str.replace("\\", ""))


def test_who_may_not_write_reports_only_reads_them(monkeypatch: pytest.MonkeyPatch, desk: ReportDesk) -> None:
    kept = desk.made(ReportKind.MONTH, "2026-06", desk.kien_hung)
    inspector = Actor("đội", Role.INSPECTOR)
    buttons = {one.label for one in opened(monkeypatch, desk, inspector, kept.id).button}
    assert not buttons & {"Lưu", "Ghi số", "Lập bản điều chỉnh"}
    assert "Mở hoặc lập báo cáo" not in {one.label for one in opened(monkeypatch, desk, inspector).button}


def test_the_templates_fields_are_listed(monkeypatch: pytest.MonkeyPatch, desk: ReportDesk) -> None:
    page = opened(monkeypatch, desk, LEADER)
    page.segmented_control(key="reports-view").set_value("templates").run()
    assert not page.exception
    assert "`period_line` · bắt buộc" in text(page)
