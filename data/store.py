"""Units of work: one transaction, one actor, one scope; the only door through which services reach data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from data import audit
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
        with _plain_words(), Session(self.engine) as session:
            yield Work(session, actor, datetime.now(UTC))

    @contextmanager
    def write(self, actor: Actor) -> Iterator[Work]:
        """A unit of work that is stored whole, or not at all when it fails."""
        engine = self.engine.execution_options(writes=True)
        with _plain_words(), Session(engine) as session, session.begin():
            yield Work(session, actor, datetime.now(UTC))


@contextmanager
def _plain_words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise SurroundingsError(
            "database_unreachable",
            msg("Không dùng được cơ sở dữ liệu: {cause}", cause=str(error.orig).strip().splitlines()[0]),
            hint=msg("Kiểm tra DIABAN_DATABASE_URL, quyền ghi của thư mục dữ liệu và dung lượng đĩa."),
        ) from error
    except StaleDataError as error:
        raise ConflictError(
            "changed_meanwhile", msg("Người khác đã lưu thay đổi trên cùng mục này trước bạn.")
        ) from error
