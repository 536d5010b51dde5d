"""Whoever watches the server learns whether it works, and nothing about what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from app import health
from app import runtime as running
from app.config import Settings
from app.services.health import KEPT_SECONDS, Look, Traffic, Watch, look, metrics
from data import schema
from data.store import Store


def client_of(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> TestClient:
    """Somebody without a sign-in before the routes."""
    here = running.Runtime(settings)
    monkeypatch.setattr(health, "runtime", lambda: here)
    monkeypatch.setattr(health, "TRAFFIC", Traffic())
    health._watch.cache_clear()
    return TestClient(Starlette(routes=health.HEALTH_ROUTES, middleware=[Middleware(health.Counting)]))


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, demo_folder: Path) -> Iterator[TestClient]:
    yield client_of(monkeypatch, Settings(data=demo_folder))
    health._watch.cache_clear()


def test_a_server_that_works_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/health").text == "ok\n"
    ready = client.get("/ready")
    assert (ready.status_code, ready.text) == (200, "ready\n")
    assert ready.headers["cache-control"] == "no-store"


def test_without_its_database_it_is_alive_and_not_ready_and_does_not_say_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = client_of(monkeypatch, Settings(database_url="postgresql+psycopg://ten:bimat@127.0.0.1:1/x"))
    assert away.get("/health").status_code == 200
    answer = away.get("/ready")
    assert (answer.status_code, answer.text) == (503, "database\n")
    assert "bimat" not in away.get("/metrics").text


def test_a_database_of_another_version_is_not_ready(empty_store: Store) -> None:
    assert look(empty_store).readiness == "ready"
    schema.downgrade(empty_store.engine, "0006")
    assert look(empty_store).readiness == "migration"


def test_before_a_database_was_chosen_the_setting_up_can_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    new = client_of(monkeypatch, Settings(data=tmp_path))
    assert (new.get("/ready").status_code, new.get("/ready").text) == (200, "setup\n")
    assert new.get("/metrics").status_code == 200


def test_the_figures_are_in_the_form_that_monitors_read(client: TestClient) -> None:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    sample = re.compile(r'[a-z_]+(\{class="[1-5]xx"\})? -?\d+(\.\d+)?')
    described: set[str] = set()
    for line in answer.text.splitlines():
        if line.startswith("#"):
            described.add(line.split()[2])
        else:
            assert sample.fullmatch(line), line
            assert re.split(r"[{ ]", line)[0] in described
    assert {"diaban_ready", "diaban_http_answers_total", "diaban_last_scan_seconds"} <= described


def test_answers_are_counted_by_their_class(client: TestClient) -> None:
    for path in ("/health", "/health", "/not-there"):
        client.get(path)
    told = client.get("/metrics").text
    assert 'class="2xx"} 2\n' in told and 'class="4xx"} 1\n' in told


def test_no_figure_tells_how_much_of_anything_is_on_record(client: TestClient, demo: Store) -> None:
    names = {line.split()[2] for line in client.get("/metrics").text.splitlines() if line.startswith("# TYPE")}
    assert names <= {
        "diaban_start_time_seconds",
        "diaban_http_answers_total",
        "diaban_open_pages",
        "diaban_resident_bytes",
        "diaban_ready",
        "diaban_database_seconds",
        "diaban_database_bytes",
        "diaban_last_backup_seconds",
        "diaban_last_scan_seconds",
    }


def test_asking_all_the_time_does_not_keep_the_database_busy() -> None:
    asked, now = [], [0.0]

    def ask() -> Look:
        asked.append(now[0])
        return Look("ready")

    watch = Watch(ask, clock=lambda: now[0])
    for _time in range(50):
        watch.look()
    assert len(asked) == 1
    now[0] = KEPT_SECONDS + 1
    watch.look()
    assert len(asked) == 2


def test_what_never_happened_has_no_figure() -> None:
    assert "last_backup" not in metrics(Traffic(), Look("ready"))
    assert "diaban_ready" not in metrics(Traffic(), None)
