"""Whether this server works, and figures for a monitor: technical ones only, no name, no count of records.

Neither needs a secret, so neither tells one: how many tips or visits there are would be worth knowing to some.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from datetime import time as midnight
from pathlib import Path
from typing import Literal

from app.services.backup import last_backup
from app.services.system import SYSTEM
from data import schema
from data.engine import sqlite_file
from data.repositories import alerts
from data.store import LOCAL_ZONE, Store
from geo.errors import InputError

#: An answer is kept so long: whoever asks all the time must not keep the database busy.
KEPT_SECONDS = 2.0
Readiness = Literal["ready", "database", "migration"]


@dataclass
class Traffic:
    """What one server process has answered since it started."""

    started: float = field(default_factory=time.time)
    answers: dict[str, int] = field(default_factory=lambda: {f"{n}xx": 0 for n in range(1, 6)})
    open_pages: int = 0


@dataclass(frozen=True)
class Look:
    """What the database said when it was last asked. Instants are seconds since 1970, None where never."""

    readiness: Readiness
    last_backup: float | None = None
    last_scan: float | None = None
    size: int | None = None
    seconds: float = 0.0


def look(store: Store) -> Look:
    """Ask the database now."""
    began = time.monotonic()
    try:
        if schema.current_revision(store.engine) != schema.newest_revision():
            return Look("migration")
        with store.read(SYSTEM) as work:
            backed_up, scanned = last_backup(work), alerts.last_scan(work)
    except InputError:
        return Look("database", seconds=time.monotonic() - began)
    file = sqlite_file(store.engine)
    return Look(
        "ready",
        last_backup=None if backed_up is None else backed_up.timestamp(),
        last_scan=None if scanned is None else datetime.combine(scanned, midnight(), LOCAL_ZONE).timestamp(),
        size=file.stat().st_size if file is not None and file.exists() else None,
        seconds=time.monotonic() - began,
    )


class Watch:
    """Asks the database at most once in ``KEPT_SECONDS``, however often it is asked itself."""

    def __init__(self, ask: Callable[[], Look], clock: Callable[[], float] = time.monotonic) -> None:
        self._ask, self._clock = ask, clock
        self._lock = threading.Lock()
        self._kept: tuple[float, Look] | None = None

    def look(self) -> Look:
        """What the database said just now, or a moment ago."""
        with self._lock:
            if self._kept is None or self._clock() - self._kept[0] > KEPT_SECONDS:
                answer = self._ask()
                self._kept = self._clock(), answer
            return self._kept[1]


def metrics(traffic: Traffic, found: Look | None) -> str:
    """The figures in Prometheus's text format. ``found`` is None before a database was chosen."""
    return "".join(f"{line}\n" for line in _lines(traffic, found))


def _lines(traffic: Traffic, found: Look | None) -> Iterator[str]:
    yield from _gauge("diaban_start_time_seconds", "When this process started.", traffic.started)
    yield "# HELP diaban_http_answers_total Answers by class of status."
    yield "# TYPE diaban_http_answers_total counter"
    for name, count in traffic.answers.items():
        yield f'diaban_http_answers_total{{class="{name}"}} {count}'
    yield from _gauge("diaban_open_pages", "Browser pages connected to this process.", traffic.open_pages)
    yield from _gauge("diaban_resident_bytes", "Memory of this process.", _memory())
    if found is None:
        return
    yield from _gauge(
        "diaban_ready", "1 when the database answers and is up to date.", found.readiness == "ready"
    )
    yield from _gauge("diaban_database_seconds", "How long the database took to answer.", found.seconds)
    yield from _gauge("diaban_database_bytes", "Size of an embedded database.", found.size)
    yield from _gauge("diaban_last_backup_seconds", "When the database was last backed up.", found.last_backup)
    yield from _gauge("diaban_last_scan_seconds", "The day of the last scan.", found.last_scan)


def _gauge(name: str, text: str, value: float | None) -> Iterator[str]:
    if value is not None:
        yield f"# HELP {name} {text}"
        yield f"# TYPE {name} gauge"
        yield f"{name} {float(value):.3f}".rstrip("0").rstrip(".")


def _memory() -> int | None:
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if told.exists() else None
