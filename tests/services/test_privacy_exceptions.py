"""What may be typed: a refusal names all it found and why; a false alarm is let pass by a data steward."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from app.services import free_text, privacy_exceptions
from app.services.free_text import about_places, file_label
from app.services.signals import one as signal_of
from data.importers.tables import read_sheets
from data.store import Actor, Store
from data.tables import AuditEntry, PrivacyException
from geo.errors import InputError, RuleError
from geo.privacy import MASK
from geo.words import Role
from tests.services.signal_world import DAY, HERE, taken, wards

__all__ = ["wards"]
STEWARD = Actor("dulieu", Role.STEWARD)
ALARM = "Anh Văn, tiếng Hàn là hai lớp học bên cạnh."


@pytest.fixture(autouse=True)
def nothing_excused_before_and_after() -> Iterator[None]:
    free_text.excuse(lambda: ())
    yield
    free_text.excuse(lambda: ())


def test_a_refusal_names_every_kind_it_found_and_shows_the_text_with_them_covered() -> None:
    with pytest.raises(RuleError) as refused:
        about_places("Gặp bà Nguyễn Thị Hòa, số 0912 345 678, xe 30A-123.45, tại 12 Tô Hiệu")
    said = str(refused.value.message)
    assert refused.value.code == "personal_data"
    for kind in ("tên người", "số điện thoại", "biển số xe"):
        assert kind in said
    assert "tại 12 Tô Hiệu" in said and MASK in said
    for personal in ("Hòa", "0912", "30A"):
        assert personal not in said
    assert "91/2025/QH15" in str(refused.value.hint)


@pytest.mark.parametrize("text", ["Tài liệu TUYỆT MẬT số 3", "Độ mật: Mật", "MẬT"])
def test_a_text_with_the_mark_of_a_secret_is_refused(text: str) -> None:
    with pytest.raises(RuleError) as refused:
        about_places(text)
    assert refused.value.code == "state_secret"
    assert "117/2025/QH15" in str(refused.value.hint)


def test_keeping_a_secret_is_an_ordinary_thing_to_write() -> None:
    assert about_places("Giữ bí mật nguồn tin; mật độ quán cao") == "Giữ bí mật nguồn tin; mật độ quán cao"


def test_a_file_name_is_kept_without_the_person_in_it() -> None:
    assert file_label("danh sach bà Trần Thị Hồng.xlsx") == f"danh sach {MASK}.xlsx"
    assert file_label("ds_ba_Tran_Thi_Hong_2025.xlsx") == f"ds {MASK} 2025.xlsx"
    assert file_label("danh_sach_2025.xlsx") == "danh_sach_2025.xlsx"
    with pytest.raises(RuleError):
        file_label("TỐI MẬT - danh sách.xlsx")


def workbook(file: Path, *rows: tuple[str, ...]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file


def test_a_workbook_with_the_mark_in_a_cell_is_refused_with_its_place(tmp_path: Path) -> None:
    file = workbook(tmp_path / "so.xlsx", ("Tên cơ sở", "Ghi chú"), ("Nhà nghỉ Hoa Sen", "Độ mật: Tối mật"))
    with pytest.raises(InputError) as refused:
        read_sheets(file)
    assert (refused.value.code, refused.value.row) == ("state_secret", 2)


def test_a_workbook_with_the_mark_in_its_name_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_sheets(tmp_path / "danh-sach (MẬT).xlsx")
    assert refused.value.code == "state_secret"


def test_a_workbook_of_honey_and_passwords_is_read(tmp_path: Path) -> None:
    file = workbook(
        tmp_path / "so.xlsx", ("Tên cơ sở", "Ghi chú"), ("Quán Mật Ong", "Đổi mật khẩu, mật độ cao")
    )
    assert len(read_sheets(file)[0].rows) == 2


# --- exceptions


def test_a_false_alarm_that_a_steward_excused_passes_and_another_name_does_not(wards: Store) -> None:
    privacy_exceptions.watch(wards)
    with pytest.raises(RuleError):
        about_places(ALARM)
    privacy_exceptions.add(wards, STEWARD, "Anh Văn", "Tên môn học, không phải tên người")
    assert about_places(ALARM) == ALARM
    signal = taken(wards, text=ALARM)
    assert signal_of(wards, HERE, signal, DAY).text == ALARM
    for other in ("Anh Văn Hùng giữ chìa khóa", "Gặp anh Tuấn", f"{ALARM} Gọi 0912345678"):
        with pytest.raises(RuleError):
            about_places(other)


def test_an_exception_counts_for_the_same_words_in_other_capitals_and_blanks(wards: Store) -> None:
    privacy_exceptions.watch(wards)
    privacy_exceptions.add(wards, STEWARD, "Anh  Văn", "Tên môn học")
    assert about_places("lớp anh Văn buổi tối")


def test_an_exception_is_logged_without_its_words_listed_and_can_be_taken_back(wards: Store) -> None:
    privacy_exceptions.watch(wards)
    made = privacy_exceptions.add(wards, STEWARD, "Anh Văn", "Tên môn học")
    listed = privacy_exceptions.exceptions(wards, STEWARD)
    assert [(one.phrase, one.reason, one.by) for one in listed] == [("Anh Văn", "Tên môn học", "dulieu")]
    privacy_exceptions.remove(wards, STEWARD, made)
    assert privacy_exceptions.exceptions(wards, STEWARD) == []
    with pytest.raises(RuleError):
        about_places(ALARM)
    with wards.read(STEWARD) as work:
        entries = [one for one in work.session.scalars(select(AuditEntry)) if one.subject == made]
        kept = work.session.scalars(select(PrivacyException.revision).where(PrivacyException.id == made)).all()
    assert [one.action for one in entries] == ["privacy.exception", "privacy.exception_removed"]
    assert "Anh Văn" not in repr([one.detail for one in entries])
    assert kept == [1, 2]


@pytest.mark.parametrize(
    ("phrase", "reason", "code"),
    [
        ("Anh Văn", " ", "reason_missing"),
        ("Anh Văn", "Theo lời bà Nguyễn Thị Hòa", "personal_data"),
        ("phố Tô Hiệu", "Tên phố", "nothing_found"),
        ("Anh Văn " * 40, "Tên môn học", "too_long"),
    ],
)
def test_an_exception_needs_an_alarm_and_a_reason_that_speaks_of_no_person(
    wards: Store, phrase: str, reason: str, code: str
) -> None:
    with pytest.raises(InputError) as refused:
        privacy_exceptions.add(wards, STEWARD, phrase, reason)
    assert refused.value.code == code


def test_the_same_phrase_is_excused_once(wards: Store) -> None:
    privacy_exceptions.add(wards, STEWARD, "Anh Văn", "Tên môn học")
    with pytest.raises(RuleError):
        privacy_exceptions.add(wards, STEWARD, " Anh  Văn ", "Tên môn học")


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.STEWARD, Role.ADMIN)])
def test_nobody_but_the_steward_excuses(wards: Store, role: Role) -> None:
    with pytest.raises(RuleError):
        privacy_exceptions.add(wards, Actor("ai", role), "Anh Văn", "Tên môn học")
    with pytest.raises(RuleError):
        privacy_exceptions.exceptions(wards, Actor("ai", role))
