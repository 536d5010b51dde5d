"""DDL of the search over the register: FTS5 kept by triggers, or trigram indexes. Used by migrations.

On SQLite the table ``premises_search`` indexes the words of ``name`` and ``address`` with their marks and of
``folded`` without; it stores no text of its own. On PostgreSQL two GIN indexes of trigrams do the same; the
folded key is made in Python, so ``unaccent`` is not needed. On both ``premises_words`` holds every word of
letters that ever stood in ``folded``: what a mistyped word is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.errors import SurroundingsError
from geo.messages import msg

_INDEXED = "name, address, folded"
_SIGNS = ",./-();:&"
#: What counts as a word to compare mistyped ones with; in step with ``data.search.near_words``.
_LETTERS = "{3,20}"


def add_search(connection: Connection) -> None:
    """Make the indexes and triggers, and fill them from the register as it is.

    Raises SurroundingsError ``search_not_allowed`` when the server refuses the extension pg_trgm.
    """
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        _add_trigrams(connection)
    for statement in _sqlite() if sqlite else _postgresql():
        connection.exec_driver_sql(statement)


def drop_search(connection: Connection) -> None:
    """Undo ``add_search``; the extension stays, for others may use it by now."""
    if connection.dialect.name == "sqlite":
        names = [f"TRIGGER premises_{what}_{verb}" for what, verbs in _TRIGGERS for verb in verbs]
        names += ["TABLE premises_words", "TABLE premises_search"]
    else:
        names = ["INDEX idx_premises_folded_trgm", "INDEX idx_premises_marked_trgm"]
        connection.execute(text("DROP TRIGGER IF EXISTS premises_words_note ON premises"))
        names += ["FUNCTION note_premises_words", "TABLE premises_words"]
    for name in names:
        kind, bare = name.split(" ")
        connection.execute(text(f"DROP {kind} IF EXISTS {bare}"))


_TRIGGERS = (("search", ("ins", "upd", "del")), ("words", ("ins", "upd")))


def _sqlite() -> Iterator[str]:
    yield (
        f"CREATE VIRTUAL TABLE premises_search USING fts5({_INDEXED}, content='premises', content_rowid='rid', "
        "tokenize='unicode61 remove_diacritics 0')"
    )
    new, old = (", ".join(f"{row}.{name.strip()}" for name in _INDEXED.split(",")) for row in ("new", "old"))
    insert = f"INSERT INTO premises_search(rowid, {_INDEXED}) VALUES (new.rid, {new});"
    delete = f"INSERT INTO premises_search(premises_search, rowid, {_INDEXED}) VALUES ('delete', old.rid, {old});"
    yield f"CREATE TRIGGER premises_search_ins AFTER INSERT ON premises BEGIN {insert} END"
    update = f"AFTER UPDATE OF rid, {_INDEXED} ON premises"
    yield f"CREATE TRIGGER premises_search_upd {update} BEGIN {delete} {insert} END"
    yield f"CREATE TRIGGER premises_search_del AFTER DELETE ON premises BEGIN {delete} END"
    yield "INSERT INTO premises_search(premises_search) VALUES ('rebuild')"

    yield "CREATE TABLE premises_words (word TEXT PRIMARY KEY) WITHOUT ROWID"
    note = f"INSERT OR IGNORE INTO premises_words SELECT value FROM {_split('new.folded')} WHERE {_IS_WORD};"
    yield f"CREATE TRIGGER premises_words_ins AFTER INSERT ON premises BEGIN {note} END"
    yield f"CREATE TRIGGER premises_words_upd AFTER UPDATE OF folded ON premises BEGIN {note} END"
    yield (
        f"INSERT OR IGNORE INTO premises_words SELECT value FROM premises, {_split('premises.folded')} "
        f"WHERE {_IS_WORD}"
    )


_IS_WORD = "length(value) BETWEEN 3 AND 20 AND value NOT GLOB '*[^a-z]*'"


def _split(column: str) -> str:
    """The words of a column as rows: SQLite splits nothing but JSON."""
    for sign in _SIGNS:
        column = f"replace({column}, '{sign}', ' ')"
    return f"""json_each('[' || replace(json_quote({column}), ' ', '","') || ']')"""


def _postgresql() -> Iterator[str]:
    yield "CREATE INDEX idx_premises_folded_trgm ON premises USING gin (folded gin_trgm_ops)"
    yield (
        "CREATE INDEX idx_premises_marked_trgm ON premises USING gin ((name || ' ' || address) gin_trgm_ops)"
    )
    # Not unique: two imports at a time must not wait for each other's words. A word may stand there twice.
    yield "CREATE TABLE premises_words (word text NOT NULL)"
    yield "CREATE INDEX idx_premises_words_word ON premises_words (word)"
    yield (
        "CREATE FUNCTION note_premises_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO premises_words SELECT DISTINCT w FROM regexp_split_to_table(NEW.folded, '[^a-z0-9]+') w "
        f"WHERE w ~ '^[a-z]{_LETTERS}$' AND NOT EXISTS (SELECT FROM premises_words WHERE word = w); "
        "RETURN NULL; END $$"
    )
    yield (
        "CREATE TRIGGER premises_words_note AFTER INSERT OR UPDATE OF folded ON premises "
        "FOR EACH ROW EXECUTE FUNCTION note_premises_words()"
    )
    yield (
        f"INSERT INTO premises_words SELECT DISTINCT w FROM premises, "
        f"regexp_split_to_table(folded, '[^a-z0-9]+') w WHERE w ~ '^[a-z]{_LETTERS}$'"
    )


def _add_trigrams(connection: Connection) -> None:
    # Asked first: where an administrator has made it, an ordinary account need not be allowed to.
    if connection.scalar(text("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")):
        return
    try:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
    except DBAPIError as error:
        raise SurroundingsError(
            "search_not_allowed",
            msg(
                "Máy chủ cơ sở dữ liệu không cho tạo phần mở rộng pg_trgm, cần để tìm kiếm: {cause}",
                cause=str(error.orig).strip().splitlines()[0],
            ),
            hint=msg("Nhờ người quản trị máy chủ chạy CREATE EXTENSION pg_trgm trong cơ sở dữ liệu này."),
        ) from error
