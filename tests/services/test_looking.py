"""What pages have read is read anew when something changed, and not because somebody looked."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from app.config import Settings
from app.services import accounts, exports, leak_signs, map_data, plan_changes, plan_reading, plan_secrecy
from app.services.looking import FILE_TAKEN
from data.store import Actor, Store
from data.tables import AuditEntry
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.services.plan_world import PLANNER, REVIEWER, decided, make_world

OPERATOR = Actor("quản trị", Role.ADMIN)


def last_entry(store: Store) -> tuple[int, str, str, str, dict[str, object]]:
    with store.read(OPERATOR) as work:
        one = work.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(1)).one()
        return one.seq, one.actor, one.action, one.subject, one.detail


def test_looking_makes_nobody_read_the_data_anew(own_demo: Store, tmp_path: Path) -> None:
    world = make_world(own_demo)
    decided(own_demo, world)
    accounts.create_account(own_demo, OPERATOR, "moi", Role.VIEWER, "mat-khau-rat-dai-123")
    before, entries = map_data.data_version(own_demo), last_entry(own_demo)[0]
    accounts.sign_in(own_demo, Settings(data=tmp_path), "moi", "sai")
    accounts.sign_in(own_demo, Settings(data=tmp_path), "moi", "mat-khau-rat-dai-123")
    plan_secrecy.log_opening(own_demo, PLANNER, world.plan_id)
    plan_reading.read_plan(own_demo, PLANNER, world.plan_id)
    plan_changes.changes_made(own_demo, REVIEWER, world.plan_id)
    leak_signs.leak_signs(own_demo, REVIEWER, DEMO_DAY)
    exports.export_layer(own_demo, OPERATOR, "wards", tmp_path / "wards.geojson", DEMO_DAY)
    exports.log_file(own_demo, PLANNER, world.plan_id, "lich.xlsx")
    assert last_entry(own_demo)[0] >= entries + 5
    assert map_data.data_version(own_demo) == before
    with own_demo.write(PLANNER) as work:
        work.note("premises.edit", "p")
    assert map_data.data_version(own_demo) > before


def test_the_log_says_who_took_which_file_of_what(own_demo: Store) -> None:
    exports.log_file(own_demo, PLANNER, "kế hoạch", "phieu-doi.docx")
    told = last_entry(own_demo)
    assert told[1:] == (PLANNER.name, FILE_TAKEN, "kế hoạch", {"file": "phieu-doi.docx"})
