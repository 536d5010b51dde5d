"""The audit log: nothing in it is changed, removed, moved or cut off without being seen, on both engines."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.services import audit as service
from data import audit, audit_anchor
from data.engine import open_engine
from data.repositories.audit import Wanted
from data.store import Actor, Store
from data.tables import AuditEntry, TextSalt
from geo.errors import RuleError
from geo.words import Role

ACTOR = Actor("thử", Role.ADMIN)
WATCHER = Actor("kiểm soát", Role.AUDITOR)


@pytest.fixture(autouse=True)
def anchor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, engine: Engine) -> Path:
    """Where the anchor lies: beside the file, or where the server's environment says."""
    monkeypatch.setenv(audit_anchor.VARIABLE, str(tmp_path / "server.anchor"))
    file = audit_anchor.anchor_file(engine)
    assert file is not None
    return file


def noted(store: Store, many: int, actor: Actor = ACTOR) -> None:
    for number in range(many):
        with store.write(actor) as work:
            work.note("thử", f"việc {number}", số=number)


def without_triggers(connection: Connection) -> None:
    """What somebody with the database's password could do first."""
    if connection.dialect.name == "sqlite":
        found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
        for (name,) in connection.execute(text(found)).all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
    else:
        connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))


def forge(engine: Engine, *statements: str) -> None:
    with engine.execution_options(writes=True).begin() as connection:
        without_triggers(connection)
        for one in statements:
            connection.execute(text(one))


def test_an_entry_can_be_neither_changed_nor_deleted(store: Store) -> None:
    noted(store, 1)
    for statement in (update(AuditEntry).values(actor="ai khác"), delete(AuditEntry)):
        with pytest.raises(DBAPIError), store.write(ACTOR) as work:
            work.session.execute(statement)


def test_a_log_that_nobody_touched_is_whole(store: Store) -> None:
    noted(store, 4)
    done = service.verify(store, WATCHER)
    assert (done.entries, done.broken, done.note) == (4, None, None)
    assert done.anchored is not None and done.anchored[0] == 4


FORGERIES = {
    "who": ("UPDATE audit_log SET actor = 'ai khác' WHERE seq = 3", 3),
    "what": ("UPDATE audit_log SET action = 'khác' WHERE seq = 3", 3),
    "detail": ("""UPDATE audit_log SET detail = '{"số": 9}' WHERE seq = 3""", 3),
    "where from": ("UPDATE audit_log SET origin = 'web 10.0.0.9' WHERE seq = 3", 3),
    "where from, taken off": ("UPDATE audit_log SET origin = NULL WHERE seq = 2", 2),
    "when": ("UPDATE audit_log SET at = '2020-01-01 00:00:00' WHERE seq = 3", 3),
    "hash": ("UPDATE audit_log SET hash = previous_hash WHERE seq = 3", 3),
    "removed": ("DELETE FROM audit_log WHERE seq = 3", 3),
    "first removed": ("DELETE FROM audit_log WHERE seq = 1", 1),
    "last removed": ("DELETE FROM audit_log WHERE seq = 5", 5),
    "all removed": ("DELETE FROM audit_log", 1),
    "two that changed places": (
        "UPDATE audit_log SET seq = 99 WHERE seq = 2;"
        "UPDATE audit_log SET seq = 2 WHERE seq = 3;"
        "UPDATE audit_log SET seq = 3 WHERE seq = 99",
        2,
    ),
}


def test_what_was_done_to_an_entry_is_found_and_the_first_one_named(
    engine: Engine, store: Store, anchor: Path
) -> None:
    noted(store, 1)
    noted(store, 1, Actor("cán bộ", Role.ADMIN, origin="web 10.0.0.5"))
    noted(store, 3)
    found = {}
    for how, (statements, _first) in FORGERIES.items():
        with engine.execution_options(writes=True).connect() as connection, connection.begin() as forgery:
            without_triggers(connection)
            for one in statements.split(";"):
                connection.execute(text(one))
            with Session(connection) as session:
                chain = audit.walk(session)
                broken = chain.broken or audit_anchor.judge(session, anchor, chain).broken
            found[how] = None if broken is None else broken.seq
            forgery.rollback()
    assert found == {how: first for how, (_statements, first) in FORGERIES.items()}
    assert service.verify(store, WATCHER).broken is None


def test_an_entry_that_cannot_even_be_read_is_named(engine: Engine, store: Store) -> None:
    noted(store, 3)
    if engine.dialect.name != "sqlite":
        # The server itself refuses what is no document and no instant.
        with pytest.raises(DBAPIError):
            forge(engine, "UPDATE audit_log SET detail = 'x' WHERE seq = 2")
        return
    forge(engine, "UPDATE audit_log SET detail = 'x', at = 'hôm qua' WHERE seq = 2")
    assert service.verify(store, WATCHER).broken == 2


def test_a_log_written_anew_from_an_entry_on_is_found_by_the_anchor(engine: Engine, store: Store) -> None:
    """The forger computes every hash again: the chain holds in itself."""
    noted(store, 4)
    forge(engine, "DELETE FROM audit_log WHERE seq > 2")
    with Store(engine).read(ACTOR) as work:
        told = [(f"việc {number}", number) for number in (7, 8)]
        now = work.now
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        for subject, number in told:
            audit.append(session, at=now, actor="thử", action="thử", subject=subject, detail={"số": number})
    done = service.verify(store, WATCHER)
    assert done.broken == 4


def test_work_after_the_log_was_cut_does_not_cover_it_up(engine: Engine, store: Store, anchor: Path) -> None:
    noted(store, 5)
    forge(engine, "DELETE FROM audit_log WHERE seq > 3")
    noted(store, 6)
    assert service.verify(store, WATCHER).broken == 5
    assert json.loads(anchor.read_text())["seq"] == 5


def test_what_is_written_while_the_log_is_walked_is_no_false_alarm(store: Store, anchor: Path) -> None:
    noted(store, 2)
    with store.read(ACTOR) as work:
        chain = audit.walk(work.session)
        noted(store, 2)
        assert json.loads(anchor.read_text())["seq"] == 4 > chain.entries
        assert audit_anchor.judge(work.session, anchor, chain).broken is None


def test_an_anchor_of_another_database_says_nothing_and_the_note_says_so(store: Store, anchor: Path) -> None:
    noted(store, 2)
    strange = {**json.loads(anchor.read_text()), "database": "khác", "seq": 900}
    anchor.write_text(json.dumps(strange))
    done = service.verify(store, WATCHER)
    assert done.broken is None and done.note is not None
    noted(store, 1)
    assert json.loads(anchor.read_text())["seq"] == 3
    assert [file.name for file in anchor.parent.glob(f"{anchor.name}.old*")] == [f"{anchor.name}.old1"]


def test_an_anchor_that_cannot_be_read_is_told_and_a_new_one_begins(store: Store, anchor: Path) -> None:
    for content in ("", "{}", "không phải", "[1]"):
        anchor.write_text(content)
        done = service.verify(store, WATCHER)
        assert done.broken is None and done.note is not None
        noted(store, 1)
        assert service.verify(store, WATCHER).note is None


def test_a_change_that_fails_leaves_neither_entry_nor_anchor(store: Store, anchor: Path) -> None:
    noted(store, 1)
    with pytest.raises(ZeroDivisionError), store.write(ACTOR) as work:
        work.note("thử")
        raise ZeroDivisionError
    assert json.loads(anchor.read_text())["seq"] == 1
    assert service.verify(store, WATCHER).broken is None


def test_entries_from_before_the_place_was_kept_stay_valid(engine: Engine, store: Store) -> None:
    """The hash of an entry without a place is that of the first version of the log."""
    with store.write(ACTOR) as work:
        at = work.now.replace(microsecond=0)
        parts = [1, at.isoformat(), "thử", "cũ", "", {"a": 1}, audit.FIRST_HASH]
        plain = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        row = dict(
            zip(("seq", "at", "actor", "action", "subject", "detail", "previous_hash"), parts, strict=True)
        )
        row |= {"at": at, "hash": hashlib.sha256(plain.encode()).hexdigest(), "origin": None}
        work.session.execute(insert(AuditEntry).values(**row))
    noted(store, 1)
    assert service.verify(store, WATCHER).broken is None


def test_the_command_line_is_known_as_such(store: Store) -> None:
    noted(store, 1, Actor("cli:an", Role.ADMIN))
    with store.read(ACTOR) as work:
        assert work.session.scalars(select(AuditEntry.origin)).all() == ["cli"]


def test_free_text_stands_there_as_a_digest_that_fits_no_text_once_the_salt_is_gone(store: Store) -> None:
    with store.write(ACTOR) as work:
        work.note("thử", "tin 1", text="Có tiếng ồn")
        again, other = work.digest("tin 1", "Có tiếng ồn"), work.digest("tin 2", "Có tiếng ồn")
    with store.read(ACTOR) as work:
        entry = work.session.scalars(select(AuditEntry)).one()
        assert "tiếng" not in json.dumps(entry.detail, ensure_ascii=False)
        assert entry.detail["text"] == again != other
    with store.write(ACTOR) as work:
        work.session.execute(delete(TextSalt).where(TextSalt.subject == "tin 1"))
    with store.write(ACTOR) as work:
        assert work.digest("tin 1", "Có tiếng ồn") != again
    assert service.verify(store, WATCHER).broken is None


def test_many_threads_keep_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: noted(store, 8, Actor(f"người {number}", Role.ADMIN)), range(6)))
    done = service.verify(store, WATCHER)
    assert (done.entries, done.broken) == (48, None)


def _in_another_process(url: str, name: str, many: int) -> None:
    engine = open_engine(url)
    noted(Store(engine), many, Actor(name, Role.ADMIN))
    engine.dispose()


def test_many_processes_keep_one_chain(engine: Engine, store: Store) -> None:
    url = engine.url.render_as_string(hide_password=False)
    spawn = multiprocessing.get_context("spawn")
    crowd = [spawn.Process(target=_in_another_process, args=(url, f"tiến trình {n}", 10)) for n in range(2)]
    for one in crowd:
        one.start()
    noted(store, 10)
    for one in crowd:
        one.join(120)
    assert [one.exitcode for one in crowd] == [0, 0]
    done = service.verify(store, WATCHER)
    assert (done.entries, done.broken) == (30, None)


def test_the_filters_leave_what_was_asked_for(store: Store) -> None:
    noted(store, 3)
    noted(store, 2, Actor("khác", Role.ADMIN))
    seen = service.show(store, WATCHER, Wanted(actors=("khác",)))
    assert [one.seq for one in seen] == [5, 4]
    assert [one.seq for one in service.show(store, WATCHER, Wanted(subject="việc 1"))] == [5, 2]
    assert service.show(store, WATCHER, Wanted(actions=("th",))) == []
    assert [one.actor for one in service.show(store, WATCHER, Wanted(actions=("read.",)))] == [WATCHER.name]
    with store.read(ACTOR) as work:
        day = work.today
    since, until = service.whole_days(day, day)
    assert len(service.show(store, WATCHER, Wanted(since=since, until=until))) == 6
    assert service.show(store, WATCHER, Wanted(until=since)) == []


def test_an_auditor_of_one_ward_does_not_read_what_was_done_in_others(store: Store) -> None:
    with pytest.raises(RuleError) as refused:
        service.show(store, Actor("ai", Role.AUDITOR, frozenset({"u1"})), Wanted())
    assert refused.value.code == "outside_scope"
