"""Commands of reports: make one, take the default template out, check a template."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import File, app, console_of, only
from app.console import FOUND, parse_day
from app.services import report_docx, report_files, report_quick, report_request, report_templates
from app.text import _, render
from data.exporters.replacing import replacing
from geo.review_words import ReportKind


@app.command("report")
def report_command(
    context: typer.Context,
    kind: Annotated[str, typer.Option("--kind", help="month, quarter, half, year, quick, adhoc")],
    out: Annotated[Path, typer.Option("--out", help=".docx, .xlsx")],
    period: Annotated[str | None, typer.Option("--period", help="2026, 2026-H1, 2026-Q3, 2026-09")] = None,
    ward: Annotated[str | None, typer.Option("--ward", help="mã phường · ward code")] = None,
    hotspot: Annotated[str | None, typer.Option("--hotspot", help="ID")] = None,
    first: Annotated[str | None, typer.Option("--from")] = None,
    last: Annotated[str | None, typer.Option("--to")] = None,
    units_as_of: Annotated[str | None, typer.Option("--units-as-of", help="bộ phường của ngày")] = None,
    corrected: Annotated[bool, typer.Option("--reissue", help="lập bản điều chỉnh · corrected")] = False,
) -> None:
    """Lập báo cáo ra tệp Word hoặc Excel. Write a report to a Word or Excel file."""
    console = console_of(context)
    wanted = report_request.kind_of(kind)
    if wanted is ReportKind.QUICK:
        asked = report_quick.asked_quick(console.store, console.actor, hotspot, period, as_of=console.as_of)
    else:
        days = [parse_day(day) if day else None for day in (first, last)]
        asked = report_request.asked(
            console.store,
            console.actor,
            wanted,
            report_request.period_asked(wanted, period, *days),
            ward=ward,
            as_of=console.as_of,
            units_as_of=parse_day(units_as_of) if units_as_of else None,
        )
    done = report_files.write_report(
        console.store, console.actor, asked, out, console.settings, as_of=console.as_of, corrected=corrected
    )
    heading = _("Đã ghi báo cáo {period} vào {file}.", **only(done, "period", "file"))
    changed = (f"{one['figure']}: {one['before']} → {one['after']}" for one in done["changes"])
    console.put(done, heading, *changed)


@app.command("report-template")
def template_command(context: typer.Context, file: File) -> None:
    """Ghi mẫu báo cáo mặc định để sửa. Write the default template of reports, to be edited."""
    with replacing(file) as beside:
        beside.write_bytes(report_docx.template())
    done = {"file": str(file), "fields": list(report_docx.FIELDS)}
    console_of(context).put(done, _("Đã ghi mẫu báo cáo vào {file}.", file=str(file)))


@app.command("report-check")
def check_command(context: typer.Context, file: File) -> int:
    """Kiểm tra một mẫu báo cáo trước khi dùng. Check a template of reports before it is used."""
    found = report_templates.check_template(report_templates.read_template(file))
    problems = [
        {"stops": one.stops, "problem": render(one.text), "where": render(one.where) if one.where else None}
        for one in found
    ]
    lines = [f"{one['problem']} {one['where'] or ''}".strip() for one in problems]
    usable = not any(one.stops for one in found)
    heading = _("Mẫu dùng được.") if usable else _("Mẫu chưa dùng được.")
    console_of(context).put({"file": str(file), "usable": usable, "problems": problems}, heading, *lines)
    return 0 if usable else FOUND
