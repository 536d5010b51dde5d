"""Places of an open map that wait for a person's judgement."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
from sqlalchemy import select

from data.importers.osm_elements import FoundPlace
from data.repositories.frames import add_rows, columns, frame
from data.repositories.scope import within_scope
from data.store import Work
from data.tables import PremisesCandidate, new_id

NEW, CONFIRMED, DISMISSED = "new", "confirmed", "dismissed"


def candidates(work: Work) -> gpd.GeoDataFrame:
    """All candidates inside the actor's scope, in the order in which they came."""
    return within_scope(work, frame(work, select(*columns(PremisesCandidate)).order_by(PremisesCandidate.rid)))


def candidate_by_id(work: Work, candidate_id: str) -> PremisesCandidate | None:
    """One candidate inside the actor's scope, to be decided on."""
    found = select(*columns(PremisesCandidate)).where(PremisesCandidate.id == candidate_id)
    if within_scope(work, frame(work, found)).empty:
        return None
    return work.session.scalars(select(PremisesCandidate).where(PremisesCandidate.id == candidate_id)).one()


def record_found(work: Work, places: Sequence[FoundPlace]) -> tuple[int, int]:
    """Store what the map has now and give how many are new and how many changed.

    What a person has decided on stays as it was decided.
    """
    known = {row.osm_id: row for row in work.session.scalars(select(PremisesCandidate))}
    added = [place for place in places if place.osm_id not in known]
    add_rows(
        work, PremisesCandidate, [{"id": new_id(), "state": NEW, "version": 1, **_row(one)} for one in added]
    )
    changed = 0
    for place in places:
        candidate = known.get(place.osm_id)
        if candidate is not None and candidate.state == NEW:
            changes = {key: value for key, value in _row(place).items() if getattr(candidate, key) != value}
            for key, value in changes.items():
                setattr(candidate, key, value)
            changed += bool(changes)
    work.session.flush()
    return len(added), changed


def _row(place: FoundPlace) -> dict[str, object]:
    return {
        "osm_id": place.osm_id,
        "name": place.name,
        "type": place.type.value,
        "address": place.address,
        "geom": place.point,
    }
