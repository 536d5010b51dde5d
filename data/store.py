"""Units of work: one transaction, one actor, one scope; the only door through which services reach data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from data import audit
from data.engine import sqlite_file
from data.tables import new_id
from geo.errors import ConflictError, SurroundingsError
from geo.messages import msg
from geo.words import Role

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Actor:
    """Who acts: an account or the operator at the command line. ``scope`` is None for the whole database,
    else the ids of the units whose tips, findings and alerts this actor may see."""

    name: str
    role: Role
    scope: frozenset[str] | None = None

    @property
    def at_command_line(self) -> bool:
        """Whether it is the operator of the database, who signs in nowhere and enters what is on paper."""
        return self.name.startswith("cli:")


@dataclass
class Work:
    """An open unit of work."""

    session: Session
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The date in Hà Nội."""
        return self.now.astimezone(LOCAL_ZONE).date()

    def note(self, action: str, subject: str = "", **detail: Any) -> None:
        """Write to the audit log, in the same transaction."""
        audit.append(
            self.session, at=self.now, actor=self.actor.name, action=action, subject=subject, detail=detail
        )

    def event(self, why: str | None = None) -> dict[str, Any]:
        """The columns that every new event record carries."""
        return {
            "id": new_id(),
            "revision": 1,
            "recorded_at": self.now,
            "recorded_by": self.actor.name,
            "why": why,
            "void": False,
        }


@dataclass(frozen=True)
class Store:
    """A database ready for use."""

    engine: Engine

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Work]:
        """A unit of work that changes nothing."""
        with plain_words(self.engine), Session(self.engine) as session:
            yield Work(session, actor, datetime.now(UTC))

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Work]:
        """A unit of work that is stored whole, or not at all when it fails."""
        engine = self.engine.execution_options(writes=True)
        with plain_words(self.engine), Session(engine) as session, session.begin():
            yield Work(session, actor, datetime.now(UTC))


@contextmanager
def plain_words(engine: Engine) -> Iterator[None]:
    """Say what a database cannot do so that a person can mend it: SurroundingsError, ConflictError."""
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = str(getattr(error, "orig", error)).strip()
        file = sqlite_file(engine)
        if file is not None and (said := _file_trouble(file, cause)) is not None:
            raise said from error
        if not isinstance(error, OperationalError | sqlite3.OperationalError):
            raise
        raise SurroundingsError(
            "database_unreachable",
            msg("Không dùng được cơ sở dữ liệu: {cause}", cause=(cause.splitlines() or ["?"])[0]),
            hint=msg("Kiểm tra DIABAN_DATABASE_URL, máy chủ cơ sở dữ liệu và dung lượng đĩa."),
        ) from error
    except StaleDataError as error:
        raise ConflictError(
            "changed_meanwhile", msg("Người khác đã lưu thay đổi trên cùng mục này trước bạn.")
        ) from error


def _file_trouble(file: Path, cause: str) -> SurroundingsError | None:
    """What SQLite's message means for the file and its folder; None when it is about something else."""
    if "not a database" in cause or "malformed" in cause:
        return SurroundingsError(
            "not_a_database",
            msg("Tệp {file} không phải cơ sở dữ liệu của chương trình, hoặc đã hỏng.", file=str(file)),
            hint=msg("Chọn tệp khác bằng --db, hoặc mở bản sao lưu."),
        )
    if "readonly" in cause or "unable to open" in cause:
        return no_right(file)
    if "disk is full" in cause:
        return SurroundingsError(
            "disk_full", msg("Hết chỗ trên đĩa có thư mục {folder}.", folder=str(file.parent))
        )
    return None


def no_right(file: Path) -> SurroundingsError:
    """What to say when an embedded database or its folder cannot be opened for writing."""
    return SurroundingsError(
        "database_unwritable",
        msg("Không mở được tệp cơ sở dữ liệu {file} để đọc và ghi.", file=str(file)),
        hint=msg("Cần quyền đọc và ghi tệp đó, và quyền ghi thư mục {folder}.", folder=str(file.parent)),
    )
