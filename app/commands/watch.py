"""Commands that watch the hotspots: scan, displacement."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.base import app, console_of
from app.console import parse_day
from app.services import alerts
from app.services import displacement as displacing
from app.text import _


@app.command("scan")
def scan_command(context: typer.Context) -> None:
    """Rà soát dấu hiệu tái hoạt động. Look for signs of reactivation."""
    console = console_of(context)
    done = alerts.scan(console.store, console.actor, console.as_of)
    console.put(
        done,
        _("Cảnh báo mới: {n}, đang mở: {kept}.", n=len(done["raised"]), kept=len(done["kept"])),
        *(f"{a['name']}: {a['text']}" for a in done["raised"]),
    )


@app.command("displacement")
def displacement_command(
    context: typer.Context,
    hotspot: Annotated[str, typer.Option("--hotspot", help="Mã điểm · Hotspot id")],
    months: Annotated[
        int, typer.Option("--months", help="Số tháng · Months before and after")
    ] = 6,
    since: Annotated[str | None, typer.Option("--since", help="Ngày ra quân · Day of a wave")] = None,
) -> None:
    """Sau triệt xóa: dời chỗ hay lan lợi ích. After an elimination: displaced, or did the benefit spread."""
    console = console_of(context)
    begun = parse_day(since) if since else None
    done = displacing.displacement(
        console.store, console.actor, hotspot, console.as_of, months=months, since=begun
    )
    console.put(done, done["text"], *done["warnings"])
