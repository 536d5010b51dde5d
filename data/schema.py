"""The schema and its migrations: bring a database up to date, refuse one from a newer version."""

from __future__ import annotations

import shutil
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from data.engine import sqlite_file
from data.spatial import SpatialType
from data.store import plain_words
from data.tables import Base
from data.tables.base import UtcDateTime
from geo.errors import SurroundingsError
from geo.messages import msg

_MIGRATIONS = Path(__file__).parent / "migrations"
_OURS = frozenset(Base.metadata.tables)


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    options = Config()
    options.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    options.attributes["connection"] = connection
    return options


def alembic_options(connection: Connection) -> dict[str, Any]:
    """What Alembic is told about our tables: leave PostGIS's and the index's own objects alone."""
    return {
        "connection": connection,
        "target_metadata": Base.metadata,
        "include_object": _include_object,
        "compare_type": _compare_type,
        "render_item": _render_item,
        "transactional_ddl": True,
        "render_as_batch": connection.dialect.name == "sqlite",
    }


def _include_object(_item: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    if kind == "table" and reflected:
        return name in _OURS
    return not (kind == "index" and reflected and name is not None and name.startswith("idx_"))


def _compare_type(
    _context: Any, _inspected: Any, _ours: Any, _reflected_type: Any, our_type: Any
) -> bool | None:
    # Geometry and instants reflect as the engine's own types; both are fixed by the migration that made them.
    return False if isinstance(our_type, SpatialType | UtcDateTime) else None


def _render_item(kind: str, item: Any, _context: Any) -> str | bool:
    if kind == "type" and isinstance(item, SpatialType):
        return repr(item)
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def newest_revision() -> str:
    """The revision that this version of the program writes and reads."""
    return ScriptDirectory.from_config(config()).get_current_head() or ""


def current_revision(engine: Engine) -> str | None:
    """The revision of the database, None when it has no tables of ours yet.

    Raises SurroundingsError when the database cannot be reached.
    """
    with plain_words(engine), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> str:
    """Bring the database up to date and return its revision; an embedded file is copied beside itself first.

    Raises SurroundingsError ``database_newer`` when the database comes from a newer version of the program.
    """
    newest, current = newest_revision(), current_revision(engine)
    if current == newest:
        return newest
    if current is not None:
        _refuse_unknown(current)
        _copy_beside(engine, current)
    with plain_words(engine), engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS postgis"))
        command.upgrade(config(connection), "head")
    return newest


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the schema back, for tests of the migrations."""
    with engine.execution_options(writes=True).begin() as connection:
        command.downgrade(config(connection), revision)


def differences(engine: Engine) -> list[Any]:
    """What autogenerate would change: empty when migrations and models agree."""
    with engine.connect() as connection:
        options = alembic_options(connection)
        context = MigrationContext.configure(
            connection,
            opts={k: v for k, v in options.items() if k not in ("connection", "transactional_ddl")},
        )
        return list(compare_metadata(context, Base.metadata))


def is_empty(engine: Engine) -> bool:
    """Whether nobody has put a unit, premises or account into the database yet."""
    with plain_words(engine), engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return not any(
            connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1")).first()
            for table in ("units", "premises", "hotspots", "accounts")
            if table in tables
        )


def _refuse_unknown(revision: str) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if revision not in known:
        raise SurroundingsError(
            "database_newer",
            msg("Cơ sở dữ liệu thuộc phiên bản mới hơn chương trình này (bản {revision}).", revision=revision),
            hint=msg("Cập nhật chương trình, hoặc mở bản sao lưu của phiên bản cũ."),
        )


def _copy_beside(engine: Engine, revision: str) -> Path | None:
    file = sqlite_file(engine)
    if file is None or not file.exists():
        return None
    copy = file.with_name(f"{file.name}.{revision}.{datetime.now():%Y%m%d-%H%M%S}.bak")
    copy.touch(mode=0o600)
    source, target = sqlite3.connect(file), sqlite3.connect(copy)
    with source, target:
        source.backup(target)
    source.close()
    target.close()
    shutil.copymode(file, copy)
    return copy
