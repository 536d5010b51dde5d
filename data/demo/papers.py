"""Licences of the demonstration's premises: mostly in force and without term, some missing or taken away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from data.demo.premises import Business
from data.demo.rows import Clock, generator, stable_id
from geo.words import LicenceKind, PremisesType

_T, _K = PremisesType, LicenceKind
#: Which papers a type has as a rule.
PAPERS = {
    _T.KARAOKE: (_K.BUSINESS, _K.SECURITY, _K.KARAOKE, _K.FIRE),
    _T.MASSAGE: (_K.BUSINESS, _K.SECURITY, _K.FIRE),
    _T.HOTEL: (_K.BUSINESS, _K.SECURITY, _K.FIRE),
    _T.GUESTHOUSE: (_K.BUSINESS, _K.SECURITY, _K.FIRE),
    _T.BAR: (_K.BUSINESS, _K.FIRE),
    _T.CAFE: (_K.BUSINESS,),
    _T.RENTED_ROOMS: (_K.BUSINESS,),
}
_LETTERS = {_K.SECURITY: "ANTT", _K.KARAOKE: "KRO", _K.FIRE: "PCCC"}
#: Chance that a paper is missing, for a premises of usual risk.
_MISSING = {_K.BUSINESS: 0.0, _K.SECURITY: 0.04, _K.KARAOKE: 0.05, _K.FIRE: 0.09}


def licence_rows(clock: Clock, businesses: Sequence[Business]) -> list[dict[str, Any]]:
    """Rows of ``licences``."""
    rng = generator(clock.seed, "papers")
    return [row for one in businesses for row in _papers(clock, one, rng)]


def _papers(clock: Clock, one: Business, rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    if one.row["registration_number"] is None:
        return
    for kind in PAPERS[one.kind]:
        if rng.random() < _MISSING[kind] * np.exp(0.7 * one.risk):
            continue
        issued = min(one.opened_on + timedelta(days=int(rng.integers(-40, 60))), clock.last)
        row = licence(clock, one, kind, issued)
        # Drawn apart, so that what else is drawn stays the same.
        stated = _particulars(clock, one, kind, generator(clock.seed, f"stated-{one.id}"))
        yield {**row, **_fate(clock, one, kind, issued, rng), **stated}


def licence(clock: Clock, one: Business, kind: LicenceKind, issued_on: date) -> dict[str, Any]:
    """A paper in force, without term."""
    number = str(one.row["registration_number"])[-4:]
    return {
        "id": stable_id(clock.seed, "licence", one.id, kind.value),
        "version": 1,
        "premises_id": one.id,
        "kind": kind.value,
        # The business registration is the number the register knows the premises by.
        "number": one.row["registration_number"]
        if kind is _K.BUSINESS
        else f"MH-{_LETTERS[kind]}-{number}/{issued_on.year}",
        "issued_on": issued_on,
        "term_until": None,
        "suspended_on": None,
        "withdrawn_on": None,
        "stated_name": None,
        "stated_address": None,
        "stated_rooms": None,
    }


def _particulars(clock: Clock, one: Business, kind: LicenceKind, rng: np.random.Generator) -> dict[str, Any]:
    """What a security certificate states; on a few it no longer is what stands there."""
    if kind is not LicenceKind.SECURITY:
        return {}
    name, rooms = str(one.row["name"]), one.row["rooms"]
    lot = rng.random()
    if lot < 0.03:
        name = f"{name} (tên cũ giả định)"
    elif lot < 0.07 and rooms:
        rooms = int(rooms) + int(rng.integers(1, 5))
    return {"stated_name": name, "stated_address": one.row["address"], "stated_rooms": rooms}


def _fate(
    clock: Clock, one: Business, kind: LicenceKind, issued: date, rng: np.random.Generator
) -> dict[str, Any]:
    """What became of a paper: a stated term on a few, suspension or withdrawal more often where the risk is."""
    lot, begin = rng.random(), max(issued + timedelta(days=60), clock.first)
    span = (clock.last - begin).days
    later = begin + timedelta(days=int(rng.integers(0, span))) if span > 0 else None
    closed = one.closed_for_good
    if closed is not None and kind is not LicenceKind.BUSINESS and lot < 0.5:
        return {"withdrawn_on": min(closed + timedelta(days=25), clock.last)}
    if kind is LicenceKind.BUSINESS or later is None:
        return {}
    odds = float(np.exp(0.8 * one.risk))
    if lot < 0.008 * odds:
        return {"withdrawn_on": later}
    if lot < 0.028 * odds:
        return {"suspended_on": later}
    if lot > 0.94:
        return {"term_until": issued + timedelta(days=365 * int(rng.integers(5, 16)))}
    return {}
