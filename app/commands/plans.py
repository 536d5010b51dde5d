"""Commands about inspection plans: draft one, approve it, list them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import console_of, only, plan_app
from app.console import parse_day
from app.services import plan_life, plan_reading, plans, teams
from app.services.cells import text_of
from app.services.team_file import read_team_file
from app.text import _, label
from geo.errors import InputError
from geo.messages import msg
from geo.words import PlanState


@plan_app.callback(invoke_without_command=True)
def plan_command(
    context: typer.Context,
    first: Annotated[str | None, typer.Option("--from")] = None,
    last: Annotated[str | None, typer.Option("--to")] = None,
    team_file: Annotated[Path | None, typer.Option("--teams")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=3600)] = 20.0,
    iterations: Annotated[int | None, typer.Option("--iterations", min=1)] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0)] = None,
    exclude: Annotated[str, typer.Option("--exclude", help="ID,ID")] = "",
    lock: Annotated[Path | None, typer.Option("--lock", help="mỗi dòng một ID · one ID a line")] = None,
) -> None:
    """Lập dự thảo lịch kiểm tra. Draft an inspection plan."""
    if context.invoked_subcommand is not None:
        return
    if first is None or last is None:
        missing = "--from" if first is None else "--to"
        raise InputError("usage", msg("Thiếu tùy chọn {name}.", name=missing))
    console = console_of(context)
    changes = read_team_file(team_file) if team_file else None
    request = plans.PlanRequest(
        first=parse_day(first),
        last=parse_day(last),
        seconds=seconds,
        iterations=iterations,
        seed=seed,
        excluded=frozenset(part.strip() for part in exclude.split(",") if part.strip()),
        locked=plans.read_ids(lock) if lock else frozenset(),
        team_ids=frozenset(changes) if changes else None,
        team_changes=changes,
    )
    console.say(_("Đang lập lịch..."))
    done = plans.draft_plan(console.store, console.actor, request, console.as_of)
    heading = _("Dự thảo {plan}: {n} lượt kiểm tra.", plan=done["plan"], n=len(done["visits"]))
    stops = (
        f"{v['date']} {v['arrive'][11:]} {v['team']} {v['premises']} {v['reason']}" for v in done["visits"]
    )
    if not done["visits"] and not teams.any_team(console.store, console.actor):
        console.say(_("Chưa có đội kiểm tra nào: nhập bằng import teams TỆP, hoặc import teams --from-units."))
    console.put(done, heading, *stops, *done["notes"])


@plan_app.command("approve")
def approve_command(
    context: typer.Context, plan: str, document: Annotated[str, typer.Option("--document")]
) -> None:
    """Phê duyệt dự thảo lịch theo số văn bản. Approve a draft under its document's number."""
    console = console_of(context)
    plan_life.approve(console.store, console.actor, plan, document, console.as_of)
    done = {"plan": plan, "state": PlanState.APPROVED.value, "document": document}
    console.put(done, _("Đã phê duyệt lịch {plan} theo {document}.", **only(done, "plan", "document")))


@plan_app.command("list")
def list_command(context: typer.Context) -> None:
    """Các lịch đã lập. The plans made so far."""
    console = console_of(context)
    kept = plan_reading.kept_plans(console.store, console.actor, console.as_of)
    done = [
        {
            "id": row.id,
            "from": row.first_day.date().isoformat(),
            "to": row.last_day.date().isoformat(),
            "state": row.state,
            "document": text_of(row.document),
            "made_by": row.made_by,
        }
        for row in kept.itertuples()
    ]
    lines = (f"{one['id']} {one['from']} {one['to']} {label(PlanState(one['state']))}" for one in done)
    console.put({"plans": done}, *lines)
