"""Joint sweeps of border stretches by the teams of both sides."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.ops import substring

from data.demo.inspections import World
from data.demo.ward_rows import system_on
from geo.crs import LONLAT, METRIC, transform

#: Days before ``as_of``, codes of the two units, and the part of their border. The strip that gets worse was
#: swept long ago.
_SWEEPS = (
    (1_210, ("09553", "09565"), (0.1, 0.8)),
    (840, ("09562", "09568"), (0.2, 0.6)),
    (300, ("09568", "09562"), (0.15, 0.4)),
    (145, ("09886", "09556"), (0.5, 0.8)),
)
_NOTE = "Hai đội cùng kiểm tra theo quy chế phối hợp số {number:02d}/QCPH-MH (số giả định)"


def sweep_rows(world: World) -> list[dict[str, Any]]:
    """Rows of ``joint_sweeps``, on the borders of their time where these units then met."""
    rows = []
    for number, (days, codes, part) in enumerate(_SWEEPS, start=1):
        day = world.clock.ago(days)
        grounds = [u.ground for u in system_on(world.clock.seed, day).units if u.row["code"] in codes]
        border = (
            shapely.line_merge(shapely.intersection(*grounds)) if len(grounds) == 2 else shapely.LineString()
        )
        if border.is_empty:
            continue
        longest = max(shapely.get_parts(border), key=lambda piece: piece.length)
        rows.append(
            {
                **world.clock.event("joint_sweep", number, day, 8.0),
                "on_date": day,
                "geom": transform(substring(longest, *part, normalized=True), METRIC, LONLAT),
                "note": _NOTE.format(number=number),
            }
        )
    return rows
