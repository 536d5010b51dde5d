"""Facts about this database: whether it is the demonstration, the key that hides identity numbers."""

from __future__ import annotations

import secrets
from typing import Any

from data.store import Work
from data.tables import Setting


def fact(work: Work, key: str) -> dict[str, Any] | None:
    """What is recorded under ``key``."""
    setting = work.session.get(Setting, key)
    return None if setting is None else dict(setting.value)


def record_fact(work: Work, key: str, value: dict[str, Any]) -> None:
    """Record ``value`` under ``key``, in place of what stood there."""
    work.session.merge(Setting(key=key, value=value))


def is_demo(work: Work) -> bool:
    """Whether this database is the demonstration."""
    return fact(work, "demo") is not None


def identity_key(work: Work) -> bytes:
    """The key under which identity numbers are hashed (domain rule 5), made at its first use."""
    kept = fact(work, "identity_key")
    if kept is None:
        kept = {"hex": secrets.token_hex(32)}
        record_fact(work, "identity_key", kept)
    return bytes.fromhex(kept["hex"])
