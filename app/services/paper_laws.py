"""What plans and decisions name as their basis: the laws in force on a day (``paper_laws.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_suffix(".toml")


def laws_on(day: date, types: Collection[str]) -> list[str]:
    """The laws in force on ``day`` for a check of premises of these types, in the order papers name them."""
    return [law["name"] for law in _laws() if _holds(law, day) and _concerns(law, types)]


def _holds(law: Mapping[str, Any], day: date) -> bool:
    return bool(law.get("from", date.min) <= day <= law.get("until", date.max))


def _concerns(law: Mapping[str, Any], types: Collection[str]) -> bool:
    return "types" not in law or not set(law["types"]).isdisjoint(types)


@cache
def _laws() -> tuple[Mapping[str, Any], ...]:
    return tuple(tomllib.loads(_FILE.read_text(encoding="utf-8"))["law"])
