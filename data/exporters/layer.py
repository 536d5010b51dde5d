"""What is exported: a frame of places with named columns, and how a map shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from geo.word_texts import word_text

_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Column:
    """A column of an exported layer: ``key`` is its field in map files, ``header`` stands in sheets.

    ``words``: the vocabulary of its values, which sheets show in Vietnamese and map files keep as they are.
    """

    key: str
    header: str
    words: type[StrEnum] | None = None

    def shown(self, value: Any) -> Any:
        """The value for a reader: a word in Vietnamese, a date, a number or a text; None for nothing."""
        if _nothing(value):
            return None
        if self.words is not None:
            return str(word_text(self.words(str(value))))
        if isinstance(value, datetime):
            local = _local(value)
            return local.date() if local.time() == datetime.min.time() else local
        if isinstance(value, date):
            return value
        if isinstance(value, bool) or type(value).__name__ == "bool":
            return "có" if value else "không"
        return _simple(value)

    def plain(self, value: Any) -> Any:
        """The value for a program: vocabularies by their value, dates and times in ISO 8601."""
        if _nothing(value):
            return None
        if isinstance(value, datetime):
            local = _local(value)
            midnight = local.time() == datetime.min.time()
            return local.date().isoformat() if midnight else local.isoformat(timespec="minutes")
        if isinstance(value, date):
            return value.isoformat()
        return _simple(value)


@dataclass(frozen=True)
class Look:
    """Colours of a layer on a map: one for all, by the values of ``attribute``, or by steps of a number.

    ``colours``: value to "#rrggbb" and what the legend calls it. ``steps``: where the next of ``ramp`` begins.
    """

    colour: str = "#5a6b7b"
    attribute: str | None = None
    colours: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    steps: Sequence[float] = ()
    ramp: Sequence[str] = ()


@dataclass(frozen=True)
class Layer:
    """Rows with a geometry (EPSG:4326, None where a row has no place) under the name of the layer.

    ``title``: the row's name on maps is in the column of this key.
    """

    name: str
    frame: gpd.GeoDataFrame
    columns: tuple[Column, ...]
    title: str
    look: Look = Look()

    def values(self, column: Column) -> list[Any]:
        """The cells of one column as they are in the frame."""
        return list(self.frame[column.key])


def _nothing(value: Any) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value))) or value == ""


def _local(value: datetime) -> datetime:
    moment = value.to_pydatetime() if isinstance(value, pd.Timestamp) else value
    return moment.astimezone(_LOCAL).replace(tzinfo=None) if moment.tzinfo else moment


def _simple(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    if isinstance(value, StrEnum):
        return value.value
    return value.item() if hasattr(value, "item") else value
