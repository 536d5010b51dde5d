"""The register's history on both engines: taken back exactly, nothing on record changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, update
from sqlalchemy.exc import DBAPIError

from app.services import duplicates, merging, register_history
from app.services.address_history import at_address
from app.services.search import search
from data.repositories import places
from data.store import Store
from data.tables import PremisesChange
from tests.services.register_world import STEWARD, content, fill, id_of, row, take, today

FIRST = (row(1), row(2, registration=None, status="Tạm ngừng", lat=None, lon=None))


def standing(store: Store) -> list[str]:
    with store.read(STEWARD) as work:
        return sorted(places.premises_on(work, work.today)["name"])


def test_an_import_is_undone_exactly_and_can_come_again(store: Store, tmp_path: Path) -> None:
    fill(store)
    take(store, tmp_path, *FIRST)
    before = content(store)
    identity = {"id": id_of(store, "Nhà nghỉ Hoa Sen"), "registration": "001064733374"}
    changed = row(1, name="Nhà nghỉ Hoa Hồng", rooms=3, status="Ngừng hoạt động", **identity)
    take(store, tmp_path, changed, row(3, security=None))
    second = register_history.imports(store, STEWARD)[0]
    assert len(register_history.import_of(store, STEWARD, second.id).premises) == 2
    assert register_history.undo_import(store, STEWARD, second.id) == {"removed": 1, "restored": 1}
    after = content(store)
    gone = after["premises"].pop()
    assert (gone["address"], gone["registration_hash"], gone["geom"]) == ("", None, None)
    assert after["premises"] == before["premises"]
    assert after["licences"] == before["licences"]
    assert standing(store) == ["Nhà nghỉ Bình Minh", "Nhà nghỉ Hoa Sen"]
    assert search(store, STEWARD, "phượng vĩ", day=today(store)) == []
    assert take(store, tmp_path, row(3, security=None))["added"] == 1
    assert standing(store) == ["Nhà nghỉ Bình Minh", "Nhà nghỉ Hoa Sen", "Nhà nghỉ Phượng Vĩ"]


def test_a_merge_is_taken_back_exactly(store: Store, tmp_path: Path) -> None:
    fill(store)
    take(store, tmp_path, *FIRST, row(1, name="Hoa Sen", registration=None, workers=5, security="8/ANTT"))
    before = content(store)
    (pair,) = duplicates.duplicates(store, STEWARD, today(store))
    keep, drop = id_of(store, "Nhà nghỉ Hoa Sen"), id_of(store, "Hoa Sen")
    assert {pair.first.id, pair.second.id} == {keep, drop}
    made = merging.merge(store, STEWARD, keep, drop, "cùng một cơ sở")
    assert standing(store) == ["Nhà nghỉ Bình Minh", "Nhà nghỉ Hoa Sen"]
    assert at_address(store, STEWARD, day=today(store), premises_id=keep) == []
    merging.unmerge(store, STEWARD, made)
    assert content(store) == before
    duplicates.mark_distinct(store, STEWARD, keep, drop)
    assert duplicates.duplicates(store, STEWARD, today(store)) == []
    assert [one.name for one in at_address(store, STEWARD, day=today(store), premises_id=keep)] == ["Hoa Sen"]


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_record_of_changes_can_be_neither_changed_nor_deleted(
    engine: Engine, store: Store, tmp_path: Path, verb: str
) -> None:
    fill(store)
    take(store, tmp_path, row(1))
    statement = update(PremisesChange).values(kind="x") if verb == "update" else delete(PremisesChange)
    with pytest.raises(DBAPIError, match="append-only"), store.write(STEWARD) as work:
        work.session.execute(statement)
