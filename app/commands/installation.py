"""Commands that set up and run the app: init, template, serve."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.commands.base import File, app, console_of, only
from app.services import templates
from app.services.installation import install
from app.text import _


@app.command()
def init(
    context: typer.Context,
    demo: Annotated[bool, typer.Option("--demo", help="Quận minh họa · The demonstration")] = False,
) -> None:
    """Tạo cơ sở dữ liệu. Create the database."""
    console = console_of(context)
    done = install(console.settings, demo=demo, as_of=console.as_of)
    which = {
        "own": _("Đang dùng: cơ sở dữ liệu của mình (lệnh init không kèm --demo)."),
        "demo": _("Đang dùng: bản minh họa. Lệnh init không kèm --demo chuyển sang cơ sở dữ liệu của mình."),
        "named": _("Đang dùng: cơ sở dữ liệu được nêu bằng --db hoặc DIABAN_DATABASE_URL."),
    }
    ready = _("Cơ sở dữ liệu sẵn sàng ({engine}, bản {revision}).", **only(done, "engine", "revision"))
    console.put(done, ready, which[done["in_use"]])


@app.command("template")
def template_command(context: typer.Context, kind: str, file: File) -> None:
    """Ghi tệp mẫu trống có các cột được nhận. Write an empty file with the accepted columns."""
    console = console_of(context)
    done = templates.template(kind, file)
    console.put(done, _("Đã ghi tệp mẫu {file}.", file=done["file"]))


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
    if_empty: Annotated[str, typer.Option("--if-empty", help="ask, page, demo, own")] = "ask",
) -> None:
    """Chạy ứng dụng. Run the app."""
    # Streamlit is slow to import: only the command that serves pays for it.
    from app.server import run_server

    console = console_of(context)
    changes: dict[str, Any] = {k: v for k, v in (("host", host), ("port", port)) if v is not None}
    run_server(console.settings.model_copy(update=changes), if_empty=if_empty, as_of=console.as_of)
