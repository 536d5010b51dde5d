"""``python -m tests.benchmarks.start``: seconds from the second start to a page that answers (limit 6 s), and
seconds to make the demonstration (limit 20 s)."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from app.config import Settings
from app.services import database
from tests.browser.conftest import served


def seconds_to_start(data: Path) -> float:
    """Seconds until the sign-in page of an existing database answers."""
    begun = time.monotonic()
    with served(data):
        return time.monotonic() - begun


def main() -> None:
    """Make the demonstration, start five times, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--json", action="store_true", help="accepted for symmetry: the output is JSON")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        begun = time.monotonic()
        database.initialise(Settings(data=data), demo=True, as_of=date(2026, 11, 24))
        made = time.monotonic() - begun
        starts = [seconds_to_start(data) for _ in range(given.runs)]
    figures = {"demo_s": round(made, 2), "start_s": {"median": round(statistics.median(starts), 2)}}
    figures["start_s"] |= {"min": round(min(starts), 2), "max": round(max(starts), 2)}
    figures["limits_s"] = {"demo": 20, "start": 6}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
