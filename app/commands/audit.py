"""Commands of the audit log: audit verify, audit show."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from app.commands.base import app, console_of
from app.console import FOUND, parse_day
from app.services import audit
from app.services.audit import Entry, Verdict
from app.text import _, render, show
from data.repositories.audit import Wanted

audit_app = typer.Typer(no_args_is_help=True, help="Nhật ký. The audit log.")
app.add_typer(audit_app, name="audit")


@audit_app.command("verify")
def verify_command(context: typer.Context) -> None:
    """Kiểm tra nhật ký còn nguyên vẹn. Check that the log is whole; exit code 1 when it is not."""
    console = console_of(context)
    done = audit.verify(console.store, console.actor)
    console.put(_verdict(done), *_sentences(done))
    if done.broken is not None:
        raise typer.Exit(FOUND)


def _verdict(done: Verdict) -> dict[str, Any]:
    anchored = None if done.anchored is None else {"seq": done.anchored[0], "at": done.anchored[1]}
    broken = None if done.why is None else {"seq": done.broken, "message": render(done.why)}
    note = None if done.note is None else render(done.note)
    return {
        "ok": done.broken is None,
        "entries": done.entries,
        "first_broken": done.broken,
        "broken": broken,
        "anchor": anchored,
        "note": note,
    }


def _sentences(done: Verdict) -> list[str]:
    if done.why is not None:
        said = [_("Nhật ký KHÔNG còn nguyên vẹn từ mục số {n}.", n=str(done.broken)), render(done.why)]
    else:
        said = [_("Nhật ký nguyên vẹn: {n} mục.", n=done.entries)]
    if done.anchored is not None:
        said.append(_("Mốc: mục số {n}, {at}.", n=str(done.anchored[0]), at=done.anchored[1]))
    return [*said, render(done.note)] if done.note is not None else said


@audit_app.command("show")
def show_command(
    context: typer.Context,
    who: Annotated[list[str] | None, typer.Option("--who", help="Ai · Account")] = None,
    what: Annotated[
        list[str] | None, typer.Option("--what", help="Mã việc, hay phần đầu kết thúc bằng dấu chấm · Action")
    ] = None,
    subject: Annotated[str, typer.Option("--subject", help="Mã đối tượng · Id")] = "",
    first: Annotated[str | None, typer.Option("--from", help="Từ ngày · From")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Đến ngày · To")] = None,
    most: Annotated[int, typer.Option("--limit", min=1, help="Số mục nhiều nhất · At most")] = 100,
) -> None:
    """Xem nhật ký, mới nhất trước. Show the log, newest first."""
    console = console_of(context)
    since, until = audit.whole_days(parse_day(first) if first else None, parse_day(last) if last else None)
    wanted = Wanted(tuple(who or ()), tuple(what or ()), subject, since, until)
    found = audit.show(console.store, console.actor, wanted, most=most)
    console.put({"entries": [_document(one) for one in found]}, *(_line(one) for one in found))


def _document(one: Entry) -> dict[str, Any]:
    return {
        "seq": one.seq,
        "at": one.at,
        "actor": one.actor,
        "origin": one.origin,
        "action": one.action,
        "what": one.what,
        "subject": one.subject,
        "detail": one.detail,
        "hash": one.hash,
    }


def _line(one: Entry) -> str:
    detail = json.dumps(one.detail, ensure_ascii=False, sort_keys=True) if one.detail else ""
    parts = (f"{one.seq:6}", show(one.at), one.actor, one.origin or "", one.what, one.subject, detail)
    return "  ".join(part for part in parts if part)
