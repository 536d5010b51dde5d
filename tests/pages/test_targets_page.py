"""The page Chỉ tiêu: what is met and what is missing, what is behind a figure, the points of the wards."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from app.parts import target_words
from app.parts import visit as visits
from app.services import target_sheet
from app.services.indicators import indicators
from data.store import Actor, Store
from geo.messages import msg
from geo.periods import parse_period
from geo.targets import Indicator
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT

LEADER = Actor("thử", Role.REVIEWER)


def opened(
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
    *,
    view: str = "table",
    actor: Actor = LEADER,
    code: str = "",
    **state: str,
) -> AppTest:
    visit = visits.Visit(store, actor, DEMO_DAY, demo=True)

    def current() -> visits.Visit:
        visits.set_language("vi")
        return visit

    monkeypatch.setattr(visits, "current_visit", current)
    shown = AppTest.from_file(str(ROOT / "app" / "pages" / "targets.py"), default_timeout=120)
    shown.session_state["targets-view"] = view
    for key, value in state.items():
        shown.session_state[key.replace("_", "-")] = value
    if code:
        shown.query_params["code"] = code
    shown.run()
    assert not shown.exception
    assert not shown.error
    return shown


def said(shown: AppTest) -> str:
    kinds = (shown.markdown, shown.caption, shown.info, shown.warning, shown.success)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def test_every_target_stands_with_value_goal_and_a_word_for_met(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    shown = opened(monkeypatch, demo)
    table = shown.dataframe[0].value
    codes = list(table["Mã"])
    for number in range(1, 11):
        assert any(code.startswith(f"T{number:02}") for code in codes)
    assert set(table["Đạt chưa"].str.replace(" ⚠", "")) <= {"✔ đạt", "✘ chưa đạt", "– chưa xét được"}
    assert "chưa giao" in set(table["Phải đạt"])
    # Silence must not look like success: patrols and tips stand on the page.
    labels = {one.label for one in shown.metric}
    assert {"Lượt tuần tra điểm phức tạp", "Nguồn tin tiếp nhận", "Nguồn tin chưa xác minh xong"} <= labels


def test_behind_a_target_stand_its_rows_with_a_way_to_each(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    shown = opened(monkeypatch, demo, code="T09", targets_length=12)  # type: ignore[arg-type]
    text = said(shown)
    assert "Số này từ đâu" in text
    assert "Lượt kiểm tra" in text
    found = indicators(demo, LEADER, date(2026, 1, 1), date(2026, 12, 31), as_of=DEMO_DAY)
    whole = next(one for one in found.rows if one.code == "T09" and one.unit_id is None)
    assert f"({len(whole.rows['inspections'])})" in text
    pages = shown.dataframe[1].value["Mở"]
    assert pages.str.startswith("/cases?id=").all()


def test_wards_stand_side_by_side_without_a_rank_and_without_criminal_cases(
    monkeypatch: pytest.MonkeyPatch, demo: Store
) -> None:
    table = opened(monkeypatch, demo, view="matrix").dataframe[0].value
    assert not any(code.startswith("T07") for code in table["Mã"])
    names = [column for column in table.columns if str(column).startswith("Phường")]
    assert len(names) >= 5
    assert names == sorted(names)


@pytest.mark.parametrize("view", ["other", "scores"])
def test_every_view_draws_itself(monkeypatch: pytest.MonkeyPatch, demo: Store, view: str) -> None:
    assert len(opened(monkeypatch, demo, view=view).dataframe)


def test_only_a_leader_is_offered_to_set_points(monkeypatch: pytest.MonkeyPatch, demo: Store) -> None:
    leader = opened(monkeypatch, demo, view="scores")
    officer = opened(monkeypatch, demo, view="scores", actor=Actor("thử", Role.WARD_OFFICER))
    assert "Sửa điểm hoặc xếp loại (ghi lý do)" in {one.label for one in leader.expander}
    assert "Sửa điểm hoặc xếp loại (ghi lý do)" not in {one.label for one in officer.expander}


def test_the_workbook_holds_every_target_of_every_ward(own_demo: Store) -> None:
    month = parse_period("2026-10")
    found = indicators(own_demo, LEADER, month.first, month.last, as_of=DEMO_DAY)
    book = load_workbook(BytesIO(target_sheet.workbook(own_demo, LEADER, found, month)))
    assert book.sheetnames == ["Chỉ tiêu", "Số liệu khác", "Ghi chú"]
    rows = list(book["Chỉ tiêu"].iter_rows(min_row=3, values_only=True))
    assert len(rows) == len(found.rows)
    assert {row[2] for row in rows} == {"Toàn địa bàn", *found.units["name"]}


def target(
    value: float | None, *, comparator: str = ">=", code: str = "T02a", goal: float | None = 0.7
) -> Indicator:
    return Indicator(
        code=code,
        name=msg("chỉ tiêu"),
        unit_id=None,
        ward=None,
        numerator=None if value is None else 30,
        denominator=0 if value is None else 40,
        value=value,
        comparator=comparator,
        target=goal,
        assigned=False,
        met=None,
        text=msg("vì sao"),
    )


def test_figures_are_written_as_people_read_them() -> None:
    share = target(0.75)
    assert target_words.result(share) == "30 / 40 = 75%"
    assert target_words.aim(share) == "≥ 70%"
    assert target_words.change(share, 0.7) == "▲ +5 điểm %"
    assert target_words.change(share, 0.755) == "▼ −0,5 điểm %"
    assert target_words.change(share, 0.75) == "= không đổi"
    assert target_words.change(share, None) == "–"
    assert target_words.aim(target(12.0, comparator="count", code="T09a", goal=None)) == "chưa giao"
    assert target_words.aim(target(12.0, comparator="count", code="T09a", goal=40)) == "≥ 40"
    assert target_words.change(target(12.0, comparator="count", code="T09a"), 10.0) == "▲ +2"
