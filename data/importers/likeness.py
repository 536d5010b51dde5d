"""How alike two premises are by name and address, and which are worth comparing at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from geo.fold import fold

#: From here on two premises may well be one (0-1).
ALIKE = 0.85
#: A name or an address from here on is the same but for spelling.
_SAME_PART = 0.7
_OTHER_HOUSE = 0.6
_WITHOUT_ADDRESS = 0.9
#: Groups larger than this share something that everybody has.
_LARGEST_BLOCK = 200

_KIND_WORDS = re.compile(
    r"\b(nha nghi|khach san|karaoke|massage|mat xa|xoa bop|quan|bar|ca phe|cafe|vu truong|nha tro|nn|ks|spa"
    r"|hotel|ho kinh doanh|hkd|co so kinh doanh|co so|cong ty|tnhh|dich vu|kinh doanh)\b"
)
_ADDRESS_WORDS = re.compile(
    r"\b(so nha|so|sn|duong|pho|d|p|phuong|q|quan|tp|thanh pho|ha noi|ha dong|viet nam|ngo|ngach|hem|kiot)\b"
)
_WORDS = re.compile(r"[a-z]+")
_NUMBERS = re.compile(r"\d+[a-z]?")


@dataclass(frozen=True)
class Likeness:
    """A premises as it is compared: the core of its name, the words and the numbers of its address."""

    name: str
    street: str
    numbers: tuple[str, ...]
    registration: str | None = None


@lru_cache(maxsize=400_000)
def folded(text: str) -> str:
    """``fold``, remembered: every name and address of an import is compared more than once."""
    return fold(text)


def likeness(name: str, address: str, registration: str | None = None) -> Likeness:
    """What of a name and an address is compared: kinds of business and of streets are left aside."""
    core, street, numbers = _parts(name, address)
    return Likeness(core, street, numbers, registration)


@lru_cache(maxsize=200_000)
def _parts(name: str, address: str) -> tuple[str, str, tuple[str, ...]]:
    plain = _joined(folded(name))
    core = " ".join(_KIND_WORDS.sub(" ", plain).split()) or plain
    spoken = _joined(folded(address))
    numbers = tuple(_NUMBERS.findall(spoken))
    street = " ".join(_WORDS.findall(_ADDRESS_WORDS.sub(" ", _NUMBERS.sub(" ", spoken))))
    return core, street, numbers


def _joined(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text))


def similarity(one: Likeness, other: Likeness) -> float:
    """0 to 1: half by name, half by address; another house number in the same street counts against it."""
    name = fuzz.token_sort_ratio(one.name, other.name) / 100
    if not (one.street or one.numbers) or not (other.street or other.numbers):
        return round(float(name) * _WITHOUT_ADDRESS, 3)
    return round(float(name + _address_similarity(one, other)) / 2, 3)


def same_place(one: Likeness, other: Likeness) -> bool:
    """Whether name or address agree but for spelling: then a common registration means one premises."""
    name = fuzz.token_sort_ratio(one.name, other.name) / 100
    return bool(max(name, _address_similarity(one, other)) >= _SAME_PART)


def _address_similarity(one: Likeness, other: Likeness) -> float:
    if not (one.street or one.numbers) or not (other.street or other.numbers):
        return 0.0
    # One address may end with the ward, the other not.
    words = fuzz.token_set_ratio(one.street, other.street) / 100
    shortest = min(len(one.numbers), len(other.numbers))
    both_numbered = shortest > 0 or one.numbers == other.numbers
    same_house = both_numbered and one.numbers[:shortest] == other.numbers[:shortest]
    return float(words) * (1.0 if same_house else _OTHER_HOUSE)


def worth_comparing(records: Sequence[Likeness], first: int) -> Iterator[tuple[int, int]]:
    """Pairs (i, j) that share a registration, a house, a name, or the start of both: each pair once.

    i < j, and i is among the ``first`` records; pairs of later ones are of no interest.
    """
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        for key in _keys(record):
            blocks[key].append(i)
    seen: set[tuple[int, int]] = set()
    for block in blocks.values():
        if len(block) > _LARGEST_BLOCK:
            continue
        for position, i in enumerate(block):
            if i >= first:
                break
            for j in block[position + 1 :]:
                if (i, j) not in seen:
                    seen.add((i, j))
                    yield i, j


def _keys(record: Likeness) -> Iterator[tuple[str, ...]]:
    if record.registration:
        yield "registration", record.registration
    if record.name:
        yield "name", *sorted(record.name.split())
    house = record.numbers[:1]
    if house and record.street:
        yield "house", *record.numbers[:2], record.street.split()[0]
    if house and len(record.name) > 2:
        yield "both", *house, record.name[:3]
