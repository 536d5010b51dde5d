"""What would lower a premises' score: the parts that the business itself can set right, with their points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.messages import Message, msg
from geo.risk_fit import FittedWeights
from geo.risk_parts import Part
from geo.risk_settings import RiskSettings
from geo.word_texts import word_text
from geo.words import LicenceKind

_LICENCE = "licence_"


@dataclass(frozen=True)
class Advice:
    """One thing to set right: the sentence, and the points the score would lose (above 0)."""

    name: str
    points: float
    text: Message


def advice(parts: Sequence[Part], settings: RiskSettings, fitted: FittedWeights | None = None) -> list[Advice]:
    """What the business can do, most points first. History, surroundings and type are not in its hands.

    ``fitted``: the weights that scored, where it was not the table. The points are those of the parts before
    the limit of the scale, so the score may lose less.
    """
    found = [_of_part(part) for part in parts if part.points > 0]
    given = [one for one in found if one is not None]
    if not any(part.name == "commitment" for part in parts):
        times = 1.0 if fitted is None else fitted.multipliers.get("commitment", 1.0)
        points = round(-settings.commitment.signed * times * settings.scale.points_per_log_odds, 1)
        if points > 0:
            given.append(Advice("commitment", points, msg("Ký cam kết: -{points}", points=points)))
    return sorted(given, key=lambda one: (-one.points, one.name))


def _of_part(part: Part) -> Advice | None:
    if part.name == "deadlines_overdue":
        text = msg("Khắc phục xong các kiến nghị quá hạn: -{points}", points=part.points)
        return Advice(part.name, part.points, text)
    if part.name == "particulars":
        text = msg("Điều chỉnh giấy phép cho khớp với cơ sở: -{points}", points=part.points)
        return Advice(part.name, part.points, text)
    if part.name.startswith(_LICENCE):
        paper = word_text(LicenceKind(part.name.removeprefix(_LICENCE)))
        text = msg("Có lại giấy còn hiệu lực ({paper}): -{points}", paper=paper, points=part.points)
        return Advice(part.name, part.points, text)
    return None
