"""What every table shares: a database row number, a stable public id, and for events their revisions."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Index, MetaData, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import BigInteger, Integer, TypeDecorator


def new_id() -> str:
    """A fresh public id."""
    return uuid.uuid4().hex


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, aware on the Python side and UTC in the database; SQLite keeps no time zone itself."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Declarative base with named constraints, so that migrations can drop what they made."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON, datetime: UtcDateTime}


ROW_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class Row:
    """A row that stands for one thing: ``rid`` orders and indexes, ``id`` is what the world sees."""

    rid: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True, autoincrement=True, sort_order=-2)
    id: Mapped[str] = mapped_column(String(64), unique=True, default=new_id, sort_order=-1)


class Edited(Row):
    """A row that people edit: saving over somebody else's change is refused by ``version``."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


class Event:
    """An append-only record. A mistake is mended by a row with the same ``id`` and the next ``revision``;
    what holds is the highest revision recorded up to the time one asks for. A voided event holds no more.
    """

    rid: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True, autoincrement=True, sort_order=-2)
    id: Mapped[str] = mapped_column(String(64), default=new_id, sort_order=-1)
    revision: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(80))
    why: Mapped[str | None]
    void: Mapped[bool] = mapped_column(default=False)

    @declared_attr.directive
    def __table_args__(cls) -> Any:
        return (
            UniqueConstraint("id", "revision", name=f"uq_{cls.__tablename__}_revision"),  # type: ignore[attr-defined]
            Index(f"ix_{cls.__tablename__}_recorded_at", "recorded_at"),  # type: ignore[attr-defined]
        )
