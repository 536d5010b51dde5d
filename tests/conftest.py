"""What all tests share: the demonstration district, made once, and copies of it to write into."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from app.config import Settings
from data.store import Actor, Store
from geo.words import Role

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The machines are shared and noisy: a slow example says nothing about the code. The same examples every time,
# so that what fails has its cause in the change; HYPOTHESIS_PROFILE=wild looks for new ones.
settings.register_profile("shared-machine", deadline=None, derandomize=True)
settings.register_profile("wild", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "shared-machine"))

#: One worker drives the browser, beside the one with the databases, which has one cluster to start.
_TOGETHER = {"tests/browser/": "browser", "tests/database/": "database"}

#: The day the demonstration of the tests ends on.
DEMO_DAY = date(2026, 11, 24)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for folder, name in _TOGETHER.items():
            if folder in str(item.path):
                item.add_marker(name)
                item.add_marker(pytest.mark.xdist_group(name))


# The services are imported where they are needed: the tests of geo run without them.


def opened(settings: Settings) -> Store:
    from app.services import database

    return database.open_store(settings)


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration, for reading only."""
    from app.services import database

    folder = tmp_path_factory.mktemp("demo")
    database.initialise(Settings(data=folder), demo=True, as_of=DEMO_DAY)
    return folder


@pytest.fixture(scope="session")
def demo(demo_folder: Path) -> Iterator[Store]:
    """The demonstration, for reading only."""
    store = opened(Settings(data=demo_folder))
    yield store
    store.engine.dispose()


@pytest.fixture
def own_demo_settings(demo_folder: Path, tmp_path: Path) -> Settings:
    """Settings of a copy of the demonstration that the test may change."""
    folder = tmp_path / "data"
    shutil.copytree(demo_folder, folder)
    return Settings(data=folder)


@pytest.fixture
def own_demo(own_demo_settings: Settings) -> Iterator[Store]:
    """A copy of the demonstration that the test may change."""
    store = opened(own_demo_settings)
    yield store
    store.engine.dispose()


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder of one's own district before anything is in it, for copying."""
    from app.services import database

    folder = tmp_path_factory.mktemp("empty")
    database.initialise(Settings(data=folder), demo=False, as_of=DEMO_DAY)
    return folder


@pytest.fixture
def empty_store(empty_folder: Path, tmp_path: Path) -> Iterator[Store]:
    """A database of one's own district before anything is in it."""
    folder = tmp_path / "own"
    shutil.copytree(empty_folder, folder)
    store = opened(Settings(data=folder))
    yield store
    store.engine.dispose()


@pytest.fixture
def operator() -> Actor:
    """Who has every right."""
    return Actor("system", Role.ADMIN)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, one for all tests of a worker: its driver cannot be started twice."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()
