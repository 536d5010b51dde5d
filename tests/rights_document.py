"""The rights for people to read, ``docs/rights.md``: written anew by ``python -m tests.rights_document``."""

from __future__ import annotations

from app.access import RIGHTS, Right
from geo.words import Role
from tests.paths import ROOT
from tests.rights_table import table

DOCUMENT = ROOT / "docs" / "rights.md"
_HEAD = """# Who may do what

Written from `app/access.py` and `tests/rights.toml` by `python -m tests.rights_document`; a test compares them.
The table in `tests/rights.toml` says of every service, page, address and command which right it asks for, or
why it needs none; `tests/rights_repositories.toml` says of every reader of the database how it is narrowed to
the units of an account. A function without a row fails the test.

A right says what an account may do, a scope where. An account with units sees tips, findings and alerts of
those units only; the register of premises is open to all accounts. Planner, signer, inspector and whoever
closes a finding are different people whatever their rights (`docs/security.md`).

## Roles and rights
"""


def document() -> str:
    """The text of the file."""
    roles = list(Role)
    lines = [_HEAD, f"| right | {' | '.join(role.value for role in roles)} |", f"|---{'|---' * len(roles)}|"]
    for right in Right:
        marks = ("✓" if right in RIGHTS[role] else "" for role in roles)
        lines.append(f"| {right.value} | {' | '.join(marks)} |")
    for title, part in (("Pages", "pages"), ("Addresses beside the pages", "routes"), ("Commands", "commands")):
        lines += ["", f"## {title}", "", "| name | asks for |", "|---|---|"]
        lines += [f"| `{name}` | {rule.text} |" for name, rule in table()[part].items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
