"""Made-up files of every sort: a register or one clear refusal, never anything else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data.importers.columns import choose_columns
from data.importers.csv_text import decode
from data.importers.entries import EntryReader
from data.importers.fields import SYNONYMS, TITLES, Field
from data.importers.layout import find_table
from data.importers.legacy_text import clean_rows
from data.importers.registration import hasher
from data.importers.tables import Merged, Row, Sheet
from geo.errors import InputError
from tests.unit.data.register_files import read

HASH = hasher(b"a key for tests")
HEADERS = [
    *TITLES.values(),
    *(word for words in SYNONYMS.values() for word in words),
    "STT",
    "Chủ hộ",
    "SĐT",
    "Lạ",
]
VALUES: list[Any] = [
    "Nhà nghỉ Mẫu", "nhà nghỉ", "Tạp hóa", "Số 5 Quang Trung", "0912345678", "001064733374", "30/02/2021", "x",
    "01/02/2020", "Tổng: 5", "NGƯỜI LẬP", "20.97", "105,77", "20°58'12\"N", 20.97, 105.77, 580000.5, 2319000, 5,
    43831, -1, True, date(2020, 1, 1), "Nguyễn Văn Mẫu", "Nhµ nghØ", "=1+2", "", None, "\ud800", "a\x00b", 2020,
    "9" * 400, "Chưa",
]  # fmt: skip
CELLS = st.one_of(
    st.sampled_from(VALUES), st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False), st.none()
)
ROWS = st.lists(st.lists(CELLS, max_size=9), max_size=8)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A sheet with something like a header somewhere, and anything else around it."""
    header = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=9))
    if draw(st.booleans()):
        header = ["Tên cơ sở", "Loại hình", *header]
    second = draw(st.lists(st.sampled_from([*HEADERS, ""]), max_size=9)) if draw(st.booleans()) else []
    above, below = draw(ROWS), draw(ROWS)
    cells, _ = clean_rows([*above, header, *([second] if second else []), *below])
    rows = [Row(n, [None if c == "" else c for c in row]) for n, row in enumerate(cells, 1)]
    corners = st.integers(0, 8)
    merged = draw(st.lists(st.builds(Merged, corners, corners, corners, corners), max_size=3))
    return Sheet(draw(st.sampled_from([None, "DS"])), [r for r in rows if any(r.cells)], tuple(merged))


@given(sheets())
@settings(max_examples=300)
def test_any_sheet_is_a_register_or_a_refusal_and_every_row_is_accounted_for(sheet: Sheet) -> None:
    try:
        table = find_table([sheet], Path("a.xlsx"))
        columns = choose_columns(table, {}, {})
    except InputError as refused:
        assert refused.file == "a.xlsx"
        assert refused.hint is not None
        return
    reader = EntryReader(columns.fields)
    for row in table.rows:
        entry, pair, problems = reader.read(row, HASH)
        assert (entry is None) == bool(problems)
        assert pair is None or entry is not None
        assert all(problem.row == row.number and str(problem.message) for problem in problems)
        if entry is not None:
            assert entry.name
            assert "001064733374" not in repr(entry)
            assert "0912345678" not in repr(entry)
            assert len(entry.name) <= 300 and len(entry.address) <= 400
        assert not any("0912345678" in p.value or "001064733374" in p.value for p in problems)
    assert not set(columns.personal) & set(columns.fields.values())


@given(st.binary(max_size=300))
@example(b"\xff\xfe\x00")
def test_any_bytes_are_text_or_none(data: bytes) -> None:
    text = decode(data)
    assert text is None or isinstance(text, str)


@given(name=st.sampled_from(["a.csv", "a.xlsx", "a.xls", "a.ods", "a.geojson"]), data=st.binary(max_size=200))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_is_refused_in_words(tmp_path: Path, name: str, data: bytes) -> None:
    for beginning in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        (tmp_path / name).write_bytes(beginning + data)
        with pytest.raises(InputError) as refused:
            read(tmp_path / name)
        assert refused.value.hint is not None


def test_every_field_has_a_title() -> None:
    assert set(TITLES) == set(Field)
