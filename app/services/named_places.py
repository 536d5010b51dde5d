"""Finding the premises, hotspot or team that a row of a file names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from sqlalchemy import select

from data.importers.registration import hasher, parse_registration
from data.importers.tables import Cell
from data.repositories.facts import identity_key
from data.repositories.register import kept_ids, undone
from data.store import Work
from data.tables import Hotspot, Premises, Team
from geo.fold import fold
from geo.messages import Message, msg


@dataclass(frozen=True)
class Place:
    """A premises or hotspot that was found, and a point of it."""

    id: str
    point: shapely.Point | None


class PremisesNames:
    """The register by id, registration number, and name with address."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._by_id: dict[str, Place] = {}
        self._by_number: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        self._address: dict[str, str] = {}
        self._kept = kept_ids(work)
        columns = (Premises.id, Premises.name, Premises.address, Premises.geom)
        numbers = (Premises.registration_number, Premises.registration_hash)
        for premises_id, name, address, point, number, hashed in work.session.execute(
            select(*columns, *numbers).where(Premises.id.not_in(undone()))
        ):
            self._by_id[premises_id] = Place(premises_id, point)
            self._by_name[fold(name)].add(premises_id)
            self._address[premises_id] = _plain(address)
            for key in (_bare(number or ""), hashed):
                if key:
                    self._by_number[key].add(premises_id)

    def find(self, refers: Mapping[str, Cell]) -> Place | Message:
        """The one premises that a row means, or why it cannot be told.

        An id decides, then a registration number, then the name, with the address where several bear it.
        """
        given, number = refers.get("premises"), refers.get("registration_number")
        if str(given) in self._by_id:
            return self._by_id[str(given)]
        for cell in (given, number):
            found = self._by_number.get(self._number_key(cell), set())
            if found:
                return self._only(found)
        same = self._by_name.get(fold(str(refers.get("name") or "")), set())
        address = _plain(str(refers.get("address") or ""))
        if len(same) > 1 and address:
            same = {one for one in same if _agree(address, self._address[one])}
        return self._only(same)

    def _number_key(self, cell: Cell) -> str:
        """A registration number as it is compared; of an identity number the hash."""
        registration = parse_registration(cell, self._hashed)
        return registration.hash or _bare(registration.number or "")

    def _hashed(self, identity: str) -> str:
        return hasher(identity_key(self._work))(identity)

    def _only(self, found: set[str]) -> Place | Message:
        if len({self._kept.get(one, one) for one in found}) == 1:
            # Under the old name of a merged premises its rows are known again; they are told of the kept one.
            return self._by_id[min(found, key=lambda one: (one not in self._kept, one))]
        if found:
            return msg("có {n} cơ sở như vậy; ghi mã cơ sở hoặc địa chỉ", n=len(found))
        return msg("không có cơ sở này trong danh sách")


class HotspotNames:
    """Hotspots by id and by name."""

    def __init__(self, work: Work) -> None:
        self._places: dict[str, Place] = {}
        self._ids: dict[str, set[str]] = defaultdict(set)
        # One that was split holds no more: its parts are named.
        rows = select(Hotspot.id, Hotspot.name, Hotspot.geom).where(Hotspot.ended_on.is_(None))
        for hotspot_id, name, shape in work.session.execute(rows):
            self._places[hotspot_id] = Place(hotspot_id, shapely.point_on_surface(shape))
            self._ids[hotspot_id].add(hotspot_id)
            self._ids[fold(name)].add(hotspot_id)

    def find(self, text: str) -> Place | Message:
        """The one hotspot called so, or why it cannot be told."""
        found = _one(
            self._ids.get(text) or self._ids.get(fold(text)) or set(), msg("không có điểm phức tạp này")
        )
        return found if isinstance(found, Message) else self._places[found]


class TeamNames:
    """Teams by id and by name."""

    def __init__(self, work: Work) -> None:
        self._ids: dict[str, set[str]] = defaultdict(set)
        for team_id, name in work.session.execute(select(Team.id, Team.name)):
            self._ids[team_id].add(team_id)
            self._ids[fold(name)].add(team_id)

    def find(self, text: str) -> str | Message:
        """The id of the one team called so, or why it cannot be told."""
        return _one(self._ids.get(text) or self._ids.get(fold(text)) or set(), msg("không có đội này"))


def _one(found: set[str], none: Message) -> str | Message:
    if len(found) > 1:
        return msg("có {n} mục cùng tên; ghi mã", n=len(found))
    return next(iter(found)) if found else none


def _bare(number: str) -> str:
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def _plain(address: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(address)))


def _agree(one: str, other: str) -> bool:
    """Whether two addresses say the same, one of them perhaps with less behind it."""
    shorter, longer = sorted((one.split(), other.split()), key=len)
    return bool(shorter) and longer[: len(shorter)] == shorter
