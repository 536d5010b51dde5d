"""The page says what would lower a score: only what the business can do, and by how many points."""

from __future__ import annotations

from pathlib import Path

from geo.messages import msg
from geo.risk_advice import advice
from geo.risk_parts import Part
from geo.risk_settings import parse_settings
from tests.paths import ROOT

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
