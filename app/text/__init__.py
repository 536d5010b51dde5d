"""The words on the screen: Vietnamese in the code, English from the catalog, numbers and dates as written here.

The language belongs to the current run (a context variable), so that two people can read two languages.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from geo.messages import Message
from geo.word_texts import word_text

Language = Literal["vi", "en"]
CATALOG = Path(__file__).parent / "en" / "LC_MESSAGES" / "diaban.po"
_language: ContextVar[Language] = ContextVar("language", default="vi")
_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@cache
def english() -> dict[str, str]:
    """The English catalog: Vietnamese sentence to English sentence."""
    with CATALOG.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale="en") if m.id and m.string}


def language() -> Language:
    """The language of this run."""
    return _language.get()


def set_language(new: Language) -> None:
    """Speak ``new`` from here on in this run."""
    _language.set(new)


@contextmanager
def speaking(new: Language) -> Iterator[None]:
    """Speak ``new`` inside the block."""
    token = _language.set(new)
    try:
        yield
    finally:
        _language.reset(token)


def _(text: str, /, **values: Any) -> str:
    """``text`` in the language of this run, its slots filled."""
    return render(Message(text, values))


def render(message: Message | dict[str, Any] | str) -> str:
    """A message, its JSON form or a plain text in the language of this run."""
    if isinstance(message, str):
        return message
    if isinstance(message, dict):
        message = Message.from_json(message)
    text = message.text if language() == "vi" else english().get(message.text, message.text)
    return text.format(**{name: show(value) for name, value in message.values.items()})


def label(word: StrEnum) -> str:
    """The word that officers use for an enumeration's value."""
    return render(word_text(word))


def show(value: Any) -> str:
    """A value as people write it: dd/mm/yyyy, 1.234,5, words for enumerations, empty for nothing."""
    if value is None or value != value:
        return ""
    if isinstance(value, Message):
        return render(value)
    if isinstance(value, StrEnum):
        return label(value)
    if isinstance(value, datetime):
        return show_time(value)
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if hasattr(value, "item"):
        return show(value.item())
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 10_000):
        return number(value)
    return str(value)


def show_time(instant: datetime) -> str:
    """An instant in local time; a date alone when the clock stands at midnight."""
    local = instant.astimezone(_ZONE) if instant.tzinfo else instant
    return f"{local:%d/%m/%Y}" if local.time() == datetime.min.time() else f"{local:%d/%m/%Y %H:%M}"


def number(value: float, digits: int = 1) -> str:
    """A number with at most ``digits`` decimals, written as the language does."""
    return format_decimal(round(value, digits), locale="vi_VN" if language() == "vi" else "en_GB")
