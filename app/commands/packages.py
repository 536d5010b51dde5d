"""Commands of the packages that wards send: write one, take one in."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.base import File, app, console_of, only
from app.services import packages
from app.text import _
from geo.periods import parse_period

package_app = typer.Typer(
    no_args_is_help=True, help="Gói số liệu phường gửi lên. Packages of figures that wards send."
)
app.add_typer(package_app, name="package")


@package_app.command("export")
def export_command(
    context: typer.Context,
    file: File,
    period: Annotated[str, typer.Option("--period", help="2026, 2026-H1, 2026-Q3, 2026-09")],
    ward: Annotated[str, typer.Option("--ward", help="mã phường · ward code")],
) -> None:
    """Xuất gói số liệu của một phường. Write a ward's package of a period."""
    console = console_of(context)
    done = packages.export_package(
        console.store, console.actor, parse_period(period), ward, file, as_of=console.as_of
    )
    console.put(
        done, _("Đã ghi gói số liệu của {ward} vào {file}.", **only(done, "ward", "file")), done["checksum"]
    )


@package_app.command("import")
def import_command(context: typer.Context, file: File) -> None:
    """Nhập gói số liệu do phường gửi. Take in a package that a ward sent."""
    console = console_of(context)
    done = packages.import_package(console.store, console.actor, file)
    if done["new"]:
        line = _("Đã nhận gói số liệu của {ward}, kỳ {period}.", **only(done, "ward", "period"))
    else:
        line = _("Gói này đã nhận trước đó; không tính thêm.")
    console.put(done, line)
