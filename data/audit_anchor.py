"""The anchor: beside the database, the newest entry of its audit log, so that cutting the log off is seen.

A chain of hashes shows what was changed inside it, not that its end is gone. After every recorded change the
number, the hash and the time of the newest entry go into a small file beside an embedded database, on a server
into the file that ``DIABAN_AUDIT_ANCHOR`` names. It carries the database's own id: the anchor of another
database says nothing here. Whoever can write both can forge both: an office copies the anchor to where the
database's keepers cannot write.
"""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from data import audit
from data.engine import sqlite_file
from data.tables import Setting, new_id
from geo.messages import Message, msg

DATABASE_ID = "database_id"
VARIABLE = "DIABAN_AUDIT_ANCHOR"


@dataclass(frozen=True)
class Anchor:
    """Of which database, the number and hash of its newest entry, and when that was noted (ISO, UTC)."""

    database: str
    seq: int
    hash: str
    at: str


def anchor_file(engine: Engine) -> Path | None:
    """Where the anchor of a database lies; None for a server without ``DIABAN_AUDIT_ANCHOR``."""
    file = sqlite_file(engine)
    if file is not None:
        return None if file.name == ":memory:" else file.with_name(f"{file.name}.audit-anchor")
    named = os.environ.get(VARIABLE, "").strip()
    return Path(named) if named else None


def database_id(session: Session) -> str:
    """The database's own id, given to it when it is first asked for inside a writing transaction."""
    kept = session.get(Setting, DATABASE_ID)
    if kept is None:
        kept = Setting(key=DATABASE_ID, value={"id": new_id()})
        session.add(kept)
        session.flush()
    return str(kept.value["id"])


def known_id(session: Session) -> str | None:
    """The database's own id, None where none was given yet."""
    kept = session.get(Setting, DATABASE_ID)
    return None if kept is None else str(kept.value["id"])


def read(file: Path) -> Anchor | None:
    """The anchor of a file. Raises OSError for a file that cannot be read, ValueError for one that is none."""
    if not file.exists():
        return None
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
        return Anchor(str(held["database"]), int(held["seq"]), str(held["hash"]), str(held["at"]))
    except (KeyError, TypeError) as error:
        raise ValueError("no anchor") from error


def next_anchor(session: Session, file: Path, seq: int, entry_hash: str, at: datetime) -> Anchor | None:
    """What the file is to say once the transaction that added entry ``seq`` is stored; None to leave it.

    An anchor of this database that the log contradicts stays as it is: it is the proof of what happened.
    """
    own = database_id(session)
    with suppress(OSError, ValueError):
        kept = read(file)
        if kept is not None and kept.database == own and audit.hash_of(session, kept.seq) != kept.hash:
            return None
    return Anchor(own, seq, entry_hash, at.astimezone(UTC).isoformat(timespec="seconds"))


def keep(file: Path, anchor: Anchor) -> None:
    """Put an anchor in place. What lies there of another database, or is unreadable, is set aside first.

    A folder that cannot be written does not stop the work: ``audit verify`` says how old the anchor is.
    """
    with suppress(OSError):
        try:
            kept = read(file)
            strange = kept is not None and kept.database != anchor.database
        except ValueError:
            strange = True
        if strange:
            set_aside(file)
        fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(json.dumps(asdict(anchor)) + "\n", encoding="utf-8")
        fresh.replace(file)


def set_aside(file: Path) -> Path | None:
    """Rename an anchor so that a new one begins, as after a backup was restored; where it lies now."""
    if not file.exists():
        return None
    number = 1
    while (aside := file.with_name(f"{file.name}.old{number}")).exists():
        number += 1
    file.rename(aside)
    return aside


@dataclass(frozen=True)
class Judged:
    """What the anchor says of a log that fits in itself: the first entry that is gone, and what to know."""

    broken: audit.Broken | None
    note: Message | None
    anchor: Anchor | None


def _grown(session: Session, anchor: Anchor) -> bool:
    """Whether somebody wrote while the log was walked: a walk sees the log as it was when it began."""
    with Session(session.get_bind()) as now:
        return audit.hash_of(now, anchor.seq) == anchor.hash


def judge(session: Session, file: Path | None, chain: audit.Chain) -> Judged:
    """Hold a log against its anchor."""
    if file is None:
        return Judged(
            None, msg("Không có tệp mốc: đặt {name} để phát hiện nhật ký bị cắt.", name=VARIABLE), None
        )
    try:
        anchor = read(file)
    except (OSError, ValueError):
        return Judged(None, msg("Không đọc được tệp mốc {file}.", file=file.name), None)
    if anchor is None:
        return Judged(None, msg("Chưa có tệp mốc {file} cạnh cơ sở dữ liệu.", file=file.name), None)
    if anchor.database != known_id(session):
        return Judged(None, msg("Tệp mốc {file} là của cơ sở dữ liệu khác; bỏ qua.", file=file.name), None)
    if anchor.seq > chain.entries and _grown(session, anchor):
        return Judged(None, None, anchor)
    if anchor.seq > chain.entries:
        why = msg(
            "Thiếu các mục từ số {first} đến {last}: nhật ký bị cắt, hoặc bản sao lưu cũ đã được mở lại.",
            first=str(chain.entries + 1),
            last=str(anchor.seq),
        )
        return Judged(audit.Broken(chain.entries + 1, why), None, anchor)
    if audit.hash_of(session, anchor.seq) != anchor.hash:
        why = msg("Mục số {n} khác với tệp mốc: nhật ký đã bị viết lại.", n=str(anchor.seq))
        return Judged(audit.Broken(anchor.seq, why), None, anchor)
    return Judged(None, None, anchor)
