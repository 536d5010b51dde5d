"""The system's units and the papers for a server name commands, files and settings that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from app import cli
from app.config import Settings
from tests.paths import ROOT

UNITS = sorted((ROOT / "deploy").glob("*.service")) + sorted((ROOT / "deploy").glob("*.timer"))
PAPERS = (ROOT / "deploy" / "server.md", ROOT / "docs" / "operations.md", ROOT / "deploy" / "nightly.md")


def commands() -> set[str]:
    return set(typer.main.get_command(cli.app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_what_there_is(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    assert "[Unit]" in text and "Description=" in text
    if unit.suffix == ".timer":
        assert "WantedBy=timers.target" in text
        assert unit.with_suffix(".service") in UNITS
    else:
        started = re.findall(r"python -m app (\w+)", text)
        assert started and set(started) <= commands()
        assert "User=diaban" in text


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_a_paper_names_commands_files_and_settings_that_there_are(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    assert set(re.findall(r"python -m app (\w+)", text)) <= commands()
    for named in re.findall(r"(?:deploy|docs)/[\w@.-]+\w", text):
        assert (ROOT / named).exists() or named == "deploy/server.env", named
    known = {f"DIABAN_{name.upper()}" for name in Settings.model_fields} | {"DIABAN_AUDIT_ANCHOR", "DIABAN_TLS"}
    assert set(re.findall(r"DIABAN_[A-Z_]+", text)) <= known


def test_the_containers_run_the_same_parts() -> None:
    text = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
    for part in ("db:", "pooler:", "prepare:", "app1:", "app2:", "web:", "nginx.conf", "pgbouncer.ini"):
        assert part in text
