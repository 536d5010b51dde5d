"""Where notices may go: an office mailbox or an internal webhook, on a host that the operator has allowed.

The list of allowed hosts is empty by default, so that nothing leaves the machine. A webhook may carry a name
and password in its address: whatever shows an address shows its host only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from app.config import Settings
from geo.errors import InputError, RuleError
from geo.messages import msg

LONGEST = 300
_MAIL = re.compile(r"[\w.+-]+@[\w.-]+", re.ASCII)
_SCHEMES = ("http", "https")


@dataclass(frozen=True)
class Target:
    """A parsed target: the mail address, or the parts of a webhook's address."""

    host: str
    mail: str | None = None
    hook: SplitResult | None = None

    def service(self) -> dict[str, object]:
        """The webhook as Apprise takes it. It follows no redirection, which could lead to another host."""
        assert self.hook is not None
        return {
            "schema": "jsons" if self.hook.scheme == "https" else "json",
            "host": self.host,
            "port": self.hook.port,
            "user": _plain(self.hook.username),
            "password": _plain(self.hook.password),
            "fullpath": self.hook.path or "/",
            "params": dict(parse_qsl(self.hook.query)),
            "redirect": False,
        }


def _plain(part: str | None) -> str | None:
    return None if part is None else unquote(part)


def allowed_target(text: str, settings: Settings) -> Target:
    """Read a target and hold it against the list. Raises InputError ``bad_target``; RuleError
    ``host_not_allowed``, ``no_mail_server``. No message repeats the address."""
    target = _parsed(text.strip())
    if target.host not in settings.allowed_notice_hosts:
        raise RuleError(
            "host_not_allowed",
            msg("Máy chủ {host} không có trong danh sách được phép gửi thông báo.", host=target.host),
            hint=msg("Người vận hành thêm máy chủ vào DIABAN_NOTICE_HOSTS nếu đó là máy của cơ quan."),
        )
    if target.mail is not None and not settings.notice_mail:
        raise RuleError(
            "no_mail_server",
            msg("Chưa có máy chủ thư để gửi thông báo."),
            hint=msg("Người vận hành đặt DIABAN_NOTICE_MAIL, hoặc dùng địa chỉ webhook."),
        )
    return target


def _parsed(text: str) -> Target:
    bad = InputError(
        "bad_target",
        msg("Không hiểu địa chỉ nhận thông báo."),
        hint=msg("Viết như ten@coquan.vn hoặc https://máy-chủ/đường-dẫn."),
    )
    if len(text) > LONGEST or any(one.isspace() or ord(one) < 32 for one in text):
        raise bad
    if _MAIL.fullmatch(text):
        return Target(text.rpartition("@")[2].lower(), mail=text)
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise bad from None
    if parts.scheme not in _SCHEMES or not host or "\\" in parts.netloc or parts.fragment:
        raise bad
    return Target(host.lower(), hook=parts)


def shown_target(text: str) -> str:
    """What of a target on record may be shown and logged: no name, no password, no path."""
    scheme, double, rest = text.partition("://")
    if not double:
        return f"…@{text.rpartition('@')[2]}"
    return f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}/…"
