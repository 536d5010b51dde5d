"""The page of duplicates: two premises side by side, merged with a reason, taken apart again."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.services import merging
from data.store import Store
from geo.words import Role
from tests.pages.test_pages import opened
from tests.services.register_world import STEWARD, fill, row, take


@pytest.fixture
def twice(empty_store: Store, tmp_path: Path) -> Store:
    fill(empty_store)
    other = row(1, name="NN Hoa Sen <b>1</b>", rooms=12, registration=None, security=None)
    take(empty_store, tmp_path, row(1), other)
    return empty_store


def press(shown: AppTest, words: str) -> AppTest:
    next(button for button in shown.button if words in button.label).click()
    after = shown.run()
    assert not after.exception
    return after


def texts(shown: AppTest) -> str:
    return "\n".join(one.value for one in [*shown.markdown, *shown.error, *shown.info])


def test_a_pair_is_shown_with_its_differences_and_merged_only_with_a_reason(
    monkeypatch: pytest.MonkeyPatch, twice: Store
) -> None:
    shown = opened(monkeypatch, twice, Role.STEWARD, "duplicates")
    assert "**1** cặp cần xem" in texts(shown)
    assert "| ≠ Số phòng |" in texts(shown)
    assert "| Phường | Phường Hà Đông | Phường Hà Đông |" in texts(shown)
    assert "<b>" not in texts(shown)
    refused = press(shown, "giữ “Nhà nghỉ Hoa Sen”")
    assert "Cần ghi lý do." in texts(refused)
    refused.text_input[0].set_value("cùng một cơ sở")
    done = press(refused, "giữ “Nhà nghỉ Hoa Sen”")
    assert "**0** cặp cần xem" in texts(done)
    again = press(done, "Tách lại thành hai cơ sở")
    assert "**1** cặp cần xem" in texts(again)
    assert merging.merges(twice, STEWARD)[0].unmerged_at is not None


def test_a_pair_that_is_none_goes_from_the_list_and_can_be_called_back(
    monkeypatch: pytest.MonkeyPatch, twice: Store
) -> None:
    shown = opened(monkeypatch, twice, Role.STEWARD, "duplicates")
    apart = press(shown, "Không trùng")
    assert "Không có cặp cơ sở nào nghi trùng." in texts(apart)
    assert "**1** cặp cần xem" in texts(press(apart, "Xem lại"))
