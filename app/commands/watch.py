"""Commands that watch the hotspots: scan, alert, notify, backtest alerts, displacement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import app, backtest_app, console_of
from app.console import parse_day
from app.services import alerts, notice_sending
from app.services import displacement as displacing
from app.services.alert_backtest import backtest_alert_series
from app.text import _, number
from geo.errors import InputError
from geo.messages import msg
from geo.words import AlertState

#: What a verdict may be called beside the name of its state.
_VERDICTS = {state.value: state for state in AlertState if state is not AlertState.RAISED} | {
    "false_alarm": AlertState.DISMISSED,
    "cannot_tell": AlertState.UNCLEAR,
}


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


@app.command("alert")
def alert_command(
    context: typer.Context,
    alert: Annotated[str, typer.Argument(metavar="ID", help="Mã cảnh báo · Alert id")],
    verdict: Annotated[str, typer.Option("--verdict", help=" | ".join(_VERDICTS))],
    reason: Annotated[str, typer.Option("--reason", help="Lý do · Why")],
    document: Annotated[str, typer.Option("--document", help="Số văn bản · Paper")] = "",
) -> None:
    """Ghi kết luận về một cảnh báo. Record a verdict on an alert."""
    console = console_of(context)
    given = _VERDICTS.get(verdict.strip().lower())
    if given is None:
        raise InputError(
            "unknown_verdict",
            msg("Không hiểu kết luận “{verdict}”.", verdict=verdict),
            hint=msg("Một trong: {choices}", choices=", ".join(_VERDICTS)),
        )
    done = alerts.judge_at_once(console.store, console.actor, alert, given, reason, document=document)
    console.put(done, _("Đã ghi: {verdict}", verdict=given))


@app.command("notify")
def notify_command(context: typer.Context) -> None:
    """Gửi các thông báo đang chờ. Send the notices that wait."""
    console = console_of(context)
    done = notice_sending.send_waiting(console.store, console.actor, console.settings)
    told = {key: done[key] for key in ("sent", "failed", "waiting")}
    console.put(
        done, _("Đã gửi {sent}, không gửi được {failed}, đang chờ {waiting}.", **told), *done["problems"]
    )


@backtest_app.command("alerts")
def backtest_alerts_command(
    context: typer.Context,
    series: Annotated[Path, typer.Option("--series", help="CSV: series, week, count, outbreak")],
) -> None:
    """Kiểm chứng bộ phát hiện trên chuỗi đã gán nhãn. Back-test the detector on labelled series."""
    done = backtest_alert_series(series)
    overall = {name: "-" if value is None else number(value, 3) for name, value in done["overall"].items()}
    console_of(context).put(
        done,
        _(
            "{name} {version}: F1 {f1}, độ nhạy {sensitivity}, độ đặc hiệu {specificity}, "
            "chậm {lag_weeks} tuần, {false_alarms_per_year} tuần báo động sai mỗi năm.",
            **done["detector"],
            **overall,
        ),
    )


@app.command("displacement")
def displacement_command(
    context: typer.Context,
    hotspot: Annotated[str, typer.Option("--hotspot", help="Mã điểm · Hotspot id")],
    months: Annotated[int, typer.Option("--months", help="Số tháng · Months before and after")] = 6,
    since: Annotated[str | None, typer.Option("--since", help="Ngày ra quân · Day of a wave")] = None,
) -> None:
    """Sau triệt xóa: dời chỗ hay lan lợi ích. After an elimination: displaced, or did the benefit spread."""
    console = console_of(context)
    begun = parse_day(since) if since else None
    done = displacing.displacement(
        console.store, console.actor, hotspot, console.as_of, months=months, since=begun
    )
    console.put(done, done["text"], *done["warnings"])
