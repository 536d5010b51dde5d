"""Displacement: the published measures, what may be concluded from few events, and where it rose."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import LONLAT, METRIC, metric_xy, transform
from geo.displacement import (
    Areas,
    Counts,
    Displacement,
    DisplacementSettings,
    areas_around,
    displacement,
    displacement_quotient,
    periods,
    total_net_effect,
)
from geo.errors import InputError
from tests.unit.geo.frames import LAT, LON, at, signals

ON = date(2026, 1, 15)
WHEN = periods(ON, 6, date(2026, 12, 1))
QUICK = DisplacementSettings(draws=500)
#: East and north of the hotspot, in metres: in its catchment, in the buffer on either side, far away.
HERE, EAST, WEST, FAR = (0.0, 0.0), (450.0, 0.0), (-450.0, 0.0), (2500.0, 0.0)
Where = tuple[float, float]


def areas() -> Areas:
    """A catchment of 200 m, a buffer of 400 m around it, and a district of 8 km."""
    middle = shapely.Point(metric_xy(LON, LAT)[0])
    return areas_around(middle.buffer(200), 400, middle.buffer(4000))


def units() -> gpd.GeoDataFrame:
    """Two wards whose border runs north-south through the hotspot."""
    west, east = shapely.box(LON - 0.05, 20.9, LON, 21.05), shapely.box(LON, 20.9, LON + 0.05, 21.05)
    return gpd.GeoDataFrame({"id": ["tay", "dong"], "code": ["1", "2"]}, geometry=[west, east], crs=LONLAT)


def events(*counts: tuple[Where, int, int]) -> gpd.GeoDataFrame:
    """So many before and after at a place, one a week."""
    rows = []
    for where, before, after in counts:
        rows += [{"geometry": at(*where), "on_date": ON - timedelta(days=1 + k % 170)} for k in range(before)]
        rows += [{"geometry": at(*where), "on_date": ON + timedelta(days=1 + k % 170)} for k in range(after)]
    return signals(*rows)


def measured(*counts: tuple[Where, int, int], others: gpd.GeoDataFrame | None = None) -> Displacement:
    return displacement(events(*counts), areas(), WHEN, units(), seed=1, others=others, settings=QUICK)


def test_the_measures_are_those_of_the_papers() -> None:
    counts = Counts(ra=60, rb=100, da=90, db=80, ca=180, cb=200)
    # Bowers and Johnson 2003: (Da/Ca - Db/Cb) / (Ra/Ca - Rb/Cb), by hand (90/180 - 80/200) / (60/180 - 100/200)
    # = (1/10) / (-1/6) = -3/5.
    by_hand = (Fraction(90, 180) - Fraction(80, 200)) / (Fraction(60, 180) - Fraction(100, 200))
    assert by_hand == Fraction(-3, 5)
    assert displacement_quotient(counts) == pytest.approx(-0.6)
    # Guerette 2009: [Rb(Ca/Cb) - Ra] + [Db(Ca/Cb) - Da], by hand [100 * 0.9 - 60] + [80 * 0.9 - 90] = 30 - 18.
    assert total_net_effect(counts) == pytest.approx(12.0)


@pytest.mark.parametrize(
    ("buffer_after", "expected"),
    [(100, 0.0), (150, -1.0), (200, -2.0), (75, 0.5), (25, 1.5)],
    ids=[
        "nothing moved",
        "all moved",
        "twice as much came",
        "half of the gain spread",
        "more than the gain spread",
    ],
)
def test_the_quotient_reads_as_published(buffer_after: int, expected: float) -> None:
    """With an even control: R falls by 50 of 100, D changes from 100."""
    counts = Counts(ra=50, rb=100, da=buffer_after, db=100, ca=100, cb=100)
    assert displacement_quotient(counts) == pytest.approx(expected)


@given(st.tuples(*[st.integers(1, 500)] * 6))
def test_quotient_and_net_effect_tell_the_same(six: tuple[int, ...]) -> None:
    counts = Counts(*six)
    wdq = displacement_quotient(counts)
    if wdq is not None:
        gained = counts.rb * counts.ca / counts.cb - counts.ra
        assert total_net_effect(counts) == pytest.approx(gained * (1 + wdq), abs=1e-6)


def test_a_control_without_events_is_filled_by_the_stated_rule() -> None:
    counts = Counts(ra=1, rb=6, da=2, db=2, ca=0, cb=4)
    assert counts.filled == Counts(1.5, 6.5, 2.5, 2.5, 0.5, 4.5)
    assert displacement_quotient(counts) == pytest.approx((2.5 / 0.5 - 2.5 / 4.5) / (1.5 / 0.5 - 6.5 / 4.5))
    other = Counts(ra=0, rb=6, da=0, db=2, ca=4, cb=4)
    assert other.filled == other


def test_where_nothing_changed_there_is_no_quotient() -> None:
    assert displacement_quotient(Counts(0, 0, 3, 1, 9, 9)) is None
    assert displacement_quotient(Counts(0, 0, 3, 1, 0, 9)) is None
    assert displacement_quotient(Counts(5, 5, 3, 1, 9, 9)) is None


def test_each_event_counts_once_in_its_area_and_period() -> None:
    found = measured((HERE, 9, 2), (EAST, 3, 4), (WEST, 1, 0), (FAR, 20, 21), ((9000.0, 0.0), 50, 50))
    assert found.counts.to_json() == {"Ra": 2, "Rb": 9, "Da": 4, "Db": 4, "Ca": 21, "Cb": 20}


def test_the_day_itself_and_other_times_count_nowhere() -> None:
    days = [ON, WHEN.first_before - timedelta(days=1), WHEN.last_after + timedelta(days=1), None]
    some = signals(*({"geometry": at(), "on_date": day} for day in days), {"on_date": ON - timedelta(days=3)})
    found = displacement(some, areas(), WHEN, units(), seed=1, settings=QUICK)
    assert set(found.counts.to_json().values()) == {0}


def test_the_buffer_is_not_cut_at_the_ward_border_and_says_what_lies_on_each_side() -> None:
    found = measured((HERE, 9, 2), (EAST, 3, 9), (WEST, 1, 2), (FAR, 20, 20))
    assert [(part.unit_id, part.before, part.after) for part in found.buffer_parts] == [
        ("dong", 3, 9),
        ("tay", 1, 2),
    ]
    assert found.counts.da == 11


def test_what_moved_next_door_is_seen_and_drawn() -> None:
    found = measured((HERE, 60, 5), (EAST, 10, 70), (WEST, 10, 10), (FAR, 200, 200))
    assert found.wdq == pytest.approx((80 / 200 - 20 / 200) / (5 / 200 - 60 / 200))
    assert found.wdq_interval is not None
    assert found.wdq_interval[0] < found.wdq < found.wdq_interval[1] < 0
    assert "dời sang vùng đệm" in str(found.text)
    (arrow,) = found.arrows
    assert arrow.change == pytest.approx(60)
    assert arrow.start == pytest.approx((LON, LAT), abs=0.0001)
    assert arrow.end == pytest.approx((at(*EAST).x, at(*EAST).y), abs=0.0001)


def test_benefit_that_spreads_is_seen() -> None:
    found = measured((HERE, 60, 5), (EAST, 60, 10), (FAR, 200, 200))
    assert found.wdq_interval is not None
    assert found.wdq_interval[0] > 0
    assert "lan ra xung quanh" in str(found.text)
    assert found.arrows == ()


def test_more_moved_than_was_gained_is_said_so() -> None:
    found = measured((HERE, 60, 5), (EAST, 10, 300), (FAR, 400, 400))
    assert "lấn hết kết quả" in str(found.text)
    assert found.net_effect_interval[1] < 0


def test_a_place_that_did_not_fall_against_the_control_says_nothing_of_displacement() -> None:
    found = measured((HERE, 40, 20), (EAST, 10, 40), (FAR, 200, 100))
    assert "chưa giảm rõ" in str(found.text)
    assert found.arrows == ()


@pytest.mark.parametrize(
    "counts",
    [
        [],
        [(HERE, 4, 0), (EAST, 50, 90), (FAR, 90, 90)],
        [(HERE, 40, 0), (EAST, 2, 2), (FAR, 90, 90)],
        [(HERE, 40, 0), (EAST, 50, 90), (FAR, 90, 4)],
    ],
    ids=["none", "in the hotspot", "in the buffer", "in the control"],
)
def test_too_few_events_are_said_to_be_too_few(counts: list[tuple[Where, int, int]]) -> None:
    found = measured(*counts)
    assert not found.enough
    assert "Quá ít sự việc để kết luận" in str(found.text)
    assert found.arrows == ()
    assert np.isfinite(found.net_effect_interval).all()


def test_another_hotspot_that_rose_gets_the_arrow_and_its_events_are_not_told_twice() -> None:
    middle = shapely.Point(metric_xy(LON, LAT)[0])
    east = transform(shapely.affinity.translate(middle, 500, 0).buffer(200), METRIC, LONLAT)
    inside = transform(middle.buffer(50), METRIC, LONLAT)
    far = transform(shapely.affinity.translate(middle, 3500, 0).buffer(200), METRIC, LONLAT)
    others = gpd.GeoDataFrame({"id": ["ke", "trong", "xa"]}, geometry=[east, inside, far], crs=LONLAT)
    found = measured((HERE, 60, 5), (EAST, 10, 70), ((3500.0, 0.0), 5, 60), (FAR, 200, 200), others=others)
    assert [arrow.hotspot_id for arrow in found.arrows] == ["ke"]


def test_the_same_seed_gives_the_same_intervals() -> None:
    some = [(HERE, 60, 5), (EAST, 10, 70), (FAR, 200, 200)]
    assert measured(*some) == measured(*some)


def test_the_interval_holds_the_true_effect_about_as_often_as_stated() -> None:
    random, held, rounds = np.random.default_rng(1), 0, 40
    true = Counts(ra=8, rb=25, da=20, db=15, ca=100, cb=100)
    for _ in range(rounds):
        drawn = random.poisson(list(vars(true).values())).tolist()
        found = measured((HERE, drawn[1], drawn[0]), (EAST, drawn[3], drawn[2]), (FAR, drawn[5], drawn[4]))
        low, high = found.net_effect_interval
        held += low <= total_net_effect(true) <= high
    assert held >= 0.85 * rounds


def test_periods_are_months_and_shorter_ones_are_equal() -> None:
    assert (WHEN.first_before, WHEN.last_before) == (date(2025, 7, 15), date(2026, 1, 14))
    assert (WHEN.first_after, WHEN.last_after) == (date(2026, 1, 16), date(2026, 7, 15))
    short = periods(ON, 6, date(2026, 3, 1))
    assert (short.last_before - short.first_before) == (short.last_after - short.first_after)
    assert short.last_after == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("as_of", "months", "code"),
    [
        (date(2026, 1, 14), 6, "in_future"),
        (date(2026, 2, 1), 6, "too_short_after"),
        (date(2026, 12, 1), 0, "months"),
        (date(2026, 12, 1), 99, "months"),
    ],
)
def test_what_cannot_be_compared_is_refused(as_of: date, months: int, code: str) -> None:
    with pytest.raises(InputError) as refused:
        periods(ON, months, as_of)
    assert refused.value.code == code


def test_a_comparable_area_can_stand_for_the_rest_of_the_district() -> None:
    middle = shapely.Point(metric_xy(LON, LAT)[0])
    comparable = middle.buffer(4000).difference(middle.buffer(3000))
    chosen = areas_around(middle.buffer(200), 400, middle.buffer(4000), comparable)
    found = displacement(
        events((FAR, 9, 9), ((3500.0, 0.0), 7, 8)), chosen, WHEN, units(), seed=1, settings=QUICK
    )
    assert (found.counts.cb, found.counts.ca) == (7, 8)
