"""The data-protection sheet names every field there is, and is the one in the docs."""

from __future__ import annotations

from app.services import data_sheet
from data.tables import Base
from geo.retention import Keeping


def test_every_table_and_every_field_is_described() -> None:
    sheets = data_sheet.table_sheets()
    assert {sheet.name for sheet in sheets} == set(Base.metadata.tables)
    bare = [f"{sheet.name}.{field.name}" for sheet in sheets for field in sheet.fields if not field.purpose]
    assert bare == []


def test_nothing_is_described_that_is_not_there() -> None:
    written = data_sheet.written()
    assert set(written["tables"]) == set(Base.metadata.tables)
    for name, entry in written["tables"].items():
        assert set(entry["columns"]) <= {column.name for column in Base.metadata.tables[name].columns}


def test_every_rule_of_the_retention_table_is_somebody_s() -> None:
    kept = {key for entry in data_sheet.written()["tables"].values() for key in entry["kept"]}
    assert {rule.value for rule in Keeping} <= kept


def test_every_table_says_why_by_what_law_how_long_and_who_sees_it() -> None:
    for sheet in data_sheet.table_sheets():
        assert all((sheet.what, sheet.purpose, sheet.law, sheet.kept, sheet.seen)), sheet.name


def test_the_sheet_in_the_docs_is_not_stale() -> None:
    # Written anew by: python -m app.services.data_sheet
    assert data_sheet.DOCUMENT.read_text(encoding="utf-8") == data_sheet.document()
