"""The border of two wards is where they meet, cut into equal stretches that keep their names."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.borders import OUTSIDE, border_segments, strip
from geo.crs import METRIC
from geo.errors import InputError
from tests.unit.geo.unit_world import box, frame, grid, metres

COLUMNS = ["id", "unit_a", "unit_b", "names", "length_m", "geometry"]


def neighbours(segments: gpd.GeoDataFrame) -> set[tuple[str, str]]:
    inner = segments[segments["unit_b"].notna()]
    return {(a[3:], b[3:]) for a, b in zip(inner["unit_a"], inner["unit_b"], strict=True)}


def between(segments: gpd.GeoDataFrame, one: str, other: str) -> gpd.GeoDataFrame:
    return segments[(segments["unit_a"] == f"id-{one}") & (segments["unit_b"] == f"id-{other}")]


def outside(segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return segments[segments["unit_b"].isna()]


def test_two_wards_have_one_border_in_equal_stretches_and_their_outside() -> None:
    segments = border_segments(frame(grid(2, 1)))
    assert list(segments.columns) == COLUMNS
    assert segments.crs == "EPSG:4326"
    common = between(segments, "00", "01")
    assert list(common["length_m"]) == pytest.approx([500.0, 500.0], abs=0.1)
    assert list(common["names"]) == [("Phường 00", "Phường 01")] * 2
    assert all(line.distance(shapely.Point(1000, 500)) < 0.01 for line in metres(common.geometry))
    edge = outside(segments)
    assert edge["length_m"].sum() == pytest.approx(6000, abs=1)
    assert set(edge["names"]) == {("Phường 00", OUTSIDE), ("Phường 01", OUTSIDE)}
    assert all(unit is None for unit in edge["unit_b"])


@pytest.mark.parametrize(("segment_m", "pieces"), [(500, 2), (300, 3), (700, 1), (5000, 1), (100, 10)])
def test_a_border_gets_the_number_of_pieces_that_comes_nearest_to_the_wanted_length(
    segment_m: float, pieces: int
) -> None:
    common = between(border_segments(frame(grid(2, 1)), segment_m=segment_m), "00", "01")
    assert len(common) == pieces
    assert list(common["length_m"]) == pytest.approx([1000 / pieces] * pieces, abs=0.1)


def test_wards_that_meet_at_a_corner_only_are_no_neighbours() -> None:
    assert neighbours(border_segments(frame(grid(2, 2)))) == {
        ("00", "01"),
        ("00", "02"),
        ("01", "03"),
        ("02", "03"),
    }


def test_a_touch_of_a_few_metres_is_no_border() -> None:
    units = frame({"a": box(0, 0, 1000, 1000), "b": box(1000, 990, 2000, 2000)})
    assert neighbours(border_segments(units)) == set()
    assert neighbours(border_segments(units, min_length_m=5)) == {("a", "b")}


def test_wards_drawn_some_metres_apart_are_neighbours_and_farther_ones_are_not() -> None:
    def apart(gap_m: float) -> gpd.GeoDataFrame:
        return frame({"a": box(0, 0, 1000, 1000), "b": box(1000 + gap_m, 0, 2000, 1000)})

    near = border_segments(apart(12))
    assert neighbours(near) == {("a", "b")}
    assert between(near, "a", "b")["length_m"].sum() == pytest.approx(1000, abs=30)
    assert neighbours(border_segments(apart(70))) == set()
    assert neighbours(border_segments(apart(70), gap_m=80)) == {("a", "b")}


def test_wards_drawn_over_each_other_are_neighbours_once() -> None:
    units = frame({"a": box(0, 0, 1000, 1000), "b": box(950, 0, 2000, 1000)})
    segments = border_segments(units)
    assert between(segments, "a", "b")["length_m"].sum() == pytest.approx(1000, abs=1)
    assert outside(segments)["length_m"].sum() == pytest.approx(6000, abs=1)


def test_a_ward_inside_another_has_its_whole_outline_as_border() -> None:
    around = shapely.difference(box(0, 0, 3000, 3000), box(1000, 1000, 2000, 2000))
    segments = border_segments(frame({"island": box(1000, 1000, 2000, 2000), "around": around}))
    assert between(segments, "around", "island")["length_m"].sum() == pytest.approx(4000, abs=1)
    assert outside(segments)["unit_a"].unique().tolist() == ["id-around"]


def test_stretches_keep_their_ids_whatever_the_order_of_the_file() -> None:
    units = frame(grid(3, 3))
    expected = border_segments(units)
    assert expected["id"].is_unique
    for seed in range(4):
        again = border_segments(units.sample(frac=1, random_state=seed))
        assert list(again["id"]) == list(expected["id"])
        assert again.geometry.geom_equals_exact(expected.geometry, 1e-9).all()


def test_an_id_holds_both_codes_and_stays_when_the_far_side_of_the_map_changes() -> None:
    before = border_segments(frame(grid(2, 1)))
    after = border_segments(frame({**grid(2, 1), "new": box(2000, 0, 3000, 1000)}))
    assert between(before, "00", "01")["id"].tolist() == between(after, "00", "01")["id"].tolist()
    assert all(name.startswith("00-01-105.") for name in between(before, "00", "01")["id"])


def test_without_units_there_are_no_borders() -> None:
    for units in (frame({}), frame({"a": None}), frame({"a": shapely.Polygon()})):
        segments = border_segments(units)
        assert len(segments) == 0
        assert list(segments.columns) == COLUMNS
        assert segments.crs == "EPSG:4326"
        assert len(strip(segments)) == 0


def test_a_unit_without_ground_does_not_disturb_the_others() -> None:
    segments = border_segments(
        frame({"none": None, **grid(2, 1), "line": shapely.LineString([(0, 0), (9, 9)])})
    )
    assert neighbours(segments) == {("00", "01")}


@pytest.mark.parametrize("segment_m", [0, -5, 19, float("nan")])
def test_a_length_that_cuts_no_sensible_stretch_is_refused(segment_m: float) -> None:
    with pytest.raises(InputError) as refused:
        border_segments(frame(grid(2, 1)), segment_m=segment_m)
    assert refused.value.code == "segment_length"
    assert "20 m" in str(refused.value.message)


def test_a_strip_reaches_as_far_as_asked_to_each_side() -> None:
    segments = border_segments(frame(grid(2, 1)))
    common = between(segments, "00", "01").iloc[:1]
    (band,) = metres(strip(common))
    assert band.area == pytest.approx(500 * 300 + np.pi * 150**2, rel=0.02)
    for x, inside in [(1148, True), (852, True), (1155, False), (845, False)]:
        assert band.contains(shapely.Point(x, 250)) is inside
    assert metres(strip(common, 40.0))[0].area < band.area
    assert strip(common).index.equals(common.index)


@st.composite
def coverages(draw: st.DrawFn) -> gpd.GeoDataFrame:
    """Quarters with bent edges that match: every inner corner of the grid moved somewhere else."""
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = rng.uniform(-250, 250, (columns + 1, rows + 1, 2))

    def bent(cell: shapely.Polygon) -> shapely.Polygon:
        corners = shapely.get_coordinates(cell)
        at = np.round(corners / 1000).astype(int)
        return shapely.Polygon(corners + moves[at[:, 0], at[:, 1]])

    return frame({code: bent(cell) for code, cell in grid(columns, rows).items()})


@settings(max_examples=40, deadline=None)
@given(coverages(), st.sampled_from([150.0, 500.0, 2000.0]))
def test_the_stretches_cover_every_boundary_once(units: gpd.GeoDataFrame, segment_m: float) -> None:
    segments = border_segments(units, segment_m=segment_m)
    outlines = units.geometry.to_crs(METRIC).boundary
    total_m = shapely.union_all(outlines.to_numpy(), grid_size=0.001).length
    assert segments["length_m"].sum() == pytest.approx(total_m, abs=1)
    # A common border counts in the outline of both of its units.
    twice_m = segments["length_m"].sum() + segments["length_m"][segments["unit_b"].notna()].sum()
    assert twice_m == pytest.approx(outlines.length.sum(), abs=1)
    assert segments["id"].is_unique
    assert (segments["length_m"] <= 1.5 * segment_m).all()
    by_id = dict(zip(units["id"], outlines, strict=True))
    for row in segments.to_crs(METRIC).itertuples():
        assert row.unit_a != row.unit_b
        for unit in (row.unit_a, row.unit_b):
            assert unit is None or by_id[unit].distance(row.geometry.interpolate(0.5, normalized=True)) < 0.01


@settings(max_examples=15, deadline=None)
@given(coverages(), st.integers(0, 1000))
def test_a_file_whose_edges_are_metres_off_loses_no_neighbours_and_invents_none(
    units: gpd.GeoDataFrame, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    rough = units.to_crs(METRIC)
    rough["geometry"] = [shapely.transform(g, lambda xy: xy + rng.uniform(-4, 4, 2)) for g in rough.geometry]
    true, found = neighbours(border_segments(units)), border_segments(rough)
    assert true <= neighbours(found)
    # Where wards meet at a sharp corner, edges that are off may let two of them meet for some metres.
    for one, other in neighbours(found) - true:
        assert between(found, one, other)["length_m"].sum() < 150
        corner = units[units["code"].isin([one, other])].to_crs(METRIC).geometry
        assert corner.iloc[0].distance(corner.iloc[1]) < 0.01
