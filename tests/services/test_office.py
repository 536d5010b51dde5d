"""An office prints its own letterhead from a small file; what the file leaves out is filled in by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import Settings
from app.services.office import issuer
from app.services.official_paper import DOTS, Issuer, head_values
from geo.errors import InputError


def file_of(folder: Path, text: str) -> Path:
    file = folder / "office.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_papers_have_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIABAN_OFFICE", raising=False)
    assert issuer(Settings().office) == Issuer()
    assert head_values(Issuer(), "KH", None, None, 2026)["office"] == DOTS


def test_the_letterhead_is_the_offices_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = 'name = "Ủy ban nhân dân phường Mẫu"\ncode = "UBND"\nrecipients = ["Công an phường"]'
    monkeypatch.setenv("DIABAN_OFFICE", str(file_of(tmp_path, text)))
    own = issuer(Settings().office)
    assert own == Issuer(name="Ủy ban nhân dân phường Mẫu", code="UBND", recipients=("Công an phường",))
    told = head_values(own, "KH", None, None, 2026)
    assert told["office"] == "ỦY BAN NHÂN DÂN PHƯỜNG MẪU"
    assert told["office_above"] == told["signer"] == DOTS


@pytest.mark.parametrize(
    "text", ["name = ", 'ten = "Phường"', "name = 3", 'recipients = "Công an"', "recipients = [1]"]
)
def test_a_file_that_makes_no_sense_is_told_and_no_paper_printed(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"office\.toml") as refused:
        issuer(file_of(tmp_path, text))
    assert refused.value.code == "office_file"
    with pytest.raises(InputError):
        issuer(tmp_path / "missing.toml")
