"""What can go wrong with input, said so that a person can mend it."""

from __future__ import annotations

from geo.messages import Message


class InputError(Exception):
    """Bad input or use: names the file, sheet, row and column where known, and the way out.

    ``code`` is a stable word for programs; ``message`` and ``hint`` are for people.
    """

    def __init__(
        self,
        code: str,
        message: Message,
        *,
        hint: Message | None = None,
        file: str | None = None,
        sheet: str | None = None,
        row: int | None = None,
        column: str | None = None,
    ) -> None:
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.hint = hint
        self.file = file
        self.sheet = sheet
        self.row = row
        self.column = column


class RuleError(InputError):
    """A rule of the law or the plan forbids what was asked."""


class ConflictError(InputError):
    """Somebody else saved the same row first; ``message`` says what changed."""


class SurroundingsError(InputError):
    """The surroundings fail: database not reachable, port taken, disk full, schema too new."""
