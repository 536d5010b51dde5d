"""What a ward's points promise: what they count, what they never count, and what a person may set."""

from __future__ import annotations

from datetime import date

import pytest

from geo.errors import InputError
from geo.messages import msg
from geo.review_words import WardClass
from geo.targets import Indicator, OtherFigure
from geo.ward_score import WHOLE_YEAR, Given, ScoreSettings, WardPoints, YearPart, parse_settings, score_ward
from tests.paths import ROOT

TABLE = (ROOT / "geo" / "ward_score.toml").read_text(encoding="utf-8")
SETTINGS: ScoreSettings = parse_settings(TABLE)


def target(
    code: str,
    numerator: int | None,
    denominator: int | None = None,
    *,
    goal: float | None = None,
    met: bool | None = None,
    comparator: str = ">=",
) -> Indicator:
    if numerator is None or denominator == 0:
        value = None
    elif denominator is None or comparator == "count":
        value = float(numerator)
    else:
        value = numerator / denominator
    return Indicator(
        code=code,
        name=msg("chỉ tiêu"),
        unit_id="u1",
        ward="Phường A",
        numerator=numerator,
        denominator=denominator,
        value=value,
        comparator=comparator,
        target=goal,
        assigned=False,
        met=met,
        text=msg("nói vì sao"),
        rows={"inspections": (f"row of {code}",)},
    )


GOOD = [
    target("T01", 1, 1, met=True),
    target("T02a", 80, 100, goal=0.7),
    target("T02b", 60, 100, goal=0.6),
    target("T02c", 70, 100, goal=0.7),
    target("T03", 1, 1, met=True),
    target("T04", 1, 1, met=True),
    target("T05", 1, 1, met=True),
    target("T06", 5, 5, goal=1.0),
    target("T08a", 0),
    target("T08b", 0),
    target("T09", 61, 100, goal=0.6),
    target("T10", 10, 20, goal=0.5),
]


def scored(
    *changed: Indicator, year: YearPart = WHOLE_YEAR, given: dict[str | None, Given] | None = None
) -> WardPoints:
    codes = {one.code for one in changed}
    targets = [one for one in GOOD if one.code not in codes] + list(changed)
    return score_ward("u1", "Phường A", targets, SETTINGS, year=year, given=given)


def points(ward: WardPoints, key: str) -> float | None:
    return next(one.points for one in ward.criteria if one.key == key)


def test_the_table_gives_a_hundred_points() -> None:
    assert SETTINGS.most == 100


def test_a_ward_that_meets_all_has_all_points_and_is_healthy() -> None:
    ward = scored()
    assert (ward.points, ward.ward_class) == (100.0, WardClass.HEALTHY)


def test_half_of_a_goal_gives_half_of_its_points() -> None:
    assert points(scored(target("T09", 30, 100, goal=0.6)), "inspected") == 7.5
    assert points(scored(target("T02a", 35, 100, goal=0.7)), "reached") == pytest.approx(12.5)


def test_a_yearly_goal_is_asked_for_as_far_as_the_year_has_gone() -> None:
    half = target("T09", 30, 100, goal=0.6)
    assert points(scored(half, year=YearPart(0.5, 0.25)), "inspected") == 15.0
    assert points(scored(half, year=YearPart(1.0, 0.25)), "inspected") == 7.5


def test_people_reached_in_a_quarter_are_asked_for_a_quarter_of_the_year() -> None:
    a_quarter = [target(f"T02{part}", 7, 40, goal=0.7) for part in "abc"]
    assert points(scored(*a_quarter, year=YearPart(0.75, 0.25)), "reached") == 15.0
    assert points(scored(*a_quarter), "reached") == pytest.approx(3.75)


def test_a_ward_without_premises_or_tips_is_judged_on_the_rest() -> None:
    ward = scored(target("T09", 0, 0), target("T06", 0, 0))
    assert points(ward, "inspected") is None
    assert points(ward, "in_time") is None
    assert (ward.points, ward.judged) == (100.0, 70.0)


def test_a_tip_that_is_still_in_time_costs_nothing_and_a_late_one_does() -> None:
    handled_of_received = target("T06", 1, 4, goal=1.0)
    targets = [one for one in GOOD if one.code != "T06"] + [handled_of_received]
    for late, earned in ((0, 15.0), (1, 11.25), (4, 0.0)):
        beside = [OtherFigure("signals_late", msg("quá hạn"), "u1", "Phường A", late)]
        assert points(score_ward("u1", "Phường A", targets, SETTINGS, beside=beside), "in_time") == earned


def test_a_ward_about_which_too_little_is_known_is_not_rated() -> None:
    ward = score_ward("u1", "Phường A", [target("T08a", 0), target("T09", 9, 10)], SETTINGS)
    assert (ward.points, ward.ward_class) == (None, WardClass.UNRATED)


def test_a_hotspot_that_came_back_keeps_a_ward_from_being_healthy() -> None:
    ward = scored(target("T08b", 1))
    assert points(ward, "hotspots") == 0
    assert ward.points == 85.0
    assert ward.ward_class is WardClass.FAIR


def test_criminal_handling_and_the_number_of_tips_change_nothing() -> None:
    without = scored()
    with_cases = scored(target("T07", 50, 1, met=False), target("T06", 5000, 5000, goal=1.0))
    assert without.points == with_cases.points


def test_a_table_that_counts_criminal_handling_is_refused() -> None:
    with pytest.raises(InputError) as refused:
        parse_settings(TABLE.replace('["T06"]', '["T07"]'))
    assert refused.value.code == "score_settings"


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "nothing = [",
        TABLE.replace("healthy = 85.0", "healthy = 20.0"),
        TABLE.replace('key = "model"', 'key = "plan"'),
        TABLE.replace('rule = "none"', 'rule = "most"'),
        TABLE.replace("points = 5.0", "points = -5.0"),
        TABLE.replace('needed = ["plan", "hotspots"]', 'needed = ["nobody"]'),
    ],
)
def test_a_table_that_cannot_be_one_is_refused_in_words(broken: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_settings(broken)
    assert refused.value.code == "score_settings"


def test_a_count_without_a_share_of_its_own_is_judged_by_its_heads() -> None:
    counted = target("T02a", 30, 100, comparator="count")
    assert points(scored(counted), "reached") == pytest.approx(15 * (0.5 + 1 + 1) / 3)
    given = target("T02a", 30, 100, goal=60, comparator="count")
    assert points(scored(given), "reached") == pytest.approx(15 * (0.5 + 1 + 1) / 3)


def test_what_a_person_sets_is_shown_beside_what_was_worked_out() -> None:
    by_hand = Given("Thực tế đã khắc phục", "lanhdao", date(2026, 11, 24), points=10.0)
    ward = scored(target("T08b", 1), given={"hotspots": by_hand})
    line = next(one for one in ward.criteria if one.key == "hotspots")
    assert (line.points, line.computed, line.given) == (10.0, 0.0, by_hand)
    assert ward.points == 95.0
    lowered = Given("Có vụ việc nghiêm trọng", "lanhdao", date(2026, 11, 24), ward_class=WardClass.WEAK)
    ward = scored(given={None: lowered})
    assert (ward.ward_class, ward.computed_class) == (WardClass.WEAK, WardClass.HEALTHY)


def test_every_point_names_the_rows_behind_it() -> None:
    line = next(one for one in scored().criteria if one.key == "reached")
    assert line.rows == {"inspections": ("row of T02a", "row of T02b", "row of T02c")}
