"""The same use cases as on the pages, as commands. The contract is in the interface paper and in --help."""

from __future__ import annotations

import typer

from app.commands import (
    accounts,
    audit,
    exchange,
    imports,
    indicators,
    installation,
    keeping,
    packages,
    plans,
    purge,
    reports,
    watch,
    weighing,
)
from app.commands.base import app
from app.console import DONE, Console, guarded

#: The modules whose commands there are; importing one registers them.
COMMANDS = (
    installation,
    imports,
    weighing,
    plans,
    watch,
    exchange,
    indicators,
    reports,
    accounts,
    audit,
    keeping,
    packages,
    purge,
)


def main(arguments: list[str]) -> int:
    """Run one command and give its exit code."""
    return guarded(arguments, _run)


def _run(console: Console, rest: list[str]) -> int:
    command = typer.main.get_command(app)
    # A group without a command shows what there is.
    wanted = [*rest, "--help"] if rest in ([], ["import"], ["backtest"], ["package"]) else rest
    result = command.main(wanted, prog_name="python -m app", standalone_mode=False, obj=console)
    return result if isinstance(result, int) else DONE
