"""Starting the web server: settles which database, finds the port free, says how to sign in."""

from __future__ import annotations

import os
import socket
import sys
from datetime import date

import uvicorn

from app.config import Settings
from app.services import database
from app.services.installation import install
from app.services.underway import settle
from app.text import _, label, render
from geo.errors import InputError, SurroundingsError
from geo.messages import msg

CHOICES = ("ask", "page", "demo", "own")


def run_server(settings: Settings, *, if_empty: str, as_of: date) -> None:
    """Serve until stopped.

    Raises SurroundingsError ``port_taken`` before anything is started when the port is in use.
    """
    if if_empty not in CHOICES:
        raise InputError("usage", msg("--if-empty là một trong: {choices}.", choices=", ".join(CHOICES)))
    _refuse_taken_port(settings.host, settings.port)
    _settle_database(settings, if_empty, as_of)
    if settings.database_url or settings.chosen():
        _open(settings)
    _hand_over(settings)
    print(_("Địa Bàn: http://{host}:{port}", host=_shown(settings.host), port=str(settings.port)), flush=True)
    _say_how_to_sign_in(settings)
    uvicorn.run(
        "app.main:app",
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        # Whom a proxy speaks for is settled in one place, by DIABAN_TRUSTED_PROXIES.
        proxy_headers=False,
        ws_max_size=64 * 1024 * 1024,
    )


def _open(settings: Settings) -> None:
    """Bring the database up to date, and tell what a crash cut off."""
    store = database.open_store(settings)
    for one in settle(store):
        print(render(one.text), flush=True)


def _shown(host: str) -> str:
    return "127.0.0.1" if host in ("0.0.0.0", "::") else host


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SurroundingsError(
                "port_taken",
                msg(
                    "Không mở được cổng {port} trên {host}: {cause}",
                    port=str(port),
                    host=host,
                    cause=error.strerror,
                ),
                hint=msg(
                    "Dừng chương trình đang dùng cổng đó, hoặc chọn cổng khác bằng --port hay DIABAN_PORT."
                ),
            ) from error


def _settle_database(settings: Settings, if_empty: str, as_of: date) -> None:
    if settings.database_url or settings.chosen():
        return
    answer = if_empty
    if if_empty == "ask":
        answer = _ask() if sys.stdin.isatty() else "page"
    if answer in ("demo", "own"):
        if answer == "demo":
            print(_("Đang tạo quận minh họa (dữ liệu bịa)..."), flush=True)
        install(settings, demo=answer == "demo", as_of=as_of)


def _ask() -> str:
    print(_("Cơ sở dữ liệu còn trống. 1: xem bản minh họa (dữ liệu bịa)  2: địa bàn của tôi"))
    return "own" if input("[1/2] ").strip() == "2" else "demo"


def _hand_over(settings: Settings) -> None:
    """The server process reads its settings from the environment, as every later reader does."""
    values = {
        "DATA": settings.data,
        "HOST": settings.host,
        "PORT": settings.port,
        "DATABASE_URL": settings.database_url,
    }
    for name, value in values.items():
        if value is not None:
            os.environ[f"DIABAN_{name}"] = str(value)


def _say_how_to_sign_in(settings: Settings) -> None:
    if settings.database_url is None and settings.chosen() == "demo":
        print(_("Đăng nhập bản minh họa bằng một trong các tài khoản:"))
        for name, password, role in database.demo_accounts(settings):
            print(f"  {name:18} {password:14} {label(role)}")
    else:
        print(_("Đăng nhập bằng tài khoản của bạn; lần đầu, trang web sẽ hướng dẫn tạo tài khoản quản trị."))
    sys.stdout.flush()
