"""Columns of a register file: proposed, put right by a person, and known again in the next file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.services.import_downloads import problem_list, template_workbook
from app.services.learnt_columns import NOT_TAKEN, learn_columns, learnt_columns
from app.services.premises_import import PremisesRequest, import_premises, preview_premises
from app.services.register_columns import (
    FileColumn,
    FileLayout,
    as_column_map,
    corrected,
    left_out,
    missing_fields,
    read_layout,
    repeated_fields,
)
from data.importers.entries import Problem
from data.importers.fields import Field
from data.store import Actor, Store
from geo.errors import InputError, RuleError
from geo.messages import msg
from geo.words import Role
from tests.unit.data.register_files import workbook

HEADER = ("STT", "Tên CSKD", "Chủ cơ sở", "SĐT", "Ngành nghề", "Đ/c", "Buồng hát", "Quy mô")
ROW = (1, "Karaoke Sao Mai Mẫu", "Nguyễn Văn Mẫu", "0912345678", "karaoke", "Số 5 Phố Giả Định", 7, 12)


def lay_out(
    store: Store,
    actor: Actor,
    folder: Path,
    *rows: Sequence[Any],
    header: Sequence[Any] = HEADER,
    **options: Any,
) -> FileLayout:
    file = workbook(folder / "register.xlsx", [header, *(rows or [ROW])])
    return read_layout(store, actor, file, **options)


def column(layout: FileLayout, header: str) -> FileColumn:
    return next(column for column in layout.columns if column.header == header)


def request(layout: FileLayout, file: Path, choice: dict[str, Field | None]) -> PremisesRequest:
    return PremisesRequest(
        file, sheet=layout.sheet, column_map=as_column_map(layout, choice), left_out=left_out(layout, choice)
    )


def test_columns_are_proposed_with_their_first_values(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    assert layout.rows == 1
    assert column(layout, "Tên CSKD").proposed is Field.NAME
    assert column(layout, "Đ/c").proposed is Field.ADDRESS
    assert column(layout, "Đ/c").samples == ("Số 5 Phố Giả Định",)
    assert column(layout, "Buồng hát").proposed is None


def test_personal_columns_are_left_out_and_their_values_never_shown(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    for header in ("Chủ cơ sở", "SĐT"):
        found = column(layout, header)
        assert found.personal and found.proposed is None
        assert Field.ADDRESS not in found.choices
    assert "Nguyễn Văn Mẫu" not in str(layout) and "0912345678" not in str(layout)


def test_personal_data_under_a_harmless_header_is_known_by_its_content(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    header = ("Tên cơ sở", "Loại hình", "Mục khác")
    layout = lay_out(empty_store, operator, tmp_path, ("Karaoke A", "karaoke", "0912345678"), header=header)
    assert column(layout, "Mục khác").personal
    assert "0912345678" not in str(layout)


def test_what_a_person_put_right_is_what_is_stored(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    choice = {**layout.proposed, column(layout, "Buồng hát").letter: Field.ROOMS}
    preview = preview_premises(empty_store, operator, request(layout, tmp_path / "register.xlsx", choice))
    assert preview.register.entries[0].rooms == 7


def test_a_column_that_is_not_to_be_taken_is_not(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    choice = {**layout.proposed, column(layout, "Đ/c").letter: None}
    preview = preview_premises(empty_store, operator, request(layout, tmp_path / "register.xlsx", choice))
    assert preview.register.entries[0].address == ""
    assert Field.ADDRESS not in preview.register.columns
    assert set(preview.register.dropped_columns) == {"Chủ cơ sở", "SĐT"}


def test_what_was_corrected_once_is_proposed_for_the_next_file(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    choice = {
        **layout.proposed,
        column(layout, "Buồng hát").letter: Field.ROOMS,
        column(layout, "Đ/c").letter: None,
    }
    learn_columns(empty_store, operator, corrected(layout, choice))
    again = lay_out(empty_store, operator, tmp_path, header=[h.upper() for h in HEADER])
    rooms = column(again, "BUỒNG HÁT")
    assert (rooms.proposed, rooms.learnt) == (Field.ROOMS, True)
    assert column(again, "Đ/C").proposed is None
    plain = preview_premises(empty_store, operator, PremisesRequest(tmp_path / "register.xlsx"))
    assert plain.register.entries[0].rooms == 7, "the command line knows it too"


def test_only_what_was_corrected_is_learnt(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    assert corrected(layout, layout.proposed) == {}
    learn_columns(empty_store, operator, {})
    with empty_store.read(operator) as work:
        assert learnt_columns(work) == {}


def test_a_header_that_announces_people_never_becomes_an_address(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    learn_columns(empty_store, operator, {"so dien thoai": Field.ADDRESS, "0912345678": Field.NAME})
    with empty_store.read(operator) as work:
        assert learnt_columns(work) == {}
    learn_columns(empty_store, operator, {"ten chu co so": Field.NAME, "ghi chep": NOT_TAKEN})
    with empty_store.read(operator) as work:
        assert learnt_columns(work) == {"ten chu co so": Field.NAME, "ghi chep": NOT_TAKEN}


def test_two_columns_of_one_header_are_told_apart_by_their_letter(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    header, cells = ("Tên cơ sở", "Loại hình", "Số", "Số"), ("Karaoke A", "karaoke", 3, 9)
    layout = lay_out(empty_store, operator, tmp_path, cells, header=header)
    choice = {**layout.proposed, "D": Field.WORKERS}
    preview = preview_premises(empty_store, operator, request(layout, tmp_path / "register.xlsx", choice))
    assert preview.register.entries[0].workers == 9


def test_a_header_of_strange_words_is_pointed_at_by_a_person(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    rows = [("Bảng kê",), ("Hiệu", "Kiểu", "Chỗ"), ("Sao Mai Mẫu", "karaoke", "Số 5 Phố Giả Định")]
    file = workbook(tmp_path / "strange.xlsx", rows)
    blind = read_layout(empty_store, operator, file)
    assert blind.columns == () and blind.first_rows[1] == (2, ("Hiệu", "Kiểu", "Chỗ"))
    layout = read_layout(empty_store, operator, file, header_row=2)
    assert missing_fields(layout.proposed) == [Field.NAME, Field.TYPE]
    choice: dict[str, Field | None] = {"A": Field.NAME, "B": Field.TYPE, "C": Field.ADDRESS}
    preview = preview_premises(empty_store, operator, request(layout, file, choice))
    assert [entry.name for entry in preview.register.entries] == ["Sao Mai Mẫu"]


def test_a_field_chosen_twice_is_named(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    assert repeated_fields({**layout.proposed, "H": Field.NAME}) == [Field.NAME]


def test_the_sheets_of_a_workbook_can_be_chosen_from(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    layout = lay_out(empty_store, operator, tmp_path)
    assert layout.sheets == ("DS",)
    with pytest.raises(InputError):
        read_layout(empty_store, operator, tmp_path / "register.xlsx", "không có")


def test_looking_at_a_file_writes_nothing(empty_store: Store, operator: Actor, tmp_path: Path) -> None:
    def content() -> bytes:
        return Path(str(empty_store.engine.url.database)).read_bytes()

    before = content()
    layout = lay_out(empty_store, operator, tmp_path)
    preview_premises(empty_store, operator, request(layout, tmp_path / "register.xlsx", layout.proposed))
    assert content() == before


def test_who_may_not_import_does_not_get_to_see_a_file_read(empty_store: Store, tmp_path: Path) -> None:
    viewer = Actor("người xem", Role.VIEWER)
    with pytest.raises(RuleError):
        lay_out(empty_store, viewer, tmp_path)
    with pytest.raises(RuleError):
        learn_columns(empty_store, viewer, {"buong hat": Field.ROOMS})


def test_the_list_of_problems_is_never_run_by_a_spreadsheet() -> None:
    problem = Problem(4, "=Tên", "=HYPERLINK(1)", "bad", msg("Sai."))
    text = problem_list([problem]).decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and "'=Tên" in text


def test_the_template_comes_back_empty_and_without_a_problem(
    empty_store: Store, operator: Actor, tmp_path: Path
) -> None:
    file = tmp_path / "template.xlsx"
    file.write_bytes(template_workbook("premises"))
    done = import_premises(empty_store, operator, PremisesRequest(file))
    assert (done["read"], done["rejected"]) == (0, [])
