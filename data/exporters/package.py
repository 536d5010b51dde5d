"""A ward's figures of a period as one file: JSON with a checksum of the whole and one of each section.

The checksum is SHA-256 over the canonical form: UTF-8, keys sorted, no blanks. It tells a file that was changed
or damaged on its way, and which section of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

FORMAT, VERSION = "diaban.ward-package", 1
#: What a package holds beside ``format`` and ``version``, each with its own checksum.
SECTIONS = ("unit", "period", "as_of", "made_at", "indicators", "other", "figures", "tasks")


def sealed(contents: Mapping[str, Any]) -> dict[str, Any]:
    """The sections of a package with format, version and checksums."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        **{name: contents[name] for name in SECTIONS},
    }
    document["checksums"] = {name: digest(contents[name]) for name in SECTIONS}
    document["checksum"] = digest(document)
    return document


def digest(part: Any) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    text = json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def package_bytes(document: Mapping[str, Any]) -> bytes:
    """The file of a sealed package, to be read by people too."""
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
