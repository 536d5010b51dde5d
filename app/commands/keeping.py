"""Commands of backup, restore, the doctor, the purge."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.base import File, app, console_of, only
from app.console import FOUND
from app.services import backup as backing
from app.services.doctor import examine
from app.text import _, render

_SIGNS = {"ok": "✓", "warning": "!", "problem": "✗"}


@app.command("backup")
def backup_command(context: typer.Context, file: File) -> None:
    """Sao lưu cơ sở dữ liệu khi đang dùng. Back the database up while it is in use."""
    console = console_of(context)
    done = backing.back_up(console.store, console.actor, file)
    console.put(done, _("Đã sao lưu vào {file} ({rows} dòng).", **only(done, "file", "rows")))


@app.command("restore")
def restore_command(
    context: typer.Context,
    file: File,
    replace: Annotated[
        bool, typer.Option("--replace", help="Thay dữ liệu đang có · Replace what is there")
    ] = False,
) -> None:
    """Mở lại bản sao lưu. Restore a backup; everybody is signed out."""
    console = console_of(context)
    actor = console.actor
    if console.as_account:
        # Whose right it is was looked up there; an open file cannot be replaced.
        console.store.engine.dispose()
    done = backing.restore(console.settings, actor, file, replace=replace)
    lines = [_("Đã mở lại bản sao lưu lúc {taken_at} ({rows} dòng).", **only(done, "taken_at", "rows"))]
    if done["kept_aside"]:
        lines.append(_("Dữ liệu cũ được giữ tại {file}.", file=done["kept_aside"]))
    if done["audit_broken_at"]:
        lines.append(_("Chú ý: nhật ký trong bản sao lưu đứt ở mục {n}.", n=str(done["audit_broken_at"])))
    console.put(done, *lines)


@app.command("doctor")
def doctor_command(context: typer.Context) -> int:
    """Khám máy: phiên bản, quyền, đĩa, đồng hồ, dữ liệu. Check the installation."""
    console = console_of(context)
    checks = examine(console.settings, console.actor)
    lines = []
    for one in checks:
        lines.append(f"{_SIGNS[one.level]} {one.name:16} {render(one.text)}")
        lines += [f"  {'':16} → {render(one.hint)}"] if one.hint else []
    console.put({"checks": [one.document() for one in checks]}, *lines)
    return FOUND if any(one.level == "problem" for one in checks) else 0
