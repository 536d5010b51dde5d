"""Rows of a register file that still speak of a premises by the name it had before it was merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import shapely

from data.importers.entries import Entry
from data.importers.likeness import folded
from data.importers.matching import Group
from data.importers.registration import NO_REGISTRATION, Registration

#: Coordinates nearer than this (degrees, about 15 cm) are the same point written with fewer decimals.
SAME_POINT = 1.5e-6


def under_kept(
    groups: Sequence[Group],
    merged: Mapping[str, str],
    register: Mapping[str, Mapping[str, Any]],
    statuses: Mapping[str, str],
) -> list[Group]:
    """The groups with rows of merged premises as rows of the one that was kept, whose own rows come last and
    so have the last word.

    ``merged``: the premises that was kept for each that was merged; ``register``: rows of both by id;
    ``statuses``: the status of today of each premises that a group is.
    """
    old_names: dict[str, list[Entry]] = {}
    own: list[Group] = []
    for group in groups:
        kept = merged.get(group.known or "")
        if group.known is None or kept is None:
            own.append(group)
            continue
        dropped = {**register[group.known], "status": statuses[group.known]}
        old_names.setdefault(kept, []).extend(_news(entry, dropped, register[kept]) for entry in group.entries)
    joined = [replace(one, entries=(*old_names.pop(one.known or "", ()), *one.entries)) for one in own]
    return [*joined, *(Group(tuple(entries), kept) for kept, entries in old_names.items())]


def _news(entry: Entry, dropped: Mapping[str, Any], kept: Mapping[str, Any]) -> Entry:
    """What a row under the old name says that was not known there. The rest was judged when the two were
    merged; it is not to come back with every file."""
    registration = Registration(dropped["registration_number"], dropped["registration_hash"])
    point = None if entry.point is None else shapely.Point(entry.point)
    stood_there = point is not None and dropped["geom"] is not None
    same_point = stood_there and dropped["geom"].equals_exact(point, SAME_POINT)
    same_status = entry.status is not None and entry.status.value == dropped["status"]

    def news(name: str) -> Any:
        value = getattr(entry, name)
        return None if value == dropped[name] else value

    return replace(
        entry,
        name=kept["name"] if folded(entry.name) == folded(dropped["name"]) else entry.name,
        address="" if folded(entry.address) == folded(dropped["address"]) else entry.address,
        type=type(entry.type)(kept["type"]) if entry.type == dropped["type"] else entry.type,
        registration=NO_REGISTRATION if entry.registration == registration else entry.registration,
        point=None if same_point else entry.point,
        status=None if same_status else entry.status,
        status_on=None if same_status else entry.status_on,
        rooms=news("rooms"),
        workers=news("workers"),
        opened_on=news("opened_on"),
        commitment_on=news("commitment_on"),
        committed=entry.committed and dropped["commitment_on"] is None,
        complex_grounds=news("complex_grounds"),
        unregistered_basis=news("unregistered_basis"),
    )
