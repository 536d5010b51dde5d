"""The register's history: an import can be taken back as a whole, and every premises remembers what it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import select

from app.services import premises_edit, register_history
from app.services.address_history import at_address
from app.services.premises import one as premises_file
from app.services.premises_edit import Particulars
from app.services.premises_import import PremisesRequest, preview_premises
from app.services.premises_sheet import premises_sheet
from app.text import render
from data.repositories import places, register
from data.repositories.frames import add_rows
from data.store import Actor, Store
from data.tables import AuditEntry, Inspection, Plan, Premises, PremisesStatusChange, Signal, Team, Visit
from geo.errors import InputError, RuleError
from geo.words import PremisesStatus, Role
from tests.services.register_world import (
    OFFICER,
    STEWARD,
    VIEWER,
    content,
    file_of,
    fill,
    id_of,
    row,
    take,
    today,
)

IDENTITY = "001064733374"


@pytest.fixture
def district(empty_store: Store) -> Store:
    fill(empty_store)
    return empty_store


def names(store: Store) -> list[str]:
    """The premises that stand in the register."""
    with store.read(STEWARD) as work:
        return sorted(places.premises_on(work, work.today)["name"])


def last_import(store: Store) -> register_history.Import:
    return register_history.imports(store, STEWARD)[0]


def undo_last(store: Store, reason: str = "") -> dict[str, int]:
    return register_history.undo_import(store, STEWARD, last_import(store).id, reason)


def edit(store: Store, premises_id: str, **changes: Any) -> None:
    """Change a premises as a person does on its page."""
    day = today(store)
    facts = premises_file(store, OFFICER, premises_id, day).facts
    seen = Particulars.of(facts)
    wanted = Particulars(**{**{n: getattr(seen, n) for n in Particulars.__dataclass_fields__}, **changes})
    premises_edit.edit(
        store, OFFICER, premises_id, wanted, seen=seen, version=facts.version, reason="xem tại chỗ"
    )


def refusal(store: Store, **chosen: Any) -> str:
    with pytest.raises(RuleError) as refused:
        register_history.undo_import(store, STEWARD, chosen.get("import_id") or last_import(store).id)
    assert refused.value.code == "changed_since"
    return render(refused.value.message)


def test_the_history_lists_what_was_imported_by_whom_and_what_it_changed(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, row(1), row(2), name="quy1.xlsx")
    take(district, tmp_path, row(1, rooms=14), row(2), row(3), name="quy2.xlsx")
    newer, older = register_history.imports(district, STEWARD)
    assert (older.file, older.by, dict(older.counts)["added"]) == ("quy1.xlsx", "giudulieu", 2)
    assert (newer.file, newer.changed, newer.undone_at) == ("quy2.xlsx", 2, None)
    brought, changed = register_history.import_of(district, STEWARD, newer.id).premises
    assert (brought.name, brought.created) == ("Nhà nghỉ Phượng Vĩ", True)
    assert [(render(line.what), line.old, line.new) for line in changed.lines] == [("số phòng", 10, 14)]


def test_what_an_import_brought_in_goes_again_when_it_is_undone(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    before = names(district)
    take(district, tmp_path, row(2, status="Tạm ngừng"), row(3, registration=IDENTITY), name="nham.xlsx")
    assert undo_last(district, "nhầm tệp") == {"removed": 2, "restored": 0}
    assert names(district) == before
    kept = last_import(district)
    assert (kept.undone_by, kept.undone_why, kept.undone_at is not None) == ("giudulieu", "nhầm tệp", True)
    with district.read(STEWARD) as work:
        assert len(places.licences_on(work, work.today)) == 2  # those of the premises that stays


def test_what_an_import_changed_is_as_it_was_when_it_is_undone(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1), row(2), row(3, lat=None, lon=None))
    before = content(district)
    take(
        district,
        tmp_path,
        row(1, name="Nhà nghỉ Hoa Sen Mới", rooms=25, security="9/ANTT", status="Ngừng hoạt động"),
        row(2, lat=20.91, lon=105.79, workers=7),
        row(3, address="Số 31 Phố Giả Định", lat=None, lon=None),
    )
    assert undo_last(district) == {"removed": 0, "restored": 3}
    after = content(district)
    voided = after.pop("premises_status")
    assert before.pop("premises_status") == []
    assert after == before
    # The status is not deleted: a correcting row says that it does not hold.
    assert [(one["revision"], one["void"]) for one in voided] == [(1, False), (2, True)]
    with district.read(STEWARD) as work:
        assert set(places.premises_on(work, work.today)["status"]) == {PremisesStatus.ACTIVE}


@pytest.mark.parametrize("given", [None, "cs-1"])
def test_a_file_can_be_imported_again_after_it_was_undone(
    district: Store, tmp_path: Path, given: str | None
) -> None:
    rows = [row(1, id=given, status="Tạm ngừng"), row(2)]
    take(district, tmp_path, *rows)
    first = names(district)
    undo_last(district)
    again = take(district, tmp_path, *rows)
    assert (again["added"], again["updated"]) == (2, 0)
    assert names(district) == first
    assert take(district, tmp_path, *rows)["unchanged"] == 2
    if given:
        with district.read(STEWARD) as work:
            found = places.premises_on(work, work.today).set_index("id")
        assert found.at["cs-1", "status"] == PremisesStatus.SUSPENDED
    (_same, last, _first) = register_history.imports(district, STEWARD)
    assert register_history.undo_import(district, STEWARD, last.id)["removed"] == 2
    assert names(district) == []


def test_an_import_stays_when_somebody_has_changed_one_of_its_premises_since(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, row(1), row(2))
    edit(district, id_of(district, "Nhà nghỉ Hoa Sen"), workers=4)
    before = content(district)
    said = refusal(district)
    assert "Nhà nghỉ Hoa Sen: canbo đã sửa ngày" in said
    assert "Bình Minh" not in said
    assert content(district) == before


def test_later_imports_are_undone_before_earlier_ones(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    before = content(district)["premises"]
    take(district, tmp_path, row(1, rooms=20))
    second = last_import(district).id
    take(district, tmp_path, row(1, rooms=30))
    assert "giudulieu đã sửa" in refusal(district, import_id=second)
    undo_last(district)
    assert last_import(district).undone_at is not None
    register_history.undo_import(district, STEWARD, second)
    assert content(district)["premises"] == before


def test_an_import_stays_when_a_premises_it_brought_in_has_been_inspected(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, row(1), row(2))
    premises_id = id_of(district, "Nhà nghỉ Hoa Sen")
    with district.write(STEWARD) as work:
        visit = {"premises_id": premises_id, "on_date": work.today, "outcome": "checked"}
        add_rows(work, Inspection, [{**work.event(), **visit}])
    assert "Nhà nghỉ Hoa Sen: đã có lượt kiểm tra" in refusal(district)


def test_the_refusal_does_not_tell_of_a_tip(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    with district.write(STEWARD) as work:
        tip = {"premises_id": id_of(district, "Nhà nghỉ Hoa Sen"), "on_date": work.today, "state": "received"}
        add_rows(work, Signal, [{**work.event(), **tip, "source": "hotline"}])
    assert "hồ sơ khác" in refusal(district)


@pytest.mark.parametrize("kind", ["planned", "unannounced"])
def test_the_refusal_does_not_tell_a_hidden_visit_from_another_file(
    district: Store, tmp_path: Path, kind: str
) -> None:
    take(district, tmp_path, row(1))
    with district.write(STEWARD) as work:
        plan = Plan(
            id="p", first_day=work.today, last_day=work.today, made_at=work.now, made_by="lập lịch",
            sealed_seed="1", seed_given=False, settings={}, summary={},
        )  # fmt: skip
        work.session.add_all([plan, Team(id="t", name="Đội Mẫu", kind="ward", valid_from=work.today)])
        work.session.flush()
        stop = Visit(
            plan_id="p", premises_id=id_of(district, "Nhà nghỉ Hoa Sen"), team_id="t", on_date=work.today,
            arrive=work.now, leave=work.now, position=1, kind=kind, reason={}, evidence=[], joint_with=[],
            drawn_at_random=False, selection_probability=0.0, locked=False,
        )  # fmt: skip
        work.session.add(stop)
    assert "Nhà nghỉ Hoa Sen: đã có hồ sơ khác gắn với cơ sở này" in refusal(district)


def test_who_takes_the_sheet_of_a_premises_out_has_not_changed_it(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    premises_id = id_of(district, "Nhà nghỉ Hoa Sen")
    edit(district, premises_id, rooms=40)
    premises_sheet(district, VIEWER, premises_id, today(district), with_risk=False)
    assert VIEWER.name not in refusal(district)


def test_an_inspection_does_not_hold_an_import_that_only_changed_the_premises(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, row(1))
    take(district, tmp_path, row(1, rooms=12))
    with district.write(STEWARD) as work:
        visit = {"premises_id": id_of(district, "Nhà nghỉ Hoa Sen"), "on_date": work.today}
        add_rows(work, Inspection, [{**work.event(), **visit, "outcome": "checked"}])
    assert undo_last(district) == {"removed": 0, "restored": 1}


def test_an_import_is_undone_once_and_the_audit_log_says_so(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    undo_last(district)
    with pytest.raises(RuleError, match="đã được giudulieu hoàn tác"):
        undo_last(district)
    with pytest.raises(InputError, match="Không có lượt nhập"):
        register_history.undo_import(district, STEWARD, "khong-co")
    with district.read(STEWARD) as work:
        actions = list(work.session.scalars(select(AuditEntry.action)))
    assert actions[-2:] == ["import.premises", "import.undo"]


@pytest.mark.parametrize("who", [VIEWER, OFFICER])
def test_who_may_not_import_may_not_undo(district: Store, tmp_path: Path, who: Actor) -> None:
    take(district, tmp_path, row(1))
    for forbidden in (
        lambda: register_history.imports(district, who),
        lambda: register_history.undo_import(district, who, last_import(district).id),
    ):
        with pytest.raises(RuleError):
            forbidden()


def test_an_identity_number_is_in_no_line_of_the_history(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    take(district, tmp_path, row(1, registration=IDENTITY, id=id_of(district, "Nhà nghỉ Hoa Sen")))
    with district.read(STEWARD) as work:
        hashed = work.session.scalars(select(Premises.registration_hash)).one()
    told = repr(register_history.history(district, STEWARD, id_of(district, "Nhà nghỉ Hoa Sen")))
    told += repr(register_history.import_of(district, STEWARD, last_import(district).id))
    assert "số định danh" in told
    assert hashed is not None
    assert hashed not in told
    assert IDENTITY not in told


def test_the_history_of_a_premises_tells_its_names_with_their_days(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    premises_id = id_of(district, "Nhà nghỉ Hoa Sen")
    take(district, tmp_path, row(1, name="Nhà nghỉ Hoa Hồng", type="karaoke", rooms=11))
    take(district, tmp_path, row(1, name="Nhà nghỉ Hoa Nhầm", type="karaoke", rooms=11))
    undo_last(district)
    undo, mistake, renamed, came = register_history.history(district, VIEWER, premises_id)
    assert [render(c.what) for c in (came, renamed, mistake, undo)] == [
        "đưa vào danh sách", "cập nhật", "cập nhật", "hoàn tác lượt nhập"
    ]  # fmt: skip
    assert (came.by, came.on_date, renamed.telling) == ("giudulieu", today(district), True)
    lines = {line.field: (line.old, line.new) for line in renamed.lines}
    assert lines["name"] == ("Nhà nghỉ Hoa Sen", "Nhà nghỉ Hoa Hồng")
    assert lines["rooms"] == (10, 11)
    assert (mistake.undone, renamed.undone) == (True, False)


def test_grounds_of_complexity_are_told_only_to_those_who_may_see_tips(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1))
    premises_id = id_of(district, "Nhà nghỉ Hoa Sen")
    with district.write(STEWARD) as work:
        premises = register.premises_rows(work, [premises_id])[premises_id]
        before = register.snapshot(premises)
        premises.complex_grounds = "vi phạm nhiều lần"
        register.record_since(work, premises, before)
    assert "vi phạm nhiều lần" in repr(register_history.history(district, STEWARD, premises_id))
    assert "vi phạm nhiều lần" not in repr(register_history.history(district, VIEWER, premises_id))


def missing(store: Store, folder: Path, *rows: list[Any]) -> list[str]:
    preview = preview_premises(store, STEWARD, PremisesRequest(file_of(folder, *rows)))
    return [one.name for one in preview.missing]


def test_a_preview_names_the_premises_that_the_file_does_not_have(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1), row(2), row(3, status="Ngừng hoạt động"), row(4, lon=105.85))
    assert missing(district, tmp_path, row(1)) == ["Nhà nghỉ Bình Minh"]
    assert missing(district, tmp_path, row(1), row(2)) == []
    assert missing(district, tmp_path, row(4, lon=105.85)) == []
    assert missing(district, tmp_path, row(1), row(5, lon=105.85)) == [
        "Nhà nghỉ Bình Minh", "Nhà nghỉ Trăng Khuyết"
    ]  # fmt: skip


def seen_at(store: Store, **where: Any) -> list[tuple[str, bool]]:
    return [(one.name, one.former) for one in at_address(store, VIEWER, day=today(store), **where)]


def test_what_stood_at_an_address_before_is_told_though_it_had_another_name(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, row(1, name="Karaoke Sao Đêm", type="karaoke", status="Ngừng hoạt động"))
    take(district, tmp_path, row(2, address="10 phố Giả Định", lat=20.9510, lon=105.77))
    take(district, tmp_path, row(3, address="Số 12 Phố Giả Định", lat=20.9510, lon=105.77))
    premises_id = id_of(district, "Nhà nghỉ Bình Minh")
    (before,) = at_address(district, VIEWER, day=today(district), premises_id=premises_id)
    assert (before.name, before.status, before.last) == (
        "Karaoke Sao Đêm", PremisesStatus.CLOSED, today(district)
    )  # fmt: skip
    assert seen_at(district, address="số 10, Phố Giả Định") == [
        ("Nhà nghỉ Bình Minh", False), ("Karaoke Sao Đêm", False)
    ]  # fmt: skip
    assert seen_at(district, address="Số 14 Phố Giả Định", point=(105.77, 20.951)) == []


def test_the_same_house_number_on_the_spot_is_the_same_address_though_the_street_is_renamed(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, row(1))
    here = {"address": "10 Đường Tên Mới", "point": (105.77, 20.95105)}
    assert seen_at(district, **here) == [("Nhà nghỉ Hoa Sen", False)]
    assert seen_at(district, **here | {"point": (105.77, 20.953)}) == []


def test_former_names_and_addresses_are_told_and_a_mistaken_import_is_not(
    district: Store, tmp_path: Path
) -> None:
    take(district, tmp_path, row(1))
    premises_id = id_of(district, "Nhà nghỉ Hoa Sen")
    take(district, tmp_path, row(1, name="Nhà nghỉ Hoa Hồng"))
    take(district, tmp_path, row(1, name="Nhà nghỉ Hoa Nhầm"))
    undo_last(district)
    moved = row(1, name="Nhà nghỉ Hoa Hồng", address="Số 90 Phố Giả Định", lat=20.99)
    take(district, tmp_path, moved)
    assert seen_at(district, address="Số 10 Phố Giả Định") == [
        ("Nhà nghỉ Hoa Hồng", True), ("Nhà nghỉ Hoa Sen", True)
    ]  # fmt: skip
    assert seen_at(district, address="Số 90 Phố Giả Định") == [("Nhà nghỉ Hoa Hồng", False)]
    assert seen_at(district, premises_id=premises_id) == []
    (_later, first) = at_address(district, VIEWER, day=today(district), address="Số 10 Phố Giả Định")
    assert (first.last, first.name_now, first.address_now) == (
        today(district), "Nhà nghỉ Hoa Hồng", "Số 90 Phố Giả Định"
    )  # fmt: skip


def test_asking_for_the_past_of_an_unknown_premises_says_so(district: Store) -> None:
    with pytest.raises(InputError, match="Không có cơ sở"):
        at_address(district, VIEWER, day=date(2026, 1, 1), premises_id="khong-co")


def test_undoing_keeps_the_point_to_the_last_digit(district: Store, tmp_path: Path) -> None:
    take(district, tmp_path, row(1, lat=20.951234567890123, lon=105.77123456789012))
    before = content(district)["premises"][0]["geom"]
    take(district, tmp_path, row(1, lat=20.96, lon=105.78))
    undo_last(district)
    assert shapely.equals_exact(content(district)["premises"][0]["geom"], before, 0.0)
    with district.read(Actor("x", Role.ADMIN)) as work:
        assert work.session.scalars(select(PremisesStatusChange)).all() == []
