"""What one check of the doctor found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from geo.messages import Message


@dataclass(frozen=True)
class Check:
    """A check by its stable name: well, worth knowing (``warning``), or to be mended (``problem``)."""

    name: str
    level: Literal["ok", "warning", "problem"]
    text: Message
    hint: Message | None = None

    def document(self) -> dict[str, Any]:
        """As the command line gives it."""
        ok = self.level != "problem"
        return {"name": self.name, "ok": ok, "level": self.level, "text": self.text, "hint": self.hint}


def good(name: str, text: Message) -> Check:
    """All is well."""
    return Check(name, "ok", text)


def warn(name: str, text: Message, hint: Message) -> Check:
    """Somebody should know."""
    return Check(name, "warning", text, hint)


def bad(name: str, text: Message, hint: Message | None = None) -> Check:
    """Somebody must mend it."""
    return Check(name, "problem", text, hint)
