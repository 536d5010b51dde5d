"""Text tables: which encoding and which separator a .csv was written with."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from data.importers.legacy_text import legacy_balance, syllable_balance
from geo.errors import InputError
from geo.messages import msg

_SEPARATORS = (";", "\t", ",", "|")
_SAMPLED_ROWS = 60
_SAMPLED_BYTES = 20_000
_LONGEST_FIELD = 100_000


def read_csv_rows(file: Path) -> Iterator[tuple[int, list[str | None]]]:
    """Rows with something in them and their numbers from 1; UTF-8, UTF-16 or Windows-1258, any usual separator.

    Raises InputError ``unreadable`` for a file that is no text.
    """
    text = decode(file.read_bytes())
    if text is None:
        raise InputError(
            "unreadable",
            msg("Không đọc được tệp {file}: không phải tệp văn bản.", file=file.name),
            hint=msg("Lưu lại từ Excel dạng “CSV UTF-8” hoặc .xlsx."),
            file=file.name,
        )
    named, separator = _separator(text)
    body = text.partition("\n")[2] if named else text
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        for number, row in enumerate(csv.reader(io.StringIO(body, newline=""), delimiter=separator), 1 + named):
            cells = [cell if cell.strip() else None for cell in row]
            if any(cell is not None for cell in cells):
                yield number, cells
    except csv.Error as fault:
        raise InputError(
            "unreadable",
            msg("Không đọc được tệp {file}: dấu ngoặc kép hoặc ô quá dài.", file=file.name),
            hint=msg("Mở tệp bằng Excel hoặc LibreOffice, lưu lại dạng .xlsx rồi nhập."),
            file=file.name,
        ) from fault


def decode(data: bytes) -> str | None:
    """The text of a file; None where it is no text."""
    encoding = _encoding(data)
    if encoding is None:
        return None
    return data.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(data: bytes) -> str | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    sample = data[:_SAMPLED_BYTES]
    if b"\0" in sample:
        return _utf16_without_mark(sample)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _single_byte(sample)
    return "utf-8"


def _utf16_without_mark(sample: bytes) -> str | None:
    """UTF-16 by where the zero bytes of plain letters stand; many elsewhere are no text."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) < len(sample) // 5 or min(even, odd) > max(even, odd) // 10:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _single_byte(sample: bytes) -> str:
    """Windows-1258, unless the letters are those of a legacy font, which lie over Windows-1252."""
    vietnamese = syllable_balance(sample.decode("cp1258", errors="replace"))
    return "cp1252" if legacy_balance(sample.decode("cp1252", errors="replace")) > vietnamese else "cp1258"


def _separator(text: str) -> tuple[bool, str]:
    """Whether a first line names the separator (Excel's "sep=;"), and the separator."""
    first = text.split("\n", 1)[0].strip()
    if first.casefold().startswith("sep=") and len(first) == 5:
        return True, first[4]
    return False, max(_SEPARATORS, key=lambda separator: _regularity(text, separator))


def _regularity(text: str, separator: str) -> tuple[int, int]:
    """How many rows share the commonest number of fields above one, and that number."""
    try:
        rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _SAMPLED_ROWS))
    except csv.Error:
        return 0, 0
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    if not lengths:
        return 0, 0
    fields, times = max(lengths.items(), key=lambda item: (item[1], item[0]))
    return times, fields
