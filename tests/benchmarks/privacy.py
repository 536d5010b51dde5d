"""Personal data in free text: recall and precision on sentences labelled by hand, as JSON.

``python -m tests.benchmarks.privacy [--list]``. By sentence: is it stopped or not. By item, which is stricter:
is each marked name or number hit, and does each hit touch one. ``whole``: share of the items that masking
removes to the last letter and digit. The rules were mended on every set but ``held_out``, which is the one that
says how far they carry. ``--list`` names what was missed and what was stopped for nothing.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from geo.privacy import personal_data
from tests.unit.geo.privacy_sentences import SETS

Span = tuple[int, int]


@dataclass
class Count:
    """What was found among what should be, and what was stopped for nothing."""

    wanted: int = 0
    found: int = 0
    alarms: int = 0
    false: int = 0
    whole: int = 0
    missed: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, float | int]:
        return {
            "recall": round(self.found / self.wanted, 4) if self.wanted else 1.0,
            "precision": round(1 - self.false / self.alarms, 4) if self.alarms else 1.0,
            "n": self.wanted,
            "alarms": self.alarms,
        }


def unmarked(sentence: str) -> tuple[str, list[Span]]:
    """The sentence without its marks, and where the marked items lie in it."""
    text, spans = "", []
    for part in re.split(r"(⟦[^⟧]*⟧)", sentence):
        bare = part.strip("⟦⟧")
        if bare != part:
            spans.append((len(text), len(text) + len(bare)))
        text += bare
    return text, spans


def items_of(sentences: Iterable[str]) -> Count:
    """Every marked item and every hit."""
    count = Count()
    for sentence in sentences:
        text, spans = unmarked(sentence)
        hits = [(hit.start, hit.end) for hit in personal_data(text)]
        inside = {place for start, end in hits for place in range(start, end)}
        for start, end in spans:
            letters = {place for place in range(start, end) if text[place].isalnum()}
            count.wanted += 1
            count.found += bool(letters & inside)
            count.whole += letters <= inside
            if not letters & inside:
                count.missed.append(f"{text[start:end]} | {text}")
        for hit in hits:
            count.alarms += 1
            if not any(hit[0] < end and start < hit[1] for start, end in spans):
                count.false += 1
                count.stopped.append(f"{text[slice(*hit)]} | {text}")
    return count


def sentences_of(sentences: Iterable[str]) -> Count:
    """Every sentence: stopped, and rightly so."""
    count = Count()
    for sentence in sentences:
        text, spans = unmarked(sentence)
        stopped = bool(personal_data(text))
        count.wanted += bool(spans)
        count.found += stopped and bool(spans)
        count.alarms += stopped
        count.false += stopped and not spans
    return count


def sentences_in(*sets: str) -> list[str]:
    """All sentences of the named sets, of every set without a name."""
    chosen = [SETS[name] for name in sets or SETS]
    return [one for pair in chosen for groups in pair for group in groups.values() for one in group]


def report() -> dict[str, Any]:
    """Recall and precision by sentence and by item, of all and of each set."""
    every = sentences_in()
    whole = sentences_of(every)
    by_set = {
        name: sentences_of(sentences_in(name)).to_json() | {"n": len(sentences_in(name))} for name in SETS
    }
    items = items_of(every)
    return {
        **whole.to_json(),
        "n": len(every),
        "with_personal_data": whole.wanted,
        "held_out": sentences_of(sentences_in("held_out")).to_json(),
        "items": items.to_json() | {"whole": round(items.whole / items.wanted, 4)},
        "sets": by_set,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="name what was missed and stopped for nothing")
    parser.add_argument("--json", action="store_true", help="accepted for symmetry; the output is JSON anyway")
    arguments = parser.parse_args()
    result = report()
    if arguments.list:
        items = items_of(sentences_in())
        result |= {"missed": items.missed, "stopped": items.stopped}
    print(json.dumps(result, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
