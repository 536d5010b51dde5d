"""Tables of the office: accounts and their sessions, settings of this database, the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import ROW_NUMBER, Base, Edited, Row


class Account(Edited, Base):
    """Who may sign in. An office account, not a person's file: no address, no phone."""

    __tablename__ = "accounts"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    disabled: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class AccountScope(Row, Base):
    """Units whose data an account may see; none means the whole database."""

    __tablename__ = "account_scopes"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))


class LoginSession(Row, Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "login_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Setting(Base):
    """A fact about this database: whether it is the demonstration, its own id, keys."""

    __tablename__ = "settings"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[dict[str, Any]]


class AuditEntry(Base):
    """Who did what, when; append-only and chained by hash."""

    __tablename__ = "audit_log"
    seq: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), default="")
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
