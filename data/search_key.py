"""The folded text by which a premises is found, whatever accents a person types."""

from __future__ import annotations

from geo.fold import fold

_LONGEST = 900


def premises_key(name: str, address: str = "", registration_number: str | None = None) -> str:
    """Name, address and registration number of a premises, folded, for the column ``folded``."""
    return fold(" ".join(part for part in (name, address, registration_number) if part))[:_LONGEST]
