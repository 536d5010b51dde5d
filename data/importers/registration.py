"""Registration and tax numbers, and the identity numbers among them (domain rule 5).

Since 1 July 2025 a household's tax code is its owner's 12-digit identity number (Circular 86/2024/TT-BTC). Such
a number, and a lone 9-digit one (the old identity card), is never kept: a keyed hash stands in for it, which
serves matching only.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass

from data.importers.tables import Cell
from data.importers.values import is_empty
from geo.privacy import personal_data

#: Turns an identity number into what may be kept of it.
Hasher = Callable[[str], str]

_SEPARATORS = re.compile(r"(?<=\d)[ .\-](?=\d)")
_IDENTITY = re.compile(r"(?<!\d)(?:\d{12}|\d{9})(?!\d)")
#: Letters and few digits, as in 01H8543125: nobody's number.
_PLAIN_CODE = re.compile(r"\d{0,4}[A-Z]{1,4}\d{1,8}")
_LONGEST = 60
#: Weights of the check digit of a 10-digit enterprise code (Circular 105/2020/TT-BTC).
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


@dataclass(frozen=True)
class Registration:
    """What is kept: a number that names a business, or the hash of one that names a person."""

    number: str | None = None
    hash: str | None = None


NO_REGISTRATION = Registration()


def hasher(key: bytes) -> Hasher:
    """HMAC-SHA256 under this database's own key."""
    return lambda number: hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def parse_registration(cell: Cell, hash_identity: Hasher) -> Registration:
    """The number as it may be kept; nothing for an empty cell."""
    if is_empty(cell) or isinstance(cell, bool):
        return NO_REGISTRATION
    if isinstance(cell, int | float):
        return _from_number(cell, hash_identity)
    text = str(cell).strip("'` ")
    joined = _SEPARATORS.sub("", text)
    identity = _IDENTITY.search(joined)
    if identity:
        return Registration(hash=hash_identity(identity.group()))
    # Codes of some provinces look like mobile numbers; the check digit tells them apart.
    if not _PLAIN_CODE.fullmatch(joined) and not _is_tax_code(joined) and personal_data(text):
        return NO_REGISTRATION
    return Registration(number=text[:_LONGEST] or None)


def paper_number(cell: Cell) -> str | None:
    """The number of another paper; None where the cell is empty or holds an identity number."""
    return parse_registration(cell, lambda number: "").number


def _from_number(cell: int | float, hash_identity: Hasher) -> Registration:
    """A number that a spreadsheet kept as such has lost the zeros before it.

    With its zero it is an enterprise's code when the check digit agrees; else, from 9 digits on, it is taken
    for an identity number: what may be a person's is not kept.
    """
    if not float(cell).is_integer() or cell < 0:
        return Registration(number=f"{cell:.10g}")
    digits = str(int(cell))
    if len(digits) < 9:
        return Registration(number=digits)
    if len(digits) == 13 or (len(digits) <= 10 and _is_enterprise(digits.zfill(10))):
        return Registration(number=digits.zfill(10))
    return Registration(hash=hash_identity(digits.zfill(12) if len(digits) > 9 else digits))


def _is_tax_code(text: str) -> bool:
    return len(text) == 10 and text.isascii() and text.isdigit() and _is_enterprise(text)


def _is_enterprise(code: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_TAX_WEIGHTS, code, strict=False))
    return 10 - total % 11 == int(code[9])
