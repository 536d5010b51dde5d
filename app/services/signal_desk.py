"""What every use case about signals asks first: deadlines, whose signal it is, who may handle it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import cache

import geopandas as gpd
import pandas as pd
import shapely

from app.access import Right, may
from app.config import ROOT
from app.services.free_text import about_places
from app.text import render, speaking
from data.repositories import places
from data.repositories import signals as repository
from data.repositories.accounts import accounts, actor_of
from data.repositories.scope import scope_ground
from data.store import Work
from data.tables import Signal
from geo.crs import LONLAT
from geo.errors import ConflictError, InputError, RuleError
from geo.messages import Message, msg
from geo.signal_rules import SignalRules, parse_rules
from geo.units import covering
from geo.words import Role

#: What the columns hold.
LONGEST_TEXT, LONGEST_RESULT, LONGEST_PAPER = 2000, 1000, 80


@cache
def rules() -> SignalRules:
    """The deadlines of this office."""
    return parse_rules((ROOT / "geo" / "signals.toml").read_text(encoding="utf-8"))


def written(text: str | None, longest: int) -> str:
    """What somebody typed, in composed Unicode. Raises RuleError for personal data, InputError if too long."""
    cleaned = about_places(unicodedata.normalize("NFC", text or ""))
    if len(cleaned) > longest:
        raise InputError("too_long", msg("Nội dung dài nhất {n} ký tự.", n=longest))
    return cleaned


def seen_signal(work: Work, signal_id: str) -> pd.Series:
    """A signal that the actor may see. Raises InputError ``unknown_signal``, for another ward's too."""
    found = repository.signal(work, signal_id)
    if found is None:
        raise InputError("unknown_signal", msg("Không có nguồn tin này trong địa bàn của bạn."))
    return found


def own_signal(work: Work, signal_id: str, seen: int) -> Signal:
    """A signal that the actor's office has to handle, to be changed. ``seen``: the revision on the screen.

    Raises InputError ``unknown_signal``, RuleError for one that another unit has, ConflictError when somebody
    else has changed it since.
    """
    row = repository.locked(work, signal_id)
    shown = seen_signal(work, signal_id)
    if row is None or not shown["ours"]:
        raise RuleError(
            "not_ours",
            msg("Tin này do đơn vị khác đang giữ."),
            hint=msg("Nếu tin được chuyển đến đơn vị bạn, hãy nhận tin trước."),
        )
    if row.revision != seen:
        raise ConflictError(
            "changed_meanwhile",
            msg(
                "{who} đã ghi vào nguồn tin này trước bạn. Thay đổi của bạn chưa được ghi.", who=row.recorded_by
            ),
            hint=msg("Xem nội dung mới rồi quyết định có ghi nữa không."),
        )
    return row


def refuse_duplicate(row: Signal) -> None:
    """Raise RuleError for a linked duplicate: what is done is done at the signal that it tells again."""
    if row.same_as is not None:
        raise RuleError(
            "is_duplicate",
            msg("Tin này đã gộp vào một tin khác; mọi việc ghi ở tin đó."),
            hint=msg("Mở tin gốc, hoặc tách tin này ra."),
        )


def handlers(work: Work, point: shapely.Point | None, unit_id: str | None) -> dict[str, Role]:
    """The accounts that may be given a signal, by name: their ground holds its place, or their unit has it."""
    found = {}
    for account in accounts(work):
        actor = actor_of(work, account)
        if account.disabled or not may(actor, Right.TAKE_SIGNALS):
            continue
        other = replace(work, actor=actor)
        ground = scope_ground(other)
        if unit_id is not None:
            units = repository.own_units(other)
            covers = units is None or unit_id in units
        else:
            covers = ground is None or (point is not None and ground.intersects(point))
        if covers:
            found[account.name] = actor.role
    return found


def ward_of(point: shapely.Point, units: gpd.GeoDataFrame) -> str | None:
    """Id of the unit in which a point lies."""
    found = covering(gpd.GeoDataFrame(geometry=[point], crs=LONLAT), units).iloc[0]
    return None if found is None else str(found)


def ward_point(work: Work, point: shapely.Point | None) -> shapely.Point | None:
    """A point that stands for the whole ward in which another one lies."""
    units = places.units_on(work, work.today)
    ward = None if point is None else ward_of(point, units)
    return None if ward is None else units.set_index("id").geometry[ward].representative_point()


def only_the_ward(work: Work, point: shapely.Point | None) -> dict[str, object]:
    """The columns of a signal that the police have (domain rule 7): nothing of what was told, only its ward, by
    which the share handled in time is counted."""
    return {
        "geom": ward_point(work, point),
        "premises_id": None,
        "text": "",
        "result": None,
        "topic": None,
        "document": None,
        "assigned_to": None,
        "reliability": "F",
        "credibility": 6,
    }


def holding_unit(shown: pd.Series) -> str | None:
    """The unit that has a signal by a sending across a border; None where its place decides."""
    if pd.isna(shown["handover_id"]):
        return None
    unit = shown["from_unit"] if pd.isna(shown["accepted_at"]) else shown["to_unit"]
    return None if pd.isna(unit) else str(unit)


def check_handler(work: Work, name: str, point: shapely.Point | None, unit_id: str | None) -> str:
    """The account's name. Raises RuleError when it may not be given the signal."""
    if name not in handlers(work, point, unit_id):
        raise RuleError(
            "not_assignable", msg("Tài khoản {name} không phụ trách nơi này nên không giao được.", name=name)
        )
    return name


def in_words(what: Message | str) -> str:
    """A message as the record keeps it: in Vietnamese, the language of the office's papers."""
    with speaking("vi"):
        return render(what)
