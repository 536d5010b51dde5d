"""The review's words: always five sentences, at most three risks and three things done, nothing made up."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.review import SHOWN, NamedState, ReviewFigures, done, risks, sentences, to_talk_about
from geo.words import HotspotState

DAY = date(2026, 11, 24)
COUNTS = [one.name for one in fields(ReviewFigures) if one.type == "int"]
BACK = NamedState("Đoạn phố A", HotspotState.REACTIVATED, date(2026, 11, 4))
QUIET = NamedState("Khu vực B", HotspotState.ELIMINATED, date(2026, 11, 10))


@given(st.fixed_dictionaries({name: st.integers(0, 10_000) for name in COUNTS}))
@settings(max_examples=40)
def test_there_are_always_five_sentences_and_never_more_than_three_of_the_others(found: dict[str, int]) -> None:
    figures = ReviewFigures(**found)
    told = sentences(figures)
    assert len(told) == 5
    assert len(risks(figures)) <= SHOWN and len(done(figures)) <= SHOWN
    for one in [*told, *risks(figures), *done(figures)]:
        assert "{" not in str(one)


def test_a_quiet_month_is_told_as_one_and_no_risk_is_made_up() -> None:
    nothing = ReviewFigures()
    assert [str(one) for one in sentences(nothing)] == [
        "Chưa có lượt kiểm tra nào.",
        "Không có điểm phức tạp nào.",
        "0 nguồn tin được xác minh có căn cứ; chưa có lượt tuần tra nào.",
        "Không có cơ sở nào đang hoạt động.",
        "Không có kết luận nào của các cuộc họp trước phải báo lại.",
    ]
    assert risks(nothing) == () and done(nothing) == ()


def test_the_sentences_hold_the_figures() -> None:
    told = " ".join(
        str(one)
        for one in sentences(
            ReviewFigures(
                checks=12, checked=11, findings=4, serious=1, changes=[BACK], tips=3, patrols=7, patrol_signs=2,
                opened=1, closed=2, active=54, decisions_done=2, decisions_open=3, decisions_late=1,
            )
        )
    )  # fmt: skip
    assert "12 lượt tại 11 cơ sở, ghi nhận 4 vi phạm, 1 nghiêm trọng" in told
    assert "Đoạn phố A" in told and "2026-11-04" in told
    assert "3 nguồn tin" in told and "7 lượt tuần tra, 2 lượt thấy dấu hiệu" in told
    assert "1 cơ sở mở mới, 2 đóng cửa; 54" in told
    assert "2 đã xong, 3 còn hạn, 1 quá hạn" in told


def test_a_place_that_is_active_again_comes_before_every_duty_that_is_late() -> None:
    found = ReviewFigures(troubled=[BACK], late_tips=9, overdue=9, decisions_late=9, papers=99)
    assert "Đoạn phố A" in str(risks(found)[0])
    assert "99" not in " ".join(map(str, risks(found)))


def test_only_what_was_ended_well_is_a_thing_done() -> None:
    found = ReviewFigures(changes=[BACK, QUIET])
    assert [one.values["name"] for one in done(found)] == ["Khu vực B"]
    assert done(replace(found, changes=[BACK])) == ()


def test_a_target_that_is_not_met_is_told_in_per_cent() -> None:
    assert "46.4%" in str(risks(ReviewFigures(coverage=(0.4642, 0.6)))[0])


def premises(**columns: list[Any]) -> pd.DataFrame:
    count = len(columns["id"])
    rows = {"status": ["active"] * count, "complex_grounds": [None] * count}
    return pd.DataFrame({**rows, **columns}, dtype=object)


def findings(*rows: dict[str, Any]) -> pd.DataFrame:
    columns = ["id", "premises_id", "on_date", "serious", "deadline", "closed_on"]
    table = pd.DataFrame(rows, columns=columns, dtype=object)
    for column in ("on_date", "deadline", "closed_on"):
        table[column] = pd.to_datetime(table[column])
    return table


NO_SIGNALS = pd.DataFrame({"premises_id": [], "on_date": []}, dtype=object)
NO_PROBLEMS = pd.DataFrame({"premises_id": [], "code": [], "kind": [], "law": []}, dtype=object)


def talked(register: pd.DataFrame, **given_: Any) -> dict[str, list[str]]:
    known = {"findings": findings(), "signals": NO_SIGNALS, "problems": NO_PROBLEMS, "inspected": frozenset()}
    found = to_talk_about(register, **{**known, **given_}, as_of=DAY)
    return {one.premises_id: [str(reason) for reason in one.reasons] for one in found}


def test_a_premises_without_a_reason_is_not_talked_about() -> None:
    assert talked(premises(id=["a", "b"])) == {}


def test_a_premises_is_talked_about_for_what_is_on_record_gravest_first() -> None:
    late = {"id": "f", "premises_id": "b", "on_date": "2026-05-01", "serious": True, "deadline": "2026-06-01"}
    register = premises(id=["a", "b", "c"], complex_grounds=["có dấu hiệu", None, "có dấu hiệu"])
    found = talked(register, findings=findings(late), inspected=frozenset({"c"}))
    assert list(found) == ["b", "a"]
    assert found["b"] == [
        "1 vi phạm quá hạn khắc phục, từ 2026-06-01",
        "vi phạm nghiêm trọng, kiểm tra ngày 2026-05-01",
    ]
    assert found["a"] == ["có dấu hiệu phức tạp, chưa được kiểm tra năm 2026"]


@pytest.mark.parametrize(
    "finding",
    [
        {"serious": False, "deadline": "2026-12-24"},
        {"serious": False, "deadline": "2026-06-01", "closed_on": "2026-07-01"},
        {"serious": True, "on_date": "2024-05-01", "closed_on": "2024-07-01"},
    ],
)
def test_what_is_in_time_closed_or_long_past_is_no_reason(finding: dict[str, Any]) -> None:
    row = {"id": "f", "premises_id": "a", "on_date": "2026-05-01", **finding}
    assert talked(premises(id=["a"]), findings=findings(row)) == {}


def test_a_closed_business_is_not_talked_about() -> None:
    tips = pd.DataFrame({"premises_id": ["a"], "on_date": pd.to_datetime(["2026-11-01"])})
    assert talked(premises(id=["a"]), signals=tips)
    assert talked(premises(id=["a"], status=["closed"]), signals=tips) == {}
