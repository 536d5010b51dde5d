"""A private PostGIS cluster for the tests: Debian's packages, an unprivileged user, a free loopback port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAY_OUT = "install Debian's packages postgresql and postgis (make test does it where it may)"


class NoPostgis(RuntimeError):
    """PostGIS is not installed here."""


def _binaries() -> Path:
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    for home in reversed(homes):
        share = Path("/usr/share/postgresql") / home.parent.name / "extension" / "postgis.control"
        if (home / "initdb").exists() and share.exists():
            return home
    raise NoPostgis(WAY_OUT)


def _as_unprivileged(command: list[str]) -> list[str]:
    # PostgreSQL refuses to run as root; Debian's package brings the account "postgres".
    if os.geteuid() != 0:
        return command
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def private_cluster() -> Iterator[str]:
    """Start a cluster, give its URL up to the database name, stop and remove it."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="diaban-pg-"))
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    port, data = _free_port(), folder / "data"
    run = {"check": True, "capture_output": True, "cwd": "/"}
    subprocess.run(
        _as_unprivileged(
            [str(binaries / "initdb"), "-D", str(data), "-U", "diaban", "-A", "trust", "-E", "UTF8"]
        ),
        **run,  # type: ignore[call-overload]
    )
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c synchronous_commit=off"
    control = [str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    # The log keeps the server from holding our pipes open.
    start = [*control, "-l", str(folder / "log"), "-o", options, "start"]
    subprocess.run(_as_unprivileged(start), check=True, stdout=subprocess.DEVNULL, cwd="/")
    try:
        yield f"postgresql+psycopg://diaban@127.0.0.1:{port}"
    finally:
        subprocess.run(_as_unprivileged([*control, "-m", "immediate", "stop"]), **run)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)
