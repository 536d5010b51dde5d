"""Templates hold the columns that the import takes, in both languages, and come back as an empty register."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from data.importers.fields import TITLES, Field
from data.importers.layout import find_table
from data.importers.tables import read_sheets
from data.importers.templates import template_columns, write_template
from geo.errors import InputError
from tests.unit.data.register_files import read


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_filled_in_template_of_premises_is_read_without_a_word(tmp_path: Path, name: str) -> None:
    columns = write_template("premises", tmp_path / name)
    values = {"name": "Nhà nghỉ Mẫu", "type": "nhà nghỉ", "address": "Số 5", "registered_on": "01/02/2020"}
    line = [values.get(column.en, "") for column in columns]
    if name.endswith(".csv"):
        with (tmp_path / name).open("a", encoding="utf-8") as stream:
            stream.write(",".join(line) + "\n")
    else:
        book = openpyxl.load_workbook(tmp_path / name)
        book.active.append(line)
        book.save(tmp_path / name)
    found = read(tmp_path / name)
    assert (found.read, found.warnings, found.problems) == (1, [], [])
    assert found.entries[0].name == "Nhà nghỉ Mẫu"
    assert {field.value for field in found.columns} == {column.en for column in columns}


def test_an_empty_template_is_an_empty_register(tmp_path: Path) -> None:
    write_template("premises", tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").read == 0


@pytest.mark.parametrize("kind", ["premises", "hotspots", "signals", "inspections", "patrols"])
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_each_kind_has_vietnamese_headers_with_the_english_ones_below(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    columns = write_template(kind, tmp_path / f"a{suffix}")
    vi, en = read_sheets(tmp_path / f"a{suffix}")[0].rows
    assert vi.cells == [column.vi for column in columns]
    assert en.cells == [column.en for column in columns]
    assert any(column.needed for column in columns)


def test_the_template_of_wards_is_a_map_file(tmp_path: Path) -> None:
    write_template("wards", tmp_path / "a.geojson")
    document = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))
    assert document["features"] == []
    assert document["columns"] == {"code": "Mã", "name": "Tên"}


def test_no_template_is_written_over_a_filled_file_or_of_an_unknown_kind(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("dữ liệu", encoding="utf-8")
    for kind, name, code in (
        ("premises", "a.xlsx", "file_exists"),
        ("premises", "a.doc", "unknown_format"),
        ("wards", "a.xlsx", "unknown_format"),
        ("people", "b.xlsx", "unknown_kind"),
    ):
        with pytest.raises(InputError) as refused:
            write_template(kind, tmp_path / name)
        assert refused.value.code == code
        assert refused.value.hint is not None
    assert (tmp_path / "a.xlsx").read_text(encoding="utf-8") == "dữ liệu"


def test_the_headers_of_the_template_are_those_of_the_import(tmp_path: Path) -> None:
    columns = template_columns("premises")
    assert all(TITLES[Field(column.en)] == column.vi for column in columns)
    write_template("premises", tmp_path / "a.csv")
    table = find_table(read_sheets(tmp_path / "a.csv"), tmp_path / "a.csv")
    assert len(table.columns) == len(columns)
