"""Opening the database: SQLite in one file by default, PostgreSQL with PostGIS by URL."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import shapely
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from geo.errors import InputError
from geo.messages import msg

BUSY_TIMEOUT_MS = 30_000
#: A server that has gone silent is given up after seconds, not after the hours that TCP would wait. Nothing is
#: prepared on the server: behind a pooler the next transaction may run on another connection.
_SERVER: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "prepare_threshold": None,
}


def sqlite_url(path: Path) -> str:
    """The database URL of a file."""
    return f"sqlite:///{path}"


def sqlite_file(engine: Engine) -> Path | None:
    """The file behind an embedded database, None for a server."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return Path(engine.url.database)


def open_engine(url: str) -> Engine:
    """An engine for ``sqlite:///path`` or ``postgresql+psycopg://...``; other databases are refused.

    Raises InputError ``unknown_database`` for an URL of another kind.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise _unknown(url) from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if parsed.drivername == "postgresql+psycopg":
        return create_engine(
            parsed, pool_pre_ping=True, pool_size=10, max_overflow=20, pool_timeout=10, connect_args=_SERVER
        )
    raise _unknown(url)


def _unknown(url: str) -> InputError:
    return InputError(
        "unknown_database",
        msg("Không hiểu địa chỉ cơ sở dữ liệu {scheme}", scheme=url.split(":", 1)[0]),
        hint=msg("Dùng sqlite:///đường-dẫn hoặc postgresql+psycopg://..."),
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not open transactions by itself: then DDL is transactional and a writer can say so.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
    for position, name in enumerate(("min_x", "min_y", "max_x", "max_y")):
        connection.create_function(f"wkb_{name}", 1, _bound(position), deterministic=True)


def _bound(position: int) -> Any:
    def bound(wkb: bytes | None) -> float | None:
        return None if wkb is None else float(shapely.bounds(shapely.from_wkb(wkb))[position])

    return bound


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer in the middle can fail at once under WAL: writers say so at the start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
