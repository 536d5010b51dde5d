"""Long work leaves a mark while it is done: what was cut off by a crash is told to whoever comes next.

The work itself is stored whole or not at all; without a mark nobody would know that it had been begun.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from app.access import Right, require
from app.services.system import SYSTEM
from data.repositories import upkeep
from data.store import Actor, Store
from geo.errors import SurroundingsError
from geo.messages import Message, msg

INTERRUPTED = "interrupted"
#: Of a process on another machine nobody knows here whether it lives; no work takes as long.
_LONGEST = timedelta(hours=6)
_P = ParamSpec("_P")
_T = TypeVar("_T")

NAMES: dict[str, Message] = {
    "import.premises": msg("nhập sổ cơ sở"),
    "import.wards": msg("nhập địa giới phường"),
    "import.events": msg("nhập sự việc"),
    "import.roads": msg("nhập đường phố"),
    "scan": msg("rà soát cảnh báo"),
    "plan.draft": msg("lập lịch kiểm tra"),
    "plan.approve": msg("phê duyệt lịch"),
    "backup": msg("sao lưu"),
}


@dataclass(frozen=True)
class CutOff:
    """Work that was begun and never ended: which, by whom, when."""

    key: str
    what: str
    by: str
    since: datetime

    @property
    def text(self) -> Message:
        """Said to a person."""
        return msg(
            "Việc bị ngắt giữa chừng: {what}, {by}, {since} UTC. Chưa có gì được lưu; hãy làm lại.",
            what=NAMES.get(self.what, self.what),
            by=self.by,
            since=f"{self.since:%d/%m/%Y %H:%M}",
        )


def marked(
    what: str,
    right: Right,
) -> Callable[[Callable[Concatenate[Store, Actor, _P], _T]], Callable[Concatenate[Store, Actor, _P], _T]]:
    """Mark a service as long work (``underway``); whoever lacks the right leaves no mark."""

    def around(
        service: Callable[Concatenate[Store, Actor, _P], _T],
    ) -> Callable[Concatenate[Store, Actor, _P], _T]:
        @wraps(service)
        def run(store: Store, actor: Actor, *args: _P.args, **options: _P.kwargs) -> _T:
            require(actor, right)
            with underway(store, actor, what):
                return service(store, actor, *args, **options)

        return run

    return around


@contextmanager
def underway(store: Store, actor: Actor, what: str) -> Iterator[None]:
    """Leave a mark while the block works, whether it ends well or badly."""
    with store.write(actor) as work:
        key = upkeep.begin(work, what, _this_process())
    try:
        yield
    finally:
        # The database may be what failed; then the mark tells the truth once this process has ended.
        with suppress(SurroundingsError), store.write(actor) as work:
            upkeep.end(work, key)


def cut_off(store: Store) -> list[CutOff]:
    """What was begun by a process that is no more."""
    with store.read(SYSTEM) as work:
        marks, now = upkeep.begun(work), work.now
    return [
        CutOff(mark.key, mark.what, mark.by, mark.since)
        for mark in marks
        if not _lives(mark.process, now - mark.since)
    ]


def settle(store: Store) -> list[CutOff]:
    """Write what was cut off into the log and take its marks away: for a server that starts."""
    found = cut_off(store)
    if found:
        with store.write(SYSTEM) as work:
            for one in found:
                upkeep.end(work, one.key)
                work.note(INTERRUPTED, one.what, by=one.by, since=one.since.isoformat(timespec="seconds"))
    return found


def _this_process() -> str:
    return f"{socket.gethostname()}|{os.getpid()}|{_birth(os.getpid())}"


def _lives(process: str, age: timedelta) -> bool:
    host, number, birth = process.split("|")
    if host != socket.gethostname():
        return age < _LONGEST
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return birth == _birth(int(number))


def _birth(process: int) -> str:
    """When a process began, in ticks since the machine did: a number alone may be another's by now."""
    told = Path(f"/proc/{process}/stat")
    try:
        return told.read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""
