"""Copies of a PostgreSQL database by the server's own tools: ``pg_dump``, ``pg_restore`` and ``psql``."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine, text

from data.backup import State
from data.store import plain_words
from geo.errors import RuleError, SurroundingsError
from geo.messages import msg

#: The policies hold for the owner of the tables too; without a scope they show every row
#: (``data.row_security``), and a dump is made without one.
_ALL_ROWS = ("--enable-row-security",)
#: Rows of the extension, which an account that is no superuser may not put back.
_NOT_OURS = "--exclude-table-data=*.spatial_ref_sys"

#: Takes away what is ours in the schema, and leaves what belongs to extensions.
_DROP_OURS = """
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP %s IF EXISTS %s CASCADE',
      CASE one.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END, one.name);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one.name);
  END LOOP;
END $$;
"""


def dump(engine: Engine, copy: Path, state_of: Callable[[Connection], State]) -> State:
    """Dump a snapshot of the database into ``copy``, and tell what the snapshot holds."""
    copy.touch(mode=0o600)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        state = state_of(connection)
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        options = ["--format=custom", "--no-owner", "--no-comments", f"--snapshot={snapshot}", f"--file={copy}"]
        _run([tool("pg_dump"), *_ALL_ROWS, _NOT_OURS, *options], engine)
    return state


def tool(name: str) -> str:
    """The newest of the installed client programs of that name: an older one refuses a newer server."""
    homes = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: float(p.parts[-3]))
    found = str(homes[-1]) if homes else shutil.which(name)
    if found is None:
        raise SurroundingsError(
            "no_client_tools",
            msg("Không tìm thấy chương trình {name}.", name=name),
            hint=msg("Cài gói postgresql-client cùng phiên bản với máy chủ cơ sở dữ liệu."),
        )
    return found


def _run(command: list[str], engine: Engine) -> None:
    url, environment = engine.url, dict(os.environ)
    # By the environment: a command line is seen by everybody on the machine.
    given = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    given |= {
        "PGDATABASE": url.database,
        "PGSSLMODE": _one(url.query.get("sslmode")),
        "PGCLIENTENCODING": "UTF8",
    }
    environment |= {name: str(value) for name, value in given.items() if value is not None}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    if done.returncode == 0:
        return
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    # Notices come first; what stopped it is an error.
    said = [line for line in lines if re.search("error|fatal", line, re.IGNORECASE)] or lines or ["?"]
    if any("No space left" in line for line in said):
        raise SurroundingsError("disk_full", msg("Hết chỗ trên đĩa."))
    raise SurroundingsError(
        "tool_failed", msg("{tool} không chạy được: {cause}", tool=Path(command[0]).name, cause=said[0])
    )


def _one(value: tuple[str, ...] | str | None) -> str | None:
    return value[-1] if isinstance(value, tuple) else value


def put_into_server(engine: Engine, copy: Path) -> None:
    """Put a dump in the place of what the database holds, in one transaction.

    Raises RuleError ``database_in_use`` while anybody else is connected.
    """
    _require_alone(engine)
    script = copy.with_name(f"{copy.name}.sql")
    script.write_text(_DROP_OURS, encoding="utf-8")
    content = copy.with_name(f"{copy.name}.content.sql")
    try:
        _run([tool("pg_restore"), *_ALL_ROWS, "--no-owner", f"--file={content}", str(copy)], engine)
        once = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run([tool("psql"), *once, f"--file={script}", f"--file={content}"], engine)
    finally:
        script.unlink(missing_ok=True)
        content.unlink(missing_ok=True)


def _require_alone(engine: Engine) -> None:
    # Connections of our own that were closed just now may still be counted for a moment.
    for _look in range(_LOOKS):
        engine.dispose()
        with plain_words(engine), engine.connect() as connection:
            others = connection.scalar(_OTHERS)
        if not others:
            break
        time.sleep(_BETWEEN_LOOKS)
    engine.dispose()
    if others:
        raise RuleError(
            "database_in_use",
            msg("Còn {n} kết nối khác tới cơ sở dữ liệu.", n=others),
            hint=msg("Dừng ứng dụng trên mọi máy, rồi mở lại bản sao lưu."),
        )


_LOOKS, _BETWEEN_LOOKS = 6, 0.2
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
