"""Packages that wards send: whole, unchanged, of a known ward, without persons; and each ward counted once."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.services import collected, figure_entry, packages
from app.services.collected import Collected, Source, Total
from data.exporters.package import SECTIONS, package_bytes, sealed
from data.importers.package import MOST_BYTES, parse_package
from data.repositories.frames import add_rows
from data.store import Store
from data.tables import AuditEntry, ReceivedPackage, Task
from geo.errors import InputError, RuleError
from geo.periods import parse_period
from geo.review_words import Measure
from geo.words import Role
from tests.services.signal_world import DAY, DESK, HERE, wards

__all__ = ["wards"]
OCTOBER = parse_period("2026-10")
FIGURES = {Measure.COMMUNICATION_ACTIVITIES: 3, Measure.REACHED_STUDENTS: 120, Measure.STUDENT_HEADS: 200}
Document = dict[str, Any]
#: A package as it stands in a file.
PLAIN: Document = sealed(
    {
        "unit": {"code": "09556", "name": "Phường Hà Đông", "valid_from": "2025-07-01", "valid_to": None},
        "period": {"text": "2026-10", "first": "2026-10-01", "last": "2026-10-31"},
        "as_of": "2026-11-24",
        "made_at": "2026-11-24T08:00:00+00:00",
        "indicators": [
            {"code": "T02c", "numerator": 120, "denominator": 200, "value": 0.6, "comparator": ">="}
            | {"target": 0.7, "assigned": False, "met": False}
        ],
        "other": [{"key": "turns", "value": 4}],
        "figures": [
            {"id": "f" * 32, "measure": "reached_students", "value": 120, "hidden": False, "body": None}
            | {"first_day": "2026-10-01", "last_day": "2026-10-31", "document": None, "note": None}
        ],
        "tasks": [],
    }
)


def entered(store: Store, unit: str = "u1", **changed: int) -> None:
    values = FIGURES | {Measure(name): value for name, value in changed.items()}
    figure_entry.enter(store, DESK, unit, OCTOBER, values, DAY)


def made(store: Store, code: str = "09556") -> tuple[bytes, Document]:
    return packages.make_package(store, DESK, OCTOBER, code, as_of=DAY)


def withdrawn(store: Store, unit: str = "u1") -> None:
    """The same database without the ward's entries, as the city's is."""
    figure_entry.enter(store, DESK, unit, OCTOBER, dict.fromkeys(FIGURES, None), DAY, reason="cho thử nghiệm")


def taken(store: Store, content: bytes) -> Document:
    return packages.receive(store, DESK, content, "goi.json")


def refused(store: Store, content: bytes) -> InputError:
    with pytest.raises(InputError) as error:
        taken(store, content)
    with store.read(DESK) as work:
        assert work.session.scalar(select(func.count()).select_from(ReceivedPackage)) == 0
    return error.value


def refused_file(content: bytes) -> InputError:
    with pytest.raises(InputError) as error:
        parse_package(content, "goi.json")
    return error.value


def resealed(document: Document, change: Callable[[Document], object]) -> bytes:
    """The package as somebody would send it who changed it before it was sealed."""
    copy: Document = json.loads(json.dumps(document))
    change(copy)
    return package_bytes(sealed(copy))


def all_wards(store: Store) -> Collected:
    return collected.collected(store, DESK, OCTOBER, as_of=DAY)


def total(found: Collected, code: str) -> Total:
    return next(one for one in found.targets if one.code == code)


def test_a_package_says_whose_it_is_of_when_and_what_is_in_it(wards: Store, tmp_path: Path) -> None:
    entered(wards)
    told = packages.export_package(wards, DESK, OCTOBER, "09556", tmp_path / "goi.json", as_of=DAY)
    document = json.loads((tmp_path / "goi.json").read_text(encoding="utf-8"))
    assert told["checksum"] == document["checksum"]
    assert document["unit"] == {
        "code": "09556", "name": "Phường Hà Đông", "valid_from": "2025-07-01", "valid_to": None,
    }  # fmt: skip
    assert document["period"] == {"text": "2026-10", "first": "2026-10-01", "last": "2026-10-31"}
    students = next(one for one in document["indicators"] if one["code"] == "T02c")
    assert (students["numerator"], students["denominator"]) == (120, 200)
    assert {(one["measure"], one["value"]) for one in document["figures"]} >= {("student_heads", 200)}
    assert not any(one["code"].startswith("T07") for one in document["indicators"])
    assert not list(tmp_path.glob(".*"))


def test_a_package_goes_round_and_is_taken_once(wards: Store, tmp_path: Path) -> None:
    entered(wards)
    packages.export_package(wards, DESK, OCTOBER, "09556", tmp_path / "goi.json", as_of=DAY)
    first = packages.import_package(wards, DESK, tmp_path / "goi.json")
    again = packages.import_package(wards, DESK, tmp_path / "goi.json")
    assert (first["new"], again["new"]) == (True, False)
    assert (first["ward"], first["unit"], first["period"]) == ("Phường Hà Đông", "u1", "2026-10")
    with wards.read(DESK) as work:
        assert work.session.scalar(select(func.count()).select_from(ReceivedPackage)) == 1
        noted = work.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("package.%"))).all()
    assert noted == ["package.export", "package.import"]


@pytest.mark.parametrize(
    ("section", "change"),
    [
        ("figures", lambda d: d["figures"][0].update(value=999_999)),
        ("indicators", lambda d: d["indicators"][0].update(numerator=7)),
        ("unit", lambda d: d["unit"].update(code="09552")),
        ("period", lambda d: d["period"].update(text="2026-09")),
        ("made_at", lambda d: d.update(made_at="2026-10-01T00:00:00+00:00")),
        ("checksum", lambda d: d.update(checksum="0" * 64)),
    ],
)
def test_a_file_that_was_changed_on_its_way_is_refused_and_the_place_is_named(
    section: str, change: Callable[[Document], object]
) -> None:
    document = json.loads(package_bytes(PLAIN))
    change(document)
    error = refused_file(package_bytes(document))
    assert error.code == "package_changed"
    assert section in str(error.message)


def test_a_ward_that_is_not_here_is_refused(wards: Store) -> None:
    entered(wards)
    _, document = made(wards)
    for change in (
        lambda d: d["unit"].update(code="99999"),
        lambda d: d["unit"].update(valid_from="2021-01-01"),
        lambda d: d["unit"].update(name="Phường Phú La"),
    ):
        assert refused(wards, resealed(document, change)).code == "unknown_unit"


def test_personal_data_in_a_text_is_refused_and_not_repeated() -> None:
    error = refused_file(resealed(PLAIN, lambda d: d["figures"][0].update(note="gọi 0912 345 678")))
    assert isinstance(error, RuleError)
    assert error.code == "personal_data"
    assert "figures[0].note" in str(error.message)
    assert "0912" not in str(error.message)
    assert refused_file(resealed(PLAIN, lambda d: d["figures"][0].update(id="0912345678"))).code == (
        "personal_data"
    )


def test_a_text_that_bears_the_mark_of_a_secret_is_refused(wards: Store) -> None:
    error = refused(wards, resealed(PLAIN, lambda d: d["figures"][0].update(document="12/BC TUYỆT MẬT")))
    assert error.code == "state_secret"


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["figures"][0].update(value=-1),
        lambda d: d["figures"][0].update(value="12"),
        lambda d: d["figures"][0].update(value=True),
        lambda d: d["figures"][0].update(measure="guests"),
        lambda d: d["figures"][0].update(first_day="2025-10-01"),
        lambda d: d["figures"][0].update(extra=1),
        lambda d: d["figures"].append(d["figures"][0]),
        lambda d: d["indicators"].append(d["indicators"][0]),
        lambda d: d["figures"][0].pop("body"),
        lambda d: d.update(figures={}),
        lambda d: d.update(figures=[None]),
        lambda d: d["period"].update(first="2026-09-01"),
        lambda d: d["unit"].update(code="<script>"),
        lambda d: d.update(as_of="24/11/2026"),
        lambda d: d.update(made_at="2026-11-24T08:00:00"),
    ],
)
def test_what_is_no_figure_of_a_package_is_named(change: Callable[[Document], object]) -> None:
    assert refused_file(resealed(PLAIN, change)).code == "package_field"


def test_another_version_says_what_to_do() -> None:
    error = refused_file(package_bytes(PLAIN | {"version": 2}))
    assert error.code == "package_version"
    assert error.hint is not None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "package_unreadable"),
        (b"\xff\xfe\x00", "package_unreadable"),
        (b"[]", "package_unreadable"),
        (b"{}", "package_unreadable"),
        (b'{"format": NaN}', "package_unreadable"),
        (b'{"a": 1, "a": 2}', "package_unreadable"),
        (b"[" * 100_000, "package_too_deep"),
        (b'{"a":' * 100_000, "package_too_deep"),
        (b'"' + b'\\"' * 200_000, "package_unreadable"),
        (b" " * (MOST_BYTES + 1), "package_too_large"),
    ],
)
def test_a_file_that_is_no_package_is_refused_in_words(content: bytes, code: str) -> None:
    assert refused_file(content).code == code


def test_numbers_and_letters_that_no_file_of_ours_holds_are_refused() -> None:
    content = package_bytes(PLAIN)
    for bad in (b"1e999", b'"\\ud800"'):
        text = content.replace(b'"2026-11-24"', bad, 1)
        assert refused_file(text).code == "package_unreadable"


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5)
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_section_is_taken_or_refused_in_words(anything: Any) -> None:
    for section in SECTIONS:
        try:
            content = package_bytes(sealed(PLAIN | {section: anything}))
        except ValueError:
            continue
        with contextlib.suppress(InputError):
            parse_package(content, "goi.json")


def test_the_package_made_last_counts_whatever_came_in_last(wards: Store) -> None:
    entered(wards)
    older, _ = made(wards)
    figure_entry.enter(wards, DESK, "u1", OCTOBER, {Measure.REACHED_STUDENTS: 150}, DAY, reason="Bổ sung")
    newer, _ = made(wards)
    assert taken(wards, newer)["newest"]
    assert not taken(wards, older)["newest"]
    withdrawn(wards)
    assert total(all_wards(wards), "T02c").numerator == 150


def test_a_package_from_the_future_does_not_stay_the_newest_for_ever(wards: Store) -> None:
    entered(wards)
    _, document = made(wards)
    assert (
        refused(wards, resealed(document, lambda d: d.update(made_at="2099-01-01T00:00:00+00:00"))).code
        == "future"
    )


def test_a_ward_is_counted_from_its_own_entries_or_from_its_package_and_never_from_both(wards: Store) -> None:
    entered(wards)
    entered(wards, "u2", reached_students=80)
    sent, _ = made(wards)
    taken(wards, sent)
    both = all_wards(wards)
    assert total(both, "T02c") == Total("T02c", 200, 400, 2)
    assert {one.unit_id: one.source for one in both.wards} == {"u1": Source.OWN, "u2": Source.OWN}
    withdrawn(wards)
    sent_only = all_wards(wards)
    assert total(sent_only, "T02c") == Total("T02c", 200, 400, 2)
    assert {one.unit_id: one.source for one in sent_only.wards} == {"u1": Source.PACKAGE, "u2": Source.OWN}


def test_a_package_that_says_other_than_the_database_is_told(wards: Store) -> None:
    entered(wards)
    sent, _ = made(wards)
    taken(wards, sent)
    assert next(one for one in all_wards(wards).wards if one.unit_id == "u1").differing == ()
    figure_entry.enter(wards, DESK, "u1", OCTOBER, {Measure.REACHED_STUDENTS: 150}, DAY, reason="Bổ sung")
    assert next(one for one in all_wards(wards).wards if one.unit_id == "u1").differing == (
        "T02c",
        "T02g",
    )


def test_wards_that_sent_nothing_are_named_and_those_that_sent_late_too(wards: Store) -> None:
    entered(wards)
    sent, _ = made(wards)
    withdrawn(wards)
    taken(wards, sent)
    with wards.write(DESK) as work:
        package = work.session.scalars(select(ReceivedPackage)).one()
        package.received_at = package.received_at.replace(year=2026, month=11, day=20)
    found = all_wards(wards)
    assert [one.ward for one in found.missing] == ["Phường Kiến Hưng"]
    assert found.due_on == OCTOBER.last + timedelta(days=5)
    assert next(one for one in found.wards if one.unit_id == "u1").late


def test_few_heads_who_were_helped_or_examined_stay_in_the_ward(wards: Store) -> None:
    entered(wards, health_checked=3, loans=7)
    content, document = made(wards)
    shown = {one["measure"]: (one["value"], one["hidden"]) for one in document["figures"]}
    assert shown["health_checked"] == (None, True)
    assert shown["loans"] == (7, False)
    other = {one["key"]: one["value"] for one in document["other"]}
    assert other["health_checked"] is None
    assert taken(wards, content)["new"]


def test_the_tasks_of_the_ward_go_along_until_they_are_closed(wards: Store) -> None:
    days = {"u1": date(2026, 9, 1), "closed before": date(2026, 9, 1), "given later": date(2026, 11, 1)}
    with wards.write(DESK) as work:
        for name, given_on in days.items():
            done_on = date(2026, 9, 30) if name == "closed before" else None
            plain = {"kind": "annual_plan", "unit_id": "u1", "title": name, "owner": "UBND phường"}
            dates = {"given_on": given_on, "done_on": done_on, "state": "open"}
            add_rows(work, Task, [work.event() | plain | dates])
    content, document = made(wards)
    assert [one["title"] for one in document["tasks"]] == ["u1"]
    assert taken(wards, content)["new"]


def test_a_ward_makes_its_own_package_only_and_a_viewer_none(wards: Store) -> None:
    assert packages.make_package(wards, HERE, OCTOBER, "09556", as_of=DAY)
    with pytest.raises(InputError) as other:
        packages.make_package(wards, HERE, OCTOBER, "09552", as_of=DAY)
    assert other.value.code == "unknown_unit"
    with pytest.raises(RuleError):
        packages.make_package(wards, replace(DESK, role=Role.VIEWER), OCTOBER, "09556", as_of=DAY)
