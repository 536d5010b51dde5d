"""The ranking of premises and of border segments, as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from app.access import Right, require
from app.services.audit import note_reading
from app.services.database import need_data
from app.services.facts import Known
from app.services.looking import Looked
from app.text import render
from data.store import Actor, Store
from geo.risk import Part


def ranking(store: Store, actor: Actor, as_of: date) -> dict[str, Any]:
    """Every active premises with its score and the parts that add up to it (the command ``risk``).

    ``model`` says which model scored and why it was chosen; ``probability_range`` is what thin data leave open.
    """
    require(actor, Right.SEE_TIPS)
    note_reading(store, actor, Looked.RANKING)
    with store.read(actor) as work:
        known = Known(work, as_of)
        wards = known.premises.set_index("id")["ward_code"]
        rows = [
            {
                "id": row.id,
                "ward": _text(wards.get(row.id)),
                "score": row.score,
                "rank": int(row.rank),
                "probability": row.probability,
                "probability_range": [row.probability_low, row.probability_high],
                "parts": [part_document(part) for part in row.parts],
            }
            for row in known.scores.sort_values("rank").itertuples()
        ]
        model = known.risk_model.document()
    return {"as_of": as_of.isoformat(), "model": model, "premises": rows}


def part_document(part: Part) -> dict[str, Any]:
    """A part of a score with its sentence in the reader's language."""
    return {"name": part.name, "value": part.value, "points": part.points, "text": render(part.text)}


def borders(
    store: Store, actor: Actor, as_of: date, *, width_m: float = 150.0, segment_m: float = 500.0
) -> dict[str, Any]:
    """Border segments with their risk (the command ``borders``)."""
    require(actor, Right.SEE_TIPS)
    note_reading(store, actor, Looked.BORDERS)
    with store.read(actor) as work:
        need_data(work, as_of)
        known = Known(work, as_of)
        codes = known.units.set_index("id")["code"]
        rows = [
            {
                "id": row.id,
                "units": [codes[u] if u in codes.index else None for u in (row.unit_a, row.unit_b)],
                "names": list(row.names),
                "length_m": round(row.length_m, 1),
                "risk": row.risk,
                "rank": int(row.rank),
                "parts": [part_document(part) for part in row.parts],
                "premises": int(row.premises),
                "hotspots": int(row.hotspots),
                "last_joint_inspection": _day(row.last_joint_inspection),
            }
            for row in known.segments(width_m=width_m, segment_m=segment_m).itertuples()
        ]
    return {"segments": rows}


def _day(value: Any) -> str | None:
    return None if pd.isna(value) else f"{value:%Y-%m-%d}"


def _text(value: Any) -> str | None:
    return None if pd.isna(value) else str(value)
