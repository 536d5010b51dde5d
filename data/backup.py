"""A backup is one file: a zip that holds a copy of the database and a manifest, sealed by a digest at its end.

The digest (SHA-256 over everything before it) is the comment of the zip: any tool opens the file, and a byte
that is changed, missing or added is found before anything is restored. A backup holds everything that the
database holds, secrets and the key of hashed identity numbers too: it is written for the owner alone, and
belongs where only the office's keepers reach it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geo.errors import InputError, SurroundingsError
from geo.messages import msg

FORMAT = "diaban-backup-1"
_MANIFEST, _COPY = "manifest.json", "database"
_SEAL = b"sha256:"
_SEAL_LENGTH = len(_SEAL) + 64
_CHUNK = 1 << 20
#: Far more than any manifest of ours has.
_LONGEST_MANIFEST = 1 << 20


@dataclass(frozen=True)
class State:
    """What a copy of a database holds, read inside the copy or its snapshot.

    ``rows``: how many rows each table has. ``last_entry``: number and hash of the audit log's newest entry.
    """

    engine: str
    revision: str
    database: str | None
    demo: bool
    rows: dict[str, int]
    last_entry: tuple[int, str] | None


@dataclass(frozen=True)
class Manifest:
    """What stands beside the copy: when it was taken (ISO, UTC), its size and digest, and what it holds."""

    format: str
    taken_at: str
    size: int
    sha256: str
    state: State


def pack(copy: Path, state: State, taken_at: str, file: Path) -> Manifest:
    """Put ``copy`` and its manifest into a sealed ``file``, which takes its name once it is whole.

    ``copy`` lies on the same disk. Raises OSError; then there is no ``file``, or the one from before.
    """
    manifest = Manifest(FORMAT, taken_at, copy.stat().st_size, digest_of(copy), state)
    # A copy by pg_dump is compressed already.
    packing = zipfile.ZIP_DEFLATED if state.engine == "sqlite" else zipfile.ZIP_STORED
    packed = copy.with_name(f"{copy.name}.packed")
    with _private(packed) as target, zipfile.ZipFile(target, "w", packing, compresslevel=3) as archive:
        archive.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
        archive.write(copy, _COPY)
        archive.comment = _SEAL + b"0" * 64
    _seal(packed)
    settle(packed)
    packed.replace(file)
    settle(file.parent)
    return manifest


def _seal(file: Path) -> None:
    made = digest_of(file, file.stat().st_size - _SEAL_LENGTH)
    with file.open("r+b") as handle:
        handle.seek(-64, os.SEEK_END)
        handle.write(made.encode())


def opened(file: Path) -> Manifest:
    """The manifest of a backup whose seal fits.

    Raises InputError ``no_backup`` for a file of another kind, ``broken_backup`` where a byte is changed or the
    end is missing, ``backup_newer`` for a format that this version does not know.
    """
    if not file.is_file():
        raise InputError("no_backup", msg("Không có tệp sao lưu {file}.", file=file.name), file=file.name)
    with file.open("rb") as handle:
        if handle.read(4) != b"PK\x03\x04":
            raise InputError(
                "no_backup", msg("Tệp này không phải bản sao lưu của chương trình."), file=file.name
            )
    size = file.stat().st_size
    with file.open("rb") as handle:
        handle.seek(max(0, size - _SEAL_LENGTH))
        seal = handle.read()
    if seal != _SEAL + digest_of(file, size - _SEAL_LENGTH).encode():
        raise _broken(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return _manifest(json.loads(_manifest_text(archive)), file)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        # The seal says that nothing was changed, not who made the file.
        raise _broken(file) from error


def _manifest_text(archive: zipfile.ZipFile) -> bytes:
    if archive.getinfo(_MANIFEST).file_size > _LONGEST_MANIFEST:
        raise ValueError("too long for a manifest")
    return archive.read(_MANIFEST)


def _broken(file: Path) -> InputError:
    return InputError(
        "broken_backup",
        msg("Bản sao lưu không còn nguyên vẹn: bị sửa, hoặc bị cắt khi chép."),
        hint=msg("Chép lại từ nơi lưu giữ, hoặc dùng bản sao lưu khác. Chưa có gì bị thay đổi."),
        file=file.name,
    )


def _manifest(held: dict[str, Any], file: Path) -> Manifest:
    if held.get("format") != FORMAT:
        raise InputError(
            "backup_newer",
            msg(
                "Bản sao lưu thuộc định dạng mà phiên bản này không biết ({format}).", format=held.get("format")
            ),
            hint=msg("Cập nhật chương trình rồi mở lại."),
            file=file.name,
        )
    state = held["state"] | {"last_entry": tuple(held["state"]["last_entry"] or ()) or None}
    return Manifest(**(held | {"state": State(**state)}))


def unpack(file: Path, manifest: Manifest, copy: Path) -> None:
    """Take the copy out of a backup and check it.

    Raises InputError ``broken_backup``; SurroundingsError ``disk_full`` before anything is written.
    """
    require_space(copy.parent, manifest.size)
    with zipfile.ZipFile(file) as archive, archive.open(_COPY) as packed, _private(copy) as target:
        left = manifest.size
        # Never more than the manifest says, whatever the archive unfolds to.
        while left > 0 and (chunk := packed.read(min(_CHUNK, left))):
            target.write(chunk)
            left -= len(chunk)
    if digest_of(copy) != manifest.sha256:
        raise _broken(file)


def require_space(folder: Path, needed: int) -> None:
    """Raise SurroundingsError ``disk_full`` where fewer than ``needed`` bytes are free."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SurroundingsError(
            "disk_full",
            msg(
                "Không đủ chỗ trong thư mục {folder}: cần {needed} MB, còn {free} MB.",
                folder=str(folder),
                needed=-(-needed // 10**6),
                free=free // 10**6,
            ),
        )


@contextmanager
def _private(file: Path) -> Iterator[Any]:
    """A new file for the owner alone, open for writing."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        yield target


def settle(path: Path) -> None:
    """Have the disk keep what was written to a file, or which names a folder holds."""
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest_of(file: Path, length: int | None = None) -> str:
    """SHA-256 of a file, or of its first ``length`` bytes."""
    made, left = hashlib.sha256(), file.stat().st_size if length is None else length
    with file.open("rb") as handle:
        while left > 0 and (chunk := handle.read(min(_CHUNK, left))):
            made.update(chunk)
            left -= len(chunk)
    return made.hexdigest()
