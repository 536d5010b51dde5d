"""A road stretch by the street's name: from one crossing to another, along the street."""

from __future__ import annotations

import geopandas as gpd
import pytest
import shapely

from geo.crs import LONLAT
from geo.errors import InputError
from geo.hotspot_shapes import measured
from geo.street_stretch import crossings, nearest_street, stretch_between
from tests.unit.geo.frames import at


def way(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([at(*point) for point in points])


#: A bent street in two pieces with a gap at a junction, and three streets across it.
STREETS = gpd.GeoDataFrame(
    {
        "name": ["Đường A", "Đường A", "Phố B", "Phố C", "Phố D", None],
        "geometry": [
            way((0, 0), (400, 0)),
            way((420, 0), (420, 500)),
            way((100, -200), (100, 200)),
            way((300, -200), (300, 200)),
            way((300, 400), (600, 400)),
            way((200, -100), (200, 100)),
        ],
    },
    crs=LONLAT,
)


def test_the_crossings_of_a_street_are_named_from_west_to_east() -> None:
    assert [one.name for one in crossings(STREETS, "Đường A")] == ["Phố B", "Phố C", "Phố D"]
    assert crossings(STREETS, "Phố không có") == []


def test_a_stretch_follows_the_street_around_its_bend_and_over_the_junction() -> None:
    first, _second, last = crossings(STREETS, "Đường A")
    found = stretch_between(STREETS, "Đường A", first.point, last.point)
    assert measured(found)[0] == pytest.approx(300 + 20 + 400, rel=0.02)
    start, end = shapely.Point(found.coords[0]), shapely.Point(found.coords[-1])
    assert start.distance(first.point) < 1e-5 and end.distance(last.point) < 1e-5


def test_a_stretch_may_lie_inside_one_piece_and_run_the_other_way() -> None:
    found = stretch_between(STREETS, "Đường A", at(300, 10), at(100, -10))
    assert measured(found)[0] == pytest.approx(200, rel=0.02)
    assert found.coords[0][0] > found.coords[-1][0]


@pytest.mark.parametrize(
    "name, start, end, code",
    [
        ("Đường Z", at(), at(100, 0), "no_street"),
        ("Đường A", at(0, 300), at(100, 0), "off_street"),
        ("Phố B", at(100, 0), at(100, 0), "broken_street"),
    ],
)
def test_a_stretch_that_cannot_be_is_refused(
    name: str, start: shapely.Point, end: shapely.Point, code: str
) -> None:
    with pytest.raises(InputError) as refused:
        stretch_between(STREETS, name, start, end)
    assert refused.value.code == code


def test_a_street_in_two_far_pieces_is_not_one_way() -> None:
    torn = gpd.GeoDataFrame(
        {"name": ["E", "E"], "geometry": [way((0, 0), (100, 0)), way((900, 0), (1000, 0))]}, crs=LONLAT
    )
    with pytest.raises(InputError) as refused:
        stretch_between(torn, "E", at(50, 0), at(950, 0))
    assert refused.value.code == "broken_street"


def test_a_drawn_line_finds_the_street_that_is_near_both_its_ends() -> None:
    assert nearest_street(STREETS, [at(90, 15), at(310, -15)]) == "Đường A"
    assert nearest_street(STREETS, [at(90, 15), at(2000, 2000)]) is None
    assert nearest_street(STREETS.iloc[:0], [at()]) is None
