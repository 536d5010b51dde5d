"""Where a person stands in the import of a file: kept across runs, under what the file holds."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

import streamlit as st

from app.services.premises_import import PremisesRequest, Preview
from app.services.register_columns import Choice, FileLayout, as_column_map, left_out

_STATE, _TURN = "import-state", "import-turn"


class Step(IntEnum):
    """The steps of the wizard, in their order."""

    FILE, COLUMNS, PREVIEW, DONE = range(1, 5)


@dataclass
class ImportState:
    """One file on its way. ``choice``: what its columns are, by letter; ``crs``: EPSG code of its metres;
    ``done``, ``batch``: what the import said, and its id in the history."""

    key: str
    name: str
    content: bytes = field(repr=False)
    step: Step = Step.COLUMNS
    layout: FileLayout | None = None
    sheet: str | None = None
    header_row: int | None = None
    choice: Choice = field(default_factory=dict)
    crs: int | None = None
    preview: Preview | None = None
    done: dict[str, Any] | None = None
    batch: str = ""

    def request(self, file: Path, *, into_demo: bool = False) -> PremisesRequest:
        """What the import is asked to do with the file."""
        if self.layout is None:
            return PremisesRequest(file, sheet=self.sheet, into_demo=into_demo, crs=self.crs)
        return PremisesRequest(
            file,
            sheet=self.layout.sheet,
            column_map=as_column_map(self.layout, self.choice),
            left_out=left_out(self.layout, self.choice),
            into_demo=into_demo,
            crs=self.crs,
        )

    def lay_out(self, layout: FileLayout) -> None:
        """Take what was found in the file; everything that was built on another layout falls."""
        self.layout, self.choice, self.preview = layout, layout.proposed, None


def begun() -> ImportState | None:
    """The file that is on its way in this browser session."""
    state: ImportState | None = st.session_state.get(_STATE)
    return state


def begin(name: str, content: bytes) -> ImportState:
    """Start with a file; the same file again goes on where it was."""
    key = hashlib.sha256(name.encode() + b"\0" + content).hexdigest()[:16]
    state = begun()
    if state is None or state.key != key:
        state = st.session_state[_STATE] = ImportState(key, name, content)
    return state


def finish() -> None:
    """Forget the file and offer an empty field for the next one."""
    st.session_state.pop(_STATE, None)
    st.session_state[_TURN] = turn() + 1


def turn() -> int:
    """How many files were finished; names the field, which would else keep the old file."""
    return int(st.session_state.get(_TURN, 0))


@contextmanager
def as_file(state: ImportState) -> Iterator[Path]:
    """The file on disk for as long as it is read: it may hold personal data and is removed in every case."""
    with tempfile.TemporaryDirectory(prefix="diaban-") as folder:
        file = Path(folder) / _file_name(state.name)
        file.write_bytes(state.content)
        yield file


def _file_name(name: str) -> str:
    """The name that the file came under, without a path and not too long for a disk."""
    plain = Path(name.replace("\\", "/").replace("\0", "")).name
    if not plain.strip("."):
        return "tep"
    suffix = Path(plain).suffix[-12:]
    return plain[: -len(suffix) or None][:60] + suffix
