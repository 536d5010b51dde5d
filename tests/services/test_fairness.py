"""The fairness sheet of a year and of a plan, from the database: who is counted, and the same office apart."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from app.services import plans
from app.services.accounts import SYSTEM
from app.services.facts import Known
from app.services.fairness import plan_sheet, year_sheet
from data.repositories import places
from data.repositories import teams as repository
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import Inspection, Licence
from geo.errors import InputError, RuleError
from geo.fairness import FairnessRow, Grouping
from geo.words import LicenceKind, Role
from tests.conftest import DEMO_DAY

FORTNIGHT = plans.PlanRequest(first=date(2026, 12, 1), last=date(2026, 12, 14), seed=5, iterations=50)


def group(rows: list[FairnessRow], grouping: Grouping) -> dict[str, FairnessRow]:
    return {row.group: row for row in rows if row.grouping is grouping}


def test_every_check_of_the_year_is_counted_once_in_every_grouping(demo: Store) -> None:
    rows = year_sheet(demo, SYSTEM, 2026, DEMO_DAY)
    with demo.read(SYSTEM) as work:
        visits = Known(work, DEMO_DAY).inspections
    checked = visits[(visits["outcome"] == "checked") & (visits["on_date"].dt.year == 2026)]
    for grouping in Grouping:
        assert sum(row.checks for row in group(rows, grouping).values()) == len(checked)
        expected = sum(row.expected for row in group(rows, grouping).values())
        assert expected == pytest.approx(len(checked), abs=0.5)


def test_a_past_year_is_cut_by_the_wards_and_findings_of_its_time(demo: Store) -> None:
    rows = year_sheet(demo, SYSTEM, 2024, DEMO_DAY)
    assert len(group(rows, Grouping.WARD)) == 17
    with demo.read(SYSTEM) as work:
        known = Known(work, date(2024, 12, 31))
    serious = known.findings[known.findings["serious"] & (known.findings["on_date"].dt.year == 2024)]
    checked = set(known.inspections.loc[known.inspections["outcome"] == "checked", "id"])
    assert sum(row.serious or 0 for row in group(rows, Grouping.TYPE).values()) == len(
        set(serious["inspection_id"]) & checked
    )


def test_what_is_found_later_does_not_change_the_sheet_of_a_day(own_demo: Store) -> None:
    day = date(2026, 6, 30)
    before = year_sheet(own_demo, SYSTEM, 2026, day)
    with own_demo.write(SYSTEM) as work:
        ids = places.premises_on(work, day)["id"][:50]
        later = {"on_date": day + timedelta(days=1), "outcome": "checked"}
        add_rows(work, Inspection, [{**work.event(), "premises_id": one, **later} for one in ids])
    assert year_sheet(own_demo, SYSTEM, 2026, day) == before


def test_karaoke_licensed_by_the_ward_and_inspected_by_its_team_stands_apart(own_demo: Store) -> None:
    def same_office() -> tuple[int, int]:
        row = group(year_sheet(own_demo, SYSTEM, 2026, DEMO_DAY), Grouping.SAME_OFFICE).get("yes")
        return (row.premises, row.checks) if row else (0, 0)

    with own_demo.read(SYSTEM) as work:
        known = Known(work, DEMO_DAY)
        teams = repository.teams_between(work, DEMO_DAY, DEMO_DAY)
        visits = known.inspections[known.inspections["on_date"].dt.year == 2026]
        kinds = visits["team_id"].map(teams.set_index("id")["kind"])
        done = pd.DataFrame(visits.assign(team_kind=kinds))
        done = done[done["outcome"] == "checked"].drop_duplicates("premises_id", keep=False)
        licensed = set(known.licences.loc[known.licences["kind"] == "karaoke", "premises_id"])
        free = done[~done["premises_id"].isin(licensed)]
        by_ward = free.loc[free["team_kind"] == "ward", "premises_id"].iloc[0]
        by_city = free.loc[free["team_kind"] == "city", "premises_id"].iloc[0]
        old = free.loc[free["team_kind"] == "ward", "premises_id"].iloc[1]
    before = same_office()
    with own_demo.write(SYSTEM) as work:
        issued = {by_ward: date(2025, 11, 1), by_city: date(2025, 12, 1), old: date(2025, 10, 31)}
        papers = [
            {"premises_id": one, "kind": LicenceKind.KARAOKE.value, "issued_on": day}
            for one, day in issued.items()
        ]
        add_rows(work, Licence, papers)
    after = same_office()
    # Only the first: the city's team is another office, and before November 2025 the district licensed.
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)


def test_a_plan_has_a_sheet_before_anything_was_found(own_demo: Store) -> None:
    plan = plans.draft_plan(own_demo, SYSTEM, FORTNIGHT, DEMO_DAY)
    rows = plan_sheet(own_demo, SYSTEM, plan["plan"])
    for grouping in Grouping:
        assert sum(row.checks for row in group(rows, grouping).values()) == len(plan["visits"])
    assert all(row.serious is None and row.found_rate is None for row in rows)
    assert set(group(rows, Grouping.WARD)) <= {"Phường " + name for name in (
        "Hà Đông", "Dương Nội", "Yên Nghĩa", "Phú Lương", "Kiến Hưng", "Chương Mỹ (phần Biên Giang cũ)"
    )}  # fmt: skip


def test_a_scope_sees_its_own_premises_only(demo: Store) -> None:
    with demo.read(SYSTEM) as work:
        units = places.units_on(work, DEMO_DAY).set_index("code")["id"]
    officer = Actor("canbo", Role.WARD_OFFICER, frozenset({units["09552"]}))
    rows = year_sheet(demo, officer, 2026, DEMO_DAY)
    assert set(group(rows, Grouping.WARD)) == {"Phường Kiến Hưng"}


def test_nothing_checked_gives_an_empty_sheet_and_wrong_questions_a_plain_answer(
    empty_store: Store, demo: Store
) -> None:
    assert year_sheet(empty_store, SYSTEM, 2026, DEMO_DAY) == []
    with pytest.raises(InputError, match="2027"):
        year_sheet(demo, SYSTEM, 2027, DEMO_DAY)
    with pytest.raises(InputError, match="Không có lịch"):
        plan_sheet(demo, SYSTEM, "không có")


def test_who_may_not_see_tips_or_plans_sees_no_sheet(demo: Store) -> None:
    with pytest.raises(RuleError):
        year_sheet(demo, Actor("xem", Role.VIEWER), 2026, DEMO_DAY)
    with pytest.raises(RuleError):
        plan_sheet(demo, Actor("congan", Role.WARD_POLICE), "x")
