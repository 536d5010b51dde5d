"""The fairness sheet points out who is inspected beyond what risk explains; few checks are not over-read."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.fairness import FairnessRow, Grouping, Verdict, fairness, poisson_interval


def district(per_ward: int = 20) -> pd.DataFrame:
    rows = [
        {"id": f"{ward}{k}", "ward_name": ward, "type": "hotel", "rooms": 10, "same_office": False}
        for ward in ("A", "B")
        for k in range(per_ward)
    ]
    return pd.DataFrame(rows)


def even_risk(premises: pd.DataFrame) -> pd.Series:
    return pd.Series(0.1, index=premises["id"])


def checks_in(ward: str, count: int, serious: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "premises_id": [f"{ward}{k % 20}" for k in range(count)],
            "serious": [k < serious for k in range(count)],
        }
    )


def by_ward(rows: list[FairnessRow]) -> dict[str, FairnessRow]:
    return {row.group: row for row in rows if row.grouping is Grouping.WARD}


def test_a_ward_that_is_inspected_more_and_finds_less_is_pointed_out() -> None:
    premises = district()
    checks = pd.concat([checks_in("A", 60, 1), checks_in("B", 10, 8)])
    rows = by_ward(fairness(premises, checks, even_risk(premises)))
    assert rows["A"].verdict is Verdict.MORE_FOUND_LESS
    assert rows["B"].verdict is Verdict.LESS


def test_a_ward_with_more_risk_may_be_inspected_more() -> None:
    premises = district()
    risk = pd.Series([0.3] * 20 + [0.05] * 20, index=premises["id"])
    checks = pd.concat([checks_in("A", 60, 12), checks_in("B", 10, 1)])
    assert by_ward(fairness(premises, checks, risk))["A"].verdict is Verdict.AS_EXPECTED


def test_few_checks_are_not_judged() -> None:
    premises = district()
    rows = fairness(premises, checks_in("A", 3, 0), even_risk(premises))
    assert {row.verdict for row in rows} == {Verdict.TOO_FEW}


def test_a_plan_is_judged_without_findings() -> None:
    premises = district()
    visits = checks_in("A", 60, 0).drop(columns="serious")
    row = by_ward(fairness(premises, visits, even_risk(premises)))["A"]
    assert (row.verdict, row.serious, row.found_rate) == (Verdict.MORE, None, None)


def test_without_premises_or_checks_there_is_no_sheet() -> None:
    premises = district()
    assert fairness(premises, checks_in("A", 0, 0), even_risk(premises)) == []
    assert fairness(premises.iloc[:0], checks_in("A", 5, 0), even_risk(premises)) == []


def test_the_interval_is_the_published_one() -> None:
    # Garwood 1936, as tabled for a count of 10: 4.80 to 18.39.
    assert poisson_interval(10) == pytest.approx((4.795, 18.390), abs=0.001)
    assert poisson_interval(0) == pytest.approx((0.0, 3.689), abs=0.001)


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 30), st.booleans()), max_size=80),
    st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=40, max_size=40),
)
def test_every_check_is_counted_once_in_each_grouping(
    visits: list[tuple[str, int, bool]], risks: list[float | None]
) -> None:
    premises = district()
    checks = pd.DataFrame(
        {"premises_id": [f"{w}{k}" for w, k, _ in visits], "serious": [s for *_, s in visits]}, dtype=object
    )
    rows = fairness(premises, checks, pd.Series(risks, index=premises["id"], dtype=float))
    inside = checks["premises_id"].isin(premises["id"]).sum()
    for grouping in Grouping:
        own = [row for row in rows if row.grouping is grouping]
        if own:
            assert sum(row.checks for row in own) == inside
            assert sum(row.expected for row in own) == pytest.approx(inside, abs=0.2)
            assert all(row.low <= row.ratio <= row.high for row in own)
