"""The handout of a review meeting: all that the screens show and nothing that they may not; noted, marked."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from app.services import meeting
from app.services.accounts import SYSTEM
from app.services.meeting_handout import handout
from app.services.official_paper import Issuer
from data.store import Actor, Store
from data.tables import AuditEntry, Premises
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.services.test_meeting import (
    LEADER,
    MONTH,
    SECRET,
    bring_in_secrets,
    officer,
    reviewed,
    ward_of,
)


def words(file: bytes) -> str:
    """Everything that is written in a Word file."""
    document = Document(BytesIO(file))
    parts = [one.text for one in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    parts += [one.text for section in document.sections for one in section.footer.paragraphs]
    return "\n".join(parts)


def test_it_holds_the_sentences_the_decisions_and_a_map_and_says_who_took_it(own_demo: Store) -> None:
    ward = ward_of(own_demo, "09552")
    actor = officer(own_demo)
    held = meeting.hold_meeting(own_demo, actor, ward, MONTH, held_on=DEMO_DAY, as_of=DEMO_DAY)
    for title in ("Tăng tuần tra đoạn giáp ranh & bến xe", "Nhắc nộp số liệu tháng"):
        meeting.decide(own_demo, actor, held, title=title, owner="UBND phường", due_on=DEMO_DAY, as_of=DEMO_DAY)
    told = reviewed(own_demo, ward, actor)
    file = handout(own_demo, actor, told, Issuer(name="Ủy ban nhân dân phường Kiến Hưng"), demo=True)
    text = words(file)
    assert "Kiến Hưng" in text and "dữ liệu giả định" in text
    for sentence in told.sentences:
        assert str(sentence) in text
    assert "Tăng tuần tra đoạn giáp ranh & bến xe" in text and "Nhắc nộp số liệu tháng" in text
    assert f"Xuất bởi {actor.name}" in text
    assert len(Document(BytesIO(file)).inline_shapes) == 1
    with own_demo.read(SYSTEM) as work:
        noted = work.session.scalars(select(AuditEntry).where(AuditEntry.action == "file.take")).all()
    assert [entry.actor for entry in noted] == [actor.name]


def test_nothing_suspected_unverified_or_unannounced_and_no_name_of_a_premises_is_printed(
    own_demo: Store,
) -> None:
    ward = ward_of(own_demo, "09552")
    with own_demo.write(SYSTEM) as work:
        bring_in_secrets(work, ward)
        names = [name for name in work.session.scalars(select(Premises.name)) if len(name) > 8]
    text = words(handout(own_demo, LEADER, reviewed(own_demo, ward), Issuer(), demo=False))
    assert SECRET not in text
    assert [name for name in names if name in text] == []


def test_another_wards_handout_is_refused(own_demo: Store) -> None:
    other = reviewed(own_demo, ward_of(own_demo, "09556"))
    with pytest.raises(InputError):
        handout(own_demo, officer(own_demo), other, Issuer(), demo=False)
    with pytest.raises(RuleError):
        handout(own_demo, Actor("xem", Role.VIEWER), other, Issuer(), demo=False)
