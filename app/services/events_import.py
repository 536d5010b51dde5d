"""Taking in hotspots, signals, inspections and patrols from files: one transaction, no row twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import select

from app.access import Right, require
from app.services.database import refuse_demo
from app.services.free_text import file_label
from app.services.named_places import HotspotNames, PremisesNames, TeamNames
from app.services.signal_desk import only_the_ward, rules
from app.services.underway import marked
from app.text import render
from data.importers.event_rows import Cells, content_key
from data.importers.events import EventRow, read_inspections, read_patrols, read_signals
from data.importers.hotspots_file import HotspotRow, read_hotspots
from data.repositories import places
from data.repositories.frames import add_rows
from data.store import Actor, Store, Work
from data.tables import Finding, Hotspot, HotspotTransition, Inspection, Patrol, Signal, new_id
from geo.errors import InputError
from geo.messages import Message, msg
from geo.signal_rules import usual_kind
from geo.words import SignalState

#: Values asked for at once; SQLite takes about 32,000.
_ASKED = 5_000
_WHY = "nhập từ tệp"


@dataclass
class _Kept:
    """What one import stores: rows by table, how many rows of the file they are, and what was left out."""

    added: int = 0
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    rejected: list[dict[str, Any]] = field(default_factory=list)

    def put(self, table: Any, row: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).append(row)

    def leave_out(self, cells: Cells, column: str, problem: Message) -> None:
        cells.reject(column, problem)
        self.rejected.append(cells.problems[-1])


@dataclass(frozen=True)
class _Placed:
    """A row whose references are found: ``key`` knows it again, ``columns`` go into the table as well."""

    row: EventRow
    key: str
    columns: dict[str, Any]


@marked("import.events", Right.IMPORT)
def import_events(
    store: Store,
    actor: Actor,
    kind: str,
    file: Path,
    *,
    into_demo: bool = False,
    as_of: date | None = None,
) -> dict[str, Any]:
    """Take in a file of ``hotspots``, ``signals``, ``inspections`` or ``patrols`` (commands ``import ...``).

    A row that cannot be taken is left out and named; the others are one transaction. A row known by its id,
    or without one by its content, is not added again. Dates later than both today and ``as_of`` are in the
    future. Gives ``{read, added, rejected: [{row, column, value, problem}]}``.
    """
    require(actor, Right.IMPORT)
    if kind not in _KINDS:
        raise InputError(
            "unknown_kind",
            msg("Không có loại dữ liệu “{kind}”.", kind=kind),
            hint=msg("Các loại nhập được: {kinds}.", kinds=", ".join(_KINDS)),
        )
    with store.read(actor) as work:
        refuse_demo(work, into_demo)
        latest = max(work.today, as_of or work.today)
    label = file_label(file.name)
    read, keep = _KINDS[kind]
    found = read(file, latest)
    kept = _Kept(rejected=list(found.rejected))
    with store.write(actor) as work:
        keep(work, found.rows, kept)
        for table, rows in kept.rows.items():
            add_rows(work, table, rows)
        work.note(f"import.{kind}", label, read=found.read, added=kept.added)
    rejected = [{**entry, "problem": render(entry["problem"])} for entry in kept.rejected]
    return {"read": found.read, "added": kept.added, "rejected": sorted(rejected, key=lambda r: r["row"])}


def _keep_signals(work: Work, rows: list[EventRow], kept: _Kept) -> None:
    premises = PremisesNames(work)
    placed = []
    for row in rows:
        columns: dict[str, Any] = {"premises_id": None, "geom": row.point}
        if any(row.refers.values()):
            place = premises.find(row.refers)
            if isinstance(place, Message):
                kept.leave_out(row.cells, "premises", place)
                continue
            columns = {"premises_id": place.id, "geom": place.point if row.point is None else row.point}
        key = content_key("signals", _known_by(row, columns["premises_id"]))
        placed.append(_Placed(row, key, {**columns, **_before_the_law(work, row.values, columns["geom"])}))
    for one, event_id, new in _told_apart(work, Signal, placed, kept):
        if new:
            kept.put(Signal, _event(work, one, event_id))
            kept.added += 1


def _known_by(row: EventRow, premises_id: str | None) -> dict[str, Any]:
    """What a row is known again by; of what the police have its numbers alone: the few places and words that it
    could have had would be tried one by one."""
    numbers = {name: row.content.get(name) for name in ("receipt_number", "number")}
    if row.values["state"] is SignalState.HANDED_OVER and any(numbers.values()):
        return {**numbers, "date": row.content["date"]}
    return {**row.content, **_left_to_the_law(row), "premises": premises_id}


def _left_to_the_law(row: EventRow) -> dict[str, Any]:
    """Kind and deadline as nothing where they are what the law gives: a file that was exported names them."""
    said = row.values
    usual = usual_kind(said["source"])
    kind = said["kind"] or usual
    left: dict[str, Any] = {}
    if kind is usual:
        left["kind"] = None
    if said["due_on"] in (None, rules().due_on(kind, said["on_date"])):
        left["due"] = None
    return left


def _before_the_law(work: Work, said: dict[str, Any], point: shapely.Point | None) -> dict[str, Any]:
    """Kind and deadline where the file has none; of what the police have nothing but its ward."""
    kind = said["kind"] or usual_kind(said["source"])
    columns = {"kind": kind, "due_on": said["due_on"] or rules().due_on(kind, said["on_date"])}
    if rules().police(kind) or said["state"] is SignalState.HANDED_OVER:
        columns |= only_the_ward(work, point)
    return columns


def _keep_patrols(work: Work, rows: list[EventRow], kept: _Kept) -> None:
    hotspots = HotspotNames(work)
    placed = []
    for row in rows:
        found = hotspots.find(str(row.refers["hotspot"]))
        if isinstance(found, Message):
            kept.leave_out(row.cells, "hotspot", found)
            continue
        key = content_key("patrols", {**row.content, "hotspot": found.id})
        # Without a place of its own a patrol is seen by those who see the hotspot.
        point = found.point if row.point is None else row.point
        placed.append(_Placed(row, key, {"hotspot_id": found.id, "geom": point}))
    for one, event_id, new in _told_apart(work, Patrol, placed, kept):
        if new:
            kept.put(Patrol, _event(work, one, event_id))
            kept.added += 1


def _keep_inspections(work: Work, rows: list[EventRow], kept: _Kept) -> None:
    """Inspections, and their findings under an id made from what they say, so that none comes in twice."""
    premises, teams = PremisesNames(work), TeamNames(work)
    placed = [one for row in rows if (one := _placed_inspection(row, premises, teams, kept)) is not None]
    told = list(_told_apart(work, Inspection, placed, kept))
    finding_ids = {id(one): _finding_id(event_id, one.row.finding) for one, event_id, _ in told}
    known = {found for found, _ in _stored(work, Finding.id, Finding.id, [*finding_ids.values()])}
    for one, event_id, new in told:
        finding_id = finding_ids[id(one)]
        found = one.row.finding is not None and finding_id not in known
        if new:
            kept.put(Inspection, _event(work, one, event_id))
        if found:
            known.add(finding_id)
            finding = {
                **work.event(_WHY),
                **(one.row.finding or {}),
                "id": finding_id,
                "inspection_id": event_id,
            }
            kept.put(Finding, finding)
        kept.added += new or found


def _placed_inspection(row: EventRow, premises: PremisesNames, teams: TeamNames, kept: _Kept) -> _Placed | None:
    place = premises.find(row.refers)
    if isinstance(place, Message):
        column = next(k for k in ("premises", "registration_number", "name") if row.refers[k])
        kept.leave_out(row.cells, column, place)
        return None
    team = teams.find(str(row.refers["team"])) if row.refers["team"] else None
    if isinstance(team, Message):
        kept.leave_out(row.cells, "team", team)
        return None
    key = content_key("inspections", {**row.content, "premises": place.id, "team": team})
    return _Placed(row, key, {"premises_id": place.id, "team_id": team, "geom": place.point})


def _finding_id(inspection_id: str, finding: dict[str, Any] | None) -> str:
    said = [f"{key}={value}" for key, value in sorted((finding or {}).items())]
    return hashlib.sha256("\n".join([inspection_id, *said]).encode()).hexdigest()[:32]


def _keep_hotspots(work: Work, rows: list[HotspotRow], kept: _Kept) -> None:
    ids = [row.hotspot_id or row.key[:32] for row in rows]
    known = {found for found, _ in _stored(work, Hotspot.id, Hotspot.id, ids)}
    transitions = places.transitions_until(work, date.max)
    states = dict(zip(transitions["hotspot_id"], transitions["state"], strict=True))
    for row, hotspot_id in zip(rows, ids, strict=True):
        if hotspot_id in known:
            if states.get(hotspot_id) != row.steps[-1].state:
                kept.leave_out(
                    row.cells,
                    "state",
                    msg("điểm này đã có với trạng thái khác; đổi trạng thái trên trang Điểm phức tạp"),
                )
            continue
        known.add(hotspot_id)
        states[hotspot_id] = row.steps[-1].state.value
        kept.put(Hotspot, {**row.values, "id": hotspot_id, "version": 1})
        for step in row.steps:
            kept.put(
                HotspotTransition,
                {
                    **work.event(_WHY),
                    "hotspot_id": hotspot_id,
                    "state": step.state.value,
                    "on_date": step.on_date,
                    "reason": _WHY,
                    "document": step.document,
                },
            )
        kept.added += 1


def _event(work: Work, placed: _Placed, event_id: str) -> dict[str, Any]:
    return {
        **work.event(_WHY),
        **placed.row.values,
        **placed.columns,
        "id": event_id,
        "content_key": placed.key,
    }


def _told_apart(
    work: Work, table: Any, placed: list[_Placed], kept: _Kept
) -> Iterator[tuple[_Placed, str, bool]]:
    """Each row with its id and whether it is new: by id where it has one, else by what it says."""
    given = [one.row.event_id for one in placed if one.row.event_id]
    keys = dict(_stored(work, table.id, table.content_key, given))
    ids = {
        key: event_id
        for event_id, key in _stored(work, table.id, table.content_key, [o.key for o in placed], True)
    }
    for one in placed:
        event_id = one.row.event_id
        if event_id in keys:
            if keys[event_id] in (None, one.key):
                yield one, event_id, False
            else:
                problem = msg("mã này đã có với nội dung khác; bản ghi cũ được giữ nguyên")
                kept.leave_out(one.row.cells, "id", problem)
            continue
        new = event_id is not None or one.key not in ids
        event_id = event_id or ids.get(one.key) or new_id()
        if new:
            keys[event_id] = one.key
            ids.setdefault(one.key, event_id)
        yield one, event_id, new


def _stored(
    work: Work, id_column: Any, key_column: Any, values: list[str], by_key: bool = False
) -> Iterator[tuple[str, str | None]]:
    """Ids and keys on record among ``values``, in any revision: what was voided does not come back."""
    asked = key_column if by_key else id_column
    for start in range(0, len(values), _ASKED):
        few = values[start : start + _ASKED]
        yield from work.whole.session.execute(select(id_column, key_column).where(asked.in_(few))).all()


_KINDS: dict[str, tuple[Callable[[Path, date], Any], Callable[[Work, list[Any], _Kept], None]]] = {
    "hotspots": (read_hotspots, _keep_hotspots),
    "signals": (read_signals, _keep_signals),
    "inspections": (read_inspections, _keep_inspections),
    "patrols": (read_patrols, _keep_patrols),
}
