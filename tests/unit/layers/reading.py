"""Reading back what a map's script would draw."""

from __future__ import annotations

import json
import re
from typing import Any

_CALL = re.compile(r"diaban\.(\w+)\((\w+), (\{\".*\})\);")


def calls(script: str) -> list[tuple[str, Any]]:
    """The drawing functions that a script calls, with their data as the browser reads it."""
    return [(name, json.loads(data)) for name, _target, data in _CALL.findall(script)]


def texts_in(value: object) -> set[str]:
    """Every text somewhere inside a value."""
    if isinstance(value, str):
        return {value}
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {text for part in parts for text in texts_in(part)}
