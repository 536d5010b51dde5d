"""A visit that did not become a check comes back to be fitted in, and only such a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import pytest

from geo.no_shows import no_shows
from geo.words import VisitOutcome
from tests.unit.geo.frames import inspections

DAY = date(2026, 4, 24)


@dataclass
class Planned:
    premises_id: str = "p0"
    team_id: str = "t0"
    date: date = date(2026, 4, 22)


def met(*outcomes: str, on: date = date(2026, 4, 22)) -> pd.DataFrame:
    return inspections(*({"on_date": pd.Timestamp(on), "outcome": outcome} for outcome in outcomes))


@pytest.mark.parametrize("outcome", ["closed_at_arrival", "refused"])
def test_a_closed_door_or_a_refusal_has_to_be_made_good(outcome: str) -> None:
    (found,) = no_shows([Planned()], met(outcome), DAY)
    assert (found.premises_id, found.team_id, found.outcome) == ("p0", "t0", VisitOutcome(outcome))
    assert "22" in str(found.text)


def test_a_visit_of_which_nothing_was_recorded_has_to_be_made_good() -> None:
    (found,) = no_shows([Planned()], met(), DAY)
    assert found.outcome is None
    assert "chưa được ghi nhận" in str(found.text)
    before = met("checked", on=date(2026, 4, 21))
    assert no_shows([Planned()], before, DAY) == (found,)


@pytest.mark.parametrize("outcome", ["checked", "moved", "other_business", "unlicensed"])
def test_a_check_or_another_finding_settles_the_visit(outcome: str) -> None:
    assert no_shows([Planned()], met(outcome), DAY) == ()
    assert no_shows([Planned()], met(outcome, on=date(2026, 4, 23)), DAY) == ()


def test_a_check_after_a_closed_door_settles_the_visit() -> None:
    assert no_shows([Planned()], met("closed_at_arrival", "checked"), DAY) == ()


def test_a_visit_of_today_may_still_be_made() -> None:
    assert no_shows([Planned(date=DAY)], met(), DAY) == ()


def test_they_come_in_the_order_of_their_days() -> None:
    visits = [Planned("p2", date=date(2026, 4, 23)), Planned("p1"), Planned("p0")]
    assert [each.premises_id for each in no_shows(visits, met(), DAY)] == ["p0", "p1", "p2"]
