"""Where texts and numbers of a printed map stand, so that none hides another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from layers.print_sheet import POINTS_PER_MM, Label, Sheet, width_mm

#: White around the letters.
HALO_MM = 0.45
#: Steps in which marks that lie on each other move apart.
_STEPS = 200


def place_labels(sheet: Sheet) -> list[tuple[Label, float, float]]:
    """Draw the labels for which there is room, by their rank; those that were drawn, and where."""
    taken, shown = list(sheet.taken), []
    ways = shapely.union_all(sheet.ways)
    room = sheet.frame.grown(-0.5)
    for label in sorted(sheet.labels, key=lambda one: (one.rank, one.text, tuple(one.spots))):
        for x, y in label.spots:
            ground = footprint(label, x, y)
            on_way = not label.soft and ground.intersects(ways)
            if on_way or not room.contains(ground) or any(ground.intersects(other) for other in taken):
                continue
            taken.append(ground)
            shown.append((label, x, y))
            _write(sheet, label, x, y)
            break
    return shown


def _write(sheet: Sheet, label: Label, x: float, y: float) -> None:
    look: dict[str, Any] = {"bold": label.bold, "italic": label.italic, "angle": label.angle}
    look |= {"ha": "center", "halo": HALO_MM, "cut": True, "zorder": 20}
    sheet.text(x, y, label.text, label.size, colour=label.colour, **look)


def footprint(label: Label, x: float, y: float) -> shapely.Polygon:
    """The paper a label covers at a place, halo included."""
    wide = width_mm(label.text, label.size, bold=label.bold) / 2 + HALO_MM
    high = label.size / POINTS_PER_MM * 0.6 + HALO_MM
    along_x = np.array([-wide, wide, wide, -wide])
    along_y = np.array([-high, -high, high, high])
    turn = math.radians(label.angle)
    cos, sin = math.cos(turn), math.sin(turn)
    return shapely.Polygon(
        np.column_stack([x + along_x * cos - along_y * sin, y + along_x * sin + along_y * cos])
    )


def within(area: shapely.Geometry, wide: float, every: float = 7.0) -> list[tuple[float, float]]:
    """Places for the name of an area, ``wide`` mm long: where all of it lies inside, then where its middle
    does, each from the area's own middle outwards."""
    if area.is_empty:
        return []
    middle = area.representative_point()
    west, south, east, north = area.bounds
    grid_x, grid_y = np.meshgrid(np.arange(west, east, every), np.arange(south, north, every / 2))
    spots = shapely.points(grid_x.ravel(), grid_y.ravel())
    spots = spots[shapely.contains(area, spots)]
    spots = np.append(spots, middle)
    x, y = shapely.get_x(spots), shapely.get_y(spots)
    whole = shapely.contains(area, shapely.box(x - wide / 2, y - 2.0, x + wide / 2, y + 2.0))
    order = np.lexsort((shapely.distance(spots, middle), ~whole))
    return [(float(x[at]), float(y[at])) for at in order]


def beside(point: shapely.Point, angle: float, by: float) -> list[tuple[float, float]]:
    """Places for a text along a line at ``angle`` degrees: on it, above it and below it."""
    turn = math.radians(angle + 90)
    step = (by * math.cos(turn), by * math.sin(turn))
    return [(point.x + side * step[0], point.y + side * step[1]) for side in (0, 1, -1)]


def along(line: shapely.LineString, length: float, every: float) -> Iterator[tuple[shapely.Point, float]]:
    """Places for a text of ``length`` on a line that is long enough, one each ``every``; with its angle in
    degrees, never upside down. A place where the line bends is left out."""
    if line.length < length:
        return
    count = max(1, int(line.length // every))
    for middle in (np.arange(count) + 0.5) * line.length / count:
        before, after = (line.interpolate(middle + side * length / 2) for side in (-1, 1))
        straight = before.distance(after)
        if straight < 0.9 * length:
            continue
        angle = math.degrees(math.atan2(after.y - before.y, after.x - before.x))
        yield line.interpolate(middle), (angle + 90) % 180 - 90


def spread(points: npt.NDArray[np.float64], apart: float) -> npt.NDArray[np.float64]:
    """Places for marks of the points, shape (n, 2), at least ``apart`` from each other where room allows.

    A mark that touches no other stays; the others move away from each other as little as they can.
    """
    placed = np.array(points, dtype=float)
    if len(placed) < 2:
        return placed
    # Marks on one and the same point need a direction to part in: a spiral, so that it is the same each time.
    turn = np.arange(len(placed)) * 2.399963
    nudge = 0.01 * apart * np.column_stack([np.cos(turn), np.sin(turn)])
    for step in range(_STEPS):
        between = placed[:, None, :] - placed[None, :, :]
        distance = np.hypot(between[..., 0], between[..., 1])
        np.fill_diagonal(distance, np.inf)
        close = distance < apart * 0.999
        if not close.any():
            break
        if step == 0:
            placed[close.any(axis=1)] += nudge[close.any(axis=1)]
            continue
        away = between / np.maximum(distance, 1e-9)[..., None]
        push = np.where(close, (apart - distance) / 2, 0.0)[..., None] * away
        placed += 0.7 * push.sum(axis=1)
    return placed
