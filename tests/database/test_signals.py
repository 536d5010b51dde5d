"""Signals are kept, changed by one at a time and sent across a border alike on both engines."""

from __future__ import annotations

import threading

from app.services import signal_handovers as across
from app.services import signals
from app.services.signal_handling import Step, take_step
from data.store import Store
from geo.errors import ConflictError
from geo.words import SignalState
from tests.services.signal_world import DAY, HERE, HERE_TOO, THERE, fill_with_accounts, taken


def test_of_two_who_write_at_once_one_wins_and_the_other_is_told(store: Store) -> None:
    fill_with_accounts(store)
    own, barrier, said = taken(store), threading.Barrier(2), []

    def write(number: int) -> None:
        barrier.wait()
        try:
            take_step(
                store,
                (HERE, HERE_TOO)[number],
                own,
                Step(SignalState.UNFOUNDED, f"Kết quả {number}"),
                seen=1,
                as_of=DAY,
            )
            said.append("kept")
        except ConflictError:
            said.append("told")

    both = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(said) == ["kept", "told"]
    assert signals.one(store, HERE, own, DAY).revision == 2


def test_a_signal_is_sent_accepted_and_handled_on_the_other_side(store: Store) -> None:
    fill_with_accounts(store)
    own = taken(store)
    sent = across.send(store, HERE, own, to_unit="u2", seen=1, as_of=DAY)
    across.accept(store, THERE, sent, as_of=DAY)
    take_step(store, THERE, own, Step(SignalState.UNFOUNDED, "Không có dấu hiệu"), seen=2, as_of=DAY)
    one = signals.one(store, THERE, own, DAY)
    assert (one.state, one.ours, one.moved_to) == (SignalState.UNFOUNDED, True, "Phường Kiến Hưng")
    assert signals.inbox(store, THERE, DAY)["ours"].tolist() == [True]
    assert signals.inbox(store, HERE, DAY)["ours"].tolist() == [False]
