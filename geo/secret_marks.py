"""The marks of state secrets on text, cells and file names: MẬT, TỐI MẬT, TUYỆT MẬT (Law 117/2025).

What bears one has no place here. An ordinary word is no mark: "bí mật", "bảo mật", "mật độ", "mật ong".
"""

from __future__ import annotations

import re
import unicodedata

# What stands before or behind the syllable where it is a part of an ordinary word, in capitals too.
_BEFORE = "bí|bảo|cơ|trăng|thân|đường|ong|túi|sỏi|ống|gấu|sáp|lòng|nằm|hoa|rỉ|dịch|tuần trăng|kín"
_BEHIND = (
    "độ|ong|khẩu|mã|mía|ngọt|thiết|hoa|gấu|thám|ngữ|lệnh|thư|vụ|hiệu|đàm|đạo|tông|ước|phục|nghị|chú|giáo|bò|lợn"
    "|dụ|pha|dầu|rỉ"
)
_HIGHER = re.compile(r"(?<!\w)(?:tối|tuyệt)[\s.-]*mật(?!\w)", re.I)
_SPACED = re.compile(r"(?<!\w)(?:T\s*Ố\s*I\s+|T\s*U\s*Y\s*Ệ\s*T\s+)?M\s+Ậ\s+T(?!\w)")
_CAPITALS = re.compile(rf"(?<!\w)(?<!-)MẬT(?!\w)(?!-)(?!\s+(?i:{_BEHIND})(?!\w))")
_ORDINARY_BEFORE = re.compile(rf"(?<!\w)(?:{_BEFORE})\s+$", re.I)
_GRADE = re.compile(r"(?<!\w)độ\s+mật\s*[:：-]?\s*(?:(?:tối|tuyệt)\s+)?mật(?!\w)", re.I)
_PAPER = re.compile(
    r"(?<!\w)(?:văn bản|tài liệu|công văn|hồ sơ|báo cáo|kế hoạch|tờ trình|quyết định|phương án|dấu)\s+mật"
    rf"(?!\w)(?!\s+(?:{_BEHIND})(?!\w))",
    re.I,
)
# A file's name often has no marks over its letters: then only what cannot be anything else.
_BARE_HIGHER = re.compile(r"(?<![a-z])(?:toi|tuyet)[ ._-]*mat(?![a-z])", re.I)
_BARE = re.compile(r"[\[(]MAT[\])]|^MAT(?=[ ._-])|(?<=[a-z0-9][ ._-])MAT(?=$)")


def secret_mark(text: str) -> str | None:
    """The mark that a text or a cell bears, as it stands there; None for an ordinary text."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if "ật" not in plain.casefold() and "Ậ" not in plain:
        return None
    if plain.strip(" .:()[]-–“”\"'*").casefold() == "mật":
        return plain
    for pattern in (_GRADE, _HIGHER, _SPACED, _PAPER):
        if found := pattern.search(plain):
            return found.group()
    for found in _CAPITALS.finditer(plain):
        if not _ORDINARY_BEFORE.search(plain[: found.start()]):
            return found.group()
    return None


def secret_file_name(name: str) -> str | None:
    """The mark that a file's name bears, typed with or without the marks over its letters."""
    stem = unicodedata.normalize("NFKC", name).rpartition("/")[2]
    bare = stem.rpartition(".")[0] or stem
    found = secret_mark(re.sub(r"[_.\-]+", " ", bare))
    if found is None and (match := _BARE_HIGHER.search(bare) or _BARE.search(bare)):
        found = match.group()
    return found
