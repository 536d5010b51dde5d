"""The shape of a hotspot: what may be drawn, and how one is cut into parts.

A hotspot is a point, a road stretch (line) or an area (polygon), EPSG:4326; all measuring is done in metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.ops import split

from geo.coverage import polygonal
from geo.crs import LONLAT, METRIC, transform
from geo.errors import InputError, RuleError
from geo.messages import Message, msg

#: Beyond these a drawing is a ward or a road network, not a hotspot.
LONGEST_M, LARGEST_M2 = 5_000.0, 2_000_000.0
#: Below these a line or an area is a slip of the hand: a point says the same.
SHORTEST_M, SMALLEST_M2 = 10.0, 100.0
MOST_VERTICES = 2_000
#: Decimals of a degree that are kept: a tenth of a metre.
_DECIMALS = 6
_POINTS, _LINES = {"Point"}, {"LineString", "MultiLineString"}
_AREAS = {"Polygon", "MultiPolygon"}


@dataclass(frozen=True)
class CheckedShape:
    """A shape that may be stored, and what was mended about it, to be told to who drew it."""

    geometry: shapely.Geometry
    notes: tuple[Message, ...] = ()


def checked_shape(shape: shapely.Geometry | None, ground: shapely.Geometry | None) -> CheckedShape:
    """The shape as it may be stored.

    ``ground``: the area of the district (EPSG:4326), None where no boundaries are on record. A hotspot may
    reach over the border, but has to touch the ground. An outline that crosses itself is mended, and said so.

    Raises
    ------
    InputError
        ``hotspot_shape``: nothing drawn, no point, line or area, coordinates that are no numbers.
    RuleError
        ``hotspot_size``: larger or smaller than the limits above. ``hotspot_outside``: wholly off the ground.
    """
    if shape is None or shape.is_empty:
        raise InputError(
            "hotspot_shape",
            msg("Chưa có hình của điểm."),
            hint=msg("Vẽ một điểm, một đoạn đường hoặc một vùng trên bản đồ."),
        )
    if shape.geom_type not in _POINTS | _LINES | _AREAS:
        raise InputError("hotspot_shape", msg("hình dạng {kind} không nhận", kind=shape.geom_type))
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise InputError("hotspot_shape", msg("Hình có tọa độ không phải là số."))
    if shapely.get_num_coordinates(shape) > MOST_VERTICES:
        raise RuleError("hotspot_size", msg("Hình có quá nhiều đỉnh; nhiều nhất {n}.", n=MOST_VERTICES))
    notes = []
    if shape.geom_type in _AREAS:
        mended = polygonal(shape)
        if not shape.is_valid:
            notes.append(msg("Đường viền tự cắt qua nó, đã được sửa; hãy xem lại hình."))
        shape = mended.geoms[0] if len(mended.geoms) == 1 else mended
    shape = _rounded(shape)
    _check_size(shape)
    if ground is not None and not ground.is_empty and not shapely.intersects(ground, shape):
        raise RuleError(
            "hotspot_outside",
            msg("Hình nằm ngoài địa bàn."),
            hint=msg("Điểm ở vùng giáp ranh phải chạm vào địa bàn; điểm ngoài địa bàn do nơi khác theo dõi."),
        )
    return CheckedShape(shape, tuple(notes))


def _rounded(shape: shapely.Geometry) -> shapely.Geometry:
    found: shapely.Geometry = shapely.transform(shapely.force_2d(shape), lambda xy: np.round(xy, _DECIMALS))
    return found


def _check_size(shape: shapely.Geometry) -> None:
    length_m, area_m2 = measured(shape)
    if shape.geom_type in _AREAS:
        if area_m2 > LARGEST_M2:
            raise _too_large(msg("Vùng rộng {n} ha, quá {most} ha.", n=_ha(area_m2), most=_ha(LARGEST_M2)))
        if area_m2 < SMALLEST_M2:
            raise _too_small()
    if shape.geom_type in _LINES:
        if length_m > LONGEST_M:
            raise _too_large(
                msg("Đoạn đường dài {n} m, dài hơn mức {most} m.", n=round(length_m), most=round(LONGEST_M))
            )
        if length_m < SHORTEST_M:
            raise _too_small()


def _too_large(what: Message) -> RuleError:
    return RuleError("hotspot_size", what, hint=msg("Chia thành nhiều điểm nhỏ hơn để theo dõi được."))


def _too_small() -> RuleError:
    return RuleError(
        "hotspot_size",
        msg("Hình quá nhỏ để là một đoạn hay một vùng."),
        hint=msg("Hãy đánh dấu bằng một điểm."),
    )


def _ha(area_m2: float) -> float:
    return round(area_m2 / 10_000, 1)


def measured(shape: shapely.Geometry) -> tuple[float, float]:
    """Length in metres and area in square metres of a shape in EPSG:4326; 0 where it has none."""
    metric = transform(shape, LONLAT, METRIC)
    return (float(metric.length) if shape.geom_type in _LINES else 0.0), float(metric.area)


def cut(shape: shapely.Geometry, blade: shapely.Geometry) -> list[shapely.Geometry]:
    """The parts into which the line ``blade`` cuts a road stretch or an area, from west to east.

    Raises RuleError ``hotspot_cut`` when it cuts nothing, when a part would be too small, or for a point.
    """
    if shape.geom_type in _POINTS:
        raise RuleError(
            "hotspot_cut", msg("Một điểm không tách được."), hint=msg("Sửa hình thành vùng trước đã.")
        )
    if blade.geom_type != "LineString" or blade.length == 0:
        raise RuleError("hotspot_cut", msg("Hãy vẽ một nét cắt ngang qua điểm."))
    whole, knife = transform(shape, LONLAT, METRIC), transform(blade, LONLAT, METRIC)
    parts = [piece for part in shapely.get_parts(whole) for piece in _pieces(part, knife)]
    if len(parts) < 2:
        raise RuleError(
            "hotspot_cut",
            msg("Nét cắt chưa chia được điểm thành hai phần."),
            hint=msg("Bắt đầu và kết thúc nét cắt ở ngoài hình, sao cho nét đi qua hết hình."),
        )
    if any(part.area < SMALLEST_M2 if part.area else part.length < SHORTEST_M for part in parts):
        raise RuleError("hotspot_cut", msg("Có phần quá nhỏ sau khi cắt; hãy dời nét cắt."))
    ordered = sorted(parts, key=lambda part: (part.centroid.x, part.centroid.y))
    return [_rounded(transform(part, METRIC, LONLAT)) for part in ordered]


def _pieces(part: shapely.Geometry, knife: shapely.Geometry) -> Sequence[Any]:
    # shapely refuses to cut a line by a line that runs along it: there is nothing to cut then.
    if part.geom_type == "LineString" and shapely.intersection(part, knife).length > 0:
        return [part]
    return list(split(part, knife).geoms)
