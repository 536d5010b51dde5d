"""What happened inside a hotspot's catchment, and what changed at the premises in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from app.services.facts import Known
from app.services.hotspot_shapes import SHAPE_CHANGED, SPLIT, shape_changes
from app.services.hotspots import inside
from data.repositories import register
from data.repositories.frames import current, frame, matched
from data.store import LOCAL_ZONE
from data.tables import PremisesStatusChange
from geo.messages import Message, msg
from geo.particulars import same_name
from geo.word_texts import word_text
from geo.words import (
    FindingKind,
    HotspotState,
    LicenceKind,
    PatrolResult,
    PremisesStatus,
    SignalSource,
    SignalState,
    SignKind,
)

#: What one line of the timeline is.
TRANSITION, SIGNAL, FINDING, PATROL, LICENCE, SHAPE = (
    "transition", "signal", "finding", "patrol", "licence", "shape",
)  # fmt: skip


def timeline(known: Known, hotspot_id: str, ground: Any) -> pd.DataFrame:
    """Everything inside ``ground`` (the catchment), newest first: on_date, kind, word (what it came to), text.

    Of what was handed over to the police nothing is told but that it was.
    """
    premises = inside(known.premises, ground)
    changes = known.transitions[known.transitions["hotspot_id"] == hotspot_id]
    rows = [
        *(
            _row(one.on_date, TRANSITION, word_text(HotspotState(one.state)), _told(one))
            for one in changes.itertuples()
        ),
        *_signals(known, ground),
        *_findings(known, ground),
        *_patrols(known, hotspot_id),
        *(_row(day, LICENCE, what, name) for day, name, what in licence_events(known, premises)),
        *(
            _row(pd.Timestamp(one.on_date), SHAPE, _SHAPE_WORDS[one.action], one.reason)
            for one in shape_changes(known.work, hotspot_id, known.day)
            if one.action in _SHAPE_WORDS
        ),
    ]
    table = pd.DataFrame(rows, columns=["on_date", "kind", "word", "text"])
    table["on_date"] = pd.to_datetime(table["on_date"])
    return table.sort_values("on_date", ascending=False, kind="stable").reset_index(drop=True)


_SHAPE_WORDS = {SHAPE_CHANGED: msg("sửa hình"), SPLIT: msg("tách điểm")}


def _row(day: Any, kind: str, word: Message | str, text: Any) -> dict[str, Any]:
    return {"on_date": day, "kind": kind, "word": word, "text": text if isinstance(text, str | Message) else ""}


def _told(change: Any) -> str:
    return f"{change.reason} ({change.document})" if isinstance(change.document, str) else str(change.reason)


def _signals(known: Known, ground: Any) -> Iterator[dict[str, Any]]:
    for one in inside(known.signals, ground).itertuples():
        state = SignalState(one.state)
        hidden = state is SignalState.HANDED_OVER
        word = msg(
            "{source}, {rating}: {state}",
            source=word_text(SignalSource(one.source)),
            rating=f"{one.reliability}{one.credibility}",
            state=word_text(state),
        )
        yield _row(one.on_date, SIGNAL, word_text(state) if hidden else word, "" if hidden else one.text)


def _findings(known: Known, ground: Any) -> Iterator[dict[str, Any]]:
    found = inside(known.findings, ground).drop_duplicates("id")
    names = matched(found["premises_id"], known.premises.drop_duplicates("id").set_index("id")["name"])
    for one, name in zip(found.itertuples(), names, strict=True):
        told = " · ".join(part for part in (name, one.text) if isinstance(part, str) and part)
        yield _row(one.on_date, FINDING, word_text(FindingKind(one.kind)), told)


def _patrols(known: Known, hotspot_id: str) -> Iterator[dict[str, Any]]:
    for one in known.patrols[known.patrols["hotspot_id"] == hotspot_id].itertuples():
        sign = word_text(SignKind(one.sign_kind)) if isinstance(one.sign_kind, str) else None
        result = word_text(PatrolResult(one.result))
        word = result if sign is None else msg("{result}: {sign}", result=result, sign=sign)
        yield _row(one.on_date, PATROL, word, one.sign)


def licence_events(known: Known, premises: gpd.GeoDataFrame) -> Iterator[tuple[pd.Timestamp, str, Message]]:
    """Papers issued, suspended and withdrawn at some premises: day, premises' name, what."""
    names = dict(zip(premises["id"], premises["name"], strict=True))
    own = known.licences[known.licences["premises_id"].isin(names)]
    said = {
        "issued_on": msg("cấp {paper}"),
        "suspended_on": msg("đình chỉ {paper}"),
        "withdrawn_on": msg("thu hồi {paper}"),
    }
    for paper in own.itertuples():
        for column, text in said.items():
            day = getattr(paper, column)
            if pd.notna(day):
                kind = word_text(LicenceKind(paper.kind))
                yield day, names[paper.premises_id], Message(text.text, {"paper": kind})


def premises_changes(known: Known, premises: gpd.GeoDataFrame, since: date | None) -> pd.DataFrame:
    """What changed at some premises after ``since`` (everything without), newest first: on_date, premises_id,
    name, what. Openings, closings, other names, papers, findings."""
    rows = [
        *_openings(premises),
        *_statuses(known, premises),
        *_names(known, premises),
        *((day, name, what) for day, name, what in licence_events(known, premises)),
        *_found(known, premises),
    ]
    table = pd.DataFrame(rows, columns=["on_date", "name", "what"])
    table["on_date"] = pd.to_datetime(table["on_date"])
    kept = table["on_date"] <= pd.Timestamp(known.day)
    if since is not None:
        kept &= table["on_date"] > pd.Timestamp(since)
    return table[kept].sort_values("on_date", ascending=False, kind="stable").reset_index(drop=True)


Change = tuple[Any, str, Message]


def _openings(premises: gpd.GeoDataFrame) -> Iterator[Change]:
    for one in premises[premises["opened_on"].notna()].itertuples():
        yield one.opened_on, one.name, msg("mở cửa")


def _statuses(known: Known, premises: gpd.GeoDataFrame) -> Iterator[Change]:
    names = dict(zip(premises["id"], premises["name"], strict=True))
    changes = frame(
        known.work,
        current(PremisesStatusChange).where(
            PremisesStatusChange.premises_id.in_(list(names)), PremisesStatusChange.on_date <= known.day
        ),
    )
    for one in changes.itertuples():
        yield one.on_date, names[one.premises_id], word_text(PremisesStatus(one.status))


def _names(known: Known, premises: gpd.GeoDataFrame) -> Iterator[Change]:
    ids = set(premises["id"])
    for change in register.telling_changes(known.work).itertuples():
        after = change.after or {}
        if change.premises_id not in ids or "name" not in after:
            continue
        before = str(change.before["name"])
        if not same_name(before, after["name"]):
            day = pd.Timestamp(change.recorded_at.astimezone(LOCAL_ZONE).date())
            yield day, str(after["name"]), msg("đổi tên, trước là “{before}”", before=before)


def _found(known: Known, premises: gpd.GeoDataFrame) -> Iterator[Change]:
    names = dict(zip(premises["id"], premises["name"], strict=True))
    found = known.findings[known.findings["premises_id"].isin(names)].drop_duplicates("id")
    for one in found.itertuples():
        word = word_text(FindingKind(one.kind))
        what = (
            msg("vi phạm nghiêm trọng: {what}", what=word) if one.serious else msg("vi phạm: {what}", what=word)
        )
        yield one.on_date, names[one.premises_id], what
