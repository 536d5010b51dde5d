"""The papers of the demonstration's checks follow the rules that the office's own papers follow."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from typing import Any

import pytest

from app.services.field_visits import checklist
from data.demo import demo_rows
from geo.words import CasePaperKind, FindingKind
from tests.conftest import DEMO_DAY

Row = dict[str, Any]
every_day = pytest.mark.parametrize("day", [date(2025, 7, 1), DEMO_DAY], ids=str)


@cache
def rows(day: date) -> dict[str, list[Row]]:
    return demo_rows(178, day)


def by_finding(day: date) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for paper in rows(day)["case_papers"]:
        if paper["finding_id"] is not None:
            found[paper["finding_id"]].append(paper)
    return found


@every_day
def test_no_paper_is_older_than_its_check_and_each_says_that_it_is_made_up(day: date) -> None:
    checks = {row["id"]: row for row in rows(day)["inspections"]}
    for paper in rows(day)["case_papers"]:
        assert checks[paper["inspection_id"]]["on_date"] <= paper["on_date"] < day
        assert checks[paper["inspection_id"]]["body"] == "team178"
        assert "giả định" in paper["number"]
    numbers = [(row["kind"], row["number"]) for row in rows(day)["case_papers"]]
    assert len(set(numbers)) == len(numbers)


@every_day
def test_a_closed_finding_has_its_last_paper_on_that_day_and_no_open_one_has(day: date) -> None:
    papers = by_finding(day)
    known = {paper["inspection_id"] for paper in rows(day)["case_papers"]}
    for finding in rows(day)["findings"]:
        ends = [one["on_date"] for one in papers[finding["id"]] if one["kind"] == CasePaperKind.CLOSED.value]
        wanted = [finding["closed_on"]] if finding["closed_on"] and finding["inspection_id"] in known else []
        assert ends == wanted


@every_day
def test_a_sanction_follows_its_record_and_names_the_decree_of_the_day_of_the_check(day: date) -> None:
    checks = {row["id"]: row for row in rows(day)["inspections"]}
    kinds = {row["id"]: FindingKind(row["kind"]) for row in rows(day)["findings"]}
    fined = 0
    for finding_id, papers in by_finding(day).items():
        for paper in papers:
            if paper["kind"] != CasePaperKind.SANCTION.value:
                continue
            fined += 1
            decree = checklist()[0].sanction(kinds[finding_id], checks[paper["inspection_id"]]["on_date"])
            assert decree is not None
            assert paper["article"].startswith(decree)
            assert paper["amount_vnd"] > 0
            assert CasePaperKind.VIOLATION_RECORD.value in {one["kind"] for one in papers}
            assert paper["paid_on"] is None or paper["on_date"] <= paper["paid_on"] < day
    assert fined


def test_something_is_still_owed() -> None:
    papers = by_finding(DEMO_DAY)
    answered = [{one["kind"] for one in found} for found in papers.values()]
    assert any({"recommendation", "transfer"} & kinds and "answer" not in kinds for kinds in answered)
    assert any("recheck" in kinds and "closed" not in kinds for kinds in answered)
