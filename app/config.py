"""Settings of the program: environment variables ``DIABAN_*``, with defaults that need none."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.engine import sqlite_url
from geo.errors import InputError
from geo.messages import msg
from geo.words import Role

ROOT = Path(__file__).resolve().parent.parent


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class Settings(BaseSettings):
    """What can be set from outside. ``data`` is the folder of the embedded databases."""

    model_config = SettingsConfigDict(env_prefix="DIABAN_")

    database_url: str | None = None
    data: Path = ROOT / "var"
    language: Literal["vi", "en"] = "vi"
    tiles_url: str | None = None
    tiles_attribution: str = ""
    overpass_url: str | None = None
    #: A Nominatim server for addresses that the loaded streets do not know. Setting it sends these addresses to
    #: whoever runs the server, a third party; None, the default, sends nothing anywhere.
    nominatim_url: str | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=0, le=65535)
    #: Hosts that notices of alerts may go to, separated by commas; empty, the default, sends none anywhere.
    notice_hosts: str = ""
    #: The office's outgoing mail server as an Apprise address, such as mailtos://name:password@mail.office.vn
    notice_mail: str | None = None
    #: The office's letterhead (``services/office.py``); without it papers have dots to fill in by hand.
    office: Path | None = None
    #: A folder with the office's own templates of reports (``services/report_templates.py``).
    report_templates: Path | None = None
    #: How the app is reached, for the link in a notice.
    public_url: str | None = None
    #: A session ends when it was not used for so long, and at the latest after so many hours.
    session_idle_minutes: int = Field(default=60, ge=1, le=24 * 60)
    session_hours: int = Field(default=12, ge=1, le=24 * 7)
    #: Names under which the app is reached, separated by commas; the machine's own addresses and the host of
    #: ``public_url`` always are.
    allowed_hosts: str = ""
    #: Addresses or networks of the reverse proxies that may say who is behind them, separated by commas.
    trusted_proxies: str = ""
    #: Roles that need a second factor, separated by commas: planner,reviewer,steward,admin
    totp_roles: str = ""
    #: Encrypts the secrets of second factors, so that a stolen database alone gives no codes. Any long text.
    totp_key: SecretStr | None = None
    #: The identity provider of the office (OpenID Connect): its issuer, and what it knows this app by. Its page
    #: sends people back to ``public_url``/auth/oidc/callback.
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    #: What the button says: sign in with ...
    oidc_name: str = "SSO"

    @field_validator("totp_roles")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        for role in _listed(value):
            Role(role)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        for network in _listed(value):
            ip_network(network, strict=False)
        return value

    @property
    def second_factor_roles(self) -> frozenset[Role]:
        """The roles of ``totp_roles``."""
        return frozenset(Role(role) for role in _listed(self.totp_roles))

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of ``trusted_proxies``."""
        return tuple(ip_network(network, strict=False) for network in _listed(self.trusted_proxies))

    @property
    def hosts(self) -> frozenset[str]:
        """The names of ``allowed_hosts`` and ``public_url``, without ports."""
        own = urlsplit(self.public_url or "").hostname
        return frozenset(host.lower() for host in (*_listed(self.allowed_hosts), own) if host)

    @property
    def has_oidc(self) -> bool:
        """Whether people may sign in through the office's identity provider."""
        return bool(self.oidc_issuer and self.oidc_client_id and self.public_url)

    @property
    def allowed_notice_hosts(self) -> frozenset[str]:
        """The hosts of ``notice_hosts``."""
        return frozenset(host.strip().lower() for host in self.notice_hosts.split(",") if host.strip())

    @property
    def demo_file(self) -> Path:
        """The demonstration's own file."""
        return self.data / "demo.db"

    @property
    def own_file(self) -> Path:
        """The file of one's own district."""
        return self.data / "diaban.db"

    @property
    def choice_file(self) -> Path:
        """Remembers which of the two is in use."""
        return self.data / "in-use"

    def chosen(self) -> Literal["demo", "own"] | None:
        """Which embedded database is in use; None when nobody has chosen yet."""
        if self.choice_file.exists():
            return "demo" if self.choice_file.read_text().strip() == "demo" else "own"
        return None

    def choose(self, which: Literal["demo", "own"]) -> None:
        """Remember which embedded database is in use."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.choice_file.write_text(f"{which}\n")

    def url(self) -> str:
        """The database to open: the one named by the environment, else the embedded file in use."""
        if self.database_url:
            return self.database_url
        return sqlite_url(self.demo_file if self.chosen() == "demo" else self.own_file)


def load_settings() -> Settings:
    """The settings of the environment. Raises InputError ``bad_setting`` naming the variable."""
    try:
        settings = Settings()
    except ValidationError as error:
        problem = error.errors()[0]
        name = str(problem["loc"][0]).upper()
        raise InputError(
            "bad_setting",
            msg(
                "Biến môi trường DIABAN_{name} có giá trị không dùng được: {value}.",
                name=name,
                value=problem["input"],
            ),
            hint=_ALLOWED.get(name),
        ) from error
    if settings.data.exists() and not settings.data.is_dir():
        raise InputError(
            "bad_setting",
            msg("DIABAN_DATA cần là một thư mục; {path} là một tệp.", path=str(settings.data)),
            hint=msg("Muốn dùng một tệp cơ sở dữ liệu thì nêu --db sqlite:///đường-dẫn."),
        )
    return settings


_ALLOWED = {
    "LANGUAGE": msg("DIABAN_LANGUAGE là vi hoặc en."),
    "PORT": msg("DIABAN_PORT là một số từ 0 đến 65535."),
    "TOTP_ROLES": msg(
        "DIABAN_TOTP_ROLES là các vai trò cách nhau bằng dấu phẩy: planner,reviewer,steward,admin."
    ),
    "TRUSTED_PROXIES": msg("DIABAN_TRUSTED_PROXIES là các địa chỉ hoặc mạng, như 127.0.0.1,10.0.0.0/8."),
}
