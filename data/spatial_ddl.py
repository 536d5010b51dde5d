"""DDL that SQLAlchemy does not know: R*Tree and GiST indexes, append-only triggers. Used by migrations."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

APPEND_ONLY_FUNCTION = "refuse_change"


def add_spatial_index(connection: Connection, table: str, column: str, *, points: bool) -> None:
    """GiST on PostGIS (and on geography for point tables), an R*Tree kept by triggers on SQLite."""
    for statement in _spatial_index(connection.dialect.name, table, column, points):
        connection.execute(text(statement))


def drop_spatial_index(connection: Connection, table: str, column: str) -> None:
    """Undo ``add_spatial_index``."""
    if connection.dialect.name == "sqlite":
        for part in ("ins", "upd", "del"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_{column}_rtree_{part}"))
        connection.execute(text(f"DROP TABLE IF EXISTS {table}_{column}_rtree"))
    else:
        for suffix in ("", "_geog"):
            connection.execute(text(f"DROP INDEX IF EXISTS idx_{table}_{column}{suffix}"))


def _spatial_index(dialect: str, table: str, column: str, points: bool) -> Iterable[str]:
    if dialect != "sqlite":
        yield f"CREATE INDEX idx_{table}_{column} ON {table} USING gist ({column})"
        if points:
            yield f"CREATE INDEX idx_{table}_{column}_geog ON {table} USING gist (({column}::geography))"
        return
    tree = f"{table}_{column}_rtree"
    box = ", ".join(f"wkb_{b}(new.{column})" for b in ("min_x", "max_x", "min_y", "max_y"))
    insert = f"INSERT INTO {tree} SELECT new.rid, {box} WHERE new.{column} IS NOT NULL;"
    delete = f"DELETE FROM {tree} WHERE rid = old.rid;"
    yield f"CREATE VIRTUAL TABLE {tree} USING rtree(rid, min_x, max_x, min_y, max_y)"
    yield f"CREATE TRIGGER {tree}_ins AFTER INSERT ON {table} BEGIN {insert} END"
    yield f"CREATE TRIGGER {tree}_upd AFTER UPDATE OF {column} ON {table} BEGIN {delete} {insert} END"
    yield f"CREATE TRIGGER {tree}_del AFTER DELETE ON {table} BEGIN {delete} END"


def add_append_only(connection: Connection, table: str) -> None:
    """Refuse UPDATE and DELETE on ``table``: a mistake is mended by a correcting row."""
    refusal = f"{table} is append-only: add a correcting row"
    if connection.dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            connection.execute(
                text(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
                )
            )
        return
    connection.execute(
        text(
            f"CREATE OR REPLACE FUNCTION {APPEND_ONLY_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only: add a correcting row', TG_TABLE_NAME; END $$"
        )
    )
    connection.execute(
        text(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {APPEND_ONLY_FUNCTION}()"
        )
    )


def allow_purge(connection: Connection, table: str) -> None:
    """Let ``table``, append-only until now, lose the rows of events that have a tombstone, and no others."""
    refusal = f"{table} is append-only: only what has a tombstone is deleted"
    buried = f"EXISTS (SELECT 1 FROM tombstones WHERE table_name = '{table}' AND event_id = old.id)"
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DROP TRIGGER {table}_no_delete"))
        connection.execute(
            text(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT {buried} "
                f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
            )
        )
        return
    function = f"refuse_{table}_delete"
    for statement in (
        f"DROP TRIGGER {table}_no_change ON {table}",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {APPEND_ONLY_FUNCTION}()",
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF NOT {buried} THEN RAISE EXCEPTION '{refusal}'; END IF; RETURN old; END $$",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()",
    ):
        connection.execute(text(statement))


def forbid_purge(connection: Connection, table: str) -> None:
    """Undo ``allow_purge``."""
    drop_append_only(connection, table)
    add_append_only(connection, table)


def drop_append_only(connection: Connection, table: str) -> None:
    """Undo ``add_append_only``, and ``allow_purge``."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
    else:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}"))
        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_delete ON {table}"))
        connection.execute(text(f"DROP FUNCTION IF EXISTS refuse_{table}_delete()"))
