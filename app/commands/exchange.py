"""Commands that read addresses and write layers: locate, export."""

from __future__ import annotations

import typer

from app.commands.base import File, app, console_of, only
from app.services import exports
from app.services import locate as locating
from app.text import _


@app.command("locate")
def locate_command(context: typer.Context, file: File) -> None:
    """Tìm vị trí của các địa chỉ trong tệp. Find the points of a file's addresses."""
    console = console_of(context)
    done = locating.locate_file(
        console.store, console.actor, file, console.as_of, nominatim_url=console.settings.nominatim_url
    )
    lines = (f"{r['quality']:7} {r['lat'] or ''} {r['lon'] or ''} {r['address']}" for r in done["rows"])
    console.put(done, *lines, *done["warnings"])


@app.command("export")
def export_command(context: typer.Context, layer: str, file: File) -> None:
    """Xuất một lớp dữ liệu ra tệp. Export a layer to a file."""
    console = console_of(context)
    done = exports.export_layer(console.store, console.actor, layer, file, console.as_of)
    console.put(done, _("Đã ghi {rows} dòng vào {file}.", **only(done, "rows", "file")))
