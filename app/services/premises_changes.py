"""What a register file changes: each premises of the file beside what is known of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
from sqlalchemy import select

from app.services.premises_merged import SAME_POINT, under_kept
from data.importers.entries import Entry, Paper
from data.importers.matching import Group, Known, match_entries
from data.repositories import register as history
from data.repositories.frames import columns, current
from data.store import Work
from data.tables import Licence, Premises, PremisesStatusChange, new_id
from geo.words import LocationQuality, PremisesStatus

#: Ids asked for at once; SQLite takes about 32,000.
_ASKED = 5_000
#: Places found from an address are looked for again when the address changes; what a person gave stays.
_FOUND = frozenset({LocationQuality.NONE, LocationQuality.WARD, LocationQuality.STREET, LocationQuality.HOUSE})
_SURE = frozenset({LocationQuality.GIVEN.value, LocationQuality.MANUAL.value})


@dataclass
class Change:
    """A premises of the file: its columns that are new, by name, beside the old ones (``old`` is None if new).

    ``point`` and ``quality`` are where it stands after the import; ``to_locate``: the address still has to be
    looked up. ``kept_by_hand``: the file has other coordinates than those a person set, which stay.
    """

    group: Group
    id: str
    old: Mapping[str, Any] | None
    values: dict[str, Any]
    point: shapely.Point | None
    quality: LocationQuality
    to_locate: bool = False
    kept_by_hand: bool = False
    new_papers: list[dict[str, Any]] = field(default_factory=list)
    changed_papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    old_papers: dict[str, dict[str, Any]] = field(default_factory=dict)
    status: dict[str, Any] | None = None

    @property
    def kind(self) -> str:
        """``added``, ``updated`` or ``unchanged``."""
        if self.old is None:
            return "added"
        changed = self.values or self.new_papers or self.changed_papers or self.status
        return "updated" if changed else "unchanged"

    def locate(self, point: shapely.Point | None, quality: LocationQuality) -> None:
        """Take the place that was found for the address."""
        self.to_locate = False
        if self.old is not None and point is None and self.point is None:
            return
        self.point, self.quality = point, quality
        self.values |= {"geom": point, "location_quality": quality.value}


@dataclass(frozen=True)
class Comparison:
    """All premises of a file, and the register as far as it was needed to tell them.

    ``known`` is without those that were merged into others. ``sure_points``: addresses of the register whose
    point a person gave.
    """

    changes: Sequence[Change]
    known: Sequence[Known]
    sure_points: Sequence[tuple[str, shapely.Point]]


def compare(work: Work, entries: Sequence[Entry]) -> Comparison:
    """Tell new premises from known ones, and what would change in those."""
    wanted = [*columns(Premises), Premises.__table__.c.content_key]
    rows = work.session.execute(select(*wanted).order_by(Premises.id)).mappings()
    register: dict[str, Mapping[str, Any]] = {row["id"]: dict(row) for row in rows}
    # One that was merged into another is still known by what it was called; one that was undone is not.
    merged = history.kept_ids(work)
    for gone in work.session.scalars(history.undone()):
        del register[gone]
    ids = set(register)
    known = [
        Known(
            row["id"],
            row["name"],
            row["address"],
            row["registration_number"],
            row["registration_hash"],
            row["content_key"],
        )
        for row in register.values()
    ]
    groups = match_entries(entries, known)
    found = {group.known for group in groups if group.known is not None}
    found |= {merged[one] for one in found if one in merged}
    papers, states = _papers(work, sorted(found)), _states(work, sorted(found))
    statuses = {one: _last_status(work, states.get(one, ())) for one in found}
    changes = []
    for group in under_kept(groups, merged, register, statuses):
        change = _change(work, group, register.get(group.known or ""), ids)
        _add_papers(change, papers.get(change.id, []))
        _add_status(work, change, states.get(change.id, []))
        changes.append(change)
    sure = [
        (r["address"], r["geom"]) for r in register.values() if r["location_quality"] in _SURE and r["geom"]
    ]
    return Comparison(changes, [one for one in known if one.id not in merged], sure)


def chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    """Ids in parts that one statement can ask for."""
    return (ids[start : start + _ASKED] for start in range(0, len(ids), _ASKED))


def _change(work: Work, group: Group, old: Mapping[str, Any] | None, ids: set[str]) -> Change:
    said = _said(work, group.entries, old)
    given = next((entry.id for entry in group.entries if entry.id and entry.id not in ids), None)
    identity = old["id"] if old is not None else given or new_id()
    ids.add(identity)
    values = {name: value for name, value in said.items() if old is None or old[name] != value}
    point = next((entry.point for entry in reversed(group.entries) if entry.point is not None), None)
    change = Change(group, identity, old, values, None, LocationQuality.NONE)
    _place(change, None if point is None else shapely.Point(point))
    return change


def _said(work: Work, entries: Sequence[Entry], old: Mapping[str, Any] | None) -> dict[str, Any]:
    """Columns of the register that the rows of one premises speak of; a later row has the last word."""
    said: dict[str, Any] = {}
    for entry in entries:
        said |= {
            name: value
            for name, value in (
                ("name", entry.name),
                ("type", entry.type.value),
                ("address", entry.address or (None if old else "")),
                ("registration_number", entry.registration.number),
                ("registration_hash", entry.registration.hash),
                ("rooms", entry.rooms),
                ("workers", entry.workers),
                ("opened_on", entry.opened_on),
                ("commitment_on", _commitment(work, entry, old)),
                ("complex_grounds", entry.complex_grounds),
                ("unregistered_basis", entry.unregistered_basis),
            )
            if value is not None
        }
    return said


def _commitment(work: Work, entry: Entry, old: Mapping[str, Any] | None) -> date | None:
    """The day of the commitment; of one signed on a day that nobody wrote down, the day we heard of it."""
    if entry.commitment_on is not None or not entry.committed:
        return entry.commitment_on
    return None if old is not None and old["commitment_on"] is not None else work.today


def _place(change: Change, given: shapely.Point | None) -> None:
    """Where the premises stands: coordinates of the file, unless a person set others by hand; else as known."""
    old = change.old
    if old is not None:
        change.point, change.quality = old["geom"], LocationQuality(old["location_quality"])
    if given is None:
        readdressed = "address" in change.values and change.quality in _FOUND
        change.to_locate = old is None or change.point is None or readdressed
    elif change.point is None or not change.point.equals_exact(given, SAME_POINT):
        if change.quality is LocationQuality.MANUAL:
            change.kept_by_hand = True
            return
        change.point, change.quality = given, LocationQuality.GIVEN
        change.values |= {"geom": given, "location_quality": LocationQuality.GIVEN.value}


def _papers(work: Work, ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    by_premises: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for chunk in chunks(ids):
        chosen = select(*columns(Licence)).where(Licence.premises_id.in_(chunk)).order_by(Licence.id)
        for row in work.session.execute(chosen):
            by_premises[row.premises_id].append(dict(row._mapping))
    return by_premises


def _add_papers(change: Change, known: list[dict[str, Any]]) -> None:
    """Papers that are new, and fields of known ones that are. A withdrawn paper is not the one in the file."""
    for paper in _merged_papers(change.group.entries):
        said = {
            name: value
            for name, value in (
                ("number", paper.number),
                ("issued_on", paper.issued_on),
                ("term_until", paper.term_until),
            )
            if value is not None
        }
        same = next((one for one in known if _is_same(one, paper)), None)
        if same is None:
            empty = {"number": None, "issued_on": None, "term_until": None}
            row = {"id": new_id(), "premises_id": change.id, "kind": paper.kind.value}
            change.new_papers.append({**empty, **said, **row})
        else:
            new = {name: value for name, value in said.items() if same[name] != value}
            if new:
                change.changed_papers[same["id"]] = new
                change.old_papers[same["id"]] = {name: same[name] for name in ("kind", *new)}


def _merged_papers(entries: Sequence[Entry]) -> list[Paper]:
    """The papers of rows that are one premises, each once."""
    return list(dict.fromkeys(paper for entry in entries for paper in entry.papers))


def _is_same(known: Mapping[str, Any], paper: Paper) -> bool:
    if known["kind"] != paper.kind.value or known["withdrawn_on"] is not None:
        return False
    number: str | None = known["number"]
    return number is None or paper.number is None or number == paper.number


def _states(work: Work, ids: Sequence[str]) -> dict[str, list[tuple[date, str]]]:
    """Day and status of every change of the premises, oldest first."""
    by_premises: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for chunk in chunks(ids):
        chosen = current(PremisesStatusChange).where(PremisesStatusChange.premises_id.in_(chunk))
        for row in work.session.execute(chosen):
            by_premises[row.premises_id].append((row.on_date, row.status))
    for states in by_premises.values():
        states.sort(key=lambda state: state[0])
    return by_premises


def _add_status(work: Work, change: Change, known: list[tuple[date, str]]) -> None:
    """A change of status that the file speaks of and the register does not know."""
    entry = next((e for e in reversed(change.group.entries) if e.status is not None), None)
    if entry is None or entry.status is None:
        return
    last = _last_status(work, known)
    if entry.status_on is None:
        new = entry.status.value != last
    else:
        new = (entry.status_on, entry.status.value) not in known
    if new:
        change.status = {
            "premises_id": change.id,
            "status": entry.status.value,
            "on_date": entry.status_on or work.today,
        }


def _last_status(work: Work, known: Sequence[tuple[date, str]]) -> str:
    return next((status for day, status in reversed(known) if day <= work.today), PremisesStatus.ACTIVE.value)
