"""The rule of ``geo.detection`` about licences: a new one at the address where another was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import geopandas as gpd
import pandas as pd
import shapely

from geo.detection_rules import Clue, Clues, DetectionSettings, Watch
from geo.fold import fold
from geo.messages import msg
from geo.shapes import Shapes, metric_shapes
from geo.word_texts import word_text
from geo.words import LicenceKind

_NUMBER = re.compile(r"\d+[a-z]?(?:/\d+[a-z]?)*")
_LEADING = re.compile(r"^(?:(?:dia chi|d/?c|so nha|nha so|sn|so)\s+)+")


def reissued_licences(
    watch: Watch, licences: pd.DataFrame, premises: gpd.GeoDataFrame, settings: DetectionSettings
) -> Clues:
    """Licences issued inside each catchment at an address where one was withdrawn before.

    A premises that gets its own paper back on a later day counts as well; withdrawn and issued on one day, the
    old paper was merely exchanged (a new name, more rooms). The evidence is the new licence, which must be
    dated after the elimination; the withdrawal may be older, for it often is a part of the elimination.
    """
    if len(licences) == 0 or len(premises) == 0:
        return {}
    points = metric_shapes(premises)
    spots_of: dict[int, list[int]] = {}
    for spot, row in watch.inside(points):
        spots_of.setdefault(row, []).append(spot)
    issued, withdrawn = issued_and_withdrawn(licences, premises, watch.as_of, settings)
    issued = issued[issued["row"].isin(spots_of)]
    same_address = one_address(premises["address"].to_list(), points, settings)
    longest = pd.DateOffset(months=settings.licence_months)
    closed = withdrawn.to_dict("records")
    clues: Clues = {}
    for new in issued.to_dict("records"):
        before = [
            old["withdrawn_on"]
            for old in closed
            if old["withdrawn_on"] <= new["issued_on"] <= old["withdrawn_on"] + longest
            and (
                old["withdrawn_on"] < new["issued_on"]
                if old["premises_id"] == new["premises_id"]
                else same_address(new["row"], old["row"])
            )
        ]
        if before:
            clue = _clue(new["id"], new["kind"], new["issued_on"].date(), max(before).date(), settings)
            for spot in spots_of[new["row"]]:
                if clue.on_date > watch.since[spot]:
                    clues.setdefault(spot, []).append(clue)
    return clues


def _clue(licence_id: str, kind: str, issued_on: date, withdrawn_on: date, settings: DetectionSettings) -> Clue:
    text = msg(
        "Cấp {paper} tại địa chỉ có giấy phép bị thu hồi ngày {date}",
        paper=word_text(LicenceKind(kind)),
        date=f"{withdrawn_on:%d/%m/%Y}",
    )
    return Clue("licence", str(licence_id), issued_on, text, settings.weight_licence)


def issued_and_withdrawn(
    licences: pd.DataFrame, premises: pd.DataFrame, as_of: date, settings: DetectionSettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Licences issued in the window and not withdrawn since, and licences withdrawn; each with its premises'
    row number. Both as of the day of the scan."""
    end = pd.Timestamp(as_of)
    frame = pd.DataFrame(licences[["id", "premises_id", "kind"]])
    frame["issued_on"] = pd.to_datetime(licences["issued_on"])
    frame["withdrawn_on"] = pd.to_datetime(licences["withdrawn_on"])
    frame["row"] = pd.Index(premises["id"]).get_indexer(frame["premises_id"])
    frame = frame[frame["row"] >= 0].drop_duplicates("id")
    withdrawn = frame["withdrawn_on"] <= end
    begin = end - pd.DateOffset(months=settings.licence_months)
    recent = (frame["issued_on"] > begin) & (frame["issued_on"] <= end)
    return frame[recent & ~withdrawn], frame[withdrawn]


def address_key(address: object) -> str:
    """An address without marks, case, punctuation and a leading "số"; empty for a missing one.

    >>> address_key("Số 12, ngõ 34 Quang Trung")
    '12 ngo 34 quang trung'
    """
    if not isinstance(address, str):
        return ""
    return _LEADING.sub("", " ".join(re.sub(r"[^\w/]+", " ", fold(address)).split()))


def one_address(
    addresses: list[object], points: Shapes, settings: DetectionSettings
) -> Callable[[int, int], bool]:
    """Whether two premises, by row, stand at one address: written alike and not far apart, or on one spot with
    the same house number (the street or the ward has been renamed, or is written in another way)."""
    keys = [address_key(address) for address in addresses]
    numbers = [match.group() if (match := _NUMBER.match(key)) else "" for key in keys]

    def same(one: int, other: int) -> bool:
        located = points[one] is not None and points[other] is not None
        apart = float(shapely.distance(points[one], points[other])) if located else 0.0
        if keys[one] and keys[one] == keys[other]:
            return apart <= settings.same_address_m
        numbered = numbers[one] != "" and numbers[one] == numbers[other]
        return located and numbered and apart <= settings.same_spot_m

    return same
