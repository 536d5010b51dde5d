"""Passwords: what makes one good enough (NIST SP 800-63B-4, section 3.1.1), and how it is kept (argon2id).

Length is what counts. There are no rules of composition and no expiry; all of Unicode and spaces are allowed.
What is refused: what stands in the offline list of common passwords or is a simple variation of it, runs and
repetitions, and what is made of the account's name or the program's.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from geo.errors import InputError
from geo.fold import fold
from geo.messages import msg

MIN_LENGTH = 12
#: Long enough for any sentence; longer ones would be work for nothing.
MAX_LENGTH = 1024
#: So many letters must be one's own beside words that everybody uses.
_OWN_LETTERS = 4
#: Shorter words are met in anything by chance.
_SHORTEST_WORD = 4
#: So many figures and signs beside such words are what everybody adds.
_USUAL_ADDITION = 4
_DIFFERENT = 5
_LIST = Path(__file__).with_name("common_passwords.txt")
#: Names of the program and of the work: anybody who attacks this place tries them first.
_CONTEXT = ("diaban", "hadong", "hanoi", "kiemtra", "congan")
_LEET = str.maketrans("013457@$!|", "oieastasii")
#: What fingers run along: the alphabet, the digits, the rows and columns of the keyboard, both ways.
_WALKS = tuple(
    walk[::way]
    for walk in (
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890",
        "`1234567890-=",
        "qwertyuiop[]",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "!@#$%^&*()_+",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.",
        "qazwsxedcrfvtgbyhnujmik",
    )
    for way in (1, -1)
)
#: A date as people write it, an identity number (they begin with the province, 001 to 096), a telephone.
_NUMBERS = re.compile(
    r"(?:0\d{11}|(?:\+?84|0)[35789]\d{8}|(?:\d{1,2}[/.-]?\d{1,2}[/.-]?(?:19|20)\d\d\W*){1,3})\W*"
)
#: Without the letters and figures that people take for one another.
_READABLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"

#: argon2id with the second recommendation of RFC 9106 (64 MiB, 3 passes, 4 lanes), as argon2-cffi has it.
_HASHER = PasswordHasher()
#: So many at a time: each takes 64 MiB, and a flood of sign-ins must not take them all.
_AT_ONCE = threading.BoundedSemaphore(4)


def normalised(password: str) -> str:
    """One form for what looks the same: some keyboards compose letters with marks, others send them apart."""
    return unicodedata.normalize("NFC", password)


def check(password: str, names: Iterable[str] = ()) -> None:
    """Raise InputError ``password_short``, ``password_long``, ``password_common`` or ``password_guessable``.

    ``names``: what an attacker tries first, such as the account's name. Lengths are counted in characters.
    """
    password = normalised(password)
    if len(password) < MIN_LENGTH:
        raise InputError("password_short", msg("Mật khẩu cần ít nhất {n} ký tự.", n=MIN_LENGTH), hint=_HINT)
    if len(password) > MAX_LENGTH:
        raise InputError("password_long", msg("Mật khẩu dài nhất {n} ký tự.", n=MAX_LENGTH))
    if is_common(password):
        raise InputError("password_common", msg("Mật khẩu này thuộc loại hay bị đoán."), hint=_HINT)
    own = frozenset(_name_words(names)) | frozenset(_CONTEXT)
    if _made_of(password, common_words() | own):
        raise InputError(
            "password_guessable",
            msg("Mật khẩu này gần như chỉ gồm tên tài khoản, tên chương trình hoặc từ hay dùng."),
            hint=_HINT,
        )


_HINT = msg("Dùng một câu dài chỉ mình biết; không cần chữ hoa, chữ số hay ký hiệu.")


def is_common(password: str) -> bool:
    """Whether a password is on the list of common ones, a variation of one, a run, a repetition or a number
    that people use as one."""
    plain = fold(password)
    if len(set(plain)) < _DIFFERENT or _repeats(plain) or _NUMBERS.fullmatch(plain):
        return True
    return _beside_runs(plain) < _OWN_LETTERS or _made_of(password, common_words())


@cache
def common_words() -> frozenset[str]:
    """The words of the offline list."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    words = (word for line in lines if not line.startswith("#") for word in line.split())
    return frozenset(_letters(word) for word in words if len(_letters(word)) >= _SHORTEST_WORD)


def _name_words(names: Iterable[str]) -> Iterable[str]:
    for name in names:
        words = (_letters(name), *re.split(r"[^a-z]+", fold(name)))
        yield from (word for word in words if len(word) >= _SHORTEST_WORD)


def _letters(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalpha())


def _made_of(password: str, words: frozenset[str]) -> bool:
    """Whether hardly anything is left once these words and what is usually added are taken out; read as written
    and with 0 for o."""
    for text in {fold(password), fold(password).translate(_LEET)}:
        letters = _letters(text)
        rest = _uncovered(letters, words)
        signs = _beside_runs("".join(sign for sign in text if not sign.isalpha()))
        if rest < len(letters) and rest + max(0, signs - _USUAL_ADDITION) < _OWN_LETTERS:
            return True
    return False


def _uncovered(letters: str, words: frozenset[str]) -> int:
    """The fewest letters that no word covers, of all ways to cut the text into words and rest."""
    fewest = [0]
    longest = min(max(map(len, words)), len(letters))
    for end in range(1, len(letters) + 1):
        reach = range(max(0, end - longest), end - 1)
        ways = [fewest[start] for start in reach if letters[start:end] in words]
        fewest.append(min([fewest[end - 1] + 1, *ways]))
    return fewest[-1]


def _repeats(text: str) -> bool:
    """Whether the text is one piece over and over, such as abcabcabcabc."""
    period = (text + text).find(text, 1)
    return period <= len(text) // 2


def _beside_runs(text: str) -> int:
    """How many characters belong to no run of three or more along the alphabet, the digits or the keyboard, nor
    to one repeated character."""
    alone, at = 0, 0
    while at < len(text):
        length = max(_walk(text, at), _same(text, at))
        alone += length < 3
        at += length if length >= 3 else 1
    return alone


def _walk(text: str, at: int) -> int:
    length = 1
    while at + length < len(text) and any(text[at : at + length + 1] in walk for walk in _WALKS):
        length += 1
    return length


def _same(text: str, at: int) -> int:
    return len(text) - at - len(text[at:].lstrip(text[at]))


def one_time() -> str:
    """A random password for the first sign-in, easy to read out and to type: 16 characters, 93 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """A password as it is kept."""
    with _AT_ONCE:
        return _HASHER.hash(normalised(password))


def unknown_to_all() -> str:
    """The hash of a password that nobody knows."""
    return hashed(secrets.token_urlsafe(32))


@cache
def nobody() -> str:
    """Verified where an account does not exist, so that the answer takes as long."""
    return unknown_to_all()


def fits(kept: str, password: str) -> bool:
    """Whether the password is the one behind the hash. What is too long to be one is not hashed."""
    try:
        with _AT_ONCE:
            return len(password) <= MAX_LENGTH and _HASHER.verify(kept, normalised(password))
    except (Argon2Error, InvalidHashError, UnicodeEncodeError):
        return False


def outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than those of today."""
    return _HASHER.check_needs_rehash(kept)


def fingerprint(kept: str) -> str:
    """A few characters that change whenever the kept password does."""
    return hashlib.sha256(kept.encode()).hexdigest()[:16]
