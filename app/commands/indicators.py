"""Commands of the plan's targets and what wards enter."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.commands.base import app, console_of
from app.console import parse_day
from app.services.indicators import Indicators, indicators
from app.text import render
from geo.periods import parse_period
from geo.targets import Indicator, OtherFigure


@app.command("indicators")
def indicators_command(
    context: typer.Context,
    period: Annotated[str, typer.Option("--period", help="2026 | 2026-H1 | 2026-Q3 | 2026-09")],
    units_as_of: Annotated[
        str | None, typer.Option("--units-as-of", help="Ngày của bộ địa giới · Day whose wards cut the figures")
    ] = None,
) -> None:
    """Chỉ tiêu của kế hoạch theo kỳ. The plan's targets of a period."""
    console, asked = console_of(context), parse_period(period)
    done = indicators(
        console.store,
        console.actor,
        asked.first,
        asked.last,
        as_of=console.as_of,
        units_as_of=parse_day(units_as_of) if units_as_of else None,
    )
    document = {"period": asked.text, "as_of": console.as_of, **as_document(done)}
    whole = [f"{one.code:5} {render(one.name)}: {render(one.text)}" for one in done.rows if one.unit_id is None]
    console.put(document, render(asked.words), *whole, *(render(note) for note in done.footnotes))


def as_document(done: Indicators) -> dict[str, Any]:
    """The targets as JSON; ``ward`` is a name, null for the whole."""
    codes = dict(zip(done.units["id"], done.units["code"], strict=True))
    return {
        "rows": [_row(one, codes) for one in done.rows],
        "other": [_other(one, codes) for one in done.other],
        "units": [
            {"id": unit, "code": codes[unit], "name": name}
            for unit, name in zip(done.units["id"], done.units["name"], strict=True)
        ],
        "footnotes": [render(note) for note in done.footnotes],
    }


def _row(one: Indicator, codes: dict[str, str]) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": render(one.name),
        "ward": one.ward,
        "unit": one.unit_id,
        "ward_code": codes.get(one.unit_id or ""),
        "numerator": one.numerator,
        "denominator": one.denominator,
        "value": one.value,
        "comparator": one.comparator,
        "target": one.target,
        "assigned": one.assigned,
        "met": one.met,
        "text": render(one.text),
        "flags": [render(flag) for flag in one.flags],
        "before": one.before,
        "year_before": one.year_before,
        "rows": one.rows,
    }


def _other(one: OtherFigure, codes: dict[str, str]) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": render(one.name),
        "ward": one.ward,
        "unit": one.unit_id,
        "ward_code": codes.get(one.unit_id or ""),
        "value": one.value,
        "hidden": one.hidden,
        "before": one.before,
        "year_before": one.year_before,
        "rows": one.rows,
    }
