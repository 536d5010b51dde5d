"""Border segments: the boundaries between neighbouring units, and with the outside, cut into equal pieces.

Units are first made a coverage (``geo.coverage``), so that a border is the edges two units have in common,
also where a file draws them apart or over each other. What runs between two units is their border; what one
unit alone has is its border with the outside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.border_risk import BorderWeights, border_risk
from geo.coverage import Repair, repair_coverage, ring_edges
from geo.crs import LONLAT, METRIC
from geo.errors import InputError
from geo.messages import msg

__all__ = ["OUTSIDE", "BorderWeights", "border_risk", "border_segments", "strip"]

#: The name of what lies beyond the units.
OUTSIDE = "ngoài địa bàn"
#: In an id the outside has this in place of a code.
_NO_CODE = "0"
#: Vertices closer than this to a straight line are left out of strips: they only make drawings heavier.
_STRIP_DETAIL_M = 1.0

_Floats = npt.NDArray[np.float64]
_Pair = tuple[int, int]


def border_segments(
    units: gpd.GeoDataFrame, *, segment_m: float = 500.0, gap_m: float = 30.0, min_length_m: float = 20.0
) -> gpd.GeoDataFrame:
    """Cut every boundary of ``units`` into equal pieces of about ``segment_m``.

    Parameters
    ----------
    units : ``id``, ``code``, ``name`` and polygons of one level that are valid on the same day.
    segment_m : wanted length; a boundary gets as many pieces as come nearest to it.
    gap_m : units whose edges run up to this far apart still have a common border; where they are farther
        apart each borders on the outside.
    min_length_m : shorter boundaries, as where units only touch at a point, are left out. Where edges do not
        match, two units need 2 x ``gap_m`` in common to count as neighbours.

    Returns
    -------
    EPSG:4326, ordered by the codes and along the boundary: ``id`` (the same for the same boundary, whatever
    the order of ``units``), ``unit_a``, ``unit_b`` (ids, the lesser code first; ``unit_b`` None for the
    outside), ``names`` (both names), ``length_m`` and lines.

    Raises
    ------
    InputError : ``segment_m`` is no number or less than ``min_length_m``.
    """
    if not segment_m >= min_length_m:
        raise InputError(
            "segment_length", msg("Đoạn ranh giới phải dài ít nhất {least} m.", least=f"{min_length_m:g}")
        )
    order = np.lexsort((units["id"].astype(str), units["code"].astype(str)))
    matched, polygons, mended = _matched(units.iloc[order], gap_m)
    # Edges that are off by gap_m can by themselves make units meet on twice that beside a common corner.
    least_m = max(min_length_m, 2 * gap_m) if mended else min_length_m
    pieces = [
        _Piece(pair, piece)
        for pair, edges in sorted(_boundaries(polygons).items(), key=_outside_last)
        if shapely.length(edges).sum() >= least_m
        for line in _in_order(edges, min_length_m)
        for piece in _cut(line, segment_m)
    ]
    return _frame(pieces, matched)


def strip(segments: gpd.GeoDataFrame, width_m: float = 150.0) -> gpd.GeoSeries:
    """The ground within ``width_m`` metres of each segment: polygons in EPSG:4326, indexed like ``segments``.

    Round at the ends, so that what counts for a segment lies in its strip, to within two metres.
    """
    lines = segments.geometry.to_crs(METRIC).simplify(_STRIP_DETAIL_M)
    return lines.buffer(width_m, quad_segs=6).to_crs(LONLAT)


@dataclass(frozen=True)
class _Piece:
    """A segment between units by position; the second is -1 for the outside. Metres."""

    units: _Pair
    line: shapely.LineString


def _matched(units: gpd.GeoDataFrame, gap_m: float) -> tuple[gpd.GeoDataFrame, npt.NDArray[Any], bool]:
    """The units with edges that match, their polygons in metres, and whether something had to be mended."""
    known = units[~(units.geometry.isna() | units.geometry.is_empty)].reset_index(drop=True)
    if known.empty:
        return known, np.empty(0, dtype=object), False
    metric = known.to_crs(METRIC)
    polygons = np.asarray(metric.geometry.to_numpy(), dtype=object)
    # A coverage stays as it is; mending it again would cost time and move vertices to the grid.
    repairs: list[Repair] = []
    if not _is_coverage(polygons, gap_m):
        metric, repairs = repair_coverage(metric, sliver_width_m=gap_m)
        polygons = np.asarray(metric.geometry.to_numpy(), dtype=object)
    return metric.reset_index(drop=True), polygons, bool(repairs)


def _is_coverage(shapes: npt.NDArray[Any], gap_m: float) -> bool:
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6)) & shapely.is_valid(shapes)
    return bool(polygonal.all()) and bool(shapely.coverage_is_valid(shapes, gap_width=gap_m))


def _boundaries(polygons: npt.NDArray[Any]) -> dict[_Pair, list[shapely.LineString]]:
    """The lines that two polygons, or a polygon and the outside, have in common."""
    edges, polygon = ring_edges(polygons)
    order = np.lexsort((polygon, *edges.T[::-1]))
    edges, polygon = edges[order], polygon[order]
    first = np.ones(len(edges), dtype=bool)
    first[1:] = (edges[1:] != edges[:-1]).any(axis=1)
    at = np.flatnonzero(first)
    shared = np.diff(np.append(at, len(edges))) > 1
    other = np.full(len(at), -1)
    other[shared] = polygon[at[shared] + 1]
    lines = shapely.linestrings(edges[at].reshape(-1, 2, 2))
    grouped: dict[_Pair, list[shapely.LineString]] = {}
    for one, two, line in zip(polygon[at].tolist(), other.tolist(), lines, strict=True):
        # An edge that one polygon has twice is a seam inside it, no border.
        if one != two:
            grouped.setdefault((one, two), []).append(line)
    return grouped


def _outside_last(item: tuple[_Pair, Any]) -> tuple[int, bool, int]:
    one, two = item[0]
    return one, two < 0, two


def _in_order(edges: list[shapely.LineString], min_length_m: float) -> Iterator[shapely.LineString]:
    """The edges joined to lines, each from its lesser end, sorted; short ones left out."""
    joined = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(edges)))
    lines = [_from_lesser_end(line) for line in joined if line.length >= min_length_m]
    yield from sorted(lines, key=lambda line: list(line.coords))


def _from_lesser_end(line: shapely.LineString) -> shapely.LineString:
    """The same line whatever the order of its edges was: a ring begins at its least vertex."""
    xy = shapely.get_coordinates(line)
    if line.is_closed:
        least = int(np.lexsort((xy[:-1, 1], xy[:-1, 0]))[0])
        xy = np.vstack([xy[least:-1], xy[: least + 1]])
        backwards = tuple(xy[-2]) < tuple(xy[1])
    else:
        backwards = tuple(xy[-1]) < tuple(xy[0])
    return shapely.LineString(xy[::-1] if backwards else xy)


def _cut(line: shapely.LineString, segment_m: float) -> list[shapely.LineString]:
    """Equal pieces of a line."""
    count = max(1, round(line.length / segment_m))
    xy = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    cuts = np.linspace(0.0, along[-1], count + 1)
    at = np.column_stack([np.interp(cuts, along, xy[:, axis]) for axis in (0, 1)])
    pieces = []
    for k in range(count):
        between = (along > cuts[k]) & (along < cuts[k + 1])
        pieces.append(shapely.LineString(np.vstack([at[k], xy[between], at[k + 1]])))
    return pieces


def _frame(pieces: list[_Piece], units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = [*units["name"].astype(str), OUTSIDE]
    ids = [*units["id"], None]
    codes = [*units["code"].astype(str), _NO_CODE]
    lines = gpd.GeoSeries([piece.line for piece in pieces], crs=METRIC)
    data: dict[str, Any] = {
        "id": _ids([f"{codes[a]}-{codes[b]}" for a, b in (piece.units for piece in pieces)], lines),
        "unit_a": pd.Series([ids[piece.units[0]] for piece in pieces], dtype=object),
        "unit_b": pd.Series([ids[piece.units[1]] for piece in pieces], dtype=object),
        "names": [(names[piece.units[0]], names[piece.units[1]]) for piece in pieces],
        "length_m": np.asarray(lines.length, dtype=float),
    }
    return gpd.GeoDataFrame(data, geometry=lines.to_crs(LONLAT))


def _ids(pairs: list[str], lines: gpd.GeoSeries) -> npt.NDArray[np.object_]:
    """Codes and the middle of the segment to about 10 m, so that far changes do not rename it."""
    middles = lines.interpolate(0.5, normalized=True).to_crs(LONLAT)
    made: list[str] = []
    seen: Counter[str] = Counter()
    for pair, middle in zip(pairs, middles, strict=True):
        name = f"{pair}-{middle.x:.4f}-{middle.y:.4f}"
        seen[name] += 1
        made.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return np.array(made, dtype=object)
