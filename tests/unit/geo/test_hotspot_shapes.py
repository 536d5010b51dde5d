"""What may be drawn as a hotspot, and how one is cut into parts."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError, RuleError
from geo.hotspot_shapes import checked_shape, cut, measured
from tests.unit.geo.frames import at


def xy(east: float, north: float) -> tuple[float, float]:
    point = at(east, north)
    return point.x, point.y


def area(*corners: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([xy(*corner) for corner in corners])


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([xy(*point) for point in points])


GROUND = area((-2000, -2000), (2000, -2000), (2000, 2000), (-2000, 2000))
SQUARE = area((0, 0), (200, 0), (200, 200), (0, 200))


@pytest.mark.parametrize("shape", [at(), line((0, 0), (300, 0)), SQUARE])
def test_a_point_a_stretch_and_an_area_are_taken_as_they_are(shape: shapely.Geometry) -> None:
    found = checked_shape(shape, GROUND)
    assert found.notes == ()
    assert found.geometry.equals_exact(shape, 1e-6)


def test_an_area_that_crosses_itself_is_mended_and_that_is_told() -> None:
    bow = area((0, 0), (200, 200), (200, 0), (0, 200))
    found = checked_shape(bow, GROUND)
    assert found.geometry.is_valid
    assert found.geometry.geom_type in {"Polygon", "MultiPolygon"}
    assert len(found.notes) == 1


@pytest.mark.parametrize("shape", [None, shapely.Polygon(), shapely.LineString()])
def test_nothing_drawn_is_refused(shape: shapely.Geometry | None) -> None:
    with pytest.raises(InputError, match="Chưa có hình"):
        checked_shape(shape, GROUND)


def test_a_shape_of_several_kinds_is_refused() -> None:
    with pytest.raises(InputError):
        checked_shape(shapely.GeometryCollection([at(), SQUARE]), GROUND)


@pytest.mark.parametrize(
    "shape",
    [
        area((0, 0), (5, 0), (5, 5), (0, 5)),
        line((0, 0), (3, 0)),
        area((-1500, -1500), (1500, -1500), (1500, 1500), (-1500, 1500)),
        line((-1900, 0), (1900, 0), (1900, 1900)),
    ],
)
def test_what_is_too_small_or_too_large_is_refused(shape: shapely.Geometry) -> None:
    with pytest.raises(RuleError) as refused:
        checked_shape(shape, GROUND)
    assert refused.value.code == "hotspot_size"


def test_a_place_off_the_ground_is_refused_and_one_across_the_border_is_not() -> None:
    with pytest.raises(RuleError) as refused:
        checked_shape(at(5000, 0), GROUND)
    assert refused.value.code == "hotspot_outside"
    assert checked_shape(line((1900, 0), (2300, 0)), GROUND).geometry.length > 0


def test_a_district_without_boundaries_takes_any_place() -> None:
    assert checked_shape(at(5000, 0), None).geometry.geom_type == "Point"


def test_sizes_are_metres() -> None:
    length, nothing = measured(line((0, 0), (300, 0)))
    assert length == pytest.approx(300, rel=0.01) and nothing == 0
    none, square = measured(SQUARE)
    assert none == 0 and square == pytest.approx(40_000, rel=0.01)


def test_a_line_across_an_area_cuts_it_from_west_to_east() -> None:
    west, east = cut(SQUARE, line((120, -50), (120, 250)))
    assert west.centroid.x < east.centroid.x
    assert measured(west)[1] == pytest.approx(24_000, rel=0.01)
    assert measured(east)[1] == pytest.approx(16_000, rel=0.01)


def test_a_line_that_goes_to_and_fro_gives_more_parts() -> None:
    assert len(cut(SQUARE, line((60, -50), (60, 250), (140, 250), (140, -50)))) == 3


def test_a_stretch_is_cut_where_the_line_crosses_it() -> None:
    parts = cut(line((0, 0), (300, 0)), line((100, -40), (100, 40)))
    assert [round(measured(part)[0], -1) for part in parts] == [100, 200]


@pytest.mark.parametrize(
    "shape, blade",
    [
        (at(), line((0, -50), (0, 50))),
        (SQUARE, line((120, -50), (120, 100))),
        (SQUARE, line((400, -50), (400, 250))),
        (SQUARE, line((0.2, -50), (0.2, 250))),
        (line((0, 0), (300, 0)), line((0, 0), (300, 0))),
    ],
)
def test_what_cuts_nothing_or_next_to_nothing_is_refused(
    shape: shapely.Geometry, blade: shapely.Geometry
) -> None:
    with pytest.raises(RuleError) as refused:
        cut(shape, blade)
    assert refused.value.code == "hotspot_cut"


@settings(max_examples=40)
@given(st.floats(10, 190), st.floats(-80, 80))
def test_parts_together_are_the_whole(where: float, slope: float) -> None:
    parts = cut(SQUARE, line((where - slope / 10, -50), (where + slope / 10, 250)))
    assert sum(measured(part)[1] for part in parts) == pytest.approx(measured(SQUARE)[1], rel=1e-3)
