"""What the doctor looks at in the database: reachable, whole, up to date, its log intact, backed up."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from app.config import Settings
from app.services.backup import last_backup
from app.services.finding import Check, bad, good, warn
from app.services.system import SYSTEM
from app.services.underway import cut_off
from data import audit, audit_anchor, copying, schema, server_copy
from data.engine import open_engine, sqlite_file
from data.repositories import facts, upkeep
from data.store import Store, plain_words
from geo.errors import InputError, SurroundingsError
from geo.messages import msg

#: A database that is in use is backed up every day; after so long without, somebody must act.
_BACKUP_WARNING, _BACKUP_PROBLEM = timedelta(days=2), timedelta(days=8)
_CLOCK_SLACK = timedelta(minutes=2)
_EXTENSIONS = ("postgis", "pg_trgm")


def database_checks(settings: Settings) -> Iterator[Check]:
    """Every check of the database in use; without one, or where it does not answer, only what can be said."""
    engine = _engine(settings)
    if engine is None:
        yield warn("database", msg("Chưa có cơ sở dữ liệu."), msg("Tạo bằng lệnh init (hoặc init --demo)."))
        return
    try:
        yield from _checks(engine)
    except SurroundingsError as error:
        yield bad("database", error.message, error.hint)
    finally:
        engine.dispose()


def _engine(settings: Settings) -> Engine | None:
    """An engine on what is there: looking must not make a database."""
    if settings.database_url is None and settings.chosen() is None:
        return None
    prefix = "sqlite:///"
    if settings.url().startswith(prefix) and not Path(settings.url().removeprefix(prefix)).exists():
        return None
    return open_engine(settings.url())


def _checks(engine: Engine) -> Iterator[Check]:
    revision, newest = schema.current_revision(engine), schema.newest_revision()
    yield _server(engine) if engine.dialect.name == "postgresql" else _sqlite()
    yield _whole(engine)
    if revision is None:
        yield warn("migrations", msg("Cơ sở dữ liệu còn trống."), msg("Chạy lệnh init."))
        return
    if revision != newest:
        yield _outdated(revision, newest)
        return
    yield good("migrations", msg("Cấu trúc đúng bản {revision}.", revision=revision))
    store = Store(engine)
    yield _log(store)
    yield _time(store)
    yield _backup(store)
    yield from _unfinished(store)


def _unfinished(store: Store) -> Iterator[Check]:
    """Work that a crash cut off. A server that starts writes it into the log."""
    for number, one in enumerate(cut_off(store), start=1):
        yield warn(f"unfinished_{number}", one.text, msg("Kiểm tra rồi làm lại việc đó."))


def _outdated(revision: str, newest: str) -> Check:
    said = {"revision": revision, "newest": newest}
    if copying.knows(revision):
        return bad(
            "migrations",
            msg("Cấu trúc là bản {revision}, chương trình cần bản {newest}.", **said),
            msg("Sao lưu, rồi khởi động lại ứng dụng hoặc chạy lệnh init."),
        )
    return bad(
        "migrations",
        msg("Cơ sở dữ liệu (bản {revision}) mới hơn chương trình (bản {newest}).", **said),
        msg("Cập nhật chương trình."),
    )


def _sqlite() -> Check:
    missing = []
    with closing(sqlite3.connect(":memory:")) as connection:
        for name, made in (("FTS5", "fts5(a)"), ("R*Tree", "rtree(a, b, c)")):
            try:
                connection.execute(f'CREATE VIRTUAL TABLE "{name}" USING {made}')
            except sqlite3.OperationalError:
                missing.append(name)
    said = {"version": sqlite3.sqlite_version, "list": ", ".join(missing)}
    if missing:
        return bad("engine", msg("SQLite {version} thiếu {list}.", **said), msg("Dùng Python từ python.org."))
    return good("engine", msg("SQLite {version}, có FTS5 và R*Tree.", version=said["version"]))


def _server(engine: Engine) -> Check:
    with plain_words(engine), engine.connect() as connection:
        version = str(connection.scalar(text("SHOW server_version")))
        rows = connection.execute(text("SELECT extname, extversion FROM pg_extension"))
        there: dict[str, str] = {row.extname: row.extversion for row in rows}
    missing = [name for name in _EXTENSIONS if name not in there]
    if missing:
        return bad(
            "engine",
            msg("PostgreSQL {version} thiếu phần mở rộng {list}.", version=version, list=", ".join(missing)),
            msg("Nhờ người quản trị máy chủ chạy CREATE EXTENSION trong cơ sở dữ liệu này."),
        )
    listed = ", ".join(f"{name} {there[name]}" for name in _EXTENSIONS)
    try:
        server_copy.tool("pg_dump")
    except SurroundingsError as error:
        return bad("engine", error.message, error.hint)
    return good("engine", msg("PostgreSQL {version}, {list}.", version=version, list=listed))


def _whole(engine: Engine) -> Check:
    file = sqlite_file(engine)
    if file is None:
        return good("database", msg("Máy chủ cơ sở dữ liệu trả lời."))
    try:
        with closing(sqlite3.connect(file)) as connection:
            copying.require_sound(connection, file)
    except SurroundingsError as error:
        return bad("database", error.message, error.hint)
    except sqlite3.DatabaseError:
        return bad("database", msg("Không đọc được {file}.", file=file.name), msg("Mở bản sao lưu gần nhất."))
    return good("database", msg("Tệp {file} nguyên vẹn.", file=file.name))


def _log(store: Store) -> Check:
    with store.read(SYSTEM) as work:
        chain = audit.walk(work.session)
        judged = audit_anchor.judge(work.session, audit_anchor.anchor_file(store.engine), chain)
    broken = chain.broken or judged.broken
    if broken is not None:
        return bad("audit", broken.why, msg("Giữ nguyên các tệp và báo người kiểm tra nhật ký."))
    intact = msg("Nhật ký nguyên vẹn: {n} mục.", n=chain.entries)
    return good("audit", intact) if judged.note is None else warn("audit", intact, judged.note)


def _time(store: Store) -> Check:
    """Whether the clock has gone back behind what is on record, or differs from the server's."""
    now = datetime.now(UTC)
    with store.read(SYSTEM) as work:
        newest = upkeep.last_noted(work, None)
        theirs = upkeep.server_time(work)
    if newest is not None and newest > now + _CLOCK_SLACK:
        return bad(
            "records_clock",
            msg("Mục mới nhất của nhật ký ({time}) ở tương lai so với đồng hồ máy.", time=_shown(newest)),
            msg("Bật đồng bộ thời gian (NTP); đồng hồ đã bị vặn lùi."),
        )
    if theirs is not None and abs(theirs - now) > _CLOCK_SLACK:
        return bad(
            "records_clock",
            msg("Đồng hồ máy này lệch với máy chủ cơ sở dữ liệu {n} giây.", n=round(abs(theirs - now).seconds)),
            msg("Bật đồng bộ thời gian (NTP) trên cả hai máy."),
        )
    return good("records_clock", msg("Đồng hồ khớp với dữ liệu đã ghi."))


def _shown(instant: datetime) -> str:
    return f"{instant:%d/%m/%Y %H:%M} UTC"


def _backup(store: Store) -> Check:
    now = datetime.now(UTC)
    with store.read(SYSTEM) as work:
        last, first, demo = last_backup(work), upkeep.first_noted(work), facts.is_demo(work)
    with suppress(InputError):
        if not copying.holds_data(store.engine):
            return good("backup", msg("Chưa có dữ liệu để sao lưu."))
    if demo and last is None:
        return good("backup", msg("Bản minh họa: không cần sao lưu."))
    hint = msg("Chạy backup TỆP mỗi ngày (deploy/diaban-backup.timer) và giữ một bản ở máy khác.")
    age = now - (last or first or now)
    said = msg("Chưa sao lưu lần nào.") if last is None else msg("Sao lưu gần nhất: {time}.", time=_shown(last))
    if demo or age < _BACKUP_WARNING:
        return good("backup", said) if last is not None else warn("backup", said, hint)
    return bad("backup", said, hint) if age > _BACKUP_PROBLEM else warn("backup", said, hint)
