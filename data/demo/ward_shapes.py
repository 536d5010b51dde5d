"""Schematic ground of the wards: a computed outline, a power diagram inside it, and cuts by the crosswalk.

Nothing here is surveyed. What is known are areas, centroids, neighbours and shares (``ward_table``); the sites
of the diagram are moved a little by ``site_search`` so that the neighbours come out right.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import shapely

from data.demo.ward_table import HEIR, OLD_WARDS, SPLITS, Split
from geo.crs import metric_xy
from geo.power_diagram import Cells, fit_weights

Floats = npt.NDArray[np.float64]

#: Found by ``site_search``: metres in EPSG:3405, in the order of ``OLD_WARDS``.
_SITES = (
    (580791, 2319044),
    (581342, 2320627),
    (581943, 2319770),
    (580157, 2320158),
    (580816, 2319836),
    (580517, 2319365),
    (578367, 2319853),
    (579691, 2317507),
    (582245, 2318954),
    (580469, 2318594),
    (576522, 2317019),
    (581761, 2316392),
    (578186, 2315416),
    (579430, 2315261),
    (577507, 2320604),
    (576770, 2314680),
    (575570, 2314157),
)

#: How far the discs around the centroids reach, in radii of a disc of the ward's area, and what is smoothed.
_REACH, _CLOSE_M, _OPEN_M, _STEP_M = 1.12, 1_100.0, 500.0, 60.0


def centroids() -> Floats:
    """Listed centroids of the old wards, (17, 2) metres."""
    return metric_xy([ward.lon for ward in OLD_WARDS], [ward.lat for ward in OLD_WARDS])


def areas_m2() -> Floats:
    """Listed areas of the old wards, (17,) square metres."""
    return np.array([ward.km2 for ward in OLD_WARDS]) * 1e6


def district_outline() -> shapely.Polygon:
    """A smooth outline around the wards: discs of their areas, grown together, scaled to their sum."""
    radius = np.sqrt(areas_m2() / np.pi) * _REACH
    ground = shapely.union_all(shapely.buffer(shapely.points(centroids()), radius, quad_segs=24))
    ground = ground.buffer(_CLOSE_M).buffer(-_CLOSE_M - _OPEN_M).buffer(_OPEN_M)
    scale = float(np.sqrt(areas_m2().sum() / ground.area))
    middle = shapely.get_coordinates(ground.centroid)[0]
    scaled = shapely.transform(ground, lambda xy: middle + (xy - middle) * scale)
    return shapely.Polygon(scaled.simplify(8.0).exterior)


@dataclass(frozen=True)
class Piece:
    """Ground that lies in one old ward (name) and one unit of today (code); polygon in metres."""

    ward: str
    unit: str
    ground: shapely.Polygon


@cache
def pieces() -> tuple[Piece, ...]:
    """The ground of the district in pieces that make up both the old wards and today's units.

    All pieces meet vertex for vertex, so that whatever is put together of them is a valid coverage.
    """
    _, cells = fit_weights(_SITES, areas_m2(), district_outline())
    cells_by_name = {ward.name: cell for ward, cell in zip(OLD_WARDS, cells, strict=True)}
    cuts = {split.ward: _cut(cells_by_name, split) for split in SPLITS}
    faces = _faces(cells, [chord for chord, _ in cuts.values()])
    found = []
    for face in faces:
        inner = shapely.point_on_surface(face)
        name = next(name for name, cell in cells_by_name.items() if shapely.covers(cell, inner))
        unit = HEIR[name]
        for split in SPLITS:
            if split.ward == name and shapely.covers(cuts[name][1], inner):
                unit = split.unit
        found.append(Piece(name, unit, face))
    return tuple(found)


def _faces(cells: Cells, chords: list[shapely.LineString]) -> Cells:
    lines = shapely.union_all([*shapely.boundary(cells), *chords], grid_size=0.001)
    return np.asarray(shapely.get_parts(shapely.polygonize(shapely.get_parts(lines))), dtype=object)


def _cut(cells: dict[str, shapely.Polygon], split: Split) -> tuple[shapely.LineString, shapely.Polygon]:
    """The line that cuts off the share of a ward on the side of another ward, and the ground cut off."""
    cell = cells[split.ward]
    here, there = (shapely.get_coordinates(cells[name].centroid)[0] for name in (split.ward, split.towards))
    forward = (there - here) / np.hypot(*(there - here))
    across = np.array([-forward[1], forward[0]])
    reach = float(np.hypot(*np.ptp(shapely.get_coordinates(cell), axis=0)))

    def beyond(distance: float) -> shapely.Polygon:
        near, far = here + distance * forward, here + 2 * reach * forward
        side = 2 * reach * across
        return cell.intersection(shapely.Polygon([near - side, near + side, far + side, far - side]))

    low, high = -reach, reach
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond(middle).area > split.share * cell.area else (low, middle)
    foot = here + low * forward
    chord = shapely.LineString([foot - 2 * reach * across, foot + 2 * reach * across]).intersection(cell)
    # A little longer than the ward is wide, so that it meets the border for certain.
    ends = shapely.get_coordinates(chord)[[0, -1]]
    step = (ends[1] - ends[0]) / np.hypot(*(ends[1] - ends[0]))
    return shapely.LineString([ends[0] - step, ends[1] + step]), beyond(low)
