"""How the command line speaks: options that every command knows, documents on stdout, errors with a way out."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from app.config import Settings
from app.services import accounts, database
from app.services.clock import today
from app.text import _, render, set_language, speaking
from data.store import Actor, Store
from geo.errors import InputError, SurroundingsError
from geo.messages import msg
from geo.words import Role

DONE, FOUND, BAD_INPUT, BAD_SURROUNDINGS = 0, 1, 2, 3
_VALUED = ("--db", "--as-of", "--as")


@dataclass(frozen=True)
class Console:
    """What one call of the command line works with."""

    settings: Settings
    as_json: bool
    as_of: date
    as_account: str | None

    @cached_property
    def store(self) -> Store:
        """The database, brought up to date."""
        return database.open_store(self.settings)

    @cached_property
    def actor(self) -> Actor:
        """Who acts: the operator, or the account named by ``--as``."""
        if self.as_account:
            return accounts.named_actor(self.store, self.as_account)
        return Actor(f"cli:{getpass.getuser()}", Role.ADMIN)

    def put(self, document: dict[str, Any], *lines: str) -> None:
        """Give the result: one JSON document, or lines for a person."""
        if self.as_json:
            print(json.dumps(document, ensure_ascii=False, default=_plain))
        else:
            print(
                "\n".join(lines)
                if lines
                else json.dumps(document, ensure_ascii=False, indent=1, default=_plain)
            )

    def say(self, text: str) -> None:
        """Tell a person how it goes, beside the result."""
        print(text, file=sys.stderr)


def _plain(value: Any) -> Any:
    if hasattr(value, "item"):
        return value.item()
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return render(value) if hasattr(value, "text") else str(value)


def split_options(arguments: list[str]) -> tuple[dict[str, str], list[str]]:
    """Take the options that every command knows out of the arguments, wherever they stand."""
    common: dict[str, str] = {}
    rest: list[str] = []
    waiting = iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if argument == "--json":
            common["--json"] = "yes"
        elif name in _VALUED:
            given = value if equals else next(waiting, None)
            if given is None:
                raise InputError("option_without_value", msg("Tùy chọn {name} cần một giá trị.", name=name))
            common[name] = given
        else:
            rest.append(argument)
    return common, rest


def parse_day(text: str) -> date:
    """A date in ISO form or as dd/mm/yyyy."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text.strip(), pattern).date()
        except ValueError:
            continue
    raise InputError(
        "bad_date", msg("Không hiểu ngày “{text}”; viết như 2026-01-31 hoặc 31/01/2026.", text=text)
    )


def make_console(common: dict[str, str]) -> Console:
    """Settings of the environment, overridden by the options given."""
    settings = Settings()
    if "--db" in common:
        settings = settings.model_copy(update={"database_url": common["--db"]})
    set_language(settings.language)
    as_of = parse_day(common["--as-of"]) if "--as-of" in common else today()
    return Console(settings, "--json" in common, as_of, common.get("--as"))


def guarded(arguments: list[str], run: Callable[[Console, list[str]], int]) -> int:
    """Run a command; whatever goes wrong ends in one clear line and the right exit code."""
    as_json = "--json" in arguments
    try:
        common, rest = split_options(arguments)
        return run(make_console(common), rest)
    except SurroundingsError as error:
        return _fail(error, BAD_SURROUNDINGS, as_json)
    except InputError as error:
        return _fail(error, BAD_INPUT, as_json)
    except TyperException as error:
        hint = msg("Xem python -m app --help.")
        usage = InputError("usage", msg("Lệnh không đúng: {detail}", detail=error.format_message()), hint=hint)
        return _fail(usage, BAD_INPUT, as_json)
    except typer.Abort:
        return BAD_INPUT
    except OSError as error:
        detail = msg("Lỗi hệ thống: {detail}", detail=f"{error.strerror} {error.filename or ''}".strip())
        return _fail(SurroundingsError("system", detail), BAD_SURROUNDINGS, as_json)
    except Exception as error:
        # The type, never the text: what an unforeseen error says may quote somebody's data.
        kind = msg("Lỗi ngoài dự kiến ({kind}).", kind=type(error).__name__)
        return _fail(SurroundingsError("unexpected", kind), BAD_SURROUNDINGS, as_json)


def _fail(error: InputError, code: int, as_json: bool) -> int:
    place = [_("tệp {file}", file=Path(error.file).name) if error.file else ""]
    place += [_("trang tính {sheet}", sheet=error.sheet) if error.sheet else ""]
    place += [_("dòng {row}", row=error.row) if error.row else ""]
    place += [_("cột {column}", column=error.column) if error.column else ""]
    where = ", ".join(part for part in place if part)
    if as_json:
        with speaking("en"):
            english = render(error.message)
        document = {
            "code": error.code,
            "message": render(error.message),
            "message_en": english,
            "file": error.file,
            "sheet": error.sheet,
            "row": error.row,
            "column": error.column,
            "hint": render(error.hint) if error.hint else None,
        }
        print(json.dumps({"error": document}, ensure_ascii=False))
    if error.hint:
        print(render(error.hint), file=sys.stderr)
    print(f"{where}: {render(error.message)}" if where else render(error.message), file=sys.stderr)
    return code
