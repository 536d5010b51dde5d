"""Whether a word is spelled as a Vietnamese syllable: by this, legacy encodings are told from Unicode."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from geo.fold import fold

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_ACUTE, _DOT = "\u0301", "\u0323"
#: Longest first, so that "ngh" is taken before "ng".
_ONSETS = (
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
_RHYMES = frozenset(
    word
    for line in (
        "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây",
        "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu",
        "i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu",
        "o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on",
        "ong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt",
        "u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych",
        "uyên uyêt uynh uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu",
        "y ych yêm yên yêng yêt yêu ynh yt",
    )
    for word in line.split()
)
_PLAIN_RHYMES = frozenset(fold(rhyme) for rhyme in _RHYMES)
_PLAIN_ONSETS = tuple(dict.fromkeys(fold(onset) for onset in _ONSETS))
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
#: Syllables cut down to their consonants, as in "Đ. Quang Trung", "KĐT", "P. Hà Cầu".
_ABBREVIATION = re.compile(r"[bcdđghklmnpqrstvx]{1,6}")


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether ``word`` can be one Vietnamese syllable: onset, rhyme and a tone that its ending allows."""
    letters = unicodedata.normalize("NFD", word.casefold())
    tones = [c for c in letters if c in _TONES]
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    if tones and tones[0] not in (_ACUTE, _DOT) and _STOPPED.search(bare):
        return False
    return any(
        bare.startswith(onset) and bare[len(onset) :] in _RHYMES and _goes(onset, bare[len(onset)])
        for onset in _ONSETS
    )


def is_plain_syllable(word: str) -> bool:
    """Whether ``word`` is a syllable, or one written without its marks ("nguyen")."""
    small = word.casefold()
    return is_syllable(small) or any(
        small.startswith(onset) and small[len(onset) :] in _PLAIN_RHYMES for onset in _PLAIN_ONSETS
    )


def _goes(onset: str, vowel: str) -> bool:
    """Whether the spelling of the onset fits the vowel: k, gh, ngh before e, ê, i, y; c, g, ng elsewhere."""
    if onset in {"k", "gh", "ngh"}:
        return vowel in "eêiy"
    return onset not in {"c", "g", "ng"} or vowel not in "eêy"


def is_abbreviation(word: str) -> bool:
    """Whether ``word`` is consonants only."""
    return _ABBREVIATION.fullmatch(word.casefold()) is not None
