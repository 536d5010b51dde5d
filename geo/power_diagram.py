"""Power (Laguerre) diagrams: ground shared out among weighted sites, and the weights that give wanted areas.

A point belongs to the site of the least power ``|x - p|^2 - w``. Diagram from the lower hull of the lifted
sites (Aurenhammer 1987); weights for given areas by damped Newton (Kitagawa, Merigot and Thibert 2019): such
weights exist and are unique up to a constant, so the areas can be met exactly.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import ConvexHull

from geo.errors import InputError
from geo.messages import msg

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
#: (n,) shapely polygons or multipolygons.
Cells = npt.NDArray[np.object_]

#: Coordinates of the cells are rounded to this grid.
_GRID_M = 0.001


def power_diagram(points_xy: npt.ArrayLike, weights: npt.ArrayLike, outline: shapely.Geometry) -> Cells:
    """The cell of every site inside ``outline``.

    Parameters
    ----------
    points_xy : (n, 2) metres, no two alike.
    weights : (n,) square metres; only their differences matter.
    outline : polygon or multipolygon in the same coordinates.

    Returns
    -------
    (n,) polygons that tile the outline and meet vertex for vertex. A cell that the outline cuts in two is a
    multipolygon; a site without ground gets an empty polygon.

    Raises
    ------
    InputError
        ``same_site`` where two sites are at one place.
    """
    sites, weight = np.asarray(points_xy, float).reshape(-1, 2), np.asarray(weights, float)
    if len(np.unique(sites, axis=0)) < len(sites):
        raise InputError("same_site", msg("Hai điểm gốc của sơ đồ trùng nhau."))
    centre = np.array(shapely.get_coordinates(shapely.centroid(outline))[0])
    local = shapely.transform(outline, lambda xy: xy - centre)
    seeds = sites - centre
    lines = [shapely.boundary(local), *shapely.linestrings(_edges(seeds, weight, local))]
    noded = shapely.union_all(lines, grid_size=_GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inner = shapely.point_on_surface(faces)
    held = shapely.covered_by(inner, local)
    faces, inner = faces[held], shapely.get_coordinates(inner[held])
    owner = np.argmin(_powers(inner, seeds, weight), axis=1)
    cells = [shapely.union_all(faces[owner == site]) for site in range(len(sites))]
    cells = [shapely.Polygon() if cell.is_empty else cell for cell in cells]
    return np.array([shapely.transform(cell, lambda xy: xy + centre) for cell in cells], dtype=object)


def shared_lengths(cells: Cells) -> Floats:
    """Metres of border that every two cells have in common: (n, n), symmetric, 0 on the diagonal."""
    lengths = np.zeros((len(cells), len(cells)))
    first, second = np.triu_indices(len(cells), 1)
    common = shapely.intersection(cells[first], cells[second])
    lengths[first, second] = lengths[second, first] = shapely.length(common)
    return lengths


def fit_weights(
    points_xy: npt.ArrayLike,
    areas: npt.ArrayLike,
    outline: shapely.Geometry,
    *,
    start: npt.ArrayLike | None = None,
    tolerance: float = 1e-4,
    rounds: int = 60,
) -> tuple[Floats, Cells]:
    """Weights with which every cell has its share of the outline, and the cells.

    ``areas``: (n,) positive, in proportion; they are scaled to the outline's area. The fit ends when no cell
    is off by more than ``tolerance`` of its area.

    Raises
    ------
    InputError
        ``no_fit`` where a site has no ground to begin with, or the areas are not met after ``rounds``.
    """
    sites = np.asarray(points_xy, float).reshape(-1, 2)
    goal = np.asarray(areas, float) / np.sum(areas) * outline.area
    weights = np.zeros(len(sites)) if start is None else np.array(start, float)
    cells = power_diagram(sites, weights, outline)
    for _ in range(rounds):
        size = shapely.area(cells)
        if np.abs(size / goal - 1).max() <= tolerance:
            return weights, cells
        step = _newton_step(sites, cells, goal - size)
        moved = _damped(sites, weights, step, outline, goal, np.abs(goal - size).sum())
        if moved is None:
            break
        weights, cells = moved
    raise InputError("no_fit", msg("Không tìm được sơ đồ có diện tích như yêu cầu."))


def _powers(points: Floats, sites: Floats, weights: Floats) -> Floats:
    gap = points[:, None, :] - sites[None, :, :]
    return np.asarray((gap**2).sum(axis=2) - weights)


def _edges(sites: Floats, weights: Floats, outline: shapely.Geometry) -> Floats:
    """Edges of the diagram around the outline, (m, 2, 2): each vertex computed once, so that they meet.

    Four far sites close the outer cells; their own cells stay outside of the outline.
    """
    xy = shapely.get_coordinates(outline)
    reach = 4 * (np.hypot(*xy.T).max() + np.hypot(*sites.T).max() + 1.0)
    far = reach * np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    every, weight = np.vstack([sites, far]), np.r_[weights, np.full(4, weights.min())]
    height = (every**2).sum(axis=1) - weight
    hull = ConvexHull(np.column_stack([every, height]))
    # The lower faces z = a x + b y + c; the vertex of the diagram under one is (a, b) / 2.
    normal = hull.equations[:, :3]
    lower = normal[:, 2] < -1e-12
    vertex = np.full((len(normal), 2), np.nan)
    vertex[lower] = -normal[lower, :2] / normal[lower, 2:3] / 2
    face, side = np.nonzero(lower[:, None] & lower[hull.neighbors])
    other = hull.neighbors[face, side]
    once = face < other
    edges = np.stack([vertex[face[once]], vertex[other[once]]], axis=1)
    return np.asarray(edges[np.hypot(*(edges[:, 0] - edges[:, 1]).T) > _GRID_M / 2])


def _newton_step(sites: Floats, cells: Cells, missing: Floats) -> Floats:
    """Change of weights that, to first order, gives each cell the area it misses."""
    gap = np.hypot(*(sites[:, None, :] - sites[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(gap, 1.0)
    flow = shared_lengths(cells) / (2 * gap)
    slope = np.diag(flow.sum(axis=1)) - flow
    # Weights matter by their differences only: the least change is taken.
    return np.asarray(np.linalg.lstsq(slope, missing, rcond=None)[0])


def _damped(
    sites: Floats, weights: Floats, step: Floats, outline: shapely.Geometry, goal: Floats, error: float
) -> tuple[Floats, Cells] | None:
    """The longest of the halved steps that leaves every site some ground and lessens the error."""
    floor = 0.02 * goal
    for halving in range(12):
        weight = weights + step / 2**halving
        cells = power_diagram(sites, weight, outline)
        size = shapely.area(cells)
        if np.all(size > floor) and np.abs(goal - size).sum() < error:
            return weight, cells
    return None
