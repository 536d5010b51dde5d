"""A second process that searches beside the first; the two tell each other plans and routes.

It is a fresh interpreter that imports only this package, with pickles on its standard input and output: no
fork of a server with threads, and no import of whatever script is running. Where it cannot be started, or
breaks off, the first process is simply alone.
"""

from __future__ import annotations

import contextlib
import pickle
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyvrp

from geo.route_search_plans import FoundRoute, Plan

_ROOT = str(Path(__file__).resolve().parent.parent)
_START = "import sys; sys.path.insert(0, sys.argv[1]); from geo.route_search_helper import main; main()"


@dataclass(frozen=True)
class Task:
    """What the second process is to do. ``rough_s``: seconds that VROOM may take for a plan to begin from."""

    data: pyvrp.ProblemData
    seed: int
    starts: tuple[Plan, ...]
    rough_s: float


@dataclass(frozen=True)
class News:
    """The best plan of one process, None while there is none, and the routes that are new in its pool."""

    plan: tuple[FoundRoute, ...] | None
    routes: tuple[FoundRoute, ...]
    iterations: int


class Line:
    """Pickles both ways on two streams. Neither sending nor asking for news ever waits."""

    def __init__(self, source: IO[bytes], sink: IO[bytes]) -> None:
        self._source, self._sink = source, sink
        self._out: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._in: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.open = True
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._write)]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the threads; the other side must be gone already."""
        self.open = False
        self._out.put(None)
        for thread in self._threads:
            thread.join(timeout=1.0)
        for stream in (self._source, self._sink):
            with contextlib.suppress(OSError):
                stream.close()

    def send(self, message: Any) -> None:
        """Hand over to be sent in the background."""
        self._out.put(message)

    def news(self) -> list[Any]:
        """What has arrived since the last call."""
        arrived = []
        with contextlib.suppress(queue.Empty):
            while True:
                arrived.append(self._in.get_nowait())
        return arrived

    def wait(self) -> Any:
        """The next message; None where the other side is gone."""
        return self._in.get()

    def _read(self) -> None:
        with contextlib.suppress(OSError, EOFError, ValueError, pickle.UnpicklingError):
            while True:
                self._in.put(pickle.load(self._source))
        self.open = False
        self._in.put(None)

    def _write(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (message := self._out.get()) is not None:
                pickle.dump(message, self._sink, pickle.HIGHEST_PROTOCOL)
                self._sink.flush()
        self.open = False


class Helper:
    """The second process, seen from the first."""

    def __init__(self, process: subprocess.Popen[bytes], line: Line) -> None:
        self._process, self._line = process, line

    def send(self, message: Task | News) -> None:
        """Give it its task, and later what is new here."""
        if self._line.open:
            self._line.send(message)

    def news(self) -> list[News]:
        """What is new there."""
        return [item for item in self._line.news() if isinstance(item, News)]

    def stop(self) -> None:
        """Stop it, whatever it does, without waiting for its end."""
        self._process.kill()

    def end(self) -> None:
        """Stop it and clear up."""
        self.stop()
        self._process.wait()
        self._line.close()


def start_helper() -> Helper | None:
    """A second process that waits for its task; None where none can be started."""
    if not sys.executable:
        return None
    try:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except OSError:
        return None
    if process.stdin is None or process.stdout is None:
        return None
    return Helper(process, Line(process.stdout, process.stdin))


def main() -> None:
    """The second process: read the task, search and tell until the first process ends this one or is gone."""
    from geo.route_search import assist

    out, sys.stdout = sys.stdout.buffer, sys.stderr
    line = Line(sys.stdin.buffer, out)
    task = line.wait()
    if isinstance(task, Task):
        assist(task, line)
