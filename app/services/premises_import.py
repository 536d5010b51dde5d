"""Taking in a register of premises: read, compare with what is known, store in one transaction."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

from app.access import Right, require
from app.services.database import refuse_demo
from app.services.learnt_columns import NOT_TAKEN, learnt_columns
from app.services.premises_changes import Change, Comparison, compare
from app.services.premises_locating import addresses_to_ask, ground_of, locate_changes
from app.services.premises_missing import Missing, missing_premises
from app.services.premises_storing import store_changes
from app.services.underway import marked
from app.text import render
from data.importers.entries import Problem
from data.importers.matching import Duplicate, find_duplicates
from data.importers.nominatim import OnlineAnswers, ask
from data.importers.persons import masked
from data.importers.register import Register, read_register
from data.importers.registration import Hasher, hasher
from data.repositories import facts, places
from data.repositories.register import open_batch
from data.store import Actor, Store, Work
from geo.crs import LONLAT
from geo.errors import ConflictError, InputError
from geo.messages import Message, msg
from geo.units import covering
from geo.words import LocationQuality

#: Told how much is done, from 0 to 1.
Progress = Callable[[float], None]
_LISTED = 20
_COUNTED = ("given", "house", "street", "ward", "none")


@dataclass(frozen=True)
class PremisesRequest:
    """A register file and how to take it. ``crs``: EPSG code of metres, None for VN-2000 TM-3 105°00'.

    ``left_out``: plain headers of columns that are not taken whatever they seem to be. ``nominatim_url``: the
    server that is asked for addresses not found otherwise; None asks nobody. ``online``: what it said for the
    preview, so that it is not asked again.
    """

    file: Path
    sheet: str | None = None
    column_map: dict[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    dry_run: bool = False
    strict: bool = False
    into_demo: bool = False
    crs: int | None = None
    nominatim_url: str | None = None
    online: OnlineAnswers | None = None


@dataclass(frozen=True)
class Preview:
    """What an import does: the file as read, each premises with its changes, possible duplicates.

    ``outside``: rows whose point lies in no ward. ``missing``: premises that run in the wards of the file and
    that it does not have; they stay as they are. ``online``: what a server said about addresses.
    """

    register: Register
    comparison: Comparison
    duplicates: Sequence[Duplicate]
    outside: Sequence[int]
    missing: Sequence[Missing]
    online: OnlineAnswers = field(default_factory=OnlineAnswers)

    @property
    def changes(self) -> Sequence[Change]:
        """One for each premises of the file."""
        return self.comparison.changes


@marked("import.premises", Right.IMPORT)
def import_premises(
    store: Store, actor: Actor, request: PremisesRequest, progress: Progress | None = None
) -> dict[str, Any]:
    """Take in a register of premises (the command ``import premises``), in one transaction.

    A row that cannot be taken is left out and named. What was done stands in ``register_history.imports``, by
    which it can be taken back. Raises InputError for a file that cannot be taken, with ``strict`` also where
    any row cannot; RuleError in the demonstration without ``into_demo``.
    """
    require(actor, Right.IMPORT)
    key = _identity_key(store, actor, request)
    register = _read(store, actor, request, hasher(key), progress)
    if request.strict and register.problems:
        raise _refused(register)
    online = _ask(store, actor, request, register, progress)
    with store.read(actor) if request.dry_run else store.write(actor) as work:
        preview = _prepare(work, register, online, progress)
        if not request.dry_run:
            _keep_key(work, key)
            file, counts = masked(request.file.name)[:120], _counts(preview)
            store_changes(work, preview.changes, open_batch(work, file, counts))
            work.note("import.premises", file, **counts)
    return _document(preview)


def preview_premises(
    store: Store, actor: Actor, request: PremisesRequest, progress: Progress | None = None
) -> Preview:
    """What ``import_premises`` would do, with everything that a person wants to see before saying yes."""
    require(actor, Right.IMPORT)
    dry = replace(request, dry_run=True)
    register = _read(store, actor, dry, hasher(_identity_key(store, actor, dry)), progress)
    online = _ask(store, actor, dry, register, progress)
    with store.read(actor) as work:
        return _prepare(work, register, online, progress)


def _identity_key(store: Store, actor: Actor, request: PremisesRequest) -> bytes:
    """The key under which this database hashes identity numbers, or a new one that is not stored yet."""
    with store.read(actor) as work:
        if not request.dry_run:
            refuse_demo(work, request.into_demo)
        kept = facts.fact(work, "identity_key")
    return bytes.fromhex(kept["hex"]) if kept else secrets.token_bytes(32)


def _keep_key(work: Work, key: bytes) -> None:
    """Store a new key with the first import. Raises ConflictError when another import was first meanwhile."""
    kept = facts.fact(work, "identity_key")
    if kept is None:
        facts.record_fact(work, "identity_key", {"hex": key.hex()})
    elif bytes.fromhex(kept["hex"]) != key:
        raise ConflictError(
            "changed_meanwhile", msg("Một lượt nhập khác vừa xong trước; hãy nhập lại tệp này.")
        )


def _read(
    store: Store,
    actor: Actor,
    request: PremisesRequest,
    hash_identity: Hasher,
    progress: Progress | None,
) -> Register:
    def told(done: int, rows: int) -> None:
        if progress is not None:
            progress(0.5 * done / max(rows, 1))

    with store.read(actor) as work:
        learnt = learnt_columns(work) | dict.fromkeys(request.left_out, NOT_TAKEN)
    crs = None if request.crs is None else f"EPSG:{request.crs}"
    return read_register(
        request.file,
        hash_identity,
        sheet=request.sheet,
        column_map=request.column_map,
        learnt=learnt,
        crs=crs,
        progress=told,
    )


def _ask(
    store: Store, actor: Actor, request: PremisesRequest, register: Register, progress: Progress | None
) -> OnlineAnswers:
    """What the server says, if one may be asked: between transactions, since it takes minutes."""
    if request.online is not None or not request.nominatim_url:
        return request.online or OnlineAnswers()
    with store.read(actor) as work:
        addresses = addresses_to_ask(work, compare(work, register.entries))
        area = ground_of(places.units_on(work, work.today))

    def told(share: float) -> None:
        if progress is not None:
            progress(0.5 + 0.1 * share)

    return ask(addresses, request.nominatim_url, area, progress=told)


def _prepare(work: Work, register: Register, online: OnlineAnswers, progress: Progress | None) -> Preview:
    tell = progress or (lambda _share: None)
    comparison = compare(work, register.entries)
    tell(0.6)
    locate_changes(work, comparison, online)
    tell(0.8)
    groups = [change.group for change in comparison.changes]
    duplicates = find_duplicates(groups, comparison.known)
    tell(0.95)
    outside = _outside(work, comparison.changes)
    missing = missing_premises(work, comparison.changes)
    return Preview(register, comparison, duplicates, outside, missing, online)


def _outside(work: Work, changes: Sequence[Change]) -> list[int]:
    """Rows whose point lies in no unit of today; none where there are no units at all."""
    units = places.units_on(work, work.today)
    placed = [change for change in changes if change.point is not None]
    if units.empty or not placed:
        return []
    points: list[shapely.Point | None] = [change.point for change in placed]
    units_of = covering(gpd.GeoDataFrame(geometry=points, crs=LONLAT), units)
    return [c.group.entries[0].row for c, unit in zip(placed, units_of, strict=True) if unit is None]


def _refused(register: Register) -> InputError:
    first = register.problems[0]
    return InputError(
        "rejected_rows",
        msg(
            "{n} dòng không nhận được nên cả tệp bị từ chối (--strict). Dòng đầu tiên: {problem}",
            n=len({problem.row for problem in register.problems}),
            problem=first.message,
        ),
        hint=msg("Sửa các dòng đó, hoặc bỏ --strict để nhập những dòng còn lại."),
        file=register.file,
        sheet=register.sheet,
        row=first.row,
        column=first.column,
    )


def _counts(preview: Preview) -> dict[str, int]:
    kinds = Counter(change.kind for change in preview.changes)
    repeated = sum(len(change.group.entries) - 1 for change in preview.changes)
    return {
        "read": preview.register.read,
        "added": kinds["added"],
        "updated": kinds["updated"],
        # A row that repeats another changes nothing.
        "unchanged": kinds["unchanged"] + repeated,
        "rejected": len({problem.row for problem in preview.register.problems}),
    }


def _document(preview: Preview) -> dict[str, Any]:
    register, counts = preview.register, _counts(preview)
    return {
        **{name: counts[name] for name in ("read", "added", "updated", "unchanged")},
        "rejected": [_rejection(problem) for problem in register.problems],
        "dropped_columns": list(register.dropped_columns),
        "duplicates": [
            {"row": d.row, "premises": d.premises, "other_row": d.other_row, "similarity": d.similarity}
            for d in preview.duplicates
        ],
        "located": _located(preview.changes),
        "missing": [{"premises": one.id, "name": one.name} for one in preview.missing],
        "warnings": [render(warning) for warning in (*register.warnings, *_warnings(preview))],
        "sheet": register.sheet,
        "columns": {field.value: header for field, header in register.columns.items()},
    }


def _rejection(problem: Problem) -> dict[str, Any]:
    return {
        "row": problem.row,
        "column": problem.column,
        "value": problem.value,
        "problem": render(problem.message),
        "code": problem.code,
    }


def _located(changes: Sequence[Change]) -> dict[str, int]:
    """How many rows stand where, by quality; points set by hand are counted beside those given."""
    counts: Counter[LocationQuality] = Counter()
    for change in changes:
        counts[change.quality] += len(change.group.entries)
    by_hand = counts[LocationQuality.MANUAL]
    return {name: counts[LocationQuality(name)] for name in _COUNTED} | ({"manual": by_hand} if by_hand else {})


def _warnings(preview: Preview) -> list[Message]:
    by_hand = [change.group.entries[0].row for change in preview.changes if change.kept_by_hand]
    warnings = []
    if preview.outside:
        rows = _rows(preview.outside)
        warnings.append(
            msg("{n} điểm nằm ngoài mọi phường, vẫn giữ: dòng {rows}.", n=len(preview.outside), rows=rows)
        )
    if by_hand:
        warnings.append(
            msg("{n} cơ sở giữ vị trí đã đặt bằng tay: dòng {rows}.", n=len(by_hand), rows=_rows(by_hand))
        )
    return warnings + preview.online.warnings


def _rows(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, sorted(rows)[:_LISTED]))
    return f"{shown}, …" if len(rows) > _LISTED else shown
