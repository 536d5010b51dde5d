"""Báo cáo: what a report says, that it stays the same, that a corrected one tells, who may do what."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.services import report_quick, report_request, report_rows, reports
from app.services.report_figures import Figure
from app.services.report_request import period_asked
from app.services.report_text import About, sections
from data.repositories import places
from data.store import Actor
from data.tables import AuditEntry, Hotspot, Report
from geo.errors import ConflictError, InputError, RuleError
from geo.report_calendar import DueState
from geo.review_words import ReportKind, ReportState
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.services.paper_reading import OFFICIAL, of_the_decree, words
from tests.services.report_world import OPERATOR, ReportDesk, add_check, report_desk

K = ReportKind


@pytest.fixture(scope="module")
def desk(demo_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportDesk]:
    made = report_desk(demo_folder, tmp_path_factory.mktemp("reports"))
    yield made
    made.store.engine.dispose()


def test_the_first_line_gives_the_days_by_the_decrees_cut_off(desk: ReportDesk) -> None:
    kept = desk.made(K.HALF, "2026-H1")
    line = kept.contents.period_line
    assert kept.days == (date(2025, 12, 15), date(2026, 6, 14))
    assert line.startswith("Kỳ báo cáo: từ ngày 15/12/2025 đến ngày 14/06/2026")
    assert "Nghị định 09/2019/NĐ-CP" in line
    assert "T09 tính theo năm dương lịch 2026" in line
    assert line in words(desk.paper(kept))


def test_the_paper_has_the_layout_of_the_decree(desk: ReportDesk) -> None:
    paper = desk.paper(desk.made(K.HALF, "2026-H1"))
    text = words(paper)
    assert of_the_decree(paper)
    for exact in (*OFFICIAL, "Nơi nhận"):
        assert exact in text
        assert exact == unicodedata.normalize("NFC", exact)
    for part in ("BÁO CÁO", "PHỤ LỤC", "Bảng 1. Kết quả thực hiện chỉ tiêu", "Bảng 3. Kết quả theo phường"):
        assert part in text
    for title in ("KẾT QUẢ THỰC HIỆN", "Điểm phức tạp", "TỒN TẠI, KHÓ KHĂN", "NHIỆM VỤ KỲ TỚI", "KIẾN NGHỊ"):
        assert title in text


def test_the_same_report_is_the_same_after_a_later_correction(desk: ReportDesk) -> None:
    first = desk.made(K.MONTH, "2026-08", desk.kien_hung)
    paper = words(desk.paper(first))
    check = add_check(desk.store, date(2026, 7, 20), desk.kien_hung)
    again = desk.made(K.MONTH, "2026-08", desk.kien_hung)
    assert again == first
    assert words(desk.paper(again)) == paper

    turns = f"turns/{desk.kien_hung}"
    asked = desk.asked(K.MONTH, "2026-08", desk.kien_hung)
    corrected = reports.reissue(desk.store, OPERATOR, asked, as_of=DEMO_DAY)
    assert corrected.replaces == first.id
    assert reports.report(desk.store, OPERATOR, first.id).state is ReportState.REPLACED
    changed = {one.figure: (one.before, one.after) for one in corrected.contents.changes}
    before = {one.id: one for one in first.contents.figures}[turns]
    after = {one.id: one for one in corrected.contents.figures}[turns]
    assert changed[turns] == (before.shown, after.shown)
    assert after.value == (before.value or 0) + 1
    assert check in after.rows["inspections"]
    told = words(desk.paper(corrected))
    assert "Báo cáo này thay thế Báo cáo (bản nháp)" in told
    assert "Bảng điều chỉnh so với báo cáo trước" in told
    assert desk.made(K.MONTH, "2026-08", desk.kien_hung) == corrected


def test_every_figure_leads_back_to_the_rows_it_was_counted_from(desk: ReportDesk) -> None:
    kept = desk.made(K.HALF, "2026-H1")
    figures = {one.id: one for one in kept.contents.figures}
    counted = {"turns": "inspections", "findings": "findings", "signals": "signals", "patrols": "patrols"}
    for code, table in counted.items():
        assert len(figures[code].rows[table]) == figures[code].value
    for section in kept.contents.sections:
        for one in section.figures:
            figure = figures[one]
            assert figure.rows or not figure.value, figure.name
    found = report_rows.rows_behind(desk.store, OPERATOR, kept.id, "turns")
    assert list(found["id"]) == list(figures["turns"].rows["inspections"])
    days = found["on_date"].dt.date
    assert days.min() >= kept.days[0]
    assert days.max() <= kept.days[1]


def test_the_workbook_has_the_tables_and_the_way_back(desk: ReportDesk) -> None:
    kept = desk.made(K.HALF, "2026-H1", desk.kien_hung)
    key = kept.contents.sections[1].key
    edited = reports.edit_section(
        desk.store, OPERATOR, kept.id, key, "=1+1\nĐã rà soát.", seen_revision=kept.revision
    )
    book = load_workbook(BytesIO(desk.paper(edited, ".xlsx")))
    assert book.sheetnames == ["Báo cáo", "Chỉ tiêu", "Số liệu", "Truy vết"]
    cells = [cell for row in book["Báo cáo"].iter_rows() for cell in row]
    (typed,) = [cell for cell in cells if cell.value and "1+1" in str(cell.value)]
    assert typed.data_type == "s"
    trace = list(book["Truy vết"].iter_rows(min_row=3, values_only=True))
    figures = {one.id: one for one in kept.contents.figures}
    turns = f"turns/{desk.kien_hung}"
    assert {row[-1] for row in trace if row[0] == turns} == set(figures[turns].rows["inspections"])


def test_2024_adds_up_to_the_same_in_the_17_wards_and_in_todays(desk: ReportDesk) -> None:
    then = desk.made(K.YEAR, "2024", wards_of=date(2024, 12, 14))
    today = desk.made(K.YEAR, "2024")
    assert then.id != today.id
    for code in ("turns", "findings", "signals", "patrols"):
        sums = []
        for kept in (then, today):
            wards = [one for one in kept.contents.figures if one.code == code and one.unit_id]
            whole = next(one for one in kept.contents.figures if one.id == code)
            sums.append(sum(int(one.value or 0) for one in wards))
            assert whole.value == sums[-1]
        assert sums[0] == sums[1]
    assert len({one.unit_id for one in then.contents.figures} - {None}) == 17
    notes = " ".join(today.contents.notes)
    assert "01/01/2025" in notes
    assert "01/07/2025" in notes
    assert all(note in words(desk.paper(today)) for note in today.contents.notes)


def test_a_period_that_still_runs_says_so_and_is_made_anew_when_it_is_over(desk: ReportDesk) -> None:
    asked = desk.asked(K.MONTH, "2026-11", desk.kien_hung)
    early = reports.make(desk.store, OPERATOR, asked, as_of=date(2026, 11, 10))
    assert "chưa hết kỳ" in early.contents.period_line
    assert reports.make(desk.store, OPERATOR, asked, as_of=date(2026, 11, 10)) == early
    over = reports.make(desk.store, OPERATOR, asked, as_of=DEMO_DAY)
    assert over.replaces == early.id
    assert "chưa hết kỳ" not in over.contents.period_line


@pytest.mark.parametrize("period", ["2027-03", "2022-02"])
def test_a_period_without_data_is_told_in_words(desk: ReportDesk, period: str) -> None:
    kept = desk.made(K.MONTH, period, desk.kien_hung)
    text = words(desk.paper(kept))
    assert "không có số liệu" in text.lower()
    assert "nan" not in text.lower().split()


def test_no_premises_and_no_doubt_is_named_in_a_period_report(desk: ReportDesk) -> None:
    text = words(desk.paper(desk.made(K.YEAR, "2025")))
    with desk.store.read(OPERATOR) as work:
        register = places.premises_on(work, DEMO_DAY)
        spots = places.hotspots_on(work, DEMO_DAY)
    assert not [name for name in register["name"] if len(name) > 8 and name in text]
    assert not [name for name in spots["name"] if name in text]
    assert "nghi vấn" not in text


def test_a_ward_sees_and_makes_its_own_reports_only(desk: ReportDesk) -> None:
    officer, other = desk.officer(), desk.wards["Phường Hà Đông"]
    days = period_asked(K.MONTH, "2026-05")
    with pytest.raises(RuleError) as whole:
        report_request.asked(desk.store, officer, K.MONTH, days, ward=None, as_of=DEMO_DAY)
    assert whole.value.code == "whole_report"
    with pytest.raises(RuleError) as foreign:
        report_request.asked(desk.store, officer, K.MONTH, days, ward=other, as_of=DEMO_DAY)
    assert foreign.value.code == "outside_scope"
    theirs = desk.made(K.MONTH, "2026-05", other)
    with pytest.raises(InputError, match="Không có báo cáo"):
        reports.report(desk.store, officer, theirs.id)
    own = report_request.asked(desk.store, officer, K.MONTH, days, ward=desk.kien_hung, as_of=DEMO_DAY)
    made = reports.make(desk.store, officer, own, as_of=DEMO_DAY)
    listed = reports.reports(desk.store, officer)
    assert set(listed["ward"]) == {"Phường Kiến Hưng"}
    # The district asks for the same report and gets it: the same figures, whoever makes it.
    assert desk.made(K.MONTH, "2026-05", desk.kien_hung) == made
    with pytest.raises(RuleError):
        reports.make(desk.store, Actor("khách", Role.VIEWER), own, as_of=DEMO_DAY)


def test_the_clerks_number_closes_the_report(desk: ReportDesk) -> None:
    kept = desk.made(K.QUARTER, "2026-Q1", desk.kien_hung)
    leader = Actor("lãnh đạo", Role.REVIEWER)
    with pytest.raises(RuleError):
        reports.issue(
            desk.store, desk.officer(), kept.id, "12/BC-UBND", DEMO_DAY, as_of=DEMO_DAY, seen_revision=1
        )
    with pytest.raises(RuleError, match="số văn bản"):
        reports.issue(desk.store, leader, kept.id, "BC", DEMO_DAY, as_of=DEMO_DAY, seen_revision=1)
    issued = reports.issue(desk.store, leader, kept.id, "12/BC-UBND", DEMO_DAY, as_of=DEMO_DAY, seen_revision=1)
    assert issued.state is ReportState.ISSUED
    text = words(desk.paper(issued))
    assert "Số: 12/BC-UBND" in text
    assert "ngày 24 tháng 11 năm 2026" in text
    with pytest.raises(RuleError, match="không sửa được"):
        reports.edit_section(desk.store, OPERATOR, kept.id, "next", "khác", seen_revision=issued.revision)
    owed = reports.due_reports(
        desk.store, leader, date(2026, 3, 1), date(2026, 3, 31), unit_id=desk.kien_hung, as_of=DEMO_DAY
    )
    states = {one.period.kind: one.state for one in owed}
    assert states == {K.MONTH: DueState.LATE, K.QUARTER: DueState.DONE}
    corrected = reports.reissue(desk.store, OPERATOR, reports.asked_of(issued), as_of=DEMO_DAY)
    assert "thay thế Báo cáo số 12/BC-UBND ngày 24/11/2026" in words(desk.paper(corrected))
    assert "không có số liệu nào thay đổi" in words(desk.paper(corrected))


def test_a_section_is_edited_and_guarded(desk: ReportDesk) -> None:
    kept = desk.made(K.MONTH, "2026-04", desk.kien_hung)
    text = "Đề nghị <UBND> & các ngành phối hợp.\n\nĐoạn hai."
    edited = reports.edit_section(desk.store, OPERATOR, kept.id, "proposals", text, seen_revision=kept.revision)
    assert "Đề nghị <UBND> & các ngành phối hợp." in words(desk.paper(edited))
    assert edited.contents.figures == kept.contents.figures
    with pytest.raises(ConflictError):
        reports.edit_section(desk.store, OPERATOR, kept.id, "next", "khác", seen_revision=kept.revision)
    with pytest.raises(RuleError) as personal:
        reports.edit_section(
            desk.store, OPERATOR, kept.id, "next", "Gọi 0912345678", seen_revision=edited.revision
        )
    assert personal.value.code == "personal_data"
    with pytest.raises(InputError):
        reports.edit_section(desk.store, OPERATOR, kept.id, "next", " \n ", seen_revision=edited.revision)


def test_the_text_that_is_made_can_be_saved_as_it_stands(desk: ReportDesk) -> None:
    kept = desk.made(K.HALF, "2025-H2", desk.kien_hung)
    for section in kept.contents.sections:
        if not section.head:
            text = "\n".join(section.paragraphs)
            kept = reports.edit_section(
                desk.store, OPERATOR, kept.id, section.key, text, seen_revision=kept.revision
            )


def test_the_quick_report_names_the_hotspot_and_its_course(desk: ReportDesk) -> None:
    with desk.store.read(OPERATOR) as work:
        spots = places.hotspots_on(work, DEMO_DAY)
    spot = spots[spots["state"] == "eliminated"].iloc[0]
    with desk.store.write(OPERATOR) as work:
        work.session.scalars(select(Hotspot).where(Hotspot.id == spot["id"])).one().name = "Bãi A & <B>"
    asked = report_quick.asked_quick(desk.store, OPERATOR, spot["id"], None, as_of=DEMO_DAY)
    kept = reports.make(desk.store, OPERATOR, asked, as_of=DEMO_DAY)
    text = words(desk.paper(kept))
    assert "điểm phức tạp “Bãi A & <B>” đã triệt xóa" in text
    assert f"Ngày {spot['eliminated_on']:%d/%m/%Y}: đã triệt xóa, đang theo dõi" in text
    assert "nghi vấn" not in text
    suspected = spots[spots["state"] == "suspected"].iloc[0]["id"]
    with pytest.raises(RuleError):
        report_quick.asked_quick(desk.store, OPERATOR, suspected, None, as_of=DEMO_DAY)
    with pytest.raises(InputError):
        report_quick.asked_quick(desk.store, OPERATOR, "không-có", None, as_of=DEMO_DAY)


def test_unknown_wards_and_periods_are_told(desk: ReportDesk) -> None:
    with pytest.raises(InputError) as unknown:
        desk.asked(K.MONTH, "2026-09", "99999")
    assert unknown.value.code == "unknown_ward"
    for kind, period in ((K.MONTH, "2026-Q1"), (K.YEAR, "2026-13"), (K.QUARTER, None)):
        with pytest.raises(InputError):
            period_asked(kind, period)
    with pytest.raises(InputError):
        period_asked(K.MONTH, None, date(2026, 1, 1), date(2026, 2, 1))
    days = period_asked(K.ADHOC, None, date(2026, 1, 5), date(2026, 2, 1))
    assert (days.first, days.last) == (date(2026, 1, 5), date(2026, 2, 1))


def test_making_and_taking_out_a_report_stand_in_the_audit(desk: ReportDesk) -> None:
    kept = desk.made(K.MONTH, "2026-02", desk.kien_hung)
    desk.paper(kept)
    with desk.store.read(OPERATOR) as work:
        told = work.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == kept.id))
        assert set(told) == {"report.make", "file.take"}


def test_two_who_make_the_same_report_at_once_make_one(
    desk: ReportDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = desk.asked(K.MONTH, "2026-01", desk.kien_hung)
    monkeypatch.setattr(reports, "standing", lambda *_: None)
    reports.make(desk.store, OPERATOR, asked, as_of=DEMO_DAY)
    with pytest.raises(ConflictError):
        reports.make(desk.store, OPERATOR, asked, as_of=DEMO_DAY)
    with desk.store.read(OPERATOR) as work:
        same = select(func.count()).where(Report.period == "2026-01", Report.unit_id == desk.kien_hung)
        assert work.session.scalar(same) == 1


# --- the words, from figures made by hand


def figure(code: str, value: float | None, **more: object) -> Figure:
    made = Figure(
        id=code,
        code=code,
        name=f"tên {code}",
        unit_id=None,
        ward=None,
        in_plan=code.startswith("T"),
        value=value,
    )
    return replace(made, **more)  # type: ignore[arg-type]


def paragraphs(figures: list[Figure], key: str, about: About | None = None) -> str:
    found = sections(figures, about or About(None, "tháng 9"), None)
    return "\n".join(next(one for one in found if one.key == key).paragraphs)


def test_police_figures_enter_as_the_police_report_them() -> None:
    told = paragraphs([figure("criminal_cases", 3)], "handling")
    assert told == "- Tên criminal_cases: 3, theo báo cáo của Công an các phường."


def test_what_is_not_met_is_told_with_what_is_missing() -> None:
    unmet = figure(
        "T09", 0.5, share=True, numerator=20, denominator=40, comparator=">", target=0.6, met=False,
        missing="Kiểm tra thêm 5 cơ sở trước 31/12/2026.",
    )  # fmt: skip
    assert "50% (20/40), chưa đạt chỉ tiêu > 60%" in paragraphs([unmet], "shortfalls")
    assert "Kiểm tra thêm 5 cơ sở trước 31/12/2026." in paragraphs([unmet], "next")
    assert "1 chưa đạt (T09)" in paragraphs([unmet], "targets")


def test_silence_does_not_look_like_success() -> None:
    quiet = figure("T08", 0, comparator="<=", target=0, met=True)
    beside = [figure("patrols", 7), figure("signals", 0), figure("signals_unverified", 0)]
    assert "đọc cùng: tên patrols 7, tên signals 0" in paragraphs([quiet, *beside], "targets")


def test_no_premises_is_neither_nought_per_cent_nor_missing_data() -> None:
    none = figure("T09", None, share=True, numerator=0, denominator=0, comparator=">", target=0.6)
    assert "T09. tên T09: không có cơ sở" in paragraphs([none], "targets")
    assert "Chưa có số liệu" not in paragraphs([none], "shortfalls")


def test_small_counts_of_health_are_not_told() -> None:
    few = figure("health_checked", None, hidden=True)
    assert paragraphs([few], "prevention") == "- Tên health_checked: số nhỏ, không nêu."
