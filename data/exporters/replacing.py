"""Safe writing: a file is whole or not there at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geo.errors import InputError, SurroundingsError
from geo.messages import msg


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A new file beside ``file`` that takes its place when the block ends well, and is removed when not.

    Raises InputError where the folder does not exist, SurroundingsError where it cannot be written.
    """
    if not file.parent.is_dir():
        raise InputError(
            "no_folder",
            msg("Không có thư mục {folder}.", folder=str(file.parent)),
            hint=msg("Tạo thư mục trước, hoặc chọn nơi khác."),
            file=str(file),
        )
    if file.is_dir():
        raise InputError("is_folder", msg("{file} là một thư mục.", file=str(file)), file=str(file))
    beside = file.with_name(f".{file.stem[:60]}.{secrets.token_hex(6)}{file.suffix}")
    try:
        yield beside
        os.replace(beside, file)
    except OSError as fault:
        raise SurroundingsError(
            "cannot_write",
            msg("Không ghi được tệp {file}: {cause}", file=str(file), cause=fault.strerror or str(fault)),
            hint=msg("Kiểm tra quyền ghi, dung lượng đĩa, và tệp có đang mở trong chương trình khác không."),
            file=str(file),
        ) from fault
    finally:
        beside.unlink(missing_ok=True)
