"""Bringing a district in from OpenStreetMap: wards, streets, and places that a person then judges."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd
from sqlalchemy import or_, select, update

from app.access import Right, require
from app.services.database import refuse_demo
from app.services.free_text import about_places
from app.services.imports import WardsRequest, import_roads, import_wards
from app.text import render
from data.importers import osm_elements
from data.importers.matching import content_key
from data.importers.overpass import ATTRIBUTION, PUBLIC_URL, Answer, fetch
from data.near import points_within
from data.repositories import candidates as repository
from data.repositories import places
from data.repositories.candidates import CONFIRMED, DISMISSED, NEW
from data.repositories.register import record_new
from data.search_key import premises_key
from data.store import Actor, Store, Work
from data.tables import Premises, PremisesCandidate, Street
from geo.crs import METRIC
from geo.errors import ConflictError, InputError
from geo.fold import fold
from geo.messages import Message, msg
from geo.words import LocationQuality, PremisesType

#: The day on which the wards of today began (Resolution 1656/NQ-UBTVQH15): the map knows no older ones.
TODAYS_WARDS = date(2025, 7, 1)
#: What the register says of a premises that it has from the map.
BASIS = "OpenStreetMap"
#: A premises nearer than this may be the candidate under another name.
NEAR_M = 60.0


def import_osm(
    store: Store,
    actor: Actor,
    area: str,
    *,
    cache: Path,
    url: str = PUBLIC_URL,
    valid_from: date = TODAYS_WARDS,
    refresh: bool = False,
    replace: bool = False,
    into_demo: bool = False,
) -> dict[str, Any]:
    """Take in wards, streets and places of an area (the command ``import osm``), all in one transaction.

    Wards and streets go the way of ``import wards`` and ``import roads``. Where others than the map's stand
    already they stay, unless ``replace``. Places become candidates; the register is left alone. ``cache`` is
    the folder in which answers are kept until ``refresh``.

    Raises InputError for an area that the map does not know, SurroundingsError when the server cannot answer,
    RuleError in the demonstration without ``into_demo``.
    """
    require(actor, Right.IMPORT)
    with store.read(actor) as work:
        refuse_demo(work, into_demo)
    answer = fetch(area, url=url, cache=cache, refresh=refresh)
    with store.write(actor) as work, TemporaryDirectory() as folder:
        taking = _Taking(work, Path(folder), valid_from, replace)
        told = {**taking.wards(answer), **taking.streets(answer)}
        found = osm_elements.places(answer.elements)
        added, changed = repository.record_found(work, found)
        work.note(
            "import.osm",
            ", ".join(answer.areas)[:120],
            units=told["units"],
            streets=told["streets"],
            candidates=added,
        )
    return {
        "areas": list(answer.areas),
        **told,
        "candidates": added,
        "candidates_changed": changed,
        "places": len(found),
        "warnings": [*told["warnings"], *map(render, taking.said)],
        "attribution": ATTRIBUTION,
        "data_of": answer.data_of,
        "from_cache": answer.kept,
    }


@dataclass(frozen=True)
class _Joined(Store):
    """A store whose only unit of work is the one already open: several use cases, one transaction."""

    work: Work

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Work]:
        yield self.work

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Work]:
        yield self.work


class _Taking:
    """Hands the map's wards and streets, written as files, to the use cases that take such files in."""

    def __init__(self, work: Work, folder: Path, valid_from: date, replace: bool) -> None:
        self._work, self._folder, self._valid_from, self._replace = work, folder, valid_from, replace
        self._store = _Joined(work.session.get_bind().engine, work)
        self.said: list[Message] = []

    def wards(self, answer: Answer) -> dict[str, Any]:
        """Import the wards. Gives what ``import wards`` gives."""
        frame, unclosed = osm_elements.wards(answer.elements)
        rejected = [{**one, "problem": render(one["problem"])} for one in unclosed]
        empty = {"units": 0, "repairs": [], "rejected": rejected, "orphaned": [], "warnings": []}
        if frame.empty:
            self.said.append(msg("Bản đồ không có địa giới phường nào trong địa bàn này."))
            return empty
        if not self._replace and self._has_own_wards():
            self.said.append(msg("Đã có địa giới từ nguồn khác nên giữ nguyên; thêm --replace để thay."))
            return empty
        file = self._file(frame, "wards")
        request = WardsRequest(file, valid_from=self._valid_from, source=ATTRIBUTION)
        done = import_wards(self._store, self._work.actor, request)
        return {**done, "rejected": [*rejected, *done["rejected"]]}

    def streets(self, answer: Answer) -> dict[str, Any]:
        """Import the streets. ``streets`` is how many pieces, ``roads`` what ``import roads`` gives."""
        frame = osm_elements.streets(answer.elements)
        if frame.empty:
            self.said.append(msg("Bản đồ không có đường nào trong địa bàn này."))
            return {"streets": 0, "roads": None}
        session = self._work.session
        others = select(Street.id).where(or_(Street.source.is_(None), Street.source != ATTRIBUTION))
        if not self._replace and session.scalars(others.limit(1)).first() is not None:
            self.said.append(msg("Đã có mạng đường từ nguồn khác nên giữ nguyên; thêm --replace để thay."))
            return {"streets": 0, "roads": None}
        done = import_roads(self._store, self._work.actor, self._file(frame, "streets"))
        session.execute(update(Street).values(source=ATTRIBUTION))
        return {"streets": len(session.scalars(select(Street.id)).all()), "roads": done}

    def _has_own_wards(self) -> bool:
        """Whether surveyed wards of another source are on record for that day."""
        known = places.units_on(self._work, self._valid_from)
        return bool((~known["schematic"].astype(bool) & (known["source"] != ATTRIBUTION)).any())

    def _file(self, frame: gpd.GeoDataFrame, name: str) -> Path:
        file = self._folder / f"{name}.geojson"
        frame.to_file(file, driver="GeoJSON")
        return file


def candidates(store: Store, actor: Actor) -> gpd.GeoDataFrame:
    """Places from the map with their state, and beside each the nearest premises within ``NEAR_M``.

    Columns of the table, ``near_name`` and ``near_m``; inside the actor's scope.
    """
    require(actor, Right.EDIT_PLACES)
    with store.read(actor) as work:
        found = repository.candidates(work)
        register = places.premises_on(work, work.today)
    return _with_nearest(found, register)


def _with_nearest(found: gpd.GeoDataFrame, register: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    placed = register.loc[register.geometry.notna(), ["name", "geometry"]].rename(columns={"name": "near_name"})
    nearest = gpd.sjoin_nearest(
        found[["id", "geometry"]].to_crs(METRIC),
        placed.to_crs(METRIC),
        max_distance=NEAR_M,
        distance_col="near_m",
    )
    nearest = pd.DataFrame(nearest).drop_duplicates("id")[["id", "near_name", "near_m"]]
    return found.merge(nearest, on="id", how="left")


def confirm(
    store: Store, actor: Actor, candidate_id: str, *, version: int, type: PremisesType | None = None
) -> str:
    """Add a candidate to the register, as ``type`` where the map has another, and give the premises' id.

    It stands there without a number, on the basis of the map, until its papers are known. Raises InputError
    where a premises of that name stands there already, ConflictError where somebody else has decided.
    """
    require(actor, Right.EDIT_PLACES)
    with store.write(actor) as work:
        candidate = _undecided(work, candidate_id, version)
        _refuse_known(work, candidate)
        premises = Premises(
            name=candidate.name,
            folded=premises_key(candidate.name, candidate.address),
            type=(type or PremisesType(candidate.type)).value,
            address=candidate.address,
            geom=candidate.geom,
            location_quality=LocationQuality.GIVEN.value,
            unregistered_basis=BASIS,
            content_key=content_key(candidate.name, candidate.address),
        )
        work.session.add(premises)
        record_new(work, premises, why=BASIS)
        candidate.premises_id = premises.id
        _decide(work, candidate, CONFIRMED)
        work.note("candidate.confirm", candidate.osm_id, premises=premises.id)
        return premises.id


def dismiss(store: Store, actor: Actor, candidate_id: str, reason: str, *, version: int) -> None:
    """Lay a candidate aside for good; the map may bring it again, the decision stays.

    Raises RuleError when the reason speaks of a person, ConflictError where somebody else has decided.
    """
    require(actor, Right.EDIT_PLACES)
    why = about_places(reason)
    if not why:
        raise InputError("no_reason", msg("Cần ghi lý do."))
    with store.write(actor) as work:
        candidate = _undecided(work, candidate_id, version)
        candidate.reason = why[:400]
        _decide(work, candidate, DISMISSED)
        work.note("candidate.dismiss", candidate.osm_id)


def _undecided(work: Work, candidate_id: str, version: int) -> PremisesCandidate:
    candidate = repository.candidate_by_id(work, candidate_id)
    if candidate is None:
        raise InputError("unknown_candidate", msg("Không có địa điểm {id}.", id=candidate_id))
    if candidate.state != NEW or candidate.version != version:
        raise ConflictError(
            "changed_meanwhile",
            msg("Địa điểm này đã được xử lý hoặc cập nhật trước bạn."),
            hint=msg("Tải lại trang để xem kết quả."),
        )
    return candidate


def _refuse_known(work: Work, candidate: PremisesCandidate) -> None:
    point = candidate.geom
    near = points_within(work.session, Premises, point.x, point.y, NEAR_M)
    known = work.session.scalars(select(Premises).where(Premises.id.in_(near)))
    if any(fold(one.name) == fold(candidate.name) for one in known):
        raise InputError(
            "already_known",
            msg("Trong danh sách đã có “{name}” ngay tại đó.", name=candidate.name),
            hint=msg("Bỏ qua địa điểm này, lý do: đã có trong danh sách."),
        )


def _decide(work: Work, candidate: PremisesCandidate, state: str) -> None:
    candidate.state = state
    candidate.decided_by = work.actor.name
    candidate.decided_at = work.now
