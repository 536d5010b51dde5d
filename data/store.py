"""Units of work: one transaction, one actor, one scope; the only door through which services reach data."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from data import audit, audit_anchor
from data.engine import sqlite_file
from data.row_security import ScopedSession, show_only
from data.tables import new_id
from geo.errors import ConflictError, SurroundingsError
from geo.messages import msg
from geo.words import Role

LOCAL_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(frozen=True)
class Actor:
    """Who acts: an account or the operator at the command line. ``scope`` is None for the whole database,
    else the ids of the units whose tips, findings and alerts this actor may see. ``origin``: from where, as the
    audit log keeps it, such as ``web 192.168.1.7`` or ``web #5f3c...``; it does not make another actor."""

    name: str
    role: Role
    scope: frozenset[str] | None = None
    origin: str | None = field(default=None, compare=False)

    @property
    def at_command_line(self) -> bool:
        """Whether it is the operator of the database, who signs in nowhere and enters what is on paper."""
        return self.name.startswith("cli:")


@dataclass
class Work:
    """An open unit of work."""

    #: The transaction; whoever asks it anything goes through ``session``.
    opened: ScopedSession
    actor: Actor
    now: datetime
    #: Number and hash of the newest entry that this unit of work added to the audit log.
    noted: tuple[int, str] | None = None

    @property
    def session(self) -> Session:
        """The session, in which PostgreSQL shows nothing beyond the actor's scope. Not to be kept: ask anew."""
        show_only(self.opened, self.actor.scope)
        return self.opened

    @property
    def whole(self) -> Work:
        """The same unit of work without the bounds of a scope: to weigh, never to show."""
        return self if self.actor.scope is None else replace(self, actor=replace(self.actor, scope=None))

    @property
    def today(self) -> date:
        """The date in Hà Nội."""
        return self.now.astimezone(LOCAL_ZONE).date()

    def note(self, action: str, subject: str = "", *, text: str | None = None, **detail: Any) -> None:
        """Write to the audit log, in the same transaction. ``text``: what a person wrote, kept as a digest."""
        if text:
            detail["text"] = self.digest(subject, text)
        self.noted = audit.append(
            self.session,
            at=self.now,
            actor=self.actor.name,
            action=action,
            subject=subject,
            detail=detail,
            origin=self.actor.origin or ("cli" if self.actor.at_command_line else None),
        )

    def digest(self, subject: str, text: str | None) -> str | None:
        """What the audit log keeps of a free text about ``subject``; it fits no text once the salt is gone."""
        return audit.digest(self.session, subject, text)

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
        with plain_words(self.engine), ScopedSession(self.engine) as session:
            yield Work(session, actor, datetime.now(UTC))

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Work]:
        """A unit of work that is stored whole, or not at all when it fails."""
        engine = self.engine.execution_options(writes=True)
        file = audit_anchor.anchor_file(self.engine)
        anchor = None
        with plain_words(self.engine), ScopedSession(engine) as session, session.begin():
            work = Work(session, actor, datetime.now(UTC))
            yield work
            if work.noted is not None and file is not None:
                anchor = audit_anchor.next_anchor(session, file, *work.noted, work.now)
        if anchor is not None and file is not None:
            # Only after it is stored: an anchor ahead of its log would cry wolf.
            audit_anchor.keep(file, anchor)


@contextmanager
def plain_words(engine: Engine) -> Iterator[None]:
    """Say what a database cannot do so that a person can mend it: SurroundingsError, ConflictError."""
    try:
        yield
    except (DatabaseError, InterfaceError, sqlite3.DatabaseError) as error:
        cause = str(getattr(error, "orig", error)).strip()
        file = sqlite_file(engine)
        if file is not None and (said := _file_trouble(file, cause)) is not None:
            raise said from error
        lost = isinstance(error, OperationalError | InterfaceError | sqlite3.OperationalError)
        if not lost and not getattr(error, "connection_invalidated", False):
            raise
        raise SurroundingsError(
            "database_unreachable",
            msg("Không dùng được cơ sở dữ liệu: {cause}", cause=(cause.splitlines() or ["?"])[0]),
            hint=msg("Kiểm tra DIABAN_DATABASE_URL, máy chủ cơ sở dữ liệu và dung lượng đĩa."),
        ) from error
    except PoolTimeout as error:
        raise _busy() from error
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
    if "locked" in cause:
        return _busy()
    # A journal that cannot grow is told as an input or output error.
    if "disk is full" in cause or "disk I/O error" in cause:
        return SurroundingsError(
            "disk_full",
            msg("Hết chỗ, hoặc không ghi được, trên đĩa có thư mục {folder}.", folder=str(file.parent)),
            hint=msg("Dọn đĩa rồi làm lại: việc vừa rồi chưa được lưu."),
        )
    return None


def _busy() -> SurroundingsError:
    return SurroundingsError(
        "database_busy",
        msg("Cơ sở dữ liệu đang bận; việc vừa rồi chưa được lưu."),
        hint=msg("Thử lại sau ít phút."),
    )


def no_right(file: Path) -> SurroundingsError:
    """What to say when an embedded database or its folder cannot be opened for writing."""
    return SurroundingsError(
        "database_unwritable",
        msg("Không mở được tệp cơ sở dữ liệu {file} để đọc và ghi.", file=str(file)),
        hint=msg("Cần quyền đọc và ghi tệp đó, và quyền ghi thư mục {folder}.", folder=str(file.parent)),
    )
