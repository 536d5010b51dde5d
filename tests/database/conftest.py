"""Every test of this folder runs on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from data import schema
from data.engine import open_engine
from data.store import Store
from tests.postgis import private_cluster

ENGINES = ("sqlite", "postgis")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/database/" in str(item.path):
            item.add_marker(pytest.mark.database)
            # One worker runs them all: one cluster to start.
            item.add_marker(pytest.mark.xdist_group("database"))


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    with private_cluster() as url:
        yield url


@pytest.fixture(params=ENGINES)
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, on each engine in turn."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/test.db")
        yield engine
        engine.dispose()
        return
    cluster = request.getfixturevalue("cluster")
    name = f"t{abs(hash(request.node.nodeid)):x}"
    admin = create_engine(f"{cluster}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_engine(f"{cluster}/{name}")
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def engine(empty_engine: Engine) -> Engine:
    """A database that is up to date."""
    schema.upgrade(empty_engine)
    return empty_engine


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)
