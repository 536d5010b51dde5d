"""The page says what would lower a score: only what the business can do, and by how many points."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from geo.messages import msg
from geo.risk_advice import advice
from geo.risk_fit import fit_weights
from geo.risk_parts import Part
from geo.risk_past import read_blocks
from geo.risk_settings import parse_settings
from tests.paths import ROOT
from tests.unit.geo.risk_world import AS_OF, made_record

SETTINGS = parse_settings((Path(ROOT) / "geo" / "risk.toml").read_text(encoding="utf-8"))


def part(name: str, points: float) -> Part:
    return Part(name, 1.0, points, msg("x"))


def test_a_missing_paper_an_overdue_remedy_and_a_missing_commitment_are_named_most_points_first() -> None:
    given = advice([part("licence_fire", 8.3), part("deadlines_overdue", 5.8), part("type", 5.0)], SETTINGS)
    assert [one.name for one in given] == ["licence_fire", "deadlines_overdue", "commitment"]
    assert "8.3" in str(given[0].text)


def test_a_signed_commitment_is_not_asked_for_again() -> None:
    assert advice([part("commitment", -3.3)], SETTINGS) == []


def test_history_and_surroundings_are_not_in_the_hands_of_the_business() -> None:
    given = advice([part("signals", 20.0), part("hotspot", 9.0), part("commitment", -3.3)], SETTINGS)
    assert given == []


def test_papers_that_no_longer_match_can_be_set_right() -> None:
    given = advice([part("particulars", 3.3), part("commitment", -3.3)], SETTINGS)
    assert [(one.name, one.points) for one in given] == [("particulars", 3.3)]


def test_after_a_fit_a_commitment_is_worth_what_it_weighs_there() -> None:
    fitted = fit_weights(read_blocks(made_record(), AS_OF, SETTINGS, 2), SETTINGS)
    assert fitted is not None
    half = replace(fitted, multipliers={**fitted.multipliers, "commitment": 0.5})
    (table,), (ours,) = advice([], SETTINGS), advice([], SETTINGS, half)
    # -0.2 of 0.06 a point.
    assert (table.points, ours.points) == (3.3, 1.7)
