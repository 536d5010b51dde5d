"""The office's own settings are read from a file that tells what is wrong with it."""

from __future__ import annotations

import json
from datetime import date, time

import pytest

from geo.errors import InputError
from geo.plan_settings import PlanningSettings, parse_settings, read_settings, settings_document, window
from tests.paths import ROOT

OURS = (ROOT / "geo" / "planning.toml").read_text(encoding="utf-8")


def test_the_file_that_comes_with_the_app_says_what_the_defaults_are() -> None:
    assert parse_settings(OURS) == PlanningSettings()


def test_what_a_file_leaves_out_keeps_its_default() -> None:
    assert parse_settings("") == PlanningSettings()
    read = parse_settings('[plan]\noutings_per_week = 3\npace = 0\ndays_off = [2026-09-03]\nmode = "car"')
    assert (read.outings_per_week, read.pace, read.mode) == (3, None, "car")
    assert read.days_off == {date(2026, 9, 3)}
    assert read.windows == PlanningSettings().windows


def test_several_windows_and_windows_over_midnight() -> None:
    read = parse_settings('[hours]\nkaraoke = ["19:00-23:30", "22:00-01:00"]\nhotel = ["08:00 - 24:00"]')
    assert read.windows["karaoke"] == (window(time(19), time(23, 30)), window(time(22), time(1)))
    assert read.windows["hotel"][0].close_s == 24 * 3600


@pytest.mark.parametrize(
    "text",
    [
        OURS,
        '[plan]\npace = 0\nrandom_share = 0.3\nweekdays = [5, 6]\ndays_off = [2026-09-03]\nmode = "car"',
        '[hours]\nkaraoke = ["19:00-23:30", "22:00-01:00"]\nhotel = ["08:00-24:00"]\n[after_hours]\n',
        "[service]\nusual = 30\nbar = 20\n[weights]\nrisk = 10.5\nsince_cap_days = 90",
        '[agencies]\nfire = ["PCCC"]',
    ],
)
def test_settings_that_were_kept_are_read_back_as_they_were(text: str) -> None:
    settings = parse_settings(text)
    assert read_settings(json.loads(json.dumps(settings_document(settings)))) == settings


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[plann]", "plann"),
        ("[plan]\noutings = 2", "plan.outings"),
        ("[plan]\noutings_per_week = 0", "plan.outings_per_week"),
        ("[plan]\noutings_per_week = 1.5", "plan.outings_per_week"),
        ("[plan]\nrandom_share = 15", "plan.random_share"),
        ("[plan]\ntarget_share = true", "plan.target_share"),
        ("[plan]\npace = nan", "plan.pace"),
        ('[plan]\nmode = "bus"', "plan.mode"),
        ("[plan]\nweekdays = [7]", "plan.weekdays"),
        ("[plan]\ndays_off = [2026-09-03T00:00:00]", "plan.days_off"),
        ("[plan]\ndays_off = 2026-09-03", "plan.days_off"),
        ('[hours]\nkaraok = ["19:00-23:30"]', "hours.karaok"),
        ('[hours]\nkaraoke = "19:00-23:30"', "hours.karaoke"),
        ('[hours]\nkaraoke = ["19:00-25:30"]', "hours.karaoke"),
        ('[hours]\nkaraoke = ["19h"]', "hours.karaoke"),
        ('[hours]\nkaraoke = ["19:00-19:00"]', "hours.karaoke"),
        ("[service]\nkaraoke = 0", "service.karaoke"),
        ("[service]\nspa = 10", "service.spa"),
        ('[agencies]\nfire = [""]', "agencies.fire"),
        ("[weights]\nrisk = -1", "weights.risk"),
        ("[weights]\nluck = 1", "weights.luck"),
        ("weights = 1", "weights"),
    ],
)
def test_a_wrong_value_or_name_is_told_by_its_key(text: str, key: str) -> None:
    with pytest.raises(InputError) as told:
        parse_settings(text)
    assert told.value.message.values["key"] == key


def test_a_file_that_is_no_toml_is_told() -> None:
    with pytest.raises(InputError, match="TOML"):
        parse_settings("[plan")
