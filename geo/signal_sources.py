"""Signals that records make by themselves: licences, findings, names that change, patrols.

What the office's own records say of a place is a signal like any other: somebody has to look at it, by a
deadline. Each is made once; ``grew_from`` says of which record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import pandas as pd
import shapely

from geo.crs import LONLAT, METRIC, transform
from geo.detection_licences import issued_and_withdrawn, one_address
from geo.detection_rules import DetectionSettings, Watch
from geo.messages import Message, msg
from geo.shapes import metric_shapes
from geo.word_texts import word_text
from geo.words import FindingKind, LicenceKind, SignalSource, SignalTopic, SignKind

#: How far back a scan looks for records that nobody has made a signal of.
LOOK_BACK_DAYS = 60


@dataclass(frozen=True)
class GrownSignal:
    """A signal that a record made. ``point`` in EPSG:4326; ``grew_from``: its record (``licence:ID``)."""

    grew_from: str
    on_date: date
    source: SignalSource
    topic: SignalTopic
    text: Message
    point: shapely.Point
    premises_id: str | None = None


def grown_signals(
    *,
    premises: gpd.GeoDataFrame,
    licences: pd.DataFrame,
    findings: gpd.GeoDataFrame,
    patrols: gpd.GeoDataFrame,
    renames: pd.DataFrame,
    hotspots: gpd.GeoDataFrame,
    known: frozenset[str],
    as_of: date,
    settings: DetectionSettings | None = None,
) -> list[GrownSignal]:
    """The signals that the records of the last weeks up to ``as_of`` make, without those ``known`` already.

    ``renames``: columns premises_id, on_date. ``patrols``: with sign_kind. Records: a licence issued at an
    address where one was withdrawn; a premises that opens, or takes another name, within a quiet hotspot's
    catchment; a prostitution-related violation; a premises without registration seen by a patrol.
    """
    settings = settings or DetectionSettings()
    located = premises[premises.geometry.notna()].reset_index(drop=True)
    since = as_of - timedelta(days=LOOK_BACK_DAYS)
    made = [
        *_reissued(located, licences, as_of, since, settings),
        *_reopened(located, renames, hotspots, as_of, since),
        *_violations(located, findings, as_of, since),
        *_unregistered(patrols, as_of, since),
    ]
    return sorted(
        (one for one in made if one.grew_from not in known), key=lambda one: (one.on_date, one.grew_from)
    )


def _reissued(
    premises: gpd.GeoDataFrame, licences: pd.DataFrame, as_of: date, since: date, settings: DetectionSettings
) -> list[GrownSignal]:
    if licences.empty or premises.empty:
        return []
    issued, withdrawn = issued_and_withdrawn(licences, premises, as_of, settings)
    # The papers of one business come within weeks of each other and tell the same: the first one counts.
    issued = issued.sort_values(["issued_on", "id"], kind="stable").drop_duplicates("row")
    issued = issued[issued["issued_on"] >= pd.Timestamp(since)]
    same_address = one_address(premises["address"].to_list(), metric_shapes(premises), settings)
    longest = pd.DateOffset(months=settings.licence_months)
    made = []
    for new in issued.to_dict("records"):
        before = [
            old["withdrawn_on"]
            for old in withdrawn.to_dict("records")
            if old["withdrawn_on"] < new["issued_on"] <= old["withdrawn_on"] + longest
            and same_address(new["row"], old["row"])
        ]
        if before:
            row = premises.iloc[new["row"]]
            text = msg(
                "Cấp {paper} cho {premises}, {address}: nơi có giấy phép bị thu hồi ngày {date}",
                paper=word_text(LicenceKind(new["kind"])),
                premises=str(row["name"]),
                address=str(row["address"]),
                date=max(before).date(),
            )
            made.append(_of_premises(f"licence:{new['id']}", new["issued_on"].date(), row, text))
    return made


def _of_premises(grew_from: str, day: date, row: pd.Series, text: Message) -> GrownSignal:
    return GrownSignal(
        grew_from, day, SignalSource.LICENCE, SignalTopic.LICENCE, text, row.geometry, str(row["id"])
    )


def _reopened(
    premises: gpd.GeoDataFrame, renames: pd.DataFrame, hotspots: gpd.GeoDataFrame, as_of: date, since: date
) -> list[GrownSignal]:
    """Premises inside a quiet catchment that opened, or took another name, after the elimination."""
    watch = Watch.over(hotspots, as_of)
    if not watch.ids or premises.empty:
        return []
    last_name = renames.groupby("premises_id")["on_date"].max() if len(renames) else pd.Series(dtype=object)
    made: dict[str, GrownSignal] = {}
    for spot, row in watch.inside(metric_shapes(premises)):
        one = premises.iloc[row]
        opened, renamed = _day(one.get("opened_on")), _day(last_name.get(one["id"]))
        for day, what, said in (
            (renamed, "rename", msg("{premises} đổi sang tên này, trong vùng theo dõi của điểm {spot}",
                                    premises=str(one["name"]), spot=watch.names[spot])),
            (opened, "opening", msg("{premises} mở cửa trong vùng theo dõi của điểm {spot}",
                                    premises=str(one["name"]), spot=watch.names[spot])),
        ):  # fmt: skip
            if day is not None and since <= day <= as_of and day > watch.since[spot]:
                key = f"{what}:{one['id']}:{day.isoformat()}"
                made.setdefault(key, _of_premises(key, day, one, said))
    return list(made.values())


def _violations(
    premises: gpd.GeoDataFrame, findings: gpd.GeoDataFrame, as_of: date, since: date
) -> list[GrownSignal]:
    if findings.empty:
        return []
    days = pd.to_datetime(findings["on_date"])
    kept = findings[
        (findings["kind"] == FindingKind.PROSTITUTION) & days.between(pd.Timestamp(since), pd.Timestamp(as_of))
    ]
    names = dict(zip(premises["id"], premises["name"], strict=True))
    points = dict(zip(premises["id"], premises.geometry, strict=True))
    made = []
    for one in kept.drop_duplicates("id").to_dict("records"):
        point = one["geometry"] if one["geometry"] is not None else points.get(one["premises_id"])
        if point is not None:
            name = str(names.get(one["premises_id"], one["premises_id"]))
            text = msg("Kiểm tra phát hiện vi phạm liên quan mại dâm tại {premises}", premises=name)
            made.append(
                GrownSignal(
                    f"finding:{one['id']}", one["on_date"].date(), SignalSource.INSPECTION,
                    SignalTopic.VIOLATION, text, point, str(one["premises_id"]),
                )
            )  # fmt: skip
    return made


def _unregistered(patrols: gpd.GeoDataFrame, as_of: date, since: date) -> list[GrownSignal]:
    if patrols.empty or "sign_kind" not in patrols:
        return []
    days = pd.to_datetime(patrols["on_date"])
    kept = patrols[
        (patrols["sign_kind"] == SignKind.PREMISES_WITHOUT_REGISTRATION)
        & days.between(pd.Timestamp(since), pd.Timestamp(as_of))
        & patrols.geometry.notna()
    ]
    text = msg("Tuần tra thấy cơ sở hoạt động không đăng ký")
    return [
        GrownSignal(
            f"patrol:{one['id']}", one["on_date"].date(), SignalSource.PATROL, SignalTopic.UNREGISTERED, text,
            one["geometry"],
        )
        for one in kept.to_dict("records")
    ]  # fmt: skip


def told_before(signals: pd.DataFrame) -> pd.Series:
    """Which signals tell what another record of the same business coming back has told.

    A licence issued again, the opening and the new name of one premises within ``LOOK_BACK_DAYS`` are one
    event: the licence stands for it, else the first of them. ``signals``: id, on_date, premises_id, grew_from.
    """
    record = signals["grew_from"].astype(object).str.extract(r"^(licence|opening|rename):", expand=False)
    rows = signals[record.notna() & signals["premises_id"].notna()]
    rows = rows.assign(licence=record.eq("licence"))
    rows = rows.sort_values(["licence", "on_date", "id"], ascending=[False, True, True])
    told: dict[str, list[pd.Timestamp]] = {}
    again = []
    for row in rows.itertuples():
        days = told.setdefault(str(row.premises_id), [])
        if not row.licence and any(abs((row.on_date - day).days) <= LOOK_BACK_DAYS for day in days):
            again.append(row.Index)
        else:
            days.append(row.on_date)
    return pd.Series(signals.index.isin(again), index=signals.index)


def alike(
    signals: gpd.GeoDataFrame, point: shapely.Point | None, premises_id: str | None, on_date: date,
    *, within_m: float = 100.0, within_days: int = 14,
) -> list[str]:  # fmt: skip
    """Ids of signals that may tell the same: of the same premises, or near, days apart; nearest first.

    They are shown to a person, who links them or not.
    """
    if signals.empty:
        return []
    days = (pd.to_datetime(signals["on_date"]) - pd.Timestamp(on_date)).dt.days.abs()
    near = pd.Series(False, index=signals.index)
    if premises_id is not None:
        near |= signals["premises_id"] == premises_id
    if point is not None:
        here = transform(point, LONLAT, METRIC)
        metres = signals.geometry.to_crs(METRIC).distance(here)
        near |= metres <= within_m
    found = signals[near & (days <= within_days)]
    return [str(one) for one in found.loc[days[found.index].sort_values(kind="stable").index, "id"]]


def _day(value: object) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
