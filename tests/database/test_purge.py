"""Deleting and blanking events is the same on both engines, and nothing else can be deleted on either."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from sqlalchemy import delete, select
from sqlalchemy.exc import DBAPIError

from data import audit
from data.repositories.purge import blank, bury, kept_counts, leave_no_trace, settle
from data.store import Actor, Store
from data.tables import AuditEntry, Signal, TextSalt, Tombstone
from geo.words import Role

WHO = Actor("dulieu", Role.STEWARD)
COUNTS = {"month": "2024-05", "unit": "u1", "kind": "feedback", "state": "unfounded", "in_time": True}


def told(store: Store, text: str = "Biển hiệu sáng khuya") -> str:
    """A signal with two revisions and a digest in the log; its id."""
    with store.write(WHO) as work:
        event = work.event()
        plain = {"on_date": date(2024, 5, 1), "source": "hotline", "geom": shapely.Point(105.77, 20.95)}
        for revision, state in ((1, "received"), (2, "unfounded")):
            changed = {"revision": revision, "state": state, "text": text, "result": "Không thấy gì"}
            work.session.add(Signal(**event | plain | changed))
        work.note("signal.add", event["id"], text=text)
        return str(event["id"])


def test_a_buried_event_is_gone_with_its_salt_and_is_counted(store: Store) -> None:
    gone, kept = told(store), told(store)
    with store.write(WHO) as work:
        leave_no_trace(work)
        assert bury(work, Signal, {gone: COUNTS}, "dismissed_signals") == 1
    settle(store)
    with store.read(WHO) as work:
        assert set(work.session.scalars(select(Signal.id))) == {kept}
        assert set(work.session.scalars(select(TextSalt.subject))) == {kept}
        assert kept_counts(work, Signal).to_dict("records") == [COUNTS | {"n": 1}]
        assert audit.first_broken(work.session) is None


def test_a_blanked_event_keeps_its_history_without_words(store: Store) -> None:
    one = told(store)
    with store.read(WHO) as work:
        before = work.session.execute(
            select(Signal.rid, Signal.revision, Signal.recorded_at, Signal.state)
        ).all()
    with store.write(WHO) as work:
        blank(work, Signal, {one: {"month": "2024-05"}}, "rule7", {"text": "", "result": None})
    with store.read(WHO) as work:
        rows = list(work.session.scalars(select(Signal).order_by(Signal.revision)))
        after = [(row.rid, row.revision, row.recorded_at, row.state) for row in rows]
        assert [(row.text, row.result) for row in rows] == [("", None), ("", None)]
        assert kept_counts(work, Signal).empty
    assert after == [tuple(row) for row in before]


def test_blanking_all_but_the_newest_leaves_what_the_newest_says(store: Store) -> None:
    one = told(store)
    with store.write(WHO) as work:
        blank(work, Signal, {one: {}}, "rule7", {"text": ""}, but_newest=True)
    with store.read(WHO) as work:
        texts = list(work.session.scalars(select(Signal.text).order_by(Signal.revision)))
    assert texts == ["", "Biển hiệu sáng khuya"]


def test_burying_what_was_blanked_before_keeps_one_tombstone(store: Store) -> None:
    one = told(store)
    for _ in range(2):
        with store.write(WHO) as work:
            blank(work, Signal, {one: {"month": "2024-05"}}, "rule7", {"text": ""})
    with store.write(WHO) as work:
        bury(work, Signal, {one: COUNTS}, "closed_signals")
    with store.read(WHO) as work:
        assert [grave.rule for grave in work.session.scalars(select(Tombstone))] == ["rule7"]
        assert list(work.session.scalars(select(Signal.id))) == []


@pytest.mark.parametrize("table", [Signal, AuditEntry, Tombstone])
def test_what_has_no_tombstone_cannot_be_deleted(store: Store, table: type) -> None:
    told(store)
    other = told(store)
    with store.write(WHO) as work:
        bury(work, Signal, {other: {}}, "dismissed_signals")
    with pytest.raises(DBAPIError), store.write(WHO) as work:
        work.session.execute(delete(table))
