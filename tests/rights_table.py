"""The written table of rights (``tests/rights.toml``): what each function, page, address and command asks for.

How a row reads:

* ``plan``: the right that is asked for before anything else is done;
* ``audit or approve``: one of them is enough;
* ``nothing without see_plans``: whoever lacks the right gets an empty answer;
* ``varies: ...``: which right depends on what is asked for, said in words;
* ``open: ...``: no right is needed, and why that harms nobody.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from app.access import RIGHTS, Right
from geo.words import Role
from tests.paths import ROOT

FILE = ROOT / "tests" / "rights.toml"


@dataclass(frozen=True)
class Rule:
    """A row of the table. ``rights``: one of them is needed; empty where none is, or where it varies."""

    text: str
    rights: tuple[Right, ...]
    empty_without: bool = False

    @property
    def refused(self) -> list[Role]:
        """The roles that lack all of the rights."""
        return [role for role in Role if self.rights and RIGHTS[role].isdisjoint(self.rights)]


def parsed(text: str) -> Rule:
    """A row as it is written. Raises ValueError for a word that is no right."""
    if text.startswith(("open: ", "varies: ")):
        return Rule(text, ())
    wanted = text.removeprefix("nothing without ")
    return Rule(text, tuple(Right(word) for word in wanted.split(" or ")), wanted != text)


def table() -> dict[str, dict[str, Rule]]:
    """The parts of the table: services, pages, routes, commands; rows by name (``module.function``)."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    services = {
        f"{module}.{name}": row for module, rows in told.pop("services").items() for name, row in rows.items()
    }
    parts = {"services": services, **told}
    return {part: {name: parsed(row) for name, row in rows.items()} for part, rows in parts.items()}


def repositories() -> dict[str, str]:
    """How each function of the repositories is narrowed: ``scoped``, or ``open: why``."""
    told = tomllib.loads((ROOT / "tests" / "rights_repositories.toml").read_text(encoding="utf-8"))
    return {f"{module}.{name}": row for module, rows in told.items() for name, row in rows.items()}
