"""Commands of accounts of the office: user add, disable, enable, list, reset, link."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from app.commands.base import app, console_of
from app.services import account_reach, accounts, oidc
from app.services.accounts import AccountRow
from app.text import _, label, show
from geo.errors import InputError
from geo.messages import msg
from geo.words import Role

user_app = typer.Typer(no_args_is_help=True, help="Tài khoản. Accounts.")
app.add_typer(user_app, name="user")
Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên tài khoản · Account name")]


@user_app.command("add")
def add_command(
    context: typer.Context,
    name: Name,
    role: Annotated[str, typer.Option("--role", help=" | ".join(Role))],
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="Mã đơn vị · Unit code; nhiều lần được")
    ] = None,
    team: Annotated[list[str] | None, typer.Option("--team", help="Mã đội · Team id; nhiều lần được")] = None,
    oidc_subject: Annotated[
        str | None,
        typer.Option(
            "--oidc-subject", help="Danh tính ở hệ thống đăng nhập của cơ quan · Subject at the provider"
        ),
    ] = None,
) -> None:
    """Thêm tài khoản; mật khẩu chỉ hiện một lần. Add an account; its one-time password is told once."""
    console = console_of(context)
    given = _role(role)
    units = account_reach.unit_ids_of(console.store, console.actor, unit or (), console.as_of)
    teams = account_reach.team_ids_of(console.store, console.actor, team or (), console.as_of)
    subject = oidc.subject_hash(console.store, console.settings, oidc_subject) if oidc_subject else None
    word = accounts.open_account(
        console.store, console.actor, name, given, unit_ids=units, team_ids=teams, subject_hash=subject
    )
    document = {
        "name": accounts.checked_name(name),
        "role": given.value,
        "units": unit or [],
        "teams": team or [],
    }
    said = _("Đã thêm tài khoản {name} ({role}).", name=document["name"], role=label(given))
    console.put({**document, "password": word}, said, *_handed(word))


def _role(role: str) -> Role:
    try:
        return Role(role.strip().lower())
    except ValueError as error:
        raise InputError(
            "unknown_role",
            msg("Không có vai trò “{role}”.", role=role),
            hint=msg("Một trong: {choices}", choices=", ".join(Role)),
        ) from error


def _handed(word: str | None) -> list[str]:
    if word is None:
        return [_("Tài khoản đăng nhập qua hệ thống của cơ quan, không có mật khẩu.")]
    told = _("Chỉ hiện một lần; chủ tài khoản phải đổi khi đăng nhập lần đầu.")
    return [_("Mật khẩu dùng một lần: {password}", password=word), told]


@user_app.command("disable")
def disable_command(context: typer.Context, name: Name) -> None:
    """Khóa tài khoản và kết thúc mọi phiên của nó. Disable an account and end its sessions."""
    console = console_of(context)
    accounts.disable(console.store, console.actor, name)
    console.put({"name": name, "disabled": True}, _("Đã khóa tài khoản {name}.", name=name))


@user_app.command("enable")
def enable_command(context: typer.Context, name: Name) -> None:
    """Mở lại một tài khoản đã khóa. Enable a disabled account."""
    console = console_of(context)
    accounts.enable(console.store, console.actor, name)
    console.put({"name": name, "disabled": False}, _("Đã mở lại tài khoản {name}.", name=name))


@user_app.command("reset")
def reset_command(context: typer.Context, name: Name) -> None:
    """Cấp lại mật khẩu, tắt xác minh hai bước. A new one-time password, no second factor any more."""
    console = console_of(context)
    word = accounts.reset(console.store, console.actor, name)
    console.put({"name": name, "password": word}, _("Đã cấp lại tài khoản {name}.", name=name), *_handed(word))


@user_app.command("link")
def link_command(context: typer.Context, name: Name) -> None:
    """Mã nối với hệ thống đăng nhập của cơ quan. A one-time code to link the identity provider."""
    console = console_of(context)
    code = oidc.link_code(console.store, console.actor, name)
    console.put({"name": name, "code": code}, _("Mã nối tài khoản, dùng một lần: {code}", code=code))


@user_app.command("list")
def list_command(context: typer.Context) -> None:
    """Các tài khoản. The accounts."""
    console = console_of(context)
    rows = accounts.all_accounts(console.store, console.settings, console.actor)
    console.put({"accounts": [_document(row) for row in rows]}, *map(_line, rows))


def _document(row: AccountRow) -> dict[str, object]:
    return {
        "name": row.name,
        "role": row.role.value,
        "units": list(row.units.values()),
        "teams": list(row.teams),
        "disabled": row.disabled,
        "locked_until": _moment(row.locked_until),
        "must_change": row.must_change,
        "second_factor": row.second_factor,
        "provider": row.provider,
        "sessions": row.sessions,
        "seen_at": _moment(row.seen_at),
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _line(row: AccountRow) -> str:
    marks = [_("đã khóa") if row.disabled else "", _("chưa đổi mật khẩu đầu") if row.must_change else ""]
    marks += [_("xác minh hai bước") if row.second_factor else ""]
    marks += [_("phiên gần nhất {at}", at=show(row.seen_at)) if row.seen_at else ""]
    units = ", ".join(row.units.values()) or _("cả địa bàn")
    return f"{row.name:24} {label(row.role)} · {units}" + "".join(f" · {mark}" for mark in marks if mark)
