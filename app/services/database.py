"""Opening, creating and filling the database."""

from __future__ import annotations

import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from app.config import Settings
from app.services import accounts, alerts, privacy_exceptions
from data import schema, tables
from data.demo import demo_rows
from data.engine import open_engine, sqlite_file, sqlite_url
from data.repositories import facts, places
from data.repositories.frames import add_rows
from data.store import Actor, Store, Work, no_right
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import Role

DEMO_SEED = 178
#: Name, role and, for scoped accounts, the code of today's unit.
DEMO_ACCOUNTS = (
    ("quantri", Role.ADMIN, None),
    ("lanhdao", Role.REVIEWER, None),
    ("lichkiemtra", Role.PLANNER, None),
    ("kiemtra-hadong", Role.INSPECTOR, "09556"),
    ("canbo-kienhung", Role.WARD_OFFICER, "09552"),
    ("congan-duongnoi", Role.WARD_POLICE, "09886"),
    ("nguoixem", Role.VIEWER, None),
)


#: Without the letters and figures that people take for one another.
_SAFE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_PASSWORD_LENGTH = 12


def open_store(settings: Settings, *, create: bool = True) -> Store:
    """The database of these settings, brought up to date.

    Raises InputError ``no_database`` where an embedded file is missing and is not to be made.
    """
    engine = _engine(settings.url(), create=create)
    schema.upgrade(engine)
    store = Store(engine)
    privacy_exceptions.watch(store)
    return store


def _engine(url: str, *, create: bool = True) -> Engine:
    """An engine; a new embedded file and its folder are for the owner alone."""
    file = _file_of(url)
    if file is None or file.exists():
        return open_engine(url)
    if not create:
        raise InputError(
            "no_database",
            msg("Chưa có cơ sở dữ liệu {file}.", file=str(file)),
            hint=msg("Tạo bằng lệnh init (hoặc init --demo), hoặc sửa lại --db."),
        )
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError as error:
        raise no_right(file) from error
    return open_engine(url)


def _file_of(url: str) -> Path | None:
    prefix = "sqlite:///"
    path = url.removeprefix(prefix).partition("?")[0]
    return Path(path) if url.startswith(prefix) and path not in ("", ":memory:") else None


def initialise(settings: Settings, *, demo: bool, as_of: date) -> dict[str, Any]:
    """Create the database, empty or as the demonstration, and make it the one in use.

    The demonstration lives in a file of its own unless a database was named. Raises RuleError when it is to be
    put into a database that holds data.
    """
    if settings.database_url is None:
        url = sqlite_url(settings.demo_file if demo else settings.own_file)
    else:
        url = settings.database_url
    if demo:
        _refuse_beside_own(settings)
    engine = _engine(url)
    created = schema.current_revision(engine) is None
    revision = schema.upgrade(engine)
    if demo:
        _fill_demo(settings, engine, as_of)
    if settings.database_url is None:
        settings.choose("demo" if demo else "own")
    return {
        "engine": engine.dialect.name,
        "revision": revision,
        "created": created,
        "demo": demo,
        "in_use": settings.chosen() if settings.database_url is None else "named",
        "file": str(file) if (file := sqlite_file(engine)) else None,
    }


def _refuse_beside_own(settings: Settings) -> None:
    """Whoever has put a district in must not find the invented one in its place."""
    if settings.database_url is not None or not settings.own_file.exists():
        return
    own = open_engine(sqlite_url(settings.own_file))
    empty = schema.is_empty(own)
    own.dispose()
    if empty:
        return
    now = settings.chosen()
    raise RuleError(
        "own_in_use",
        msg("Thư mục dữ liệu này đã có dữ liệu của địa bàn mình ({file}).", file=str(settings.own_file)),
        hint=msg("Đang dùng bản minh họa; lệnh init (không kèm --demo) chuyển về cơ sở dữ liệu của mình.")
        if now == "demo"
        else msg(
            "Vẫn đang dùng cơ sở dữ liệu của mình. Xem bản minh họa bằng một thư mục khác (DIABAN_DATA); "
            "lệnh init (không kèm --demo) luôn chuyển về cơ sở dữ liệu của mình."
        ),
    )


def _fill_demo(settings: Settings, engine: Engine, as_of: date) -> None:
    if not schema.is_empty(engine):
        raise RuleError(
            "not_empty",
            msg("Cơ sở dữ liệu đã có dữ liệu; dữ liệu minh họa chỉ được đưa vào một cơ sở dữ liệu trống."),
            hint=msg("Chọn tệp khác bằng --db, hoặc xóa tệp minh họa cũ trước."),
        )
    store, by_name = Store(engine), {t.__tablename__: t for t in _all_tables()}
    with store.write(accounts.SYSTEM) as work:
        for table, rows in demo_rows(DEMO_SEED, as_of).items():
            add_rows(work, by_name[table], rows)
        facts.record_fact(work, "demo", {"seed": DEMO_SEED, "as_of": as_of.isoformat()})
        work.note("demo.fill", as_of=as_of.isoformat())
    _demo_accounts(settings, store, as_of)
    alerts.scan(store, accounts.SYSTEM, as_of)


def _all_tables() -> list[Any]:
    return [mapper.class_ for mapper in tables.Base.registry.mappers]


def _demo_accounts(settings: Settings, store: Store, as_of: date) -> None:
    with store.read(accounts.SYSTEM) as work:
        units = places.units_on(work, as_of).set_index("code")["id"]
    lines = []
    for name, role, code in DEMO_ACCOUNTS:
        password = "".join(secrets.choice(_SAFE) for _ in range(_PASSWORD_LENGTH))
        scope = frozenset({units[code]}) if code in units else None
        accounts.create_account(store, accounts.SYSTEM, name, role, password, scope)
        lines.append(f"{name} {password} {role.value}")
    _write_private(settings, "\n".join(lines) + "\n")


def _write_private(settings: Settings, text: str) -> None:
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = settings.data / "demo-accounts.txt"
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def demo_accounts(settings: Settings) -> list[tuple[str, str, Role]]:
    """Names, passwords and roles of the demonstration's accounts; empty where there is none."""
    path = settings.data / "demo-accounts.txt"
    if not path.exists():
        return []
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return [(name, password, Role(role)) for name, password, role in rows]


def refuse_demo(work: Work, into_demo: bool) -> None:
    """Raise RuleError when real premises would land among the invented ones without anybody meaning it."""
    if facts.is_demo(work) and not into_demo:
        raise RuleError(
            "is_demo",
            msg("Đây là cơ sở dữ liệu minh họa; dữ liệu thật không nên lẫn vào dữ liệu bịa."),
            hint=msg("Tạo cơ sở dữ liệu của mình bằng lệnh init, hoặc thêm --into-demo nếu chỉ để thử."),
        )


def in_demo(store: Store, actor: Actor) -> bool:
    """Whether the database is the demonstration."""
    with store.read(actor) as work:
        return facts.is_demo(work)


def need_data(work: Work, day: date) -> None:
    """Raise InputError when there are no units on that day to work with."""
    if places.units_on(work, day).empty:
        raise InputError(
            "no_units",
            msg("Chưa có địa giới phường có hiệu lực ngày {day}.", day=day),
            hint=msg("Nhập địa giới bằng import wards, hoặc tạo dữ liệu minh họa bằng init --demo."),
        )
