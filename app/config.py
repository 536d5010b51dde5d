"""Settings of the program: environment variables ``DIABAN_*``, with defaults that need none."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.engine import sqlite_url
from geo.errors import InputError
from geo.messages import msg

ROOT = Path(__file__).resolve().parent.parent


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
    #: How the app is reached, for the link in a notice.
    public_url: str | None = None
    session_idle_minutes: int = 60
    session_hours: int = 12

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
}
