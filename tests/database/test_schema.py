"""The schema: migrations run up, down and up again on both engines and agree with the models."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, inspect, text

from data import schema
from geo.errors import SurroundingsError


def test_migrations_run_up_down_and_up_and_leave_nothing_behind(empty_engine: Engine) -> None:
    before = set(inspect(empty_engine).get_table_names())
    schema.upgrade(empty_engine)
    assert {"premises", "hotspots", "alerts"} <= set(inspect(empty_engine).get_table_names())
    schema.downgrade(empty_engine)
    left = set(inspect(empty_engine).get_table_names()) - before
    assert left <= {"alembic_version", "spatial_ref_sys"}
    assert schema.upgrade(empty_engine) == schema.newest_revision()


def test_models_and_migrations_agree(engine: Engine) -> None:
    assert schema.differences(engine) == []


def test_a_database_of_a_newer_version_is_refused_with_a_way_out(engine: Engine) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SurroundingsError, match="mới hơn") as refused:
        schema.upgrade(engine)
    assert refused.value.code == "database_newer"
    assert refused.value.hint
