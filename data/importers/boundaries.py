"""Reading boundary files of administrative units: their code, name, population and ground."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data.importers.spatial_file import inside_vietnam, read_spatial
from geo.crs import LONLAT
from geo.errors import InputError
from geo.fold import fold
from geo.messages import Message, msg

#: Folded headers without blanks and marks, the best first.
_NAME_COLUMNS = (
    "name", "namevi", "ten", "tenxa", "tenphuong", "tenphuongxa", "tenxaphuong", "tendonvi", "tendvhc",
    "phuong", "phuongxa", "xaphuong", "communevn", "name3", "adm3vi", "wardname", "ward", "commune", "adm3en",
    "xa",
)  # fmt: skip
_CODE_COLUMNS = (
    "code", "ma", "maxa", "maphuong", "maphuongxa", "madonvi", "madvhc", "gsocode", "ref", "wardcode",
    "communecode", "adm3pcode", "cc3",
)  # fmt: skip
_POPULATION_COLUMNS = ("population", "danso", "dansonguoi", "pop", "sodan")
#: What the table of units can hold.
_LONGEST_NAME, _LONGEST_CODE = 120, 20
_GSO_DIGITS = 5
_KINDS = re.compile(r"^(phuong|xa|thi tran|dac khu) ")


@dataclass(frozen=True)
class Boundaries:
    """Units of a boundary file.

    ``frame``: ``code``, ``name``, ``population`` (int or None), polygons in EPSG:4326 as they came, not yet
    repaired. ``rejected``: ``{feature, problem}`` with the feature's name or "#number". ``warnings``: what was
    assumed.
    """

    frame: gpd.GeoDataFrame
    rejected: list[dict[str, Any]]
    warnings: list[Message]


def read_boundaries(
    file: Path, *, crs: int | None = None, name_column: str | None = None, code_column: str | None = None
) -> Boundaries:
    """Read units from GeoJSON, GeoPackage, Shapefile (also zipped) or KML in any CRS.

    The columns of name and code are found by their usual headers unless given. A code that is missing is made
    from the name; features with the same code and name are one unit in parts.

    Raises
    ------
    InputError
        As ``read_spatial``; ``missing_column`` where the name's column is not found, ``no_polygons`` where no
        feature can be taken.
    """
    source = read_spatial(file, layer="wards", crs=crs)
    columns = _Columns(source.frame, file)
    names = columns.find(name_column, _NAME_COLUMNS)
    if names is None:
        raise columns.missing(msg("Tệp {file} không có cột tên đơn vị.", file=file.name))
    codes = columns.find(code_column, _CODE_COLUMNS)
    raw = gpd.GeoDataFrame(
        {
            "name": [_text(value) for value in source.frame[names]],
            "code": _codes(source.frame[codes]) if codes is not None else None,
            "population": _whole_numbers(source.frame, columns.find(None, _POPULATION_COLUMNS)),
        },
        geometry=source.frame.geometry.to_numpy(),
        crs=LONLAT,
    )
    kept, rejected = _taken(raw)
    if kept.empty:
        raise InputError(
            "no_polygons",
            msg("Tệp {file} không có vùng nào nhập được làm địa giới.", file=file.name),
            hint=msg("Mỗi đơn vị cần một tên và một vùng (polygon)."),
            file=file.name,
        )
    warnings = [msg("Tệp ghi vĩ độ trước kinh độ; đã đổi lại.")] if source.swapped else []
    units, said = _one_row_a_unit(kept)
    return Boundaries(units, rejected, warnings + said)


class _Columns:
    """The headers of a file, found by what they are usually called."""

    def __init__(self, frame: gpd.GeoDataFrame, file: Path) -> None:
        self.file = file
        self.frame = frame
        self.headers = [str(column) for column in frame.columns if column != frame.geometry.name]

    def find(self, given: str | None, usual: Sequence[str]) -> str | None:
        """The header ``given``, or the first usual one with something in it. Raises where ``given`` is not."""
        if given is not None:
            by_name = {_header(header): header for header in reversed(self.headers)}
            exact = given if given in self.headers else by_name.get(_header(given))
            if exact is None:
                raise self.missing(
                    msg("Tệp {file} không có cột “{column}”.", file=self.file.name, column=given), given
                )
            return exact
        found = {_header(header): header for header in reversed(self.headers)}
        filled = (found[name] for name in usual if name in found)
        return next((header for header in filled if self.frame[header].notna().any()), None)

    def missing(self, message: Message, column: str | None = None) -> InputError:
        return InputError(
            "missing_column",
            message,
            hint=msg(
                "Chọn cột bằng --name-column hoặc --code-column; các cột có trong tệp: {columns}.",
                columns=", ".join(self.headers) or "-",
            ),
            file=self.file.name,
            column=column,
        )


def _header(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


def _text(value: Any) -> str:
    """A cell as text: composed, single blanks; empty where there is none."""
    return "" if pd.isna(value) else unicodedata.normalize("NFC", " ".join(str(value).split()))


def _codes(column: pd.Series) -> list[str]:
    texts = [re.sub(r"\.0$", "", _text(value)) for value in column]
    if not pd.api.types.is_numeric_dtype(column):
        return texts
    # A column of numbers has lost the leading zeros of the statistical office's five digits.
    longest = max((len(text) for text in texts), default=0)
    return [text.zfill(_GSO_DIGITS) if text and longest in {4, 5} else text for text in texts]


def _whole_numbers(frame: gpd.GeoDataFrame, header: str | None) -> pd.Series:
    if header is None:
        return pd.Series([None] * len(frame), dtype=object)
    texts = (re.sub(r"\.0$", "", _text(value)) for value in frame[header])
    digits = [re.sub(r"[ .,]", "", text) for text in texts]
    return pd.Series(
        [int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None for text in digits], dtype=object
    )


def _taken(raw: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[dict[str, Any]]]:
    """The features that can be units, with the polygons alone, and what is wrong with the others."""
    here = inside_vietnam(raw.geometry)
    problems = [
        _problem(name, shape, inside)
        for name, shape, inside in zip(raw["name"], raw.geometry, here, strict=True)
    ]
    rejected = [
        {"feature": name or f"#{number}", "problem": problem}
        for number, (name, problem) in enumerate(zip(raw["name"], problems, strict=True), start=1)
        if problem is not None
    ]
    return raw[[problem is None for problem in problems]].reset_index(drop=True), rejected


def _problem(name: str, shape: shapely.Geometry | None, inside: bool) -> Message | None:
    if shape is None or shape.is_empty:
        return msg("không có hình")
    if "Polygon" not in shape.geom_type and not shape.area:
        return msg("là {kind}, không phải vùng (polygon)", kind=shape.geom_type)
    if not inside:
        return msg("nằm ngoài Việt Nam")
    if not name:
        return msg("không có tên")
    if len(name) > _LONGEST_NAME:
        return msg("tên dài hơn {n} ký tự", n=_LONGEST_NAME)
    return None


def _one_row_a_unit(kept: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Message]]:
    """Parts of a unit joined, every unit with a code of its own."""
    known: set[str] = set()
    made: list[str] = []
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for record in kept.to_dict("records"):
        code, name = record["code"] or "", record["name"]
        if (code, name) in rows and code:
            rows[code, name]["parts"].append(record["geometry"])
            continue
        if not code or len(code) > _LONGEST_CODE or code in known:
            code = _made_code(name, known)
            made.append(name)
        known.add(code)
        rows[code, name] = {**record, "code": code, "parts": [record["geometry"]]}
    units = gpd.GeoDataFrame(
        {
            "code": [row["code"] for row in rows.values()],
            "name": [row["name"] for row in rows.values()],
            "population": pd.Series([row["population"] for row in rows.values()], dtype=object),
        },
        geometry=[_joined(row["parts"]) for row in rows.values()],
        crs=LONLAT,
    )
    return units, _said(made, joined=len(kept) - len(rows))


def _said(made: list[str], *, joined: int) -> list[Message]:
    said = []
    if made:
        units = ", ".join(made)
        said.append(
            msg("{n} đơn vị không có mã riêng; mã tạm được đặt theo tên: {units}.", n=len(made), units=units)
        )
    if joined:
        said.append(msg("{n} phần rời được gộp vào đơn vị cùng mã, cùng tên.", n=joined))
    return said


def _joined(parts: list[shapely.Geometry]) -> shapely.Geometry:
    return parts[0] if len(parts) == 1 else shapely.GeometryCollection(parts)


def _made_code(name: str, known: set[str]) -> str:
    """A code from the name, e.g. "kien-hung"; numbered where it is taken."""
    plain = "-".join(re.findall(r"[a-z0-9]+", _KINDS.sub("", fold(name)))) or "don-vi"
    code, number = plain[:_LONGEST_CODE], 1
    while code in known:
        number += 1
        code = f"{plain[: _LONGEST_CODE - len(str(number)) - 1]}-{number}"
    return code
