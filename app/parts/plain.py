"""Text from outside, made safe for Markdown."""

from __future__ import annotations

_SIGNS = frozenset("\\`*_{}[]()<>#+-!|~$:&")


def plain(text: object) -> str:
    """``text`` as it stands, with the signs that Markdown would read escaped."""
    return "".join(f"\\{c}" if c in _SIGNS else c for c in str(text))
