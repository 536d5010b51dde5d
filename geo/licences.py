"""The papers of premises on a day: how each stands, and what is wrong with those of a premises that runs.

Most papers have no term and that is normal (Decree 96/2016, Art. 15). What matters: missing for its type,
withdrawn, suspended, a stated term that has passed, particulars that no longer match, a post-licence check that
is due, no registration at all. Which type needs which paper, since when and by which law stands in
``risk.toml`` (``RequiredPaper``); a problem cites the law of its day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from geo.address_words import UnitNames
from geo.messages import Message, msg
from geo.particulars import same_address, same_name
from geo.risk_settings import RequiredPaper
from geo.word_texts import word_text
from geo.words import LicenceKind, PaperProblem, PaperState, PremisesStatus, PremisesType, VisitOutcome

#: Months after a licence was granted within which it is checked (hậu kiểm), by type; a type that is not named
#: has no such check. Plan 316 asks for it at karaoke premises and sets no period: six months is where an
#: office starts, and its own setting takes the place of this table.
POST_LICENCE_CHECK_MONTHS: Mapping[PremisesType, int] = {
    PremisesType.KARAOKE: 6,
    PremisesType.DANCE_HALL: 6,
}
#: The licence whose granting a post-licence check follows.
_GRANTED = {PremisesType.KARAOKE: LicenceKind.KARAOKE, PremisesType.DANCE_HALL: LicenceKind.KARAOKE}
#: States of a paper, best first: of several papers of a kind the best one counts.
_BEST_FIRST = tuple(PaperState)
PROBLEM_COLUMNS = ("premises_id", "licence_id", "kind", "code", "text", "since", "law")


@dataclass(frozen=True)
class Rules:
    """What papers are held against.

    ``required``: which type needs which paper. ``check_months``: see ``POST_LICENCE_CHECK_MONTHS``.
    ``recorded_share``: "missing" says nothing while fewer than this share of the premises that need a paper
    have one on record. ``wards``: units of all times, to read addresses.
    """

    required: Sequence[RequiredPaper]
    check_months: Mapping[PremisesType, int]
    recorded_share: float
    wards: UnitNames


def paper_states(licences: pd.DataFrame, day: date) -> pd.Series:
    """The ``PaperState`` of each paper on ``day``, by the index of ``licences``.

    A stated term's last day is still in force; a withdrawal outweighs a suspension, and that a passed term.
    """
    end = pd.Timestamp(day)
    state = pd.Series(PaperState.IN_FORCE, index=licences.index, dtype=object)
    state[licences["term_until"] < end] = PaperState.TERM_PASSED
    state[licences["suspended_on"] <= end] = PaperState.SUSPENDED
    state[licences["withdrawn_on"] <= end] = PaperState.WITHDRAWN
    return state


def law_of(required: Sequence[RequiredPaper], kind: str, premises_type: str, day: date) -> str | None:
    """The law by which the type needs the paper on ``day``; None where it does not."""
    for paper in required:
        if paper.kind == kind and premises_type in paper.types and _in_force(paper, day):
            return paper.law
    return None


def needed_kinds(required: Sequence[RequiredPaper], premises_type: str, day: date) -> list[LicenceKind]:
    """The papers that the type needs on ``day``, in the order of ``LicenceKind``."""
    return [kind for kind in LicenceKind if law_of(required, kind, premises_type, day) is not None]


def hardly_recorded(
    premises: pd.DataFrame, licences: pd.DataFrame, rules: Rules, day: date
) -> list[LicenceKind]:
    """Kinds of paper that the register hardly holds: nothing is said to be missing of them."""
    running = _running(premises, day)
    held = _held(running, licences, day)
    kinds = []
    for kind in LicenceKind:
        need = running["id"][_needing(running, rules.required, kind, day)]
        if len(need) and need.isin(held[kind]).mean() < rules.recorded_share:
            kinds.append(kind)
    return kinds


def paper_problems(
    premises: pd.DataFrame, licences: pd.DataFrame, inspections: pd.DataFrame, rules: Rules, day: date
) -> pd.DataFrame:
    """What is wrong with the papers of the premises that run on ``day``; one row a problem.

    Of several papers of one kind the best counts, so a paper that another has taken the place of is no problem.
    Particulars are compared on papers in force.

    Parameters
    ----------
    premises, licences, inspections : frames of the project; licences with ``stated_name``, ``stated_address``
        and ``stated_rooms``.

    Returns
    -------
    Frame with ``premises_id``, ``licence_id`` (None without a paper), ``kind`` (LicenceKind), ``code``
    (PaperProblem), ``text`` (Message), ``since`` (date, None where nobody can tell) and ``law`` (None where the
    type needs no such paper), in the order of the premises.
    """
    running = _running(premises, day)
    papers = _papers_of(running, licences, day)
    standing = papers.drop_duplicates(["premises_id", "kind"])
    rows = [
        *_ended(standing),
        *_differing(standing[standing["state"] == PaperState.IN_FORCE], rules.wards),
        *_unregistered(running, licences, day),
        *_missing(running, licences, rules, day),
        *_checks_due(standing, inspections, rules.check_months, day),
    ]
    found = pd.DataFrame(rows, columns=[name for name in PROBLEM_COLUMNS if name != "law"], dtype=object)
    types = premises.set_index("id")["type"]
    found["law"] = pd.Series(
        [
            law_of(rules.required, kind, types[premises_id], day)
            for premises_id, kind in zip(found["premises_id"], found["kind"], strict=True)
        ],
        dtype=object,
    )
    order = found["premises_id"].map({value: at for at, value in enumerate(premises["id"])})
    return found.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _in_force(paper: RequiredPaper, day: date) -> bool:
    return paper.valid_from <= day and (paper.valid_to is None or day <= paper.valid_to)


def _running(premises: pd.DataFrame, day: date) -> pd.DataFrame:
    """Premises that do business on ``day``: the rest needs nothing."""
    runs = (premises["status"] == PremisesStatus.ACTIVE) & ~(premises["opened_on"] > pd.Timestamp(day))
    return pd.DataFrame(premises[runs])


def _known_papers(licences: pd.DataFrame, day: date) -> pd.DataFrame:
    return licences[~(licences["issued_on"] > pd.Timestamp(day))]


def _papers_of(running: pd.DataFrame, licences: pd.DataFrame, day: date) -> pd.DataFrame:
    """Papers beside their premises, of each kind the best and newest first."""
    known = _known_papers(licences, day)
    known = known.assign(state=paper_states(known, day))
    known["worth"] = known["state"].map({state: at for at, state in enumerate(_BEST_FIRST)})
    own = running[["id", "name", "address", "rooms", "type"]].rename(columns={"id": "premises_id"})
    joined = pd.DataFrame(known.rename(columns={"id": "licence_id"})).merge(own, on="premises_id")
    order = ["premises_id", "kind", "worth", "issued_on"]
    return joined.sort_values(order, ascending=[True, True, True, False], kind="stable", na_position="last")


def _held(running: pd.DataFrame, licences: pd.DataFrame, day: date) -> dict[LicenceKind, set[str]]:
    """Premises with a paper of each kind on record, whatever became of it; a number is a registration too."""
    known = _known_papers(licences, day)
    held = {kind: set(known.loc[known["kind"] == kind, "premises_id"]) for kind in LicenceKind}
    numbered = running["registration_number"].notna() | running["registration_hash"].notna()
    held[LicenceKind.BUSINESS] |= set(running.loc[numbered, "id"])
    return held


def _needing(
    running: pd.DataFrame, required: Sequence[RequiredPaper], kind: LicenceKind, day: date
) -> pd.Series:
    types = {name for paper in required if paper.kind == kind and _in_force(paper, day) for name in paper.types}
    return running["type"].isin(types)


def _ended(standing: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    for paper in standing[standing["state"] != PaperState.IN_FORCE].to_dict("records"):
        named = _named(paper)
        if paper["state"] == PaperState.WITHDRAWN:
            day = paper["withdrawn_on"].date()
            text = msg("{paper}: bị thu hồi ngày {date}", paper=named, date=day)
            yield _row(paper, PaperProblem.WITHDRAWN, text, day)
        elif paper["state"] == PaperState.SUSPENDED:
            day = paper["suspended_on"].date()
            text = msg("{paper}: bị tạm đình chỉ từ ngày {date}", paper=named, date=day)
            yield _row(paper, PaperProblem.SUSPENDED, text, day)
        else:
            day = paper["term_until"].date()
            text = msg("{paper}: thời hạn ghi trên giấy đến hết ngày {date}", paper=named, date=day)
            yield _row(paper, PaperProblem.TERM_PASSED, text, day + timedelta(days=1))


def _differing(in_force: pd.DataFrame, wards: UnitNames) -> Iterator[tuple[Any, ...]]:
    """Nobody knows since when particulars differ, only that they do."""
    states = ["stated_name", "stated_address", "stated_rooms"]
    for paper in in_force[in_force[states].notna().any(axis=1)].to_dict("records"):
        named = _named(paper)
        stated, known = paper["stated_name"], paper["name"]
        if _said(stated) and not same_name(stated, known):
            text = msg(
                "{paper}: tên trên giấy “{stated}”, trong sổ “{known}”", paper=named, stated=stated, known=known
            )
            yield _row(paper, PaperProblem.NAME_DIFFERS, text, None)
        stated, known = paper["stated_address"], paper["address"]
        if _said(stated) and _said(known) and not same_address(stated, known, wards):
            text = msg(
                "{paper}: địa chỉ trên giấy “{stated}”, trong sổ “{known}”",
                paper=named,
                stated=stated,
                known=known,
            )
            yield _row(paper, PaperProblem.ADDRESS_DIFFERS, text, None)
        stated, known = paper["stated_rooms"], paper["rooms"]
        if pd.notna(stated) and pd.notna(known) and int(stated) != int(known):
            text = msg(
                "{paper}: {stated} phòng trên giấy, {known} phòng trong sổ",
                paper=named,
                stated=int(stated),
                known=int(known),
            )
            yield _row(paper, PaperProblem.ROOMS_DIFFER, text, None)


def _said(text: Any) -> bool:
    return isinstance(text, str) and bool(text.strip())


def _unregistered(running: pd.DataFrame, licences: pd.DataFrame, day: date) -> Iterator[tuple[Any, ...]]:
    for one in _without_registration(running, licences, day).to_dict("records"):
        text = msg("Không có đăng ký nào; căn cứ: {basis}", basis=one["unregistered_basis"])
        yield one["id"], None, LicenceKind.BUSINESS, PaperProblem.UNREGISTERED, text, _day(one["opened_on"])


def _without_registration(running: pd.DataFrame, licences: pd.DataFrame, day: date) -> pd.DataFrame:
    """Premises that are known to run without any registration, with the basis on record."""
    registered = running["id"].isin(_held(running, licences, day)[LicenceKind.BUSINESS])
    return running[~registered & running["unregistered_basis"].map(_said)]


def _missing(
    running: pd.DataFrame, licences: pd.DataFrame, rules: Rules, day: date
) -> Iterator[tuple[Any, ...]]:
    """Papers that the type needs and nobody has on record; who has no registration at all is told once."""
    held = _held(running, licences, day)
    left_out = hardly_recorded(running, licences, rules, day)
    told = set(_without_registration(running, licences, day)["id"])
    for kind in LicenceKind:
        if kind in left_out:
            continue
        lacking = _needing(running, rules.required, kind, day) & ~running["id"].isin(held[kind] | told)
        for one in running[lacking].to_dict("records"):
            needed_by = word_text(PremisesType(one["type"]))
            text = msg("Chưa có {paper}; loại hình {type} phải có", paper=word_text(kind), type=needed_by)
            since = _needed_since(rules.required, kind, one["type"], _day(one["opened_on"]))
            yield one["id"], None, kind, PaperProblem.MISSING, text, since


def _needed_since(
    required: Sequence[RequiredPaper], kind: LicenceKind, premises_type: str, opened_on: date | None
) -> date:
    """The day the law first asked for the paper, or the opening where that is later."""
    first = min(p.valid_from for p in required if p.kind == kind and premises_type in p.types)
    return max(first, opened_on) if opened_on else first


def _checks_due(
    standing: pd.DataFrame, inspections: pd.DataFrame, months: Mapping[PremisesType, int], day: date
) -> Iterator[tuple[Any, ...]]:
    """Licences granted so long ago that their first check should have taken place, and has not."""
    done = inspections[
        (inspections["outcome"] == VisitOutcome.CHECKED) & (inspections["on_date"] <= pd.Timestamp(day))
    ]
    last = done.groupby("premises_id")["on_date"].max()
    for premises_type, within in months.items():
        kind = _GRANTED.get(premises_type, LicenceKind.SECURITY)
        of_kind = (standing["type"] == premises_type) & (standing["kind"] == kind)
        granted = standing[of_kind & (standing["state"] == PaperState.IN_FORCE) & standing["issued_on"].notna()]
        for paper in granted.to_dict("records"):
            due = paper["issued_on"] + pd.DateOffset(months=within)
            if due > pd.Timestamp(day) or last.get(paper["premises_id"], pd.NaT) >= paper["issued_on"]:
                continue
            text = msg(
                "{paper}: cấp ngày {issued}, hạn hậu kiểm {due}, chưa được kiểm tra từ ngày cấp",
                paper=_named(paper),
                issued=paper["issued_on"].date(),
                due=due.date(),
            )
            yield _row(paper, PaperProblem.CHECK_DUE, text, due.date())


def _named(paper: Mapping[str, Any]) -> Message:
    """A paper by its kind and, where it has one, its number."""
    kind = word_text(LicenceKind(paper["kind"]))
    return msg("{kind} số {number}", kind=kind, number=paper["number"]) if _said(paper["number"]) else kind


def _row(paper: Mapping[str, Any], code: PaperProblem, text: Message, since: date | None) -> tuple[Any, ...]:
    return paper["premises_id"], paper["licence_id"], LicenceKind(paper["kind"]), code, text, since


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else value.date()
