"""Signing in under attack: guessing, listing accounts, old hashes, what is kept of where people come from."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.config import Settings
from app.services import accounts, lockout, own_password, passwords, sessions
from app.services.sessions import Need, Origin
from app.services.sign_in import Entered, enter
from data.store import Store
from data.tables import Account, AddressLock, LoginSession
from geo.errors import InputError, RuleError
from geo.words import Role
from tests.services.account_world import (
    ADMIN,
    OTHER,
    PASSWORD,
    audited,
    kept,
    office,
    office_folder,
    office_settings,
    tired,
)

__all__ = ["office", "office_folder", "office_settings"]
HERE = Origin("192.0.2.7", "Firefox/Windows")


def token_of(store: Store, settings: Settings, name: str = "quantri", password: str = PASSWORD) -> str:
    entry = enter(store, settings, name, password, HERE)
    assert isinstance(entry, Entered)
    return entry.token


# --- passwords


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd2026!",
        "qwertyuiop12",
        "1qaz2wsx3edc",
        "123456789012",
        "Welcome@2026",
        "matkhau12345",
        "Mật khẩu 2026",
        "anhyeuem1234",
        "Hadong@12345",
        "abcabcabcabc",
        "aaaaaaaaaaaa",
        "19081945-02091945",
        "diaban-diaban-1",
        "quantri-2026-quantri",
    ],
)
def test_common_passwords_and_those_made_of_known_names_are_refused(password: str) -> None:
    with pytest.raises(InputError) as refused:
        passwords.check(password, ["quantri"])
    assert refused.value.code in ("password_common", "password_guessable")


@pytest.mark.parametrize(
    "password",
    [OTHER, "trời mưa thì ở nhà", "correct horse battery staple", "xK9#mQ2$vL7p", "🐈🐕🐇🐎🐖🐓🦆🐝🐞🐢🐟🦀"],
)
def test_any_long_sentence_in_any_script_is_good_without_rules_of_composition(password: str) -> None:
    passwords.check(password, ["quantri"])


def test_a_password_with_a_thousand_characters_is_taken_and_a_longer_one_is_told() -> None:
    long = "một câu rất dài " * 60 + "và hết"
    passwords.check(long[:1024], [])
    with pytest.raises(InputError, match="dài nhất"):
        passwords.check("x y" * 400, [])


@given(st.text(min_size=0, max_size=60))
def test_whatever_is_typed_is_judged_in_words(password: str) -> None:
    try:
        passwords.check(password, ["canbo-kienhung"])
    except InputError as refused:
        assert refused.code.startswith("password_")


def test_given_passwords_are_never_refused_by_the_own_rules() -> None:
    for _ in range(200):
        passwords.check(passwords.one_time(), ["kiemtra-hadong"])


def test_vietnamese_letters_fit_however_the_keyboard_composes_them(
    office: Store, office_settings: Settings
) -> None:
    import unicodedata

    apart = unicodedata.normalize("NFD", PASSWORD)
    assert apart != PASSWORD
    assert token_of(office, office_settings, password=apart)


def test_an_old_hash_is_renewed_when_its_owner_signs_in(office: Store, office_settings: Settings) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with office.write(accounts.SYSTEM) as work:
        work.session.execute(update(Account).where(Account.name == "quantri").values(password_hash=weak))
    token_of(office, office_settings)
    assert kept(office).password_hash != weak
    assert not passwords.outdated(kept(office).password_hash)


def test_passwords_are_kept_with_argon2id_and_what_the_standard_asks() -> None:
    hasher = PasswordHasher()
    assert (hasher.type.name, hasher.memory_cost >= 19 * 1024, hasher.time_cost >= 2) == ("ID", True, True)


# --- guessing


def test_each_wrong_try_makes_the_account_wait_longer(office: Store, office_settings: Settings) -> None:
    waits = []
    for _ in range(lockout.FREE_FAILURES + 3):
        enter(office, office_settings, "quantri", "sai", HERE)
        with office.write(accounts.SYSTEM) as work:
            account = work.session.scalars(select(Account).where(Account.name == "quantri")).one()
            waits.append(account.locked_until - work.now if account.locked_until else timedelta(0))
            # As if the time had passed.
            account.locked_until = None
    assert waits[: lockout.FREE_FAILURES] == [timedelta(0)] * lockout.FREE_FAILURES
    assert waits[-3] < waits[-2] < waits[-1] <= lockout.LONGEST_WAIT


def test_the_wait_ends_at_an_hour_however_many_tries(office: Store, office_settings: Settings) -> None:
    with office.write(accounts.SYSTEM) as work:
        work.session.execute(update(Account).values(failures=5_000))
    enter(office, office_settings, "quantri", "sai", HERE)
    assert kept(office).locked_until is not None
    with office.read(accounts.SYSTEM) as work:
        assert kept(office).locked_until <= work.now + lockout.LONGEST_WAIT


def test_an_address_that_guesses_many_accounts_has_to_wait_and_others_need_not(
    office: Store, office_settings: Settings
) -> None:
    enter(office, office_settings, "khong-co-1", "sai", HERE)
    tired(office)
    enter(office, office_settings, "khong-co-2", "sai", HERE)
    with office.write(accounts.SYSTEM) as work:
        work.session.execute(update(Account).values(failures=0))
    assert enter(office, office_settings, "quantri", PASSWORD, HERE) is None
    assert enter(office, office_settings, "quantri", PASSWORD, Origin("198.51.100.1")) is not None


def test_of_an_address_nothing_readable_is_kept(office: Store, office_settings: Settings) -> None:
    enter(office, office_settings, "quantri", "sai", HERE)
    token_of(office, office_settings)
    with office.read(accounts.SYSTEM) as work:
        locks = list(work.session.scalars(select(AddressLock)))
        origins = list(work.session.scalars(select(LoginSession.origin)))
    said = json.dumps([[lock.key for lock in locks], origins, [entry.origin for entry in audited(office)]])
    assert len(locks) == 1
    assert "192.0.2.7" not in said
    assert "Firefox" in said


def test_the_last_try_of_a_whole_network_counts_as_one_address(office: Store) -> None:
    with office.write(accounts.SYSTEM) as work:
        one, two, far = (
            sessions.address_key(work, address)
            for address in ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", "2001:db8:1:3::5")
        )
        mapped, plain = (sessions.address_key(work, text) for text in ("::ffff:192.0.2.7", "192.0.2.7"))
    assert one == two != far
    assert mapped == plain


def test_a_name_that_does_not_exist_costs_the_same_work(
    office: Store, office_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    real = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda kept, word: hashed.append(kept) or real(kept, word))
    for name in ("quantri", "không-có", "x" * 500, "a\0b"):
        assert enter(office, office_settings, name, "sai sai sai sai", HERE) is None
    accounts.disable(office, ADMIN, "nguoixem")
    assert enter(office, office_settings, "nguoixem", PASSWORD, HERE) is None
    assert len(hashed) == 5


def test_the_log_never_repeats_what_was_typed(office: Store, office_settings: Settings) -> None:
    enter(office, office_settings, "mật-khẩu-gõ-nhầm-ô", "bí mật khác", HERE)
    said = json.dumps([[e.subject, e.detail] for e in audited(office)], ensure_ascii=False)
    assert "gõ-nhầm" not in said and "bí mật" not in said


# --- sessions


def test_the_longest_session_ends_even_while_it_is_used(office: Store, office_settings: Settings) -> None:
    token = token_of(office, office_settings)
    with office.write(accounts.SYSTEM) as work:
        work.session.execute(update(LoginSession).values(expires_at=work.now, seen_at=work.now))
    assert accounts.who(office, office_settings, token) is None


def test_one_sees_where_one_is_signed_in_and_ends_the_others(office: Store, office_settings: Settings) -> None:
    here, there = token_of(office, office_settings), token_of(office, office_settings)
    viewer = token_of(office, office_settings, "nguoixem")
    actor = accounts.who(office, office_settings, here)
    assert actor is not None
    found = sessions.my_sessions(office, office_settings, actor, here)
    assert [one.current for one in sorted(found, key=lambda one: one.current)] == [False, True]
    assert sessions.end_mine(office, actor, but=here) == 1
    assert accounts.who(office, office_settings, there) is None
    assert accounts.who(office, office_settings, here) == actor
    assert sessions.end_mine(office, actor) == 1
    assert accounts.who(office, office_settings, here) is None
    assert accounts.who(office, office_settings, viewer) is not None


def test_nobody_ends_somebody_elses_session_by_its_id(office: Store, office_settings: Settings) -> None:
    admin, viewer = token_of(office, office_settings), token_of(office, office_settings, "nguoixem")
    actor, other = accounts.who(office, office_settings, admin), accounts.who(office, office_settings, viewer)
    assert actor and other
    (mine,) = sessions.my_sessions(office, office_settings, actor, admin)
    assert sessions.end_mine(office, other, only=mine.id) == 0
    assert accounts.who(office, office_settings, admin) == actor


def test_a_token_cannot_be_read_back_from_the_database(office: Store, office_settings: Settings) -> None:
    token = token_of(office, office_settings)
    with office.read(accounts.SYSTEM) as work:
        row = work.session.scalars(select(LoginSession)).one()
    assert token not in repr(vars(row))


# --- one's own password


def test_a_changed_password_ends_every_session_and_the_old_one_opens_nothing(
    office: Store, office_settings: Settings
) -> None:
    token = token_of(office, office_settings)
    own_password.change(office, ADMIN, old=PASSWORD, new=OTHER, again=OTHER)
    assert accounts.who(office, office_settings, token) is None
    assert enter(office, office_settings, "quantri", PASSWORD, HERE) is None
    assert token_of(office, office_settings, password=OTHER)


@pytest.mark.parametrize(
    ("old", "new", "again", "code"),
    [
        ("sai", OTHER, OTHER, "wrong_password"),
        (PASSWORD, OTHER, OTHER + "x", "password_differs"),
        (PASSWORD, PASSWORD, PASSWORD, "password_same"),
        (PASSWORD, "ngắn", "ngắn", "password_short"),
        (PASSWORD, "quantri-quantri", "quantri-quantri", "password_common"),
    ],
)
def test_a_password_is_changed_only_by_who_knows_it_and_to_a_good_one(
    office: Store, old: str, new: str, again: str, code: str
) -> None:
    before = kept(office).password_hash
    with pytest.raises(InputError) as refused:
        own_password.change(office, ADMIN, old=old, new=new, again=again)
    assert refused.value.code == code
    assert kept(office).password_hash == before


def test_guessing_the_password_inside_a_stolen_session_locks_too(office: Store) -> None:
    tired(office)
    with pytest.raises(RuleError):
        own_password.confirm(office, ADMIN, "sai")
    with pytest.raises(RuleError):
        own_password.confirm(office, ADMIN, PASSWORD)


def test_a_given_password_opens_nothing_until_it_is_changed(office: Store, office_settings: Settings) -> None:
    word = accounts.open_account(office, ADMIN, "kiemtoan", Role.AUDITOR)
    assert word
    token = token_of(office, office_settings, "kiemtoan", word)
    assert accounts.who(office, office_settings, token) is None
    known = sessions.standing(office, office_settings, token)
    assert known is not None and known.need is Need.PASSWORD
    own_password.change(office, known.actor, old=word, new=OTHER, again=OTHER)
    fresh = token_of(office, office_settings, "kiemtoan", OTHER)
    assert accounts.who(office, office_settings, fresh) == known.actor
