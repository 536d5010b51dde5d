"""Commands that weigh premises and borders: risk, borders, and the back-test of the risk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import app, backtest_app, console_of
from app.console import parse_day, ranking_lines
from app.services import backtest, risk


@app.command("risk")
def risk_command(context: typer.Context) -> None:
    """Xếp hạng mức độ nguy cơ của cơ sở. Rank premises by risk."""
    console = console_of(context)
    done = risk.ranking(console.store, console.actor, console.as_of)
    console.put(done, *([] if console.as_json else ranking_lines(console, done["premises"])))


@backtest_app.command("risk")
def backtest_risk_command(
    context: typer.Context,
    inspections: Annotated[Path, typer.Option("--inspections")],
    outcome: Annotated[str, typer.Option("--outcome")],
    first: Annotated[str, typer.Option("--first")],
    last: Annotated[str, typer.Option("--last")],
    months: Annotated[int, typer.Option("--months", min=1)],
    after: Annotated[str, typer.Option("--after", help="CỘT,CỘT")] = "",
    signals: Annotated[Path | None, typer.Option("--signals")] = None,
) -> None:
    """Kiểm chứng mức độ nguy cơ trên kết quả cũ. Back-test the risk model."""
    columns = [part.strip() for part in after.split(",") if part.strip()]
    done = backtest.backtest_risk(
        inspections,
        signals,
        outcome=outcome,
        after=columns,
        first=parse_day(first),
        last=parse_day(last),
        months=months,
    )
    console_of(context).put(done)


@app.command("borders")
def borders_command(
    context: typer.Context,
    width: Annotated[float, typer.Option("--width", min=10, max=1000)] = 150.0,
    segment: Annotated[float, typer.Option("--segment", min=50, max=5000)] = 500.0,
) -> None:
    """Xếp hạng đoạn giáp ranh. Rank border segments."""
    console = console_of(context)
    done = risk.borders(console.store, console.actor, console.as_of, width_m=width, segment_m=segment)
    console.put(done, *(f"{s['rank']:4} {s['risk']:5} {' - '.join(s['names'])}" for s in done["segments"]))
