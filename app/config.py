"""Settings of the program: environment variables ``DIABAN_*``, with defaults that need none."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.engine import sqlite_url

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
    host: str = "127.0.0.1"
    port: int = Field(default=8501, ge=0, le=65535)
    session_idle_minutes: int = 60
    session_hours: int = 12

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
        self.data.mkdir(parents=True, exist_ok=True)
        self.choice_file.write_text(f"{which}\n")

    def url(self) -> str:
        """The database to open: the one named by the environment, else the embedded file in use."""
        if self.database_url:
            return self.database_url
        return sqlite_url(self.demo_file if self.chosen() == "demo" else self.own_file)
