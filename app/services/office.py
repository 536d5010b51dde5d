"""The office's letterhead: a small TOML file of its own that the setting DIABAN_OFFICE names."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from app.services.official_paper import Issuer
from geo.errors import InputError
from geo.messages import Message, msg


def issuer(file: Path | None) -> Issuer:
    """Whose papers are printed; what the file leaves out, or all without a file, stays a line of dots.

    The keys are the fields of ``Issuer``. Read anew for every paper, so that a change needs no restart. Raises
    InputError ``office_file`` for a file that cannot be read, an unknown key or a value that is no text.
    """
    if file is None:
        return Issuer()
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise _wrong(file, msg("Không đọc được tệp tiêu đề văn bản {file} (TOML).", file=file.name)) from error
    known = {field.name for field in fields(Issuer)}
    for key, value in told.items():
        if key not in known or not _fits(key, value):
            what = msg("Tệp tiêu đề văn bản {file}: mục {key} không dùng được.", file=file.name, key=key)
            raise _wrong(file, what)
    return Issuer(**{key: tuple(value) if isinstance(value, list) else value for key, value in told.items()})


def _fits(key: str, value: Any) -> bool:
    if key == "recipients":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    return isinstance(value, str)


def _wrong(file: Path, what: Message) -> InputError:
    hint = msg("Các mục dùng được: above, name, place, code, signer (chữ) và recipients (danh sách chữ).")
    return InputError("office_file", what, hint=hint, file=str(file))
