"""The command that deletes what has been kept long enough."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.base import app, console_of
from app.services import purge
from app.text import _


@app.command("purge")
def purge_command(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem sẽ xóa gì · Only tell")] = False,
    approve: Annotated[bool, typer.Option("--approve", help="Duyệt bảng thời hạn · Approve the table")] = False,
) -> None:
    """Xóa dữ liệu quá hạn lưu giữ. Delete what has been kept long enough."""
    console = console_of(context)
    if approve:
        kept = purge.terms(console.store, console.actor)
        purge.approve(console.store, console.actor, kept.table.fingerprint)
    run = purge.what_would_go if dry_run or approve else purge.purge
    told = run(console.store, console.actor, console.as_of)
    document = purge.as_document(told, console.as_of, dry_run=dry_run or approve)
    n = document["deleted"]
    console.put(
        document | {"approved": purge.terms(console.store, console.actor).approved_by is not None},
        _("Sẽ xóa {n} mục.", n=n) if document["dry_run"] else _("Đã xóa {n} mục.", n=n),
        *(
            _("{what}: {n} mục; còn giữ {held} mục chưa kết thúc.", what=one.rule.what, n=gone, held=one.held)
            for one in told
            if (gone := sum(one.by_table.values())) or one.held
        ),
    )
