"""Texts for people that can be stored, translated later and shown in either language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from geo import review_words, words


@dataclass(frozen=True)
class Message:
    """A Vietnamese sentence with named slots, e.g. ``msg("{n} vi phạm", n=2)``.

    ``text`` is the key of the catalogs; ``values`` fill the slots after translation. A value may itself be
    a ``Message``.
    """

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**{k: str(v) for k, v in self.values.items()})

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready form; ``Message.from_json`` reads it back."""
        return {"text": self.text, "values": {k: _plain(v) for k, v in self.values.items()}}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Message:
        """Rebuild a message written by ``to_json``."""
        return cls(document["text"], {k: _rebuilt(v) for k, v in document.get("values", {}).items()})


def msg(text: str, /, **values: Any) -> Message:
    """Mark ``text`` for the catalogs and bind its slots."""
    return Message(text, values)


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, StrEnum):
        return {"word": type(value).__name__, "value": value.value}
    if isinstance(value, date):
        return {"date": f"{value:%Y-%m-%d}"}
    # numpy's numbers know how to become Python's.
    return value.item() if hasattr(value, "item") else value


def _rebuilt(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if "date" in value:
        return date.fromisoformat(value["date"])
    if "word" in value:
        return _vocabulary(value["word"])(value["value"])
    return Message.from_json(value)


def _vocabulary(name: str) -> type[StrEnum]:
    found: type[StrEnum] = getattr(words, name, None) or getattr(review_words, name)
    return found
