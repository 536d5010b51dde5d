"""Copies of whole databases, taken while they are in use, and put back.

SQLite: the online backup of the library, one snapshot however many write meanwhile. PostgreSQL: ``pg_dump`` on
an exported snapshot, put back by ``pg_restore`` and ``psql`` in one transaction; both come with the server's
client package.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from data import server_copy
from data.audit_anchor import DATABASE_ID
from data.backup import State, require_space, settle
from data.engine import sqlite_file
from data.schema import config, current_revision, is_empty
from data.store import plain_words
from data.tables import Base
from geo.errors import InputError, RuleError, SurroundingsError
from geo.messages import msg

#: A database that another program holds open is waited for so long.
_WAIT_SECONDS = 1.0


def copy_out(engine: Engine, copy: Path) -> State:
    """Copy the database into the new file ``copy`` and tell what it holds.

    Raises SurroundingsError when the disk is full, the database cannot be reached or the tools are missing;
    InputError ``empty_database`` when there are no tables to copy.
    """
    with plain_words(engine):
        if engine.dialect.name == "sqlite":
            return _copy_file(engine, copy)
        return server_copy.dump(engine, copy, state_of)


def knows(revision: str) -> bool:
    """Whether this version of the program can bring a database of that revision up to date."""
    return revision in {one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()}


def state_of(connection: Connection) -> State:
    """What a database holds, within the connection's transaction."""
    names = set(inspect(connection).get_table_names())
    if "alembic_version" not in names:
        raise InputError("empty_database", msg("Cơ sở dữ liệu chưa có gì để sao lưu."))
    ours = sorted(names & set(Base.metadata.tables))
    last = connection.execute(text("SELECT seq, hash FROM audit_log ORDER BY seq DESC LIMIT 1")).first()
    return State(
        engine=connection.dialect.name,
        revision=str(connection.scalar(text("SELECT version_num FROM alembic_version"))),
        database=_setting(connection, DATABASE_ID, "id"),
        demo=_setting(connection, "demo", "as_of") is not None,
        rows={name: connection.scalar(text(f"SELECT count(*) FROM {name}")) or 0 for name in ours},
        last_entry=None if last is None else (int(last.seq), str(last.hash)),
    )


def _setting(connection: Connection, key: str, field: str) -> str | None:
    arrow = "json_extract(value, :path)" if connection.dialect.name == "sqlite" else "value ->> :path"
    path = f"$.{field}" if connection.dialect.name == "sqlite" else field
    found = connection.scalar(
        text(f"SELECT {arrow} FROM settings WHERE key = :key"), {"key": key, "path": path}
    )
    return None if found is None else str(found)


def _copy_file(engine: Engine, copy: Path) -> State:
    file = sqlite_file(engine)
    assert file is not None
    require_space(copy.parent, 2 * file.stat().st_size)
    copy.touch(mode=0o600)
    with closing(sqlite3.connect(file, timeout=30)) as source, closing(sqlite3.connect(copy)) as target:
        # All pages in one step: one snapshot, and writers go on meanwhile.
        source.backup(target)
        # One file, without a journal beside it.
        target.execute("PRAGMA journal_mode=DELETE")
        require_sound(target, copy)
    return _file_state(copy)


def _file_state(file: Path) -> State:
    # Not ``open_engine``, which would give the copy a journal beside it.
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            return state_of(connection)
    finally:
        engine.dispose()


def require_sound(connection: sqlite3.Connection, file: Path) -> None:
    """Raise SurroundingsError ``not_a_database`` for a file with broken pages or rows that point nowhere."""
    # A whole check also holds the R*Trees and the word index against the rows.
    said = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != ("ok",) or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise SurroundingsError(
            "not_a_database",
            msg("Cơ sở dữ liệu {file} có chỗ hỏng.", file=file.name),
            hint=msg("Giữ nguyên tệp đó và mở bản sao lưu gần nhất còn tốt."),
        )


def put_back(engine: Engine, copy: Path, *, replace: bool, now: datetime) -> str | None:
    """Put a copy in the place of the database, all or nothing.

    Gives where what stood there lies now, None when there was nothing. An embedded file is kept under another
    name; what a server holds is for the caller to back up first. Raises RuleError ``not_empty`` for a database
    with data unless ``replace``, ``database_in_use`` while another program has it open.
    """
    if engine.dialect.name == "sqlite":
        file = sqlite_file(engine)
        assert file is not None
        return _replace_file(engine, file, copy, replace=replace, now=now)
    if holds_data(engine) and not replace:
        raise _not_empty(engine)
    server_copy.put_into_server(engine, copy)
    return None


def holds_data(engine: Engine) -> bool:
    """Whether there is anything of an office in the database; a file that is no database counts as data."""
    file = sqlite_file(engine)
    if file is not None and not (file.exists() and file.stat().st_size):
        return False
    try:
        return current_revision(engine) is not None and not is_empty(engine)
    except SurroundingsError as error:
        if error.code != "not_a_database":
            raise
        return True


def _not_empty(engine: Engine) -> RuleError:
    file = sqlite_file(engine)
    return RuleError(
        "not_empty",
        msg("Cơ sở dữ liệu {name} đang có dữ liệu.", name=file.name if file else engine.url.database),
        hint=msg("Thêm --replace nếu muốn thay; dữ liệu cũ được giữ lại bên cạnh."),
    )


def _replace_file(engine: Engine, file: Path, copy: Path, *, replace: bool, now: datetime) -> str | None:
    data = holds_data(engine)
    engine.dispose()
    if data and not replace:
        raise _not_empty(engine)
    aside = None
    if file.exists():
        _require_unused(file)
        _drop_second_names(file)
    if data:
        aside = _free_name(file, f"before-restore-{now:%Y%m%d-%H%M%S}")
        # A second name for the old file first: at no instant is there no database.
        _second_name(file, aside)
    for ending in ("-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)
    settle(copy)
    copy.replace(file)
    settle(file.parent)
    return None if aside is None else str(aside)


def _free_name(file: Path, ending: str) -> Path:
    name, number = file.with_name(f"{file.name}.{ending}"), 1
    while name.exists():
        number += 1
        name = file.with_name(f"{file.name}.{ending}-{number}")
    return name


def _drop_second_names(file: Path) -> None:
    """What a killed restore left: a second name of the file that is still the database in use."""
    for name in file.parent.glob(f"{file.name}.before-restore-*"):
        if name.samefile(file):
            name.unlink()


def _second_name(file: Path, aside: Path) -> None:
    try:
        os.link(file, aside)
    except OSError:
        shutil.copy2(file, aside)
    aside.chmod(0o600)


def _require_unused(file: Path) -> None:
    """Fold the journal into the file, which succeeds only while nobody else has it open."""
    try:
        with closing(sqlite3.connect(file, timeout=_WAIT_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
        raise RuleError(
            "database_in_use",
            msg("Ứng dụng đang mở cơ sở dữ liệu {file}.", file=file.name),
            hint=msg("Dừng ứng dụng và các lệnh đang chạy, rồi mở lại bản sao lưu."),
        ) from error
    except sqlite3.DatabaseError:
        # Not a database any more: nobody works with it, and it is kept aside as it is.
        return


def differs(state: State, found: State) -> list[str]:
    """What a restored database holds otherwise than its manifest says: names of tables, or of facts."""
    other: list[str] = [
        name for name in sorted(state.rows | found.rows) if state.rows.get(name) != found.rows.get(name)
    ]
    for name in ("revision", "database", "last_entry"):
        pair: tuple[Any, Any] = (getattr(state, name), getattr(found, name))
        other += [name] if pair[0] != pair[1] else []
    return other


def held(engine: Engine) -> State:
    """What the database holds now."""
    try:
        with plain_words(engine), engine.connect() as connection:
            return state_of(connection)
    except DBAPIError as error:
        raise SurroundingsError(
            "unexpected", msg("Không đọc được cơ sở dữ liệu vừa mở lại ({kind}).", kind=type(error).__name__)
        ) from error
