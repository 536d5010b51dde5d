"""The log in daily use: looks are noted once, files carry who took them, words stand in it as digests only."""

from __future__ import annotations

import ast
import csv
import json
import time
import zipfile
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from app.cli import main
from app.services import audit, exports, hotspots, insiders, plan_changes, plan_edits, watermark
from app.services.audit_words import known_actions
from app.services.exports import export_layer
from app.services.hotspots import WatchSettings
from app.services.insiders import Spared
from app.services.looking import LOOKING, Looked
from app.services.map_data import data_version
from app.services.plan_desk import open_desk
from app.services.plan_edits import Edit
from app.services.watermark import MOST_ROWS, stamped
from data.repositories import places
from data.repositories.audit import Wanted
from data.store import Actor, Store
from data.tables import AuditEntry
from geo.errors import RuleError
from geo.periods import Period
from geo.words import EditKind, Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT
from tests.services.plan_world import OTHER_PLANNER, PLANNER, REVIEWER, VIEWER, make_world

WATCHER = Actor("kiểm soát", Role.AUDITOR)


def told(store: Store, *actions: str) -> list[AuditEntry]:
    with store.read(WATCHER) as work:
        chosen = select(AuditEntry).where(AuditEntry.action.in_(actions)).order_by(AuditEntry.seq)
        return list(work.session.scalars(chosen))


# --- what stands in it


def _codes() -> set[str]:
    """The codes of actions that the services write as plain words."""
    found = set()
    for file in (ROOT / "app" / "services").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "note":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    found.add(str(first.value))
    return found


def test_every_action_has_words_that_an_auditor_reads() -> None:
    assert (_codes() | LOOKING) - known_actions() == set()


def test_what_somebody_wrote_is_not_to_be_read_in_it(own_demo: Store, operator: Actor) -> None:
    with own_demo.read(operator) as work:
        spot = places.hotspots_on(work, DEMO_DAY).iloc[0]
        row = places.hotspot_by_id(work, spot["id"])
        assert row is not None
        seen = WatchSettings(row.catchment_m, row.watch_months, row.patrol_every_days, row.patrol_by or "")
        version = row.version
    new = replace(seen, patrol_by="Tổ tuần tra liên ngành")
    hotspots.change_watch(own_demo, operator, spot["id"], new, seen=seen, version=version)
    entry = told(own_demo, "hotspot.watch")[-1]
    assert "Tổ tuần tra" not in json.dumps(entry.detail, ensure_ascii=False)
    assert entry.detail["after"]["patrol_by"].startswith("hmac-sha256:")
    assert entry.detail["after"]["watch_months"] == seen.watch_months


# --- looking


def test_a_look_is_noted_once_a_day_for_each_account_and_moves_no_cache(own_demo: Store) -> None:
    before = data_version(own_demo)
    # The demonstration that is copied may have been looked at by others.
    one, other = Actor("lãnh đạo mới", Role.REVIEWER), Actor("lập lịch mới", Role.PLANNER)
    for actor in (one, other, one):
        audit.note_reading(own_demo, actor, Looked.RANKING)
    audit.note_reading(own_demo, one, Looked.TIP, "tin 1")
    audit._seen.clear()
    audit.note_reading(own_demo, one, Looked.RANKING)
    audit.note_reading(own_demo, one, Looked.TIP, "tin 2")
    looks = [(look.actor, look.action, look.subject) for look in told(own_demo, *Looked)]
    assert [look for look in looks if look[0] in (one.name, other.name)] == [
        (one.name, "read.ranking", ""),
        (other.name, "read.ranking", ""),
        (one.name, "read.tip", "tin 1"),
        (one.name, "read.tip", "tin 2"),
    ]
    assert data_version(own_demo) == before


def test_looking_again_costs_next_to_nothing(own_demo: Store) -> None:
    def seconds(how: str) -> float:
        begun = time.perf_counter()
        for _ in range(20):
            audit.note_reading(own_demo, WATCHER, Looked.TIP, how)
        return time.perf_counter() - begun

    seconds("tin")
    # Against the time of reading one entry of the log twenty times.
    again, begun = seconds("tin"), time.perf_counter()
    for _ in range(20):
        audit.verify(own_demo, WATCHER)
    assert again < time.perf_counter() - begun


def test_where_somebody_works_stands_in_it(own_demo: Store) -> None:
    audit.note_reading(own_demo, replace(VIEWER, origin="web 10.1.2.3"), Looked.RANKING)
    (shown,) = audit.show(own_demo, WATCHER, Wanted(actors=(VIEWER.name,)))
    assert shown.origin == "web 10.1.2.3"


# --- files


def test_the_log_taken_out_is_noted_itself_and_carries_who_took_it(own_demo: Store) -> None:
    with own_demo.write(REVIEWER) as work:
        work.note("thử", "=1+1", số=1)
    plain = audit.export_log(own_demo, WATCHER, Wanted(), ".csv").decode("utf-8-sig")
    rows = list(csv.reader(StringIO(plain)))
    assert any("'=1+1" in row for row in rows)
    book = load_workbook(BytesIO(audit.export_log(own_demo, WATCHER, Wanted(), ".xlsx")))
    assert WATCHER.name in (book.active.oddFooter.left.text or "")
    assert WATCHER.name in (book.properties.description or "")
    assert [one.detail["file"] for one in told(own_demo, "audit.export")] == [".csv", ".xlsx"]
    with pytest.raises(RuleError):
        audit.export_log(own_demo, REVIEWER, Wanted(), ".csv")


def test_an_exported_workbook_says_who_took_it_and_when(
    own_demo: Store, operator: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "co-so.xlsx"
    rows = export_layer(own_demo, replace(operator, name="lê & văn"), "premises", file, DEMO_DAY)["rows"]
    book = load_workbook(file)
    assert book.active.max_row == rows + 1
    assert book.properties.description.startswith("Xuất bởi lê & văn, ")
    # Excel writes a single & of a footer as two.
    assert "lê && văn" in book.active.oddFooter.left.text or "lê & văn" in book.active.oddFooter.left.text


def test_a_word_file_and_every_file_of_an_archive_carry_the_mark() -> None:
    made = BytesIO()
    Document().save(made)
    marked = Document(BytesIO(stamped(made.getvalue(), "a.docx", "Xuất bởi an, 24/11/2026 10:00")))
    assert "Xuất bởi an" in " ".join(one.text for one in marked.sections[0].footer.paragraphs)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b/a.docx", made.getvalue())
        archive.writestr("a.csv", "a")
    with zipfile.ZipFile(BytesIO(stamped(packed.getvalue(), "c.zip", "Xuất bởi an"))) as archive:
        inside = Document(BytesIO(archive.read("b/a.docx")))
        assert archive.read("a.csv") == b"a"
    assert "Xuất bởi an" in " ".join(one.text for one in inside.sections[0].footer.paragraphs)


def test_a_workbook_that_is_stamped_keeps_its_cells_and_stays_a_workbook() -> None:
    book = Workbook()
    book.active["A1"] = "<pageMargins/> & =1+1"
    book.create_sheet("Hai").append([1, 2.5, "ba"])
    made = BytesIO()
    book.save(made)
    again = load_workbook(BytesIO(stamped(made.getvalue(), ".xlsx", "Xuất bởi <an> & bình")))
    assert again["Hai"]["B1"].value == 2.5
    assert again.worksheets[0]["A1"].value == "<pageMargins/> & =1+1"
    assert all("<an>" in sheet.oddFooter.left.text for sheet in again.worksheets)


def test_more_rows_than_a_role_may_take_are_refused_and_no_file_is_left(
    demo: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MOST_ROWS, Role.VIEWER, 3)
    file = tmp_path / "co-so.csv"
    with pytest.raises(RuleError) as refused:
        export_layer(demo, VIEWER, "premises", file, DEMO_DAY)
    assert refused.value.code == "export_limit"
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_a_page_is_noted_before_it_is_made(own_demo: Store) -> None:
    def broken() -> bytes:
        assert told(own_demo, "file.take")[-1].subject == "lịch 1"
        raise RuleError("thử", watermark.msg("thử"))

    with pytest.raises(RuleError):
        exports.taken(own_demo, PLANNER, "lịch 1", "a.docx", broken)


# --- the command line


def test_verify_exits_with_one_and_names_the_first_broken_entry(
    own_demo: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    url = str(own_demo.engine.url)
    assert main(["audit", "verify", "--db", url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    with own_demo.engine.execution_options(writes=True).begin() as connection:
        for (name,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
        ).all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("UPDATE audit_log SET actor = 'ai khác' WHERE seq = 2")
    assert main(["audit", "verify", "--db", url, "--json"]) == 1
    done = json.loads(capsys.readouterr().out)
    assert (done["ok"], done["first_broken"], done["broken"]["seq"]) == (False, 2, 2)
    assert main(["audit", "verify", "--db", url]) == 1
    assert "số 2" in capsys.readouterr().out


def test_show_filters_and_speaks_json(own_demo: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with own_demo.write(PLANNER) as work:
        work.note("thử", "lịch 7")
    url = str(own_demo.engine.url)
    assert main(["audit", "show", "--subject", "lịch 7", "--db", url, "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["entries"]
    assert (entry["actor"], entry["action"], entry["detail"]) == (PLANNER.name, "thử", {})
    assert main(["audit", "show", "--who", "không ai", "--db", url, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["entries"] == []


# --- who spared what


def test_dropping_a_visit_of_high_value_is_listed_by_who_did_it(own_demo: Store) -> None:
    world = make_world(own_demo, secret=False)
    desk = open_desk(own_demo, OTHER_PLANNER, world.plan_id, DEMO_DAY)
    best = max(desk.contents.visits, key=lambda row: row["value"] or 0.0)
    plan_edits.apply(own_demo, OTHER_PLANNER, desk, Edit(EditKind.DROP, best["premises_id"]))
    with own_demo.read(WATCHER) as work:
        month = Period(work.today.replace(day=1), 1)
    (mine,) = insiders.high_value_changes(own_demo, REVIEWER, month, as_of=DEMO_DAY)
    assert (mine.account, mine.count(Spared.DROPPED)) == (OTHER_PLANNER.name, 1)
    assert mine.changes[0].premises
    # Whoever watches over the work sees no plans: that it happened at once, at which place once it is over.
    (now,) = insiders.high_value_changes(own_demo, WATCHER, month, as_of=DEMO_DAY)
    assert (now.account, now.changes[0].premises) == (OTHER_PLANNER.name, "")
    (later,) = insiders.high_value_changes(own_demo, WATCHER, month, as_of=DEMO_DAY.replace(year=2027))
    assert later.changes[0].premises == mine.changes[0].premises
    assert insiders.high_value_changes(own_demo, REVIEWER, month.before, as_of=DEMO_DAY) == []
    assert len(told(own_demo, Looked.CHANGES_OF_PLANS.value)) >= 2


def test_a_dropped_unannounced_visit_is_told_to_nobody_who_might_not_open_it(own_demo: Store) -> None:
    world = make_world(own_demo)
    desk = open_desk(own_demo, PLANNER, world.plan_id, DEMO_DAY)
    plan_edits.apply(own_demo, PLANNER, desk, Edit(EditKind.DROP, world.secret_premises))
    with own_demo.read(WATCHER) as work:
        month = Period(work.today.replace(day=1), 1)
    other = Actor("lãnh đạo phường bên", Role.REVIEWER, frozenset({world.other_ward}))
    for reader in (WATCHER, other):
        for day in (DEMO_DAY, DEMO_DAY.replace(year=2027)):
            found = insiders.high_value_changes(own_demo, reader, month, as_of=day)
            named = {change.premises for one in found for change in one.changes}
            assert world.secret_name not in named
            if day == DEMO_DAY:
                assert found == []
    assert plan_changes.changes_made(own_demo, PLANNER, world.plan_id)
