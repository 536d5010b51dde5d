"""Faults for real: processes that are killed, disks that are full, servers that go away; bounded in time."""

from __future__ import annotations

import os
import select
import shlex
import signal
import subprocess
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.postgis import _as_unprivileged, _binaries, private_cluster

#: What a killed child had at most to get to the place where it is killed.
_LONGEST_SECONDS = 60.0


def killed_at(place: tuple[Any, str], run: Callable[[], object], *, call: int = 1) -> None:
    """Run in a child process and kill it (SIGKILL) when it comes to a function for the ``call``-th time.

    The child opens its own database. Fails when it ends without having come there.
    """
    here, there = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(here)
        _run_child(place, run, call, there)
    os.close(there)
    ready, _write, _error = select.select([here], [], [], _LONGEST_SECONDS)
    said = os.read(here, 4000) if ready else b"it took too long"
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(here)
    assert said == b"here", said.decode(errors="replace")


def _run_child(place: tuple[Any, str], run: Callable[[], object], call: int, out: int) -> None:
    owner, name = place
    whole, calls = getattr(owner, name), 0

    def halting(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            os.write(out, b"here")
            signal.pause()
        return whole(*args, **options)

    try:
        setattr(owner, name, halting)
        run()
        os.write(out, f"ended after {calls} calls".encode())
    except BaseException:
        os.write(out, traceback.format_exc()[-3000:].encode())
    finally:
        os._exit(1)


class Cluster:
    """A PostGIS server that can be pulled away and brought back."""

    def __init__(self, url: str) -> None:
        self.url = url
        engine = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            self._data = Path(str(connection.scalar(text("SHOW data_directory"))))
            connection.execute(text("CREATE DATABASE faults"))
            # Off in the other tests, for speed: then a crash may lose what was told to be stored.
            connection.execute(text("ALTER DATABASE faults SET synchronous_commit = on"))
        engine.dispose()

    @property
    def database(self) -> str:
        """The URL of a database of its own."""
        return f"{self.url}/faults"

    def stop(self) -> None:
        """Stop at once, as a crash would."""
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        """Start again on the same port."""
        # Read by the account that may: the folder is the server's own.
        options = (self._data / "postmaster.opts").read_text()
        self._control("-l", str(self._data.parent / "log"), "-o", shlex.join(shlex.split(options)[3:]), "start")

    def _control(self, *arguments: str) -> None:
        command = [str(_binaries() / "pg_ctl"), "-D", str(self._data), "-w", *arguments]
        subprocess.run(_as_unprivileged(command), check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with private_cluster() as url:
        yield Cluster(url)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, mounted by root; for another account the test is reported as skipped."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("needs the right to mount a disk of its own (root); CI has it")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
