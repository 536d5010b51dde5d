"""DDL of the search over the register, used by migrations: two tables kept by triggers on ``premises``.

``premises_search`` indexes the words of the register with their marks and folded. On SQLite it is an FTS5 table
over ``name``, ``address`` and ``folded`` that stores no text of its own. On PostgreSQL it holds both texts with
``GLUE`` instead of blanks and a GIN index of trigrams on each: glue is a letter to pg_trgm, so its trigrams
reach across words ("duong noi" is found by "gzn", though every address holds "duong" and "noi"), and being a
capital it is none of the text. The folded key is made in Python: ``unaccent`` is not needed.

``premises_words`` holds every word of letters that ever stood in ``folded``: what a mistyped one is compared
with.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.errors import SurroundingsError
from geo.messages import msg

_INDEXED = "name, address, folded"
_SIGNS = ",./-();:&"
#: Stands between words on PostgreSQL. Vietnamese has no such letter, so hardly a name shares its trigrams.
GLUE = "Z"
#: What ``lower`` leaves as it is where the server's locale is plain C.
_CAPITALS = "ĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
#: How long a word of ``premises_words`` is: shorter ones are too like each other to guess among.
SHORTEST, LONGEST = 3, 20


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
        connection.execute(text("DROP TRIGGER IF EXISTS premises_search_keep ON premises"))
        names = ["FUNCTION keep_premises_search", "TABLE premises_words", "TABLE premises_search"]
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
    delete = (
        f"INSERT INTO premises_search(premises_search, rowid, {_INDEXED}) VALUES ('delete', old.rid, {old});"
    )
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


_IS_WORD = f"length(value) BETWEEN {SHORTEST} AND {LONGEST} AND value NOT GLOB '*[^a-z]*'"


def _split(column: str) -> str:
    """The words of a column as rows: SQLite splits nothing but JSON."""
    for sign in _SIGNS:
        column = f"replace({column}, '{sign}', ' ')"
    return f"""json_each('[' || replace(json_quote({column}), ' ', '","') || ']')"""


def _postgresql() -> Iterator[str]:
    yield (
        "CREATE TABLE premises_search (rid bigint PRIMARY KEY REFERENCES premises (rid) ON DELETE CASCADE, "
        "folded text NOT NULL, marked text NOT NULL)"
    )
    # Not unique: two imports at a time must not wait for each other's words. A word may stand there twice.
    yield "CREATE TABLE premises_words (word text NOT NULL)"
    yield "CREATE INDEX idx_premises_words_word ON premises_words (word)"
    small = f"translate(lower(NEW.name || ' ' || NEW.address), '{_CAPITALS}', '{_CAPITALS.lower()}')"
    yield (
        "CREATE FUNCTION keep_premises_search() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"INSERT INTO premises_search VALUES (NEW.rid, {_glued('NEW.folded')}, {_glued(small)}) "
        "ON CONFLICT (rid) DO UPDATE SET folded = EXCLUDED.folded, marked = EXCLUDED.marked; "
        f"INSERT INTO premises_words SELECT DISTINCT w FROM regexp_split_to_table(NEW.folded, '[^a-z0-9]+') w "
        f"WHERE w ~ '^[a-z]{{{SHORTEST},{LONGEST}}}$' "
        "AND NOT EXISTS (SELECT FROM premises_words WHERE word = w); "
        "RETURN NULL; END $$"
    )
    yield (
        f"CREATE TRIGGER premises_search_keep AFTER INSERT OR UPDATE OF {_INDEXED} ON premises "
        "FOR EACH ROW EXECUTE FUNCTION keep_premises_search()"
    )
    yield "UPDATE premises SET folded = folded"
    for column in ("folded", "marked"):
        yield (
            f"CREATE INDEX idx_premises_search_{column} ON premises_search USING gin ({column} gin_trgm_ops)"
        )


def _glued(text: str) -> str:
    """Words of a text with GLUE around each; signs and blanks by code point, whatever the server's locale."""
    signs = r"[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000]+"
    return f"'{GLUE}' || regexp_replace({text}, '{signs}', '{GLUE}', 'g') || '{GLUE}'"


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
