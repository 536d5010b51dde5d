"""Tables of the office: accounts, sessions, settings, the audit log, and what is left of what was purged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import ROW_NUMBER, Base, Edited, Event, Row


class Account(Edited, Base):
    """Who may sign in. An office account, not a person's file: no address, no phone.

    ``must_change``: the password was given by somebody else. ``totp_step``: the last time step whose code was
    used, so that none is used twice. ``oidc_subject``: a keyed hash of who the identity provider says it is.
    """

    __tablename__ = "accounts"
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str] = mapped_column(String(200))
    disabled: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())
    password_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None] = mapped_column(String(200))
    totp_confirmed_at: Mapped[datetime | None]
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    oidc_subject: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)


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
    origin: Mapped[str | None] = mapped_column(String(80))


class AddressLock(Base):
    """Wrong passwords from one network address; only a keyed hash of the address is kept."""

    __tablename__ = "address_locks"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    locked_until: Mapped[datetime | None]


class AccountTeam(Row, Base):
    """A team whose days an inspector's account opens; without one it is the teams of the account's units."""

    __tablename__ = "account_teams"
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))


class PrivacyException(Event, Base):
    """Words that look like personal data and are none, as a data steward decided, with the reason."""

    __tablename__ = "privacy_exceptions"
    phrase: Mapped[str] = mapped_column(String(200), index=True)
    reason: Mapped[str] = mapped_column(String(600))


class TextSalt(Base):
    """The salt of the digests by which the audit log knows an event's free text; gone once it is purged."""

    __tablename__ = "text_salts"
    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))


class Tombstone(Row, Base):
    """An event that was purged when its time of keeping was over. Only what has a tombstone can be deleted.

    ``table_name`` and ``event_id``: what it was; ``rule``: of the retention table; ``counts``: what may be
    kept of it: month, unit, kind.
    """

    __tablename__ = "tombstones"
    __table_args__ = (UniqueConstraint("table_name", "event_id", name="uq_tombstones_event"),)
    table_name: Mapped[str] = mapped_column(String(60))
    event_id: Mapped[str] = mapped_column(String(64), index=True)
    rule: Mapped[str] = mapped_column(String(60))
    purged_at: Mapped[datetime]
    purged_by: Mapped[str] = mapped_column(String(80))
    counts: Mapped[dict[str, Any]]


class Setting(Base):
    """A fact about this database: whether it is the demonstration, its own id, keys."""

    __tablename__ = "settings"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[dict[str, Any]]


class AuditEntry(Base):
    """Who did what, when and from where; append-only, chained by hash. Free text stands in it as a digest."""

    __tablename__ = "audit_log"
    seq: Mapped[int] = mapped_column(ROW_NUMBER, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120), default="")
    origin: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
