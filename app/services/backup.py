"""Backing the database up while it is in use, and restoring it: what does not verify is refused."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from app.access import Right, require
from app.config import Settings
from app.services.underway import underway
from data import audit, audit_anchor, copying, schema
from data import backup as container
from data.engine import open_engine
from data.repositories import upkeep
from data.store import Actor, Store, Work
from geo.errors import InputError, SurroundingsError
from geo.messages import msg

BACKED_UP, RESTORED = "backup", "restore"
_WORKSHOP = ".diaban-backup-"


def back_up(store: Store, actor: Actor, file: Path) -> dict[str, Any]:
    """Write a sealed copy of the database to ``file``, for its owner alone; people go on working meanwhile.

    Raises InputError ``no_folder``; SurroundingsError ``disk_full``. A file of that name is replaced only by a
    whole one.
    """
    require(actor, Right.MANAGE)
    file = file.absolute()
    if not file.parent.is_dir():
        raise InputError("no_folder", msg("Không có thư mục {folder}.", folder=str(file.parent)))
    now = datetime.now(UTC)
    with underway(store, actor, BACKED_UP), _told(file.parent), _workshop(file.parent) as folder:
        copy = folder / "database"
        state = copying.copy_out(store.engine, copy)
        manifest = container.pack(copy, state, now.isoformat(timespec="seconds"), file)
    with store.write(actor) as work:
        work.note(BACKED_UP, file.name[-100:], sha256=manifest.sha256, rows=sum(state.rows.values()))
    return _document(file, manifest) | {"bytes": file.stat().st_size}


def look_at(file: Path) -> dict[str, Any]:
    """What a backup says of itself, after its seal was checked."""
    return _document(file, container.opened(file))


def _document(file: Path, manifest: container.Manifest) -> dict[str, Any]:
    state = manifest.state
    return {
        "file": str(file),
        "taken_at": manifest.taken_at,
        "sha256": manifest.sha256,
        "engine": state.engine,
        "revision": state.revision,
        "database": state.database,
        "demo": state.demo,
        "rows": sum(state.rows.values()),
        "last_entry": None if state.last_entry is None else state.last_entry[0],
    }


def restore(settings: Settings, actor: Actor, file: Path, *, replace: bool = False) -> dict[str, Any]:
    """Put the database of a backup in the place of the one in use, and bring it up to date.

    Everybody is signed out: a sign-in that was ended since must not come back. Raises InputError for a file
    that is no backup, is broken or newer than the program, or belongs to the other engine; RuleError
    ``not_empty`` without ``replace``, and ``database_in_use``. Then nothing has changed.
    """
    require(actor, Right.MANAGE)
    file = file.absolute()
    manifest = container.opened(file)
    engine = _target(settings, manifest)
    try:
        return _document(file, manifest) | _put_back(settings, engine, actor, file, manifest, replace)
    finally:
        engine.dispose()


def _put_back(
    settings: Settings, engine: Engine, actor: Actor, file: Path, manifest: container.Manifest, replace: bool
) -> dict[str, Any]:
    now = datetime.now(UTC)
    _refuse_unfit(engine, manifest, file)
    before = _end_of_log(engine)
    with _told(settings.data), _workshop(_beside(settings, engine)) as folder:
        copy = folder / "database"
        container.unpack(file, manifest, copy)
        aside = _keep_server(settings, engine, actor, now) if replace else None
        aside = copying.put_back(engine, copy, replace=replace, now=now) or aside
    different = copying.differs(manifest.state, copying.held(engine))
    schema.upgrade(engine)
    return {
        "into": engine.url.render_as_string(hide_password=True),
        "kept_aside": aside,
        "upgraded_to": schema.newest_revision(),
        "differences": different,
        "audit_broken_at": _take_up(Store(engine), actor, manifest, before),
    }


def _target(settings: Settings, manifest: container.Manifest) -> Engine:
    """The database in use; where nobody has chosen yet, the one that the backup is of."""
    if settings.database_url is None and settings.chosen() is None:
        settings.choose("demo" if manifest.state.demo else "own")
    engine = open_engine(settings.url())
    if (file := copying.sqlite_file(engine)) is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return engine


def _refuse_unfit(engine: Engine, manifest: container.Manifest, file: Path) -> None:
    state = manifest.state
    if state.engine != engine.dialect.name:
        raise InputError(
            "other_engine",
            msg("Bản sao lưu là của {theirs}, cơ sở dữ liệu đang dùng là {ours}.", theirs=state.engine,
                ours=engine.dialect.name),
            hint=msg("Nêu cơ sở dữ liệu cùng loại bằng --db."),
            file=file.name,
        )  # fmt: skip
    if not copying.knows(state.revision):
        raise InputError(
            "backup_newer",
            msg(
                "Bản sao lưu thuộc phiên bản mới hơn chương trình này (bản {revision}).",
                revision=state.revision,
            ),
            hint=msg("Cập nhật chương trình rồi mở lại."),
            file=file.name,
        )


def _beside(settings: Settings, engine: Engine) -> Path:
    """Where to unpack: on the disk of an embedded file, so that it is put in place by its name alone."""
    file = copying.sqlite_file(engine)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.data if file is None else file.absolute().parent


def _keep_server(settings: Settings, engine: Engine, actor: Actor, now: datetime) -> str | None:
    """A backup of what a server holds before it is replaced."""
    if engine.dialect.name == "sqlite" or not copying.holds_data(engine):
        return None
    kept = settings.data / f"before-restore-{now:%Y%m%d-%H%M%S}.backup"
    back_up(Store(engine), actor, kept)
    return str(kept)


def _end_of_log(engine: Engine) -> tuple[int, str] | None:
    """The newest entry of the log that is about to be replaced, as far as it can be read."""
    try:
        return copying.held(engine).last_entry if copying.holds_data(engine) else None
    except InputError:
        return None
    finally:
        engine.dispose()


def _take_up(
    store: Store, actor: Actor, manifest: container.Manifest, before: tuple[int, str] | None
) -> int | None:
    """Begin the restored database's life: sign-ins end, the log tells what happened and has a new anchor."""
    anchor = audit_anchor.anchor_file(store.engine)
    if anchor is not None:
        audit_anchor.set_aside(anchor)
    with store.write(actor) as work:
        broken = audit.first_broken(work.session)
        upkeep.end_all_sessions(work)
        upkeep.end_all(work)
        replaced = None if before is None else {"seq": before[0], "hash": before[1]}
        work.note(RESTORED, manifest.sha256[:16], taken_at=manifest.taken_at, replaced=replaced)
    return broken


def last_backup(work: Work) -> datetime | None:
    """When the database was last backed up, None when never."""
    return upkeep.last_noted(work, BACKED_UP)


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A private folder on the same disk for what is in the making. What killed runs left there is removed."""
    for left in folder.glob(f"{_WORKSHOP}*"):
        if not _alive(int(left.name.removeprefix(_WORKSHOP).partition("-")[0] or 0)):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{_WORKSHOP}{os.getpid()}-") as made:
        yield Path(made)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise SurroundingsError(
                "disk_full", msg("Hết chỗ trên đĩa có thư mục {folder}.", folder=str(folder))
            ) from error
        raise SurroundingsError(
            "folder_unwritable",
            msg(
                "Không ghi được vào thư mục {folder}: {cause}", folder=str(folder), cause=error.strerror or "?"
            ),
        ) from error
