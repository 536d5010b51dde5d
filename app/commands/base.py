"""What all commands share: the groups they belong to, the console they speak through."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.console import Console

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Địa Bàn. Mọi lệnh nhận --db URL, --json, --as-of NGÀY, --as TÀI_KHOẢN. "
    "Every command takes --db URL, --json, --as-of DATE, --as ACCOUNT.",
)
imports_app = typer.Typer(no_args_is_help=True, help="Nhập dữ liệu từ tệp. Import data from files.")
app.add_typer(imports_app, name="import")
backtest_app = typer.Typer(no_args_is_help=True, help="Kiểm chứng trên số liệu cũ. Back-test on past data.")
app.add_typer(backtest_app, name="backtest")
plan_app = typer.Typer(help="Lịch kiểm tra. Inspection plans.")
app.add_typer(plan_app, name="plan")
File = Annotated[Path, typer.Argument(help="Tệp · File")]
IntoDemo = Annotated[bool, typer.Option("--into-demo")]


def console_of(context: typer.Context) -> Console:
    """What this call works with."""
    console = context.find_root().obj
    assert isinstance(console, Console)
    return console


def only(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    """A few entries of a document, to fill a sentence."""
    return {key: document[key] for key in keys}
