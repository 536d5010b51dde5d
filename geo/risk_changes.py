"""Parts of the risk score from recent changes: opened, renamed, open again; and from the commitment."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.detection_licences import address_key
from geo.messages import Message, msg
from geo.risk_parts import PartColumn, days_before, window_days
from geo.risk_settings import ChangeSettings, CommitmentSettings
from geo.shapes import Shapes, metric_shapes, pairs_within
from geo.words import PremisesStatus

#: A status that begins within this many days of the opening is the opening itself, not a reopening; and a
#: premises may open so long before the one it follows is recorded as closed.
_OPENING_DAYS = 30
#: One house, given what is wrong with points.
_SAME_PLACE_M = 50.0


def change_columns(
    premises: gpd.GeoDataFrame,
    points: Shapes,
    register: gpd.GeoDataFrame | None,
    renames: pd.DataFrame | None,
    as_of: date,
    changes: ChangeSettings,
    commitment: CommitmentSettings,
) -> list[PartColumn]:
    """Parts for a new, renamed or reopened premises and for a signed commitment.

    ``points``: of the premises in metres. ``register``: all premises with their status of the day, among them
    those that closed; without it nobody has followed anybody. ``renames``: ``premises_id, on_date``.
    """
    opened = days_before(premises, "opened_on", as_of)
    since_status = days_before(premises, "status_since", as_of)
    months = window_days(changes.months, as_of)
    new = (opened >= 0) & (opened < months)
    active = (premises["status"] == PremisesStatus.ACTIVE).to_numpy(dtype=bool)
    recent = (since_status >= 0) & (since_status < months)
    reopened = active & recent & (opened - since_status > _OPENING_DAYS)
    signed = days_before(premises, "commitment_on", as_of) >= 0
    closed = np.full(len(premises), np.nan)
    if register is not None and new.any():
        closed = _predecessor_closed(premises, points, new, register, as_of, months)
    new_name = _days_renamed(premises, renames, as_of)
    named = new_name < months
    renamed = np.isfinite(closed) | named

    def opened_ago(row: int) -> Message:
        return msg("Mới mở, được {days} ngày", days=int(opened[row]))

    def followed(row: int) -> Message:
        if named[row]:
            return msg("Đổi tên được {days} ngày", days=int(new_name[row]))
        return msg("Mở tại địa chỉ của cơ sở khác đã đóng cửa cách đây {days} ngày", days=int(closed[row]))

    def reopened_ago(row: int) -> Message:
        return msg("Hoạt động trở lại được {days} ngày", days=int(since_status[row]))

    def committed(row: int) -> Message:
        return msg("Đã ký cam kết")

    days_new, days_reopened = np.where(new, opened, 0.0), np.where(reopened, since_status, 0.0)
    return [
        PartColumn("new", days_new, np.where(new, changes.new, 0.0), opened_ago),
        PartColumn(
            "renamed",
            np.nan_to_num(np.where(named, new_name, closed)),
            np.where(renamed, changes.renamed, 0.0),
            followed,
        ),
        PartColumn("reopened", days_reopened, np.where(reopened, changes.reopened, 0.0), reopened_ago),
        PartColumn("commitment", signed.astype(float), np.where(signed, commitment.signed, 0.0), committed),
    ]


def _days_renamed(premises: pd.DataFrame, renames: pd.DataFrame | None, as_of: date) -> npt.NDArray[np.float64]:
    """Days since the last new name of each premises: (n,), NaN for none."""
    days = np.full(len(premises), np.nan)
    if renames is not None and len(renames):
        row = pd.Index(premises["id"]).get_indexer(renames["premises_id"])
        ago = days_before(renames, "on_date", as_of)
        known = (row >= 0) & (ago >= 0)
        np.fmin.at(days, row[known], ago[known])
    return days


def _predecessor_closed(
    premises: gpd.GeoDataFrame,
    points: Shapes,
    new: npt.NDArray[np.bool_],
    register: gpd.GeoDataFrame,
    as_of: date,
    months: int,
) -> npt.NDArray[np.float64]:
    """Days since the premises that each ``new`` one followed at its address closed: (n,), NaN for none."""
    since, opened = days_before(register, "status_since", as_of), days_before(premises, "opened_on", as_of)
    shut = (register["status"] == PremisesStatus.CLOSED).to_numpy(dtype=bool) & (since >= 0)
    gone, came = np.flatnonzero(shut & (since < 2 * months)), np.flatnonzero(new)
    places = metric_shapes(register.iloc[gone])
    # Without both points nothing is said: the same house and street may be those of another ward.
    at, near = pairs_within(points[came], places, np.full(len(came), _SAME_PLACE_M))
    row, old = came[at], gone[near]
    between = since[old] - opened[row]
    timely = (between >= -_OPENING_DAYS) & (between < months)
    here, there = premises["address"], register["address"]
    same = [
        _house(here.iloc[one]) == _house(there.iloc[other]) != ""
        for one, other in zip(row[timely], old[timely], strict=True)
    ]
    closed = np.full(len(premises), np.nan)
    np.fmin.at(closed, row[timely][same], since[old[timely]][same])
    return closed


def _house(address: object) -> str:
    """House and street, without the ward, whose name may have changed."""
    return address_key(address.split(",")[0]) if isinstance(address, str) else ""
