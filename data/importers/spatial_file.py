"""Reading geometry files of any usual format and CRS into one frame in EPSG:4326."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio
import pyproj
import shapely

from data.importers.map_guard import TooLargeError, require_harmless
from geo.crs import LONLAT, VN2000_TM3_105
from geo.errors import InputError
from geo.messages import msg

FORMATS = (".geojson", ".json", ".gpkg", ".shp", ".zip", ".kml", ".kmz", ".gpx")
#: Layers of a GPX file that hold things; the others repeat their points.
_GPX_LAYERS = ("waypoints", "routes", "tracks")
#: West, south, east and north of the country with its islands. Turned round it is another place altogether,
#: which is how swapped axes are told.
VIETNAM = (102.0, 6.0, 118.0, 24.0)


@dataclass(frozen=True)
class SpatialFile:
    """The features of a file in file order, index from 0, EPSG:4326, without heights.

    ``swapped``: the file gave latitude before longitude (or northing before easting) and was turned round.
    """

    frame: gpd.GeoDataFrame
    swapped: bool


def read_spatial(file: Path, *, layer: str, crs: int | None = None) -> SpatialFile:
    """The features of ``file`` (GeoJSON, GeoPackage, Shapefile also zipped, KML, KMZ, GPX).

    ``layer``: of a file with several layers those are taken whose name begins so. ``crs``: EPSG code that the
    coordinates are in, in place of what the file says.

    Raises
    ------
    InputError
        ``unknown_format``, ``unreadable``, ``too_big``, ``many_layers``, ``unknown_crs``, ``outside_vietnam``:
        always with the file and the way out.
    """
    frames = _read(file, layer)
    first = frames[0].crs
    frames = [one if one.crs == first or None in (one.crs, first) else one.to_crs(first) for one in frames]
    frame = gpd.GeoDataFrame(pd.concat(frames, ignore_index=True), crs=first)
    frame = frame.set_geometry(
        shapely.force_2d(np.asarray(frame.geometry.to_numpy(), dtype=object)), crs=frame.crs
    )
    frame = _with_crs(frame, file, crs)
    return _in_vietnam(frame, file)


def inside_vietnam(shapes: gpd.GeoSeries) -> npt.NDArray[np.bool_]:
    """Which shapes (EPSG:4326) lie inside the country's bounds; a missing or empty one does not."""
    west, south, east, north = VIETNAM
    bounds = shapes.bounds.to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        inside = (bounds[:, :2] >= (west, south)).all(axis=1) & (bounds[:, 2:] <= (east, north)).all(axis=1)
    return np.asarray(inside, dtype=bool)


def _read(file: Path, layer: str) -> list[gpd.GeoDataFrame]:
    if file.suffix.casefold() not in FORMATS:
        raise InputError(
            "unknown_format",
            msg("Không nhận tệp bản đồ dạng {suffix}.", suffix=file.suffix or file.name),
            hint=msg("Dùng một trong các dạng {formats}.", formats=", ".join(FORMATS)),
            file=file.name,
        )
    if not file.is_file():
        raise InputError("no_file", msg("Không tìm thấy tệp {file}.", file=file.name), file=file.name)
    try:
        require_harmless(file)
        source = _inside_zip(file) if file.suffix.casefold() == ".zip" else str(file)
        names = _layers(source, file, layer)
        read = [_frame(source, name) for name in names]
        return [one for one in read if len(one)] or read[:1]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as fault:
        raise _unreadable(file) from fault
    except TooLargeError as fault:
        raise _too_big(file) from fault
    except (zipfile.BadZipFile, OSError, ValueError, shapely.errors.GEOSException) as fault:
        raise _unreadable(file) from fault


def _inside_zip(file: Path) -> str:
    """The address of the map file inside an archive."""
    with zipfile.ZipFile(file) as archive:
        inside = [n for n in archive.namelist() if Path(n).suffix.casefold() in FORMATS and "__MACOSX" not in n]
    shapes = [name for name in inside if name.casefold().endswith(".shp")] or inside
    if len(shapes) != 1:
        raise InputError(
            "many_layers" if shapes else "unreadable",
            msg("Tệp nén {file} phải chứa đúng một tệp bản đồ, đang có {n}.", file=file.name, n=len(shapes)),
            hint=msg("Nén riêng một tệp .shp cùng các tệp .dbf, .shx, .prj của nó."),
            file=file.name,
        )
    return f"/vsizip/{{{file.resolve()}}}/{shapes[0]}"


def _layers(source: str, file: Path, wanted: str) -> list[str]:
    spatial = [str(name) for name, kind in pyogrio.list_layers(source) if kind is not None]
    if not spatial:
        raise _unreadable(file)
    if file.suffix.casefold() == ".gpx":
        return [name for name in spatial if name in _GPX_LAYERS]
    named = [name for name in spatial if name.casefold().startswith(wanted)]
    if file.suffix.casefold() in {".kml", ".kmz"} or len(spatial) == 1:
        return spatial
    if not named:
        raise InputError(
            "many_layers",
            msg("Tệp {file} có nhiều lớp: {layers}.", file=file.name, layers=", ".join(spatial)),
            hint=msg("Để lại một lớp, hoặc đặt tên lớp cần nhập là “{wanted}”.", wanted=wanted),
            file=file.name,
        )
    return named


def _frame(source: str, layer: str) -> gpd.GeoDataFrame:
    table_beside = source.casefold().endswith(".shp") and not Path(source).with_suffix(".cpg").is_file()
    # A Shapefile without .cpg is read as Latin-1 by rule; those made here are UTF-8 more often than not.
    for encoding in ("UTF-8", None) if table_beside else (None,):
        try:
            frame = pyogrio.read_dataframe(source, layer=layer, encoding=encoding)
        except UnicodeDecodeError:
            continue
        if isinstance(frame, gpd.GeoDataFrame):
            return frame
    raise ValueError(layer)


def _unreadable(file: Path) -> InputError:
    return InputError(
        "unreadable",
        msg("Không đọc được tệp bản đồ {file}.", file=file.name),
        hint=msg(
            "Mở thử tệp bằng QGIS rồi lưu lại dạng GeoPackage; tệp .shp cần có .dbf và .shx cùng tên bên cạnh."
        ),
        file=file.name,
    )


def _too_big(file: Path) -> InputError:
    return InputError(
        "too_big",
        msg("Tệp {file} quá lớn để đọc an toàn.", file=file.name),
        hint=msg("Chép riêng những đối tượng cần nhập sang một tệp mới."),
        file=file.name,
    )


def _with_crs(frame: gpd.GeoDataFrame, file: Path, crs: int | None) -> gpd.GeoDataFrame:
    if crs is not None:
        try:
            return frame.set_crs(pyproj.CRS.from_epsg(crs), allow_override=True)
        except pyproj.exceptions.CRSError as fault:
            raise InputError(
                "unknown_crs",
                msg("Không có hệ tọa độ EPSG:{crs}.", crs=str(crs)),
                hint=_crs_hint(),
                file=file.name,
            ) from fault
    coordinates = frame.total_bounds
    degrees = bool(np.all(np.abs(coordinates[np.isfinite(coordinates)]) <= 360))
    if frame.crs is None or (frame.crs.is_geographic and not degrees):
        raise InputError(
            "unknown_crs",
            msg("Tệp {file} không cho biết hệ tọa độ.", file=file.name),
            hint=_crs_hint(),
            file=file.name,
        )
    return frame


def _crs_hint() -> Any:
    return msg(
        "Thêm --crs MÃ_EPSG: {vn2000} là VN-2000 kinh tuyến 105° múi 3° của Hà Nội, 3405 là VN-2000 UTM 48N, "
        "4326 là kinh vĩ độ GPS.",
        vn2000=VN2000_TM3_105.removeprefix("EPSG:"),
    )


def _in_vietnam(frame: gpd.GeoDataFrame, file: Path) -> SpatialFile:
    if frame.empty:
        return SpatialFile(frame.to_crs(LONLAT), swapped=False)
    for swapped in (False, True):
        turned = shapely.transform(frame.geometry.to_numpy(), _turn) if swapped else frame.geometry.to_numpy()
        placed = frame.set_geometry(gpd.GeoSeries(turned, index=frame.index, crs=frame.crs)).to_crs(LONLAT)
        shapes = placed.geometry.to_numpy()
        present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
        # One stray feature does not tell the file's axes; most features do.
        if not present.any() or inside_vietnam(placed.geometry[present]).mean() >= 0.5:
            return SpatialFile(placed, swapped=swapped)
    raise InputError(
        "outside_vietnam",
        msg("Tọa độ trong tệp {file} không nằm ở Việt Nam.", file=file.name),
        hint=_crs_hint(),
        file=file.name,
    )


def _turn(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return xy[:, ::-1]
