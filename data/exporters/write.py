"""Writing layers to a file of the format that its name says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from data.exporters.kml import write_kml
from data.exporters.layer import Layer
from data.exporters.map_files import write_geojson, write_gpkg
from data.exporters.replacing import replacing
from data.exporters.route_files import write_gpx, write_ics
from data.exporters.sheets import write_csv, write_xlsx
from geo.errors import InputError
from geo.messages import msg

_Writer = Callable[[list[Layer], Path], None]
#: Formats of every layer, by the ending of the file's name.
FORMATS: Mapping[str, _Writer] = {
    ".gpkg": write_gpkg,
    ".geojson": write_geojson,
    ".xlsx": write_xlsx,
    ".csv": write_csv,
    ".kml": write_kml,
}
#: Formats of a plan as well.
ROUTE_FORMATS: Mapping[str, _Writer] = {".gpx": write_gpx, ".ics": write_ics}


def writer_for(file: Path, *, routes: bool) -> _Writer:
    """The writer of the file's format. Raises InputError ``unknown_format`` with those there are."""
    possible = {**FORMATS, **ROUTE_FORMATS} if routes else dict(FORMATS)
    writer = possible.get(file.suffix.casefold())
    if writer is None:
        raise InputError(
            "unknown_format",
            msg("Lớp này không xuất được ra tệp dạng “{suffix}”.", suffix=file.suffix or file.name),
            hint=msg("Đặt tên tệp kết thúc bằng một trong: {formats}.", formats=", ".join(possible)),
            file=str(file),
        )
    return writer


def write_layers(writer: _Writer, layers: Sequence[Layer], file: Path) -> int:
    """Write the layers, in place of an older file only when all is written; the rows of the first one."""
    with replacing(file) as beside:
        writer(list(layers), beside)
    return len(layers[0].frame)
