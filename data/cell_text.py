"""Text in cells of spreadsheets: never run as a formula on its way out, as it was on its way back."""

from __future__ import annotations

import re
from typing import Any

#: A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection).
_COMMANDS = tuple("=+-@\t\r＝＋－＠")
#: Characters that neither XML nor a workbook can hold.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without control characters."""
    return _UNPRINTABLE.sub("", text)


def harmless(value: Any) -> Any:
    """The cell as a spreadsheet can take it: a text that would be run gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(_COMMANDS) or text.lstrip().startswith(_COMMANDS) else text


def taken_back(text: str) -> str:
    """A cell as it was before ``harmless``."""
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(_COMMANDS) else text
