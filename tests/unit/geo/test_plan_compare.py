"""Two plans stand side by side: value, way, coverage, borders, and whom they visit."""

from __future__ import annotations

import pytest

from geo.plan_compare import compare, plan_figures
from geo.plan_edit import drop
from geo.plan_types import BorderVisit
from tests.plan_desk import planned, small
from tests.plan_worlds import FIRST


def test_two_plans_stand_side_by_side() -> None:
    one = small()
    name = planned(one)[0]
    dropped = one.result(drop(one.book, name))
    types = {row["id"]: row["type"] for row in one.district.premises}
    first, second = (
        plan_figures(draft.visits, draft.routes, coverage=draft.coverage, borders=draft.borders, types=types)
        for draft in (one.draft, dropped)
    )
    found = compare(first, second)
    price = drop(one.book, name).price
    assert found.value_delta == pytest.approx(price.value_delta)
    assert found.minutes_delta == pytest.approx(price.minutes_delta)
    assert found.km_delta == pytest.approx(price.km_delta, abs=0.03)
    assert (found.visits_delta, found.drawn_delta) == (-1, 0)
    (kind,) = found.types
    assert (kind.name, kind.visits, kind.shares) == ("hotel", (first.visits, first.visits - 1), (1.0, 1.0))
    (ward,) = found.coverage
    assert ward.after[0] > ward.after[1]
    assert compare(second, first).value_delta == -found.value_delta
    same = compare(first, first)
    assert (same.value_delta, same.only_first, same.only_second) == (0.0, (), ())


def test_border_strips_that_only_one_plan_goes_into_are_named() -> None:
    one = small()
    figures = plan_figures(one.draft.visits, one.draft.routes, coverage=(), borders=(), types={})
    seen = BorderVisit("s1", True, FIRST, ("t0",), 2)
    other = plan_figures(one.draft.visits, one.draft.routes, coverage=(), borders=(seen,), types={})
    assert compare(figures, other).only_second == ("s1",)
    assert compare(other, figures).only_first == ("s1",)
    assert figures.types == {"": len(one.draft.visits)}
