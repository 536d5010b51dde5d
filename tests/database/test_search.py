"""The search gives the same answers on both engines and follows every change of the register."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, delete, inspect, select, text, update
from sqlalchemy.engine import make_url

from app.services.search import Found, search
from data import schema
from data.engine import open_engine
from data.repositories.frames import add_rows
from data.search_key import premises_key
from data.store import Actor, Store
from data.tables import Premises
from geo.errors import SurroundingsError
from geo.words import Role
from tests.benchmarks import search as benchmark

ACTOR = Actor("thử", Role.ADMIN)
DAY = date(2026, 11, 24)


def row(premises_id: str, name: str, address: str = "", number: str | None = None) -> dict[str, object]:
    return {
        "id": premises_id,
        "name": name,
        "address": address,
        "registration_number": number,
        "type": "hotel",
        "folded": premises_key(name, address, number),
        "geom": shapely.Point(105.77, 20.97),
    }


ROWS = [
    row("qt", "Khách sạn Quang Trung", "Số 5 đường Lê Lợi, Hà Nội", "01D8001234"),
    row("quảng", "Karaoke QUẢNG TRUNG", "Số 7 phố Xốm, phường Phú Lãm", "0108123456"),
    row("dn", "Massage Gió Thu", "Số 12/3 đường Chùa Tổng, phường Dương Nội, Hà Nội"),
    row("đ", "BAR ĐÁ BẠC", "Đường Tố Hữu"),
]


def ids(store: Store, query: str) -> list[str]:
    return [one.premises_id for one in search(store, ACTOR, query, day=DAY)]


def fill(store: Store, rows: list[dict[str, object]]) -> None:
    with store.write(ACTOR) as work:
        add_rows(work, Premises, rows)


def test_accents_order_beginnings_and_slips_count_alike_on_every_engine(store: Store) -> None:
    fill(store, ROWS)
    assert ids(store, "quảng trung") == ["quảng", "qt"]
    assert ids(store, "quang trung") == ["qt", "quảng"]
    # Two words that stand apart in "đường Lê Lợi, Hà Nội" come after the name they make.
    assert ids(store, "duong noi") == ["dn", "qt"]
    assert ids(store, "đá bạc") == ids(store, "da bac") == ["đ"]
    assert ids(store, "massage gi") == ["dn"]
    assert ids(store, "12/3 chua tong") == ["dn"]
    assert ids(store, "8123") == ["quảng"]
    assert ids(store, "gio thi") == ["dn"]
    assert ids(store, "khach sna quang trung") == ["qt"]
    assert ids(store, "xyzzy") == []


@pytest.mark.parametrize("engine", ["postgis"], indirect=True)
def test_the_server_answers_as_the_embedded_database_does(store: Store) -> None:
    benchmark.fill(store, 2_000)
    with benchmark.database("sqlite") as other:
        benchmark.fill(other, 2_000)
        for queries in benchmark.KINDS.values():
            for query in queries:
                assert scores(search(store, ACTOR, query, day=DAY)) == scores(
                    search(other, ACTOR, query, day=DAY)
                ), query


def scores(found: list[Found]) -> list[tuple[float, str]]:
    return [(one.score, str(one.why)) for one in found]


def test_the_search_follows_every_change_of_the_register(store: Store) -> None:
    fill(store, ROWS)
    with store.write(ACTOR) as work:
        found = work.session.scalars(select(Premises).where(Premises.id == "dn")).one()
        found.name, found.folded = "Massage Suối Biếc", premises_key("Massage Suối Biếc", found.address)
    assert ids(store, "gió thu") == []
    assert ids(store, "suối biếc") == ids(store, "suoi bieec") == ["dn"]
    with store.write(ACTOR) as work:
        work.session.execute(update(Premises).where(Premises.id == "dn").values(rooms=9))
    assert ids(store, "suối biếc") == ["dn"]
    with store.write(ACTOR) as work:
        work.session.execute(delete(Premises).where(Premises.id == "dn"))
    assert ids(store, "suối biếc") == []


def test_what_was_not_stored_is_not_found(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.write(ACTOR) as work:
        add_rows(work, Premises, ROWS)
        raise ZeroDivisionError
    assert ids(store, "quang trung") == []


def test_a_register_from_before_the_search_is_found_after_the_update(empty_engine: Engine) -> None:
    schema.upgrade(empty_engine)
    schema.downgrade(empty_engine, "0001")
    assert not {"premises_search", "premises_words"} & set(inspect(empty_engine).get_table_names())
    store = Store(empty_engine)
    fill(store, ROWS)
    schema.upgrade(empty_engine)
    assert schema.differences(empty_engine) == []
    assert ids(store, "quang trung") == ["qt", "quảng"]
    assert ids(store, "qunag trung") != []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="\0") | st.sampled_from("\"'*()^:-+%_\\;qt đĐ1"),
        max_size=60,
    )
)
def test_any_text_may_be_searched_and_may_stand_in_the_register(store: Store, wild: str) -> None:
    with store.write(ACTOR) as work:
        work.session.execute(delete(Premises))
        add_rows(work, Premises, [row("wild", wild, wild)])
    answers = search(store, ACTOR, wild, day=DAY)
    assert len(answers) <= 1


def test_a_server_that_forbids_the_extension_is_told_plainly(empty_engine: Engine) -> None:
    if empty_engine.dialect.name == "sqlite":
        schema.upgrade(empty_engine)  # needs nobody's leave
        return
    with empty_engine.execution_options(isolation_level="AUTOCOMMIT").connect() as admin:
        for statement in (
            "CREATE EXTENSION postgis",
            "DROP ROLE IF EXISTS plain",
            "CREATE ROLE plain LOGIN",
            "GRANT CREATE ON SCHEMA public TO plain",
        ):
            admin.execute(text(statement))
    url = make_url(empty_engine.url).set(username="plain")
    engine = open_engine(url.render_as_string(hide_password=False))
    with pytest.raises(SurroundingsError, match="pg_trgm") as refused:
        schema.upgrade(engine)
    assert refused.value.code == "search_not_allowed"
    assert "CREATE EXTENSION" in str(refused.value.hint)
    assert schema.current_revision(engine) is None

    # Once an administrator has made it, the same account goes on.
    with empty_engine.execution_options(isolation_level="AUTOCOMMIT").connect() as admin:
        admin.execute(text("CREATE EXTENSION pg_trgm"))
    assert schema.upgrade(engine) == schema.newest_revision()
    engine.dispose()
    _drop_role(empty_engine)


def _drop_role(engine: Engine) -> None:
    admin = create_engine(engine.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP OWNED BY plain CASCADE"))
        connection.execute(text("DROP ROLE plain"))
    admin.dispose()
