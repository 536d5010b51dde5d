"""What the law asks at a check, by type of premises and by day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import geo.checklist
from geo.checklist import (
    Answered,
    Asked,
    check_answers,
    from_document,
    parse_checklist,
    to_document,
    told_count,
)
from geo.errors import InputError
from geo.risk_settings import parse_settings
from geo.words import CheckAnswer, CheckCount, CheckItem, FindingKind, PremisesType

FOLDER = Path(geo.checklist.__file__).parent
CHECKLIST = parse_checklist((FOLDER / "checklist.toml").read_text(encoding="utf-8"))
REQUIRED = parse_settings((FOLDER / "risk.toml").read_text(encoding="utf-8")).required_papers
TODAY = date(2026, 11, 24)
YES, NO = CheckAnswer.YES, CheckAnswer.NO


def asked(kind: PremisesType, day: date = TODAY) -> dict[CheckItem, Asked]:
    return {one.item: one for one in CHECKLIST.asked(kind, day, REQUIRED)}


def test_a_karaoke_is_asked_for_its_licence_and_a_hotel_for_its_register_of_lodgers() -> None:
    karaoke, hotel = asked(PremisesType.KARAOKE), asked(PremisesType.HOTEL)
    assert CheckItem.KARAOKE in karaoke and CheckItem.LODGING not in karaoke
    assert CheckItem.LODGING in hotel and CheckItem.KARAOKE not in hotel


@pytest.mark.parametrize("kind", list(PremisesType))
def test_every_premises_is_asked_for_contracts_health_checks_and_its_commitment(kind: PremisesType) -> None:
    assert {CheckItem.LABOUR, CheckItem.HEALTH, CheckItem.COMMITMENT} <= set(asked(kind))


def test_a_cafe_needs_no_security_certificate() -> None:
    assert CheckItem.SECURITY not in asked(PremisesType.CAFE)


@pytest.mark.parametrize(
    "item, day, law",
    [
        (CheckItem.FIRE, date(2025, 6, 30), "Nghị định 136/2020/NĐ-CP"),
        (CheckItem.FIRE, date(2025, 7, 1), "Luật 55/2024/QH15, Nghị định 105/2025/NĐ-CP"),
        (CheckItem.SECURITY, date(2023, 8, 14), "Nghị định 96/2016/NĐ-CP"),
        (CheckItem.SECURITY, TODAY, "Nghị định 96/2016/NĐ-CP, sửa đổi bởi Nghị định 56/2023/NĐ-CP"),
        (CheckItem.KARAOKE, date(2024, 5, 1), "Nghị định 54/2019/NĐ-CP"),
        (CheckItem.KARAOKE, TODAY, "Nghị định 54/2019/NĐ-CP, sửa đổi bởi Nghị định 148/2024/NĐ-CP"),
        (CheckItem.COMMITMENT, date(2025, 12, 31), "Kế hoạch 316/KH-UBND ngày 29/11/2021"),
        (CheckItem.COMMITMENT, TODAY, "Kế hoạch 06/KH-UBND ngày 07/01/2026"),
    ],
)
def test_each_item_names_the_law_of_its_day(item: CheckItem, day: date, law: str) -> None:
    assert asked(PremisesType.KARAOKE, day)[item].law == law


def test_a_finding_is_sanctioned_by_the_decree_of_its_own_day() -> None:
    security, fire = FindingKind.SECURITY, FindingKind.FIRE
    assert CHECKLIST.sanction(security, date(2025, 12, 14)) == "Nghị định 144/2021/NĐ-CP"
    assert CHECKLIST.sanction(security, date(2025, 12, 15)) == "Nghị định 282/2025/NĐ-CP"
    assert CHECKLIST.sanction(fire, date(2025, 7, 1)) == "Nghị định 106/2025/NĐ-CP"
    assert CHECKLIST.sanction(FindingKind.OTHER, TODAY) is None


def test_no_item_asks_for_people_or_for_health_beyond_counts() -> None:
    for kind in PremisesType:
        for one in asked(kind).values():
            assert set(one.counts) <= set(CheckCount)
    assert asked(PremisesType.MASSAGE)[CheckItem.HEALTH].counts == (CheckCount.HEALTH_CHECKED,)


def answers(kind: PremisesType = PremisesType.MASSAGE, **counts: int) -> dict[CheckItem, Answered]:
    heads = {CheckCount(name): number for name, number in counts.items()}
    found = {}
    for one in asked(kind).values():
        found[one.item] = Answered(YES, {c: heads[c] for c in one.counts if c in heads})
    return found


def test_an_item_without_an_answer_is_named() -> None:
    given = {**answers(), CheckItem.FIRE: Answered(None)}
    items = list(asked(PremisesType.MASSAGE).values())
    with pytest.raises(InputError, match="phòng cháy"):
        check_answers(items, given, all_of_them=True)
    check_answers(items, given, all_of_them=False)


@pytest.mark.parametrize(
    "counts", [{"workers": 3, "contracts": 4}, {"workers": 3, "health_checked": 4}, {"workers": 99_999}]
)
def test_heads_that_cannot_be_are_refused(counts: dict[str, int]) -> None:
    with pytest.raises(InputError) as refused:
        check_answers(list(asked(PremisesType.MASSAGE).values()), answers(**counts), all_of_them=True)
    assert refused.value.code == "heads"


def test_answers_are_kept_with_the_law_of_the_day_and_read_back() -> None:
    given = {**answers(workers=12, contracts=9, health_checked=12), CheckItem.FIRE: Answered(NO)}
    document = to_document(list(asked(PremisesType.MASSAGE).values()), given, TODAY)
    assert document["items"]["fire"]["law"] == "Luật 55/2024/QH15, Nghị định 105/2025/NĐ-CP"
    assert from_document(document) == given
    assert from_document(None) == {}


@pytest.mark.parametrize("workers, checked", [(20, 4), (20, 17), (None, 1)])
def test_few_heads_about_health_are_not_told(workers: int | None, checked: int) -> None:
    heads = {CheckCount.HEALTH_CHECKED: checked}
    if workers is not None:
        heads[CheckCount.WORKERS] = workers
    said = str(told_count(CheckCount.HEALTH_CHECKED, heads))
    assert "dưới 5" in said
    assert f": {checked}" not in said


def test_enough_heads_are_told() -> None:
    heads = {CheckCount.HEALTH_CHECKED: 12, CheckCount.WORKERS: 12, CheckCount.CONTRACTS: 2}
    assert str(told_count(CheckCount.HEALTH_CHECKED, heads)).endswith(": 12")
    assert str(told_count(CheckCount.CONTRACTS, heads)).endswith(": 2")


@pytest.mark.parametrize(
    "text",
    [
        "[[item]",
        '[[item]]\nitem = "singing"',
        '[[item]]\nitem = "fire"\n[[item.law]]\nname = "Luật"',
        '[[item]]\nitem = "fire"\n[[item.law]]\nname = "Luật"\nfrom = 2026-01-01\nuntil = 2025-01-01',
    ],
)
def test_a_slip_in_the_file_of_laws_is_told(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_checklist(text)
    assert refused.value.code == "checklist"
