"""A score read aloud: its parts in groups that add up, in an order to follow, and two scores compared."""

from __future__ import annotations

import pytest

from app.parts.part_words import FAMILY_COLOURS, Family, family, family_points, part_word, reason
from app.parts.waterfall import differences, in_order, pairs_of_sentences, signed
from app.text import speaking
from geo.messages import msg
from geo.risk import Part
from geo.words import LicenceKind


def part(name: str, points: float) -> Part:
    told = msg("{reason}: +{points}", reason=msg("Có {n} việc", n=2), points=points)
    return Part(name, 1.0, points, told)


PARTS = [
    part("base", 25.0),
    part("commitment", -3.3),
    part("signals", 20.0),
    part("licence_fire", 8.3),
    part("limit", -1.0),
    part("serious_violations", 12.0),
]


def test_the_groups_add_up_to_the_score() -> None:
    grouped = family_points(PARTS)
    assert list(grouped) == list(Family)
    assert sum(grouped.values()) == pytest.approx(sum(one.points for one in PARTS))


def test_what_all_share_stands_first_and_the_largest_reasons_follow() -> None:
    names = [one.name for one in in_order(PARTS)]
    assert names == ["base", "signals", "serious_violations", "licence_fire", "commitment", "limit"]


def test_every_paper_is_among_the_papers_and_says_which() -> None:
    with speaking("vi"):
        words = {part_word(part(f"licence_{kind.value}", 5.0)) for kind in LicenceKind}
    assert len(words) == len(LicenceKind)
    assert all(family(f"licence_{kind.value}") is Family.PAPERS for kind in LicenceKind)


def test_a_part_that_nobody_named_is_told_by_its_own_sentence() -> None:
    with speaking("vi"):
        assert part_word(part("something_new", 1.0)) == "Có 2 việc"
        assert reason(part("signals", 1.0)) == "Có 2 việc"
    assert family("something_new") is Family.OTHER


def test_every_group_has_a_colour_of_its_own() -> None:
    assert len(set(FAMILY_COLOURS.values())) == len(Family)


def test_two_scores_differ_by_their_parts_and_by_nothing_else() -> None:
    others = [part("base", 25.0), part("signals", 3.0), part("hotspot", 13.3)]
    with speaking("vi"):
        rows = differences(PARTS, others)
    assert [abs(mine - theirs) for _word, mine, theirs in rows] == sorted(
        (abs(mine - theirs) for _word, mine, theirs in rows), reverse=True
    )
    gap = sum(one.points for one in PARTS) - sum(one.points for one in others)
    assert sum(mine - theirs for _word, mine, theirs in rows) == pytest.approx(gap)
    assert differences(PARTS, PARTS) == []


def test_sentences_stand_side_by_side_also_where_one_has_fewer() -> None:
    with speaking("vi"):
        pairs = pairs_of_sentences(PARTS, PARTS[:1])
    assert len(pairs) == len(PARTS)
    assert pairs[-1][1] == ""


def test_points_carry_their_sign() -> None:
    with speaking("vi"):
        assert (signed(8.3), signed(-3.3), signed(0.0)) == ("+8,3", "-3,3", "0")
