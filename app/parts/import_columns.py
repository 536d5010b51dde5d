"""What each column of a file is: as proposed, for a person to put right."""

from __future__ import annotations

import streamlit as st

from app.parts.import_state import ImportState
from app.parts.plain import plain
from app.services.register_columns import (
    Choice,
    FileColumn,
    FileLayout,
    asks_metres,
    field_title,
    missing_fields,
    repeated_fields,
)
from app.text import _, language

_WIDTHS = [3, 4, 3]
_LOWEST_CRS, _HIGHEST_CRS = 1024, 32767


def edit_columns(state: ImportState, layout: FileLayout) -> bool:
    """Draw the columns with what they are taken for; keeps the choice and tells whether it can be used."""
    heads = st.columns(_WIDTHS)
    for place, title in zip(heads, (_("Cột trong tệp"), _("Vài giá trị đầu"), _("Lấy làm")), strict=True):
        place.markdown(f"**{title}**")
    state.choice = {column.letter: _column(state, column) for column in layout.columns}
    if asks_metres(state.choice):
        state.crs = _metres(state)
    return _usable(state.choice)


def _column(state: ImportState, column: FileColumn) -> object:
    name, values, chosen = st.columns(_WIDTHS, vertical_alignment="center")
    name.markdown(f"{plain(column.name)} :small[:gray[{column.letter}]]")
    told = " · ".join(column.samples) or "–"
    values.markdown(f":small[:gray[{plain(told)}]]")
    with chosen:
        return st.selectbox(
            _("Cột {name} là", name=column.name),
            [None, *column.choices],
            index=_place(column, state.choice),
            format_func=lambda field: _not_taken(column) if field is None else field_title(field),
            # A field of its own for each language: what was chosen is kept by its words.
            key=f"import-{state.key}-{state.sheet}-{state.header_row}-{column.letter}-{language()}",
            label_visibility="collapsed",
        )


def _place(column: FileColumn, choice: Choice) -> int:
    field = choice.get(column.letter)
    return 0 if field is None else 1 + column.choices.index(field)


def _not_taken(column: FileColumn) -> str:
    return _("không lấy: thông tin cá nhân") if column.personal else _("không lấy")


def _metres(state: ImportState) -> int | None:
    with st.expander(_("Hệ tọa độ khác VN-2000 kinh tuyến trục 105°00'")):
        code = st.number_input(
            _("Mã EPSG của tọa độ tính bằng mét; để trống nếu là VN-2000 Hà Nội"),
            min_value=_LOWEST_CRS,
            max_value=_HIGHEST_CRS,
            value=state.crs,
            step=1,
            key=f"import-{state.key}-crs",
        )
    return None if code is None else int(code)


def _usable(choice: Choice) -> bool:
    missing, repeated = missing_fields(choice), repeated_fields(choice)
    for field in missing:
        st.warning(_("Chưa có cột nào là “{field}”: hãy chọn ở bảng trên.", field=field_title(field)))
    for field in repeated:
        st.warning(_("“{field}” được chọn cho nhiều cột: chỉ giữ một.", field=field_title(field)))
    return not missing and not repeated


def pick_header(layout: FileLayout, key: str) -> int | None:
    """Ask which row is the header, where none reads like one; the number of the row that was chosen."""
    st.warning(_("Không thấy dòng tiêu đề nào quen thuộc. Hãy chỉ ra dòng tiêu đề trong các dòng đầu:"))
    words = {number: " | ".join(cell for cell in cells if cell) for number, cells in layout.first_rows}
    return st.radio(
        _("Dòng tiêu đề"),
        list(words),
        index=None,
        format_func=lambda number: f"{number}: {plain(words[number])[:160]}",
        key=f"import-{key}-header",
    )
