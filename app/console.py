"""How the command line speaks: options that every command knows, documents on stdout, errors with a way out."""

from __future__ import annotations

import getpass
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import typer
from typer.exceptions import TyperException

from app.config import Settings, load_settings
from app.services import accounts, database
from app.services.clock import today
from app.text import _, number, render, set_language, speaking
from data.repositories import places
from data.store import Actor, Store
from geo.errors import InputError, SurroundingsError
from geo.messages import Message, msg
from geo.words import Role

DONE, FOUND, BAD_INPUT, BAD_SURROUNDINGS = 0, 1, 2, 3
_VALUED = ("--db", "--as-of", "--as")
#: Commands that may make an embedded database that is not there yet.
_CREATING = ("init", "import", "serve")
#: What typer says of a wrong call, and how it is said here.
_USAGE = (
    (r"No such option: (?P<name>\S+?)\.?(?: .*)?", msg("Không có tùy chọn {name}.")),
    (r"Missing option '(?P<name>[^']+)'.*", msg("Thiếu tùy chọn {name}.")),
    (r"Missing argument '(?P<name>[^']+)'.*", msg("Thiếu {name}.")),
    (r"No such command '(?P<name>[^']+)'.*", msg("Không có lệnh {name}.")),
    (r"Option '(?P<name>[^']+)' requires an argument.*", msg("Tùy chọn {name} cần một giá trị.")),
    (r"Got unexpected extra argument(?:s|\(s\))? \((?P<name>.+)\).*", msg("Thừa: {name}.")),
    (r"Invalid value for '(?P<name>[^']+)'.*", msg("Giá trị của {name} không hợp lệ.")),
)


@dataclass(frozen=True)
class Console:
    """What one call of the command line works with."""

    settings: Settings
    as_json: bool
    as_of: date
    as_account: str | None
    creates: bool = True

    @cached_property
    def store(self) -> Store:
        """The database, brought up to date."""
        return database.open_store(self.settings, create=self.creates)

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


def row_problem(row: dict[str, Any]) -> str:
    """Why a row of a file was left out, with what stood there."""
    said = _("Dòng {row}, cột {column}: {problem}", **{key: row[key] for key in ("row", "column", "problem")})
    return f"{said} (“{row['value']}”)" if row.get("value") else said


def ranking_lines(console: Console, ranked: list[dict[str, Any]]) -> list[str]:
    """The ranking for a person: rank, score, name of the premises, ward."""
    with console.store.read(console.actor) as work:
        known = places.premises_on(work, console.as_of).set_index("id")
    wards, names = known["ward_name"].dropna().to_dict(), known["name"].to_dict()
    return [
        f"{p['rank']:4} {number(p['score']):>6} {names.get(p['id'], p['id'])}, {wards.get(p['id'], '-')}"
        for p in ranked
    ]


def make_console(common: dict[str, str], command: str = "init") -> Console:
    """Settings of the environment, overridden by the options given."""
    settings = load_settings()
    if "--db" in common:
        settings = settings.model_copy(update={"database_url": common["--db"]})
    set_language(settings.language)
    as_of = parse_day(common["--as-of"]) if "--as-of" in common else today()
    return Console(settings, "--json" in common, as_of, common.get("--as"), command in _CREATING)


def guarded(arguments: list[str], run: Callable[[Console, list[str]], int]) -> int:
    """Run a command; whatever goes wrong ends in one clear line and the right exit code."""
    as_json = "--json" in arguments
    try:
        common, rest = split_options(arguments)
        return run(make_console(common, rest[0] if rest else ""), rest)
    except SurroundingsError as error:
        return _fail(error, BAD_SURROUNDINGS, as_json)
    except InputError as error:
        return _fail(error, BAD_INPUT, as_json)
    except TyperException as error:
        hint = msg("Xem python -m app --help.")
        usage = InputError("usage", _usage(error.format_message()), hint=hint)
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


def _usage(said: str) -> Message:
    for pattern, message in _USAGE:
        if found := re.fullmatch(pattern, said, re.DOTALL):
            return msg(message.text, name=found["name"])
    return msg("Lệnh không đúng: {detail}", detail=said)


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
