"""The doctor finds what is wrong with an installation, says how to mend it, and changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.cli import main
from app.config import Settings
from app.services import doctor_database
from app.services.accounts import create_account
from app.services.database import open_store
from app.services.doctor import examine
from app.services.finding import Check
from app.services.system import SYSTEM
from data import copying, schema
from data.engine import open_engine
from data.repositories import upkeep
from data.store import Actor, Store
from geo.errors import RuleError
from geo.words import Role


def found(settings: Settings, level: str = "problem") -> dict[str, Check]:
    return {one.name: one for one in examine(settings, SYSTEM) if one.level == level}


@pytest.fixture
def office(empty_store: Store, tmp_path: Path) -> Settings:
    """One's own database with something in it, closed."""
    create_account(empty_store, SYSTEM, "can-bo", Role.STEWARD, "mot-mat-khau-dai-8264")
    empty_store.engine.dispose()
    return Settings(data=tmp_path / "own")


def test_a_good_installation_has_nothing_to_mend(own_demo_settings: Settings) -> None:
    assert found(own_demo_settings) == {}
    names = [one.name for one in examine(own_demo_settings, SYSTEM)]
    assert len(names) == len(set(names))
    assert {"python", "libraries", "assets", "permissions", "disk", "clock", "engine", "database"} <= set(names)
    assert {"migrations", "audit", "records_clock", "backup", "foreign_hosts", "listening"} <= set(names)


def test_the_command_gives_each_check_and_the_exit_code(
    own_demo_settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--json", "--db", own_demo_settings.url()]) == 0
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert all(set(one) >= {"name", "ok", "text", "hint"} and one["ok"] is True for one in checks)
    own_demo_settings.demo_file.chmod(0o644)
    assert main(["doctor", "--json", "--db", own_demo_settings.url()]) == 1
    checks = json.loads(capsys.readouterr().out)["checks"]
    assert [one["name"] for one in checks if not one["ok"]] == ["permissions"]


def test_looking_changes_nothing(own_demo_settings: Settings, tmp_path: Path) -> None:
    engine = open_engine(own_demo_settings.url())
    before = copying.held(engine)
    examine(own_demo_settings, SYSTEM)
    assert copying.held(engine) == before
    engine.dispose()
    nothing = Settings(data=tmp_path / "nothing")
    assert found(nothing) == {}
    assert "database" in found(nothing, "warning")
    assert not nothing.data.exists()


@pytest.mark.parametrize("name", ["demo.db", "demo-accounts.txt", "."])
def test_what_others_can_read_is_named(own_demo_settings: Settings, name: str) -> None:
    path = own_demo_settings.data / name
    path.chmod(0o755)
    assert path.name in str(found(own_demo_settings)["permissions"].text)


def test_hosts_outside_are_listed_without_what_opens_them(own_demo_settings: Settings) -> None:
    outside: dict[str, Any] = {
        "tiles_url": "https://tiles.example/{z}/{x}/{y}.png?key=geheim",
        "nominatim_url": "https://tra.example/search",
        "overpass_url": "https://mo.example/api",
        "notice_hosts": "noi-bo.example",
        "notice_mail": "mailtos://ten:matkhau@thu.example",
        "oidc_issuer": "https://dinh-danh.example/realms/x",
        "host": "0.0.0.0",
    }
    settings = own_demo_settings.model_copy(update=outside)
    warned = found(settings, "warning")
    assert set(warned) == {
        f"foreign_{n}" for n in ("tiles", "nominatim", "overpass", "notices", "mail", "sign_in")
    } | {"listening"}
    said = " ".join(str(one.text) for one in warned.values())
    hosts = ("tiles.example", "tra.example", "mo.example", "noi-bo.example", "thu.example", "dinh-danh.example")
    assert all(host in said for host in hosts)
    assert "geheim" not in said and "matkhau" not in said
    # Worth knowing, but nothing is broken.
    assert found(settings) == {}


def test_an_older_structure_is_found_and_not_touched(office: Settings) -> None:
    store = open_store(office)
    schema.downgrade(store.engine, "0006")
    store.engine.dispose()
    assert "0006" in str(found(office)["migrations"].text)
    assert "0006" in str(found(office)["migrations"].text)


def test_a_changed_entry_of_the_log_is_found(own_demo_settings: Settings) -> None:
    store = open_store(own_demo_settings)
    with store.engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("DROP TRIGGER audit_log_no_update"))
        connection.execute(text("UPDATE audit_log SET actor = 'ai đó' WHERE seq = 3"))
    store.engine.dispose()
    assert "3" in str(found(own_demo_settings)["audit"].text)


def test_a_damaged_file_is_found(own_demo_settings: Settings) -> None:
    file = own_demo_settings.demo_file
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = b"\x00" * 20_000
    file.write_bytes(content)
    assert "database" in found(own_demo_settings)


def test_a_file_of_another_kind_is_found(own_demo_settings: Settings) -> None:
    own_demo_settings.demo_file.write_bytes(b"Kinh gui" * 3000)
    assert "database" in found(own_demo_settings)


@pytest.mark.parametrize(("days", "level"), [(1, "ok"), (4, "warning"), (30, "problem")])
def test_a_backup_that_is_long_ago_is_told(
    office: Settings, monkeypatch: pytest.MonkeyPatch, days: int, level: str
) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=days)
    monkeypatch.setattr(doctor_database, "last_backup", lambda _work: long_ago)
    assert "backup" in found(office, level)


def test_without_any_backup_a_new_database_has_some_days(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "backup" in found(office, "warning")
    monkeypatch.setattr(upkeep, "first_noted", lambda _work: datetime.now(UTC) - timedelta(days=30))
    assert "backup" in found(office)


def test_a_clock_that_went_back_is_found(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(upkeep, "last_noted", lambda _work, _action: tomorrow)
    assert "records_clock" in found(office)


def test_a_server_that_does_not_answer_is_told_beside_what_can_be_looked_at(
    own_demo_settings: Settings,
) -> None:
    away = own_demo_settings.model_copy(update={"database_url": "postgresql+psycopg://x:bimat@127.0.0.1:1/x"})
    problems = found(away)
    assert set(problems) == {"database"}
    assert "bimat" not in str(problems["database"].text)


def test_only_who_manages_the_system_may_look(demo_folder: Path) -> None:
    for role in set(Role) - {Role.ADMIN}:
        with pytest.raises(RuleError):
            examine(Settings(data=demo_folder), Actor("ai-do", role))
