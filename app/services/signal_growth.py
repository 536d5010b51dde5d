"""Making the signals that the office's own records tell: licences, findings, openings, patrols; each once."""

from __future__ import annotations

from app.services import signal_desk as desk
from app.services.facts import Known
from data.repositories import signals as repository
from data.store import Work
from geo.signal_sources import GrownSignal, grown_signals
from geo.words import SignalKind, SignalState

#: The office's own records: a sound source, and what they say is probably so, to be looked at all the same.
_RELIABILITY, _CREDIBILITY = "A", 2


def grow_signals(work: Work, known: Known) -> int:
    """Store the signals that records up to ``known.day`` make and that nobody has yet; gives how many.

    To be called by a scan, in its unit of work: all of them or none. A record makes its signal once, also when
    the signal was voided since.
    """
    whole = known.whole
    made = grown_signals(
        premises=whole.premises,
        licences=whole.licences,
        findings=whole.findings,
        patrols=whole.patrols,
        renames=whole.record.renames,
        hotspots=whole.hotspots,
        known=repository.grown_from(work),
        as_of=known.day,
    )
    for one in made:
        repository.add(work, **_columns(one, known))
    if made:
        work.note("signal.grow", as_of=known.day.isoformat(), n=len(made))
    return len(made)


def _columns(one: GrownSignal, known: Known) -> dict[str, object]:
    kind = SignalKind.OBSERVATION
    return {
        "on_date": one.on_date,
        "source": one.source.value,
        "reliability": _RELIABILITY,
        "credibility": _CREDIBILITY,
        "state": SignalState.RECEIVED.value,
        "geom": one.point,
        "premises_id": one.premises_id,
        # Beside what people write, in the language of record: it is a text of the file, not of the screen.
        "text": desk.in_words(one.text)[: desk.LONGEST_TEXT],
        # Nobody could handle it before it was made.
        "due_on": desk.rules().due_on(kind, known.day),
        "kind": kind.value,
        "topic": one.topic.value,
        "grew_from": one.grew_from,
    }
