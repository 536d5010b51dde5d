"""The uploaded file lies on disk only while it is read, whatever it is called and however reading ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.parts.import_state import ImportState, as_file


@pytest.mark.parametrize(
    "name",
    [
        "danh sách.xlsx",
        "../../etc/passwd.csv",
        "C:\\tệp\\a.XLSX",
        "a" * 500 + ".geojson",
        "\0",
        "",
        ".",
        "..",
        "x.",
    ],
)
def test_the_file_is_readable_under_its_own_kind_and_gone_afterwards(name: str) -> None:
    with as_file(ImportState("key", name, b"content")) as file:
        folder = file.parent
        assert file.read_bytes() == b"content"
        assert folder.name.startswith("diaban-") and [*folder.iterdir()] == [file]
        assert file.suffix in ("", ".xlsx", ".csv", ".XLSX", ".geojson", ".")
    assert not folder.exists()


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_the_file_is_gone_when_reading_fails_or_is_broken_off(fault: type[BaseException]) -> None:
    seen: list[Path] = []
    with pytest.raises(fault), as_file(ImportState("key", "a.xlsx", b"content")) as file:
        seen.append(file)
        raise fault
    assert not seen[0].exists() and not seen[0].parent.exists()


def test_what_the_file_holds_is_in_no_text_about_it() -> None:
    assert "0912345678" not in repr(ImportState("key", "a.csv", b"0912345678"))
