"""Whether the name and the address that a paper states are still those of the premises.

Papers and registers are written by different hands: marks, case, punctuation, usual abbreviations and the words
for a legal form say nothing. Wards are left aside, since their names change while the house stays where it is.
A part that one side does not give cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.address_match import name_key
from geo.address_parts import ParsedAddress, parse_address
from geo.address_words import UnitNames
from geo.fold import fold

#: Usual abbreviations and second words, folded, as whole words.
_WRITTEN_OUT = {
    "nn": "nha nghi", "ks": "khach san", "hotel": "khach san", "kara": "karaoke", "massage": "xoa bop",
    "mat xa": "xoa bop", "cafe": "ca phe", "coffee": "ca phe", "ca fe": "ca phe", "cty": "cong ty",
    "hkd": "ho kinh doanh", "ho kd": "ho kinh doanh", "cskd": "co so kinh doanh", "dv": "dich vu",
    "tm": "thuong mai", "cp": "co phan", "mtv": "mot thanh vien", "dntn": "doanh nghiep tu nhan",
}  # fmt: skip
_WRITTEN = re.compile(rf"\b({'|'.join(sorted(_WRITTEN_OUT, key=len, reverse=True))})\b(?!\.\w)")
_LEGAL_FORM = re.compile(
    r"\b(ho kinh doanh( ca the)?|co so kinh doanh|cong ty|trach nhiem huu han|tnhh|mot thanh vien|co phan"
    r"|doanh nghiep tu nhan|thuong mai|dich vu)\b"
)
_KIND = re.compile(r"\b(nha nghi|khach san|karaoke|xoa bop|ca phe|quan|bar|vu truong|nha tro)\b")
_WORD = re.compile(r"\w+\.?")
#: "Q." may be Quang, "Ng." Nguyễn; a longer word with a full stop ends a sentence.
_LONGEST_ABBREVIATION = 2
_PARTS = ("house", "alley", "lane", "lot", "street", "area")


def same_name(stated: str, known: str) -> bool:
    """Whether two names are one: "KS Hoa Sen", "Khách sạn Hoa Sen" and "Hoa Sen" are.

    A kind of business counts where both names have one: "Karaoke Hoa Sen" is not "Nhà nghỉ Hoa Sen".
    """
    one, other = _plain_name(stated), _plain_name(known)
    if _same_words(one, other):
        return True
    bare_one, bare_other = _KIND.sub(" ", one), _KIND.sub(" ", other)
    one_has_no_kind = bare_one == one or bare_other == other
    return one_has_no_kind and bool(bare_one.strip()) and _same_words(bare_one, bare_other)


def _plain_name(name: str) -> str:
    written = _WRITTEN.sub(lambda found: _WRITTEN_OUT[found[1]], fold(name.replace("&", " và ")))
    return _LEGAL_FORM.sub(" ", written) if _LEGAL_FORM.sub(" ", written).strip() else written


def same_address(stated: str, known: str, wards: UnitNames) -> bool:
    """Whether two addresses mean one house, as far as both give its number, alley, plot, street and area.

    ``wards``: units of all times, which tell a ward's name from a street's.
    """
    if stated == known:
        # Most papers were copied from the register: nothing to read.
        return True
    one, other = parse_address(stated, wards), parse_address(known, wards)
    shared = [part for part in _PARTS if getattr(one, part) and getattr(other, part)]
    if not shared:
        return _nothing_to_compare(one) or _nothing_to_compare(other) or _one_holds_the_other(stated, known)
    if "house" in shared and (bool(one.alley), bool(one.lane)) != (bool(other.alley), bool(other.lane)):
        # House 12 of the street and house 12 of an alley behind it are two houses.
        return False
    return all(_same_part(part, getattr(one, part), getattr(other, part)) for part in shared)


def _nothing_to_compare(address: ParsedAddress) -> bool:
    return not any(getattr(address, part) for part in _PARTS)


def _one_holds_the_other(stated: str, known: str) -> bool:
    one, other = set(_WORD.findall(fold(stated))), set(_WORD.findall(fold(known)))
    return one <= other or other <= one


def _same_part(part: str, one: str, other: str) -> bool:
    if part in ("street", "area"):
        return _same_words(name_key(one), name_key(other))
    return bool(_numbers(one) & _numbers(other))


def _numbers(written: str) -> set[str]:
    """The numbers of "12-14" or "05", each without blanks and leading zeros."""
    parts = fold(written).replace(" ", "").split("-")
    return {part.lstrip("0") or part for part in parts}


def _same_words(one: str, other: str) -> bool:
    """Whether two folded texts hold the same words, blanks and marks aside, "q." standing for any word in q."""
    words, others = _words(one), _words(other)
    if "".join(words) == "".join(others):
        return bool(words) or one == other
    return len(words) == len(others) and all(map(_same_word, words, others))


def _words(text: str) -> Sequence[str]:
    found = (match.group() for match in _WORD.finditer(text))
    return [word if len(word.rstrip(".")) <= _LONGEST_ABBREVIATION else word.rstrip(".") for word in found]


def _same_word(one: str, other: str) -> bool:
    bare, bare_other = one.rstrip("."), other.rstrip(".")
    return (
        bare == bare_other
        or (one.endswith(".") and bare_other.startswith(bare))
        or (other.endswith(".") and bare.startswith(bare_other))
    )
