"""The register: its list, the problems of its papers, and everything about one premises."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from app.access import Right, may, require
from app.services.facts import Known
from app.services.premises_file import (
    Check,
    CheckDetail,
    Facts,
    FoundThing,
    NearHotspot,
    NearSignal,
    Paper,
    PremisesFile,
    Problem,
    Risk,
    StatusChange,
    nobodys_number,
)
from data.repositories import places
from data.repositories.facts import fact
from data.repositories.frames import frame, matched, up_to
from data.repositories.register import kept_ids
from data.repositories.scope import within_scope
from data.search_key import premises_key
from data.store import Actor, Store, Work
from data.tables import PremisesStatusChange
from geo.address_words import UnitNames
from geo.errors import InputError
from geo.hotspots import catchments
from geo.licences import (
    POST_LICENCE_CHECK_MONTHS,
    Rules,
    hardly_recorded,
    law_of,
    paper_problems,
    paper_states,
)
from geo.messages import Message, msg
from geo.planning_rules import eligible
from geo.shapes import metric_shapes
from geo.words import (
    FindingKind,
    HotspotState,
    LicenceKind,
    LocationQuality,
    PaperProblem,
    PremisesStatus,
    PremisesType,
    SignalSource,
    SignalState,
    VisitKind,
    VisitOutcome,
)

#: Signals around a premises are told within so many metres and months.
NEAR_M = 200.0
NEAR_MONTHS = 24
#: Under this key an office keeps its own months of the post-licence check, by type.
CHECK_MONTHS = "post_licence_check_months"


def overview(store: Store, actor: Actor, day: date) -> gpd.GeoDataFrame:
    """The register of a day: id, name, type, address, ward_id, ward_name, status, location_quality, geometry,
    ``search_key`` (name, address and number, folded), ``last_check`` by any body, ``problems`` (number),
    ``problem_codes`` (set), and ``score`` as far as the actor may see it."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        known = Known(work, day)
        register = known.premises
        found = paper_problems(register, known.licences, known.inspections, rules(known), day)
        codes = found.groupby("premises_id")["code"].agg(frozenset) if len(found) else pd.Series(dtype=object)
        texts = zip(register["name"], register["address"], register["registration_number"], strict=True)
        register["search_key"] = [premises_key(name, address, _text(number)) for name, address, number in texts]
        checked = known.inspections[known.inspections["outcome"] == VisitOutcome.CHECKED]
        register["last_check"] = matched(register["id"], checked.groupby("premises_id")["on_date"].max())
        counts = matched(register["id"], found["premises_id"].value_counts())
        register["problems"] = counts.fillna(0).astype(int)
        register["problem_codes"] = [codes.get(premises_id, frozenset()) for premises_id in register["id"]]
        scored = known.scores.set_index("id") if may(actor, Right.SEE_TIPS) else pd.DataFrame(columns=["score"])
        register["score"] = matched(register["id"], scored["score"]).astype(float)
    return register


def licence_problems(store: Store, actor: Actor, day: date) -> pd.DataFrame:
    """What is wrong with the papers of the premises that run on the day, with ``name``, ``type``, ``address``
    and ``ward_name`` of each; columns of ``geo.licences.paper_problems``."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        known = Known(work, day)
        found = paper_problems(known.premises, known.licences, known.inspections, rules(known), day)
        named = known.premises[["id", "name", "type", "address", "ward_id", "ward_name"]]
    return found.merge(pd.DataFrame(named).rename(columns={"id": "premises_id"}), on="premises_id", how="left")


def unrecorded_papers(store: Store, actor: Actor, day: date) -> list[LicenceKind]:
    """Kinds of paper that the register hardly holds: it cannot say of whom they are missing."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        known = Known(work, day)
        return hardly_recorded(known.premises, known.licences, rules(known), day)


def check_months(store: Store, actor: Actor) -> dict[PremisesType, int]:
    """Within how many months after the licence an office checks premises, by type."""
    require(actor, Right.SEE)
    with store.read(actor) as work:
        return _check_months(work)


def rules(known: Known) -> Rules:
    """What papers are held against: needed papers and their laws, the office's months, names of wards."""
    return Rules(
        required=known.risk_settings.required_papers,
        check_months=_check_months(known.work),
        recorded_share=known.risk_settings.licences.recorded_share,
        wards=UnitNames(places.all_units(known.work)["name"]),
    )


def _check_months(work: Work) -> dict[PremisesType, int]:
    kept = fact(work, CHECK_MONTHS)
    if kept is None:
        return dict(POST_LICENCE_CHECK_MONTHS)
    return {PremisesType(name): int(months) for name, months in kept.items()}


def one(store: Store, actor: Actor, premises_id: str, day: date) -> PremisesFile:
    """Everything about one premises on a day, as far as the actor may see it.

    Raises InputError ``unknown_premises``.
    """
    require(actor, Right.SEE)
    with store.read(actor) as work:
        known = Known(work, day)
        # The address of a premises that was merged into another leads to that one.
        premises_id = kept_ids(work).get(premises_id, premises_id)
        found = known.premises[known.premises["id"] == premises_id].reset_index(drop=True)
        if found.empty:
            raise InputError("unknown_premises", msg("Không có cơ sở {id}.", id=premises_id))
        inside = len(within_scope(work, found)) > 0
        tips = may(actor, Right.SEE_TIPS)
        return PremisesFile(
            day=day,
            facts=_facts(found, shows_grounds=tips and inside),
            statuses=_statuses(work, premises_id, day),
            papers=_papers(known, found),
            problems=_problems(known, found),
            checks=_checks(known, found, tips=tips),
            cap=_cap(known, found),
            signals=_signals(known, found) if tips else (),
            hotspots=_hotspots(known, found) if tips else (),
            risk=_risk(known, premises_id) if tips else None,
            tips_shown=tips and inside,
            may_edit=inside and may(actor, Right.EDIT_PLACES),
        )


def _facts(found: gpd.GeoDataFrame, *, shows_grounds: bool) -> Facts:
    row = found.iloc[0]
    point = row.geometry
    number = _text(row["registration_number"])
    return Facts(
        id=row["id"],
        version=int(row["version"]),
        name=row["name"],
        type=PremisesType(row["type"]),
        address=row["address"],
        ward_name=_text(row["ward_name"]),
        lon=None if point is None else float(point.x),
        lat=None if point is None else float(point.y),
        location_quality=LocationQuality(row["location_quality"]),
        registration_number=nobodys_number(number),
        hidden_registration=_text(row["registration_hash"]) is not None or number != nobodys_number(number),
        rooms=_count(row["rooms"]),
        workers=_count(row["workers"]),
        opened_on=_day(row["opened_on"]),
        commitment_on=_day(row["commitment_on"]),
        unregistered_basis=_text(row["unregistered_basis"]),
        complex_grounds=_text(row["complex_grounds"]) if shows_grounds else None,
        status=PremisesStatus(row["status"]),
        status_since=_day(row["status_since"]),
    )


def _statuses(work: Work, premises_id: str, day: date) -> tuple[StatusChange, ...]:
    rows = PremisesStatusChange.__table__.c
    statement = up_to(PremisesStatusChange, day).add_columns(rows.why).where(rows.premises_id == premises_id)
    changes = frame(work, statement).sort_values("on_date", kind="stable")
    return tuple(
        StatusChange(row.on_date.date(), PremisesStatus(row.status), _text(row.why))
        for row in changes.itertuples()
    )


def _papers(known: Known, found: gpd.GeoDataFrame) -> tuple[Paper, ...]:
    own = known.licences[known.licences["premises_id"] == found["id"].iloc[0]]
    own = own.assign(state=paper_states(own, known.day)).sort_values(["kind", "issued_on"], kind="stable")
    required, premises_type = known.risk_settings.required_papers, found["type"].iloc[0]
    papers = [
        Paper(
            id=row["id"],
            version=int(row["version"]),
            kind=LicenceKind(row["kind"]),
            number=nobodys_number(_text(row["number"])),
            issued_on=_day(row["issued_on"]),
            term_until=_day(row["term_until"]),
            suspended_on=_day(row["suspended_on"]),
            withdrawn_on=_day(row["withdrawn_on"]),
            stated_name=_text(row["stated_name"]),
            stated_address=_text(row["stated_address"]),
            stated_rooms=_count(row["stated_rooms"]),
            state=row["state"],
            law=law_of(required, row["kind"], premises_type, known.day),
        )
        for row in own.to_dict("records")
    ]
    return tuple(sorted(papers, key=lambda paper: list(LicenceKind).index(paper.kind)))


def _problems(known: Known, found: gpd.GeoDataFrame) -> tuple[Problem, ...]:
    # Asked of the whole register: whether a paper is missing depends on how many have it on record.
    every = paper_problems(known.premises, known.licences, known.inspections, rules(known), known.day)
    own = every[every["premises_id"] == found["id"].iloc[0]]
    return tuple(
        Problem(LicenceKind(row.kind), PaperProblem(row.code), row.text, row.since, row.law)
        for row in own.itertuples()
    )


def _checks(known: Known, found: gpd.GeoDataFrame, *, tips: bool) -> tuple[Check, ...]:
    """Inspections, newest first: every body's, with what was found where it lies in the actor's scope."""
    visits = known.inspections[known.inspections["premises_id"] == found["id"].iloc[0]]
    # A visit whose place nobody noted took place where the premises stands.
    stood = visits.set_geometry(visits.geometry.where(visits.geometry.notna(), found.geometry.iloc[0]))
    open_to_actor = set(within_scope(known.work, stood)["id"]) if tips else set()
    findings = known.findings
    checks = []
    for row in visits.sort_values("on_date", ascending=False, kind="stable").to_dict("records"):
        detail = _check_detail(row, findings) if row["id"] in open_to_actor else None
        outcome = VisitOutcome(row["outcome"])
        checks.append(Check(row["on_date"].date(), str(row["body"]), outcome is VisitOutcome.CHECKED, detail))
    return tuple(checks)


def _check_detail(row: dict[str, Any], findings: pd.DataFrame) -> CheckDetail:
    things = tuple(
        FoundThing(
            kind=FindingKind(found["kind"]),
            serious=bool(found["serious"]),
            text=_text(found["text"]) or "",
            deadline=_day(found["deadline"]),
            closed_on=_day(found["closed_on"]),
            document=_text(found["document"]),
        )
        for found in findings[findings["inspection_id"] == row["id"]].to_dict("records")
    )
    return CheckDetail(
        kind=VisitKind(row["kind"]),
        outcome=VisitOutcome(row["outcome"]),
        decision_number=_text(row["decision_number"]),
        minutes_number=_text(row["minutes_number"]),
        grounds=_text(row["grounds"]),
        findings=things,
    )


def _cap(known: Known, found: gpd.GeoDataFrame) -> Message | None:
    """Why the business may not be planned again this year: it goes by registration, across scopes."""
    register, row = known.premises, found.iloc[0]
    same = register["id"] == row["id"]
    for column in ("registration_number", "registration_hash"):
        if _text(row[column]) is not None:
            same |= register[column] == row[column]
    verdict = eligible(register[same], known.inspections, known.findings, first=known.day, last=known.day).loc[
        row["id"]
    ]
    return verdict["why"] if verdict["code"] == "capped" else None


def _signals(known: Known, found: gpd.GeoDataFrame) -> tuple[NearSignal, ...]:
    """Signals that name the premises, and those around it of the last months; newest first."""
    heard, (here,) = known.signals, metric_shapes(found)
    names_it = heard["premises_id"] == found["id"].iloc[0]
    apart = pd.Series(
        [None if here is None or place is None else place.distance(here) for place in metric_shapes(heard)],
        index=heard.index,
        dtype=float,
    )
    recent = heard["on_date"] > pd.Timestamp(known.day) - pd.DateOffset(months=NEAR_MONTHS)
    wanted = heard[names_it | (recent & (apart <= NEAR_M))].sort_values("on_date", ascending=False)
    return tuple(
        NearSignal(
            on_date=row.on_date.date(),
            source=SignalSource(row.source),
            state=SignalState(row.state),
            rating=f"{row.reliability}{row.credibility}",
            text="" if row.state == SignalState.HANDED_OVER else _text(row.text) or "",
            names_it=bool(names_it[row.Index]),
            distance_m=None if pd.isna(apart[row.Index]) else round(float(apart[row.Index])),
        )
        for row in wanted.itertuples()
    )


def _hotspots(known: Known, found: gpd.GeoDataFrame) -> tuple[NearHotspot, ...]:
    point = found.geometry.iloc[0]
    if point is None or known.hotspots.empty:
        return ()
    holding = known.hotspots[catchments(known.hotspots).intersects(point).to_numpy()]
    return tuple(
        NearHotspot(
            id=row.id,
            name=row.name,
            state=HotspotState(row.state),
            since=row.state_since.date(),
            history=tuple(
                (change.on_date.date(), HotspotState(change.state))
                for change in known.transitions[known.transitions["hotspot_id"] == row.id].itertuples()
            ),
        )
        for row in holding.itertuples(index=False)
    )


def _risk(known: Known, premises_id: str) -> Risk | None:
    scores = known.scores
    own = scores[scores["id"] == premises_id]
    if own.empty:
        return None
    row = own.iloc[0]
    return Risk(
        score=float(row["score"]),
        rank=int((scores["rank"] <= row["rank"]).sum()),
        of=len(scores),
        probability=float(row["probability"]),
        parts=row["parts"],
        model=known.risk_model.model,
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else value.date()


def _count(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)
