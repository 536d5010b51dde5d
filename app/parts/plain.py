"""Text from outside, made safe for Markdown."""

from __future__ import annotations

import re

_SIGNS = frozenset("\\`*_{}[]()<>#+-!|~$:&")
#: Bare addresses become links after all escapes are gone (GitHub's Markdown), unless something stands in them.
_ADDRESS = re.compile(r":(?=//)|\bwww(?=\.)|@", re.IGNORECASE)
_WORD_JOINER = "\u2060"


def plain(text: object) -> str:
    """``text`` as it stands, with the signs that Markdown would read escaped; an address in it is no link."""
    parted = _ADDRESS.sub(lambda found: found[0] + _WORD_JOINER, str(text))
    return "".join(f"\\{c}" if c in _SIGNS else c for c in parted)
