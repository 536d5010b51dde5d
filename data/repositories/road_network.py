"""The street network ready to route on, kept on disk: reading and building a large one takes seconds."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from data.engine import sqlite_file
from data.repositories import places
from data.store import Work
from geo.network import Network, build_network

#: Part of the key: a new number when the same streets make another network.
_MAKE = "1"
#: Networks kept: those of the demonstration and of one's own district, and one before each.
_KEPT = 4
_FOLDER = "networks"


def road_network(work: Work, folder: Path | None = None) -> Network:
    """The network of the streets on record.

    It is kept in ``folder``, by default beside the embedded database, under the hash of the streets' content:
    other streets never meet an old network. A file that is missing, broken or cannot be written is made good
    by building again; without a folder, as with a server's database by default, nothing is kept.
    """
    folder = folder or _beside(work)
    if folder is None:
        return build_network(places.streets(work))[0]
    file = folder / f"{_content(work)}.npz"
    known = _read(file)
    if known is not None:
        return known
    network, _ = build_network(places.streets(work))
    # A full or read-only disk costs time, not the plan.
    with suppress(OSError):
        _write(file, network)
    return network


def _beside(work: Work) -> Path | None:
    file = sqlite_file(work.session.get_bind().engine)
    return None if file is None else file.parent / _FOLDER


def _content(work: Work) -> str:
    """The hash of all that a network is made of. The rows go in as the database stores them: reading their
    geometry would cost as much as what is to be saved."""
    rows: Iterable[Any] = work.session.execute(
        text("SELECT name, street_class, oneway, geom FROM streets ORDER BY rid")
    )
    digest = hashlib.sha256(_MAKE.encode())
    for name, street_class, oneway, shape in rows:
        digest.update(f"{name}\0{street_class}\0{bool(oneway)}\0".encode())
        digest.update(shape.encode() if isinstance(shape, str) else bytes(shape))
    return digest.hexdigest()[:32]


def _read(file: Path) -> Network | None:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            values = {field.name: arrays[field.name] for field in fields(Network)}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return Network(**{**values, "names": tuple(str(name) for name in values["names"])})


def _write(file: Path, network: Network) -> None:
    """Whole or not at all; the oldest are thrown away."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    arrays = {field.name: getattr(network, field.name) for field in fields(Network)}
    arrays["names"] = np.array(network.names, dtype=np.str_)
    handle, draft = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            np.savez(target, **arrays)
        os.replace(draft, file)
    finally:
        Path(draft).unlink(missing_ok=True)
    for old in sorted(file.parent.glob("*.npz"), key=lambda one: one.stat().st_mtime)[:-_KEPT]:
        old.unlink(missing_ok=True)
