"""Who a task is given to: a body or a position, never a person (domain rule 5)."""

from __future__ import annotations

import re

from app.services.free_text import about_places
from geo.errors import RuleError
from geo.fold import fold
from geo.messages import msg

LONGEST = 200
#: Words by which a body or a position is known, folded; each stands at the beginning of a word.
_BODY_WORDS = (
    "cong an|uy ban|ubnd|hdnd|hoi dong|phong|doi|to |ban |tram|chi cuc|cuc |so |hoi |doan|mat tran|mttq|toa an|"
    "vien kiem sat|vien |truong|pho |chu tich|bi thu|can bo|chuyen vien|thu ky|chi huy|lanh dao|van phong|"
    "trung tam|ngan hang|nha truong|phuong|quan ly thi truong|benh vien|canh sat|quan su|dan quan|dan phong|"
    "khu dan cu|xa hoi|giao duc|lien doan|cong doan|don vi|co quan|bo phan|thanh pho|quan |bch|thanh tra"
)
_BODY = re.compile(rf"(?<![a-z0-9])(?:{_BODY_WORDS})")
_PARTS = re.compile(r"[:;,()/]")


def about_a_body(owner: str | None) -> str:
    """The owner without blanks around it. Raises RuleError when it is empty, or is or names a person."""
    cleaned = about_places(owner)[:LONGEST]
    parts = [part.strip() for part in _PARTS.split(cleaned) if part.strip()]
    if not parts:
        raise RuleError("owner_missing", msg("Cần ghi đơn vị hoặc chức danh chịu trách nhiệm."))
    if not all(_BODY.search(f"{fold(part)} ") for part in parts):
        raise RuleError(
            "owner_is_person",
            msg("Người chịu trách nhiệm ghi bằng đơn vị hoặc chức danh, không ghi tên người."),
            hint=msg("Ví dụ: Công an phường, Trưởng phòng Văn hóa - Xã hội, Đội kiểm tra liên ngành 178."),
        )
    return cleaned
