"""Every test of this folder runs on both engines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from data import schema
from data.engine import open_engine
from data.store import Store
from tests.postgis import private_cluster

ENGINES = ("sqlite", "postgis")


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    with private_cluster() as url:
        yield url


@pytest.fixture(params=ENGINES)
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables, on each engine in turn."""
    if request.param == "sqlite":
        yield from _used(open_engine(f"sqlite:///{tmp_path}/test.db"))
    else:
        yield from _on_server(request, template="template1")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that is up to date, copied from one that was made once."""
    if request.param == "sqlite":
        file = tmp_path / "up-to-date.db"
        shutil.copy(request.getfixturevalue("file_up_to_date"), file)
        yield from _used(open_engine(f"sqlite:///{file}"))
    else:
        yield from _on_server(request, template=request.getfixturevalue("server_up_to_date"))


@pytest.fixture(scope="session")
def file_up_to_date(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedded database that is up to date, for copying."""
    file = tmp_path_factory.mktemp("up-to-date") / "test.db"
    engine = open_engine(f"sqlite:///{file}")
    schema.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def server_up_to_date(cluster: str) -> str:
    """The name of a database of the cluster that is up to date, for copying."""
    name = "up_to_date"
    _on_cluster(cluster, f"CREATE DATABASE {name}")
    engine = open_engine(f"{cluster}/{name}")
    schema.upgrade(engine)
    # A database that somebody is connected to is no template.
    engine.dispose()
    return name


def _used(engine: Engine) -> Iterator[Engine]:
    yield engine
    engine.dispose()


def _on_server(request: pytest.FixtureRequest, template: str) -> Iterator[Engine]:
    cluster, name = request.getfixturevalue("cluster"), f"t{abs(hash(request.node.nodeid)):x}"
    _on_cluster(cluster, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _on_cluster(cluster, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield from _used(open_engine(f"{cluster}/{name}"))
    _on_cluster(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def _on_cluster(cluster: str, statement: str) -> None:
    admin = create_engine(f"{cluster}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)
