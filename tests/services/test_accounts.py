"""Signing in: who gets in, who does not, and how long a session lives."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.cli import main
from app.config import Settings
from app.services import account_reach, accounts, oidc
from data.store import Actor, Store
from data.tables import LoginSession
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.services.account_world import PASSWORD, audited, office, office_folder, office_settings, tired

__all__ = ["office", "office_folder", "office_settings"]
SETTINGS = Settings()


@pytest.fixture
def store(office: Store) -> Store:
    return office


def test_the_right_password_opens_a_session_and_signing_out_ends_it(store: Store) -> None:
    token = accounts.sign_in(store, SETTINGS, "quantri", PASSWORD)
    assert accounts.who(store, SETTINGS, token) == Actor("quantri", Role.ADMIN)
    accounts.sign_out(store, token)
    assert accounts.who(store, SETTINGS, token) is None


@pytest.mark.parametrize("name, password", [("quantri", "sai"), ("không-có", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_opens_nothing(store: Store, name: str, password: str) -> None:
    assert accounts.sign_in(store, SETTINGS, name, password) is None


def test_after_many_wrong_tries_even_the_right_password_has_to_wait(store: Store) -> None:
    tired(store)
    accounts.sign_in(store, SETTINGS, "quantri", "sai")
    assert accounts.sign_in(store, SETTINGS, "quantri", PASSWORD) is None


def test_a_session_that_was_not_used_for_an_hour_is_over(store: Store) -> None:
    token = accounts.sign_in(store, SETTINGS, "quantri", PASSWORD)
    with store.write(accounts.SYSTEM) as work:
        idle = work.now - timedelta(minutes=SETTINGS.session_idle_minutes + 1)
        work.session.execute(update(LoginSession).values(seen_at=idle))
    assert accounts.who(store, SETTINGS, token) is None


def test_a_made_up_token_opens_nothing(store: Store) -> None:
    assert accounts.who(store, SETTINGS, "không-phải-token") is None
    assert accounts.who(store, SETTINGS, None) is None


def test_the_first_account_is_made_once_only(store: Store) -> None:
    with pytest.raises(RuleError):
        accounts.create_first_account(store, "khác", PASSWORD)


def test_a_short_password_and_a_taken_name_are_refused(store: Store, operator: Actor) -> None:
    with pytest.raises(InputError, match="ít nhất"):
        accounts.create_account(store, operator, "moi", Role.VIEWER, "ngắn")
    with pytest.raises(InputError, match="Đã có"):
        accounts.create_account(store, operator, "quantri", Role.VIEWER, PASSWORD)


def test_only_an_administrator_makes_accounts(store: Store) -> None:
    with pytest.raises(RuleError):
        accounts.create_account(store, Actor("x", Role.PLANNER), "moi", Role.VIEWER, PASSWORD)


# --- what an administrator does


ADMIN = Actor("quantri", Role.ADMIN)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_missing"),
        ("nguyenvana@hanoi.gov.vn", "name_personal"),
        ("0912345678", "name_personal"),
        ("kiemtra-001085012345", "name_personal"),
        ("hai từ", "name_unusable"),
        ("<script>", "name_unusable"),
        ("a", "name_unusable"),
        ("x" * 41, "name_unusable"),
        ("-gach", "name_unusable"),
        ("a\x00b", "name_unusable"),
    ],
)
def test_an_account_is_named_after_an_office_not_a_person(name: str, code: str) -> None:
    with pytest.raises(InputError) as refused:
        accounts.checked_name(name)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["canbo-kienhung", "Đội.178", "lãnhđạo", "ca1"])
def test_names_of_offices_are_taken(name: str) -> None:
    assert accounts.checked_name(f" {name} ") == name


def test_names_that_look_alike_are_one(store: Store) -> None:
    with pytest.raises(InputError, match="Đã có"):
        accounts.open_account(store, ADMIN, "QuảnTrị", Role.VIEWER)


def test_a_wards_own_account_needs_its_ward(own_demo: Store) -> None:
    with pytest.raises(RuleError) as refused:
        accounts.open_account(own_demo, ADMIN, "canbo-moi", Role.WARD_OFFICER)
    assert refused.value.code == "scope_missing"
    with pytest.raises(InputError) as unknown:
        account_reach.unit_ids_of(own_demo, ADMIN, ["99999"], DEMO_DAY)
    assert unknown.value.code == "unknown_unit"
    by_code = account_reach.unit_ids_of(own_demo, ADMIN, ["09552"], DEMO_DAY)
    assert by_code == account_reach.unit_ids_of(own_demo, ADMIN, ["phuong kien hung"], DEMO_DAY)
    accounts.open_account(own_demo, ADMIN, "canbo-moi", Role.WARD_OFFICER, unit_ids=by_code)
    assert accounts.named_actor(own_demo, "canbo-moi").scope == by_code


def test_a_change_of_role_is_written_down_with_before_and_after_and_ends_the_sessions(
    own_demo: Store,
) -> None:
    found = account_reach.choices(own_demo, ADMIN, DEMO_DAY)
    unit, team = next(iter(found.units)), next(iter(found.teams))
    accounts.create_account(own_demo, ADMIN, "doitruong", Role.VIEWER, PASSWORD)
    token = accounts.sign_in(own_demo, SETTINGS, "doitruong", PASSWORD)
    accounts.change_account(own_demo, ADMIN, "doitruong", Role.INSPECTOR, unit_ids=[unit], team_ids=[team])
    assert accounts.who(own_demo, SETTINGS, token) is None
    told = [entry for entry in audited(own_demo) if entry.action == "account.change"]
    assert [entry.actor for entry in told] == ["quantri"]
    assert told[0].detail["before"] == {"role": "viewer", "units": [], "teams": []}
    assert told[0].detail["after"]["role"] == "inspector"
    assert told[0].detail["after"]["teams"] == [team]
    row = next(row for row in accounts.all_accounts(own_demo, SETTINGS, ADMIN) if row.name == "doitruong")
    assert (list(row.units), list(row.teams)) == ([unit], [team])


def test_the_last_administrator_stays(store: Store) -> None:
    for shut in (
        lambda: accounts.disable(store, ADMIN, "quantri"),
        lambda: accounts.change_account(store, ADMIN, "quantri", Role.VIEWER, unit_ids=[], team_ids=[]),
    ):
        with pytest.raises(RuleError) as refused:
            shut()
        assert refused.value.code == "last_administrator"
    accounts.create_account(store, ADMIN, "quantri2", Role.ADMIN, PASSWORD)
    accounts.disable(store, ADMIN, "quantri")
    with pytest.raises(RuleError):
        accounts.disable(store, ADMIN, "quantri2")


def test_a_disabled_account_is_out_at_once_and_may_come_back(store: Store) -> None:
    token = accounts.sign_in(store, SETTINGS, "nguoixem", PASSWORD)
    accounts.disable(store, ADMIN, "nguoixem")
    assert accounts.who(store, SETTINGS, token) is None
    assert accounts.sign_in(store, SETTINGS, "nguoixem", PASSWORD) is None
    accounts.enable(store, ADMIN, "nguoixem")
    assert accounts.sign_in(store, SETTINGS, "nguoixem", PASSWORD)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_nobody_but_an_administrator_does_any_of_this(store: Store, role: Role) -> None:
    other = Actor("x", role)
    for act in (
        lambda: accounts.open_account(store, other, "moi", Role.ADMIN),
        lambda: accounts.change_account(store, other, "quantri", role, unit_ids=["u"], team_ids=[]),
        lambda: accounts.disable(store, other, "quantri"),
        lambda: accounts.enable(store, other, "quantri"),
        lambda: accounts.reset(store, other, "quantri"),
        lambda: accounts.end_sessions_of(store, other, "quantri"),
        lambda: accounts.all_accounts(store, SETTINGS, other),
        lambda: account_reach.choices(store, other, DEMO_DAY),
        lambda: oidc.link_code(store, other, "quantri"),
    ):
        with pytest.raises(RuleError) as refused:
            act()
        assert refused.value.code == "not_allowed"


def test_no_password_or_code_is_ever_in_the_log(store: Store) -> None:
    word = accounts.open_account(store, ADMIN, "kiemtoan", Role.AUDITOR)
    again = accounts.reset(store, ADMIN, "kiemtoan")
    code = oidc.link_code(store, ADMIN, "kiemtoan")
    said = repr([(entry.subject, entry.detail) for entry in audited(store)])
    assert word not in said and again not in said and code not in said


def test_the_command_line_makes_lists_and_shuts_accounts(
    capsys: pytest.CaptureFixture[str], store: Store
) -> None:
    def run(*arguments: str, code: int = 0) -> dict[str, Any]:
        database = f"sqlite:///{store.engine.url.database}"
        assert main(["user", *arguments, "--db", database, "--json"]) == code
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    made = run("add", "kiemtoan", "--role", "auditor")
    assert accounts.sign_in(store, SETTINGS, "kiemtoan", made["password"])
    assert run("add", "quantri", "--role", "admin", code=2)["error"]["code"] == "name_taken"
    assert run("add", "moi", "--role", "boss", code=2)["error"]["code"] == "unknown_role"
    assert run("add", "moi", "--role", "viewer", "--unit", "1", code=2)["error"]["code"] == "unknown_unit"
    row = run("list")["accounts"][0]
    assert (row["name"], row["role"], row["must_change"]) == ("kiemtoan", "auditor", True)
    assert made["password"] not in repr(run("list"))
    assert run("reset", "kiemtoan")["password"] != made["password"]
    assert run("disable", "quantri", code=2)["error"]["code"] == "last_administrator"
    assert run("disable", "kiemtoan")["disabled"] is True
    assert run("reset", "khongco", code=2)["error"]["code"] == "unknown_account"
