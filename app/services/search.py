"""Finding a premises of the register by a few typed words: its name, number or address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.access import Right, require
from data.search import Hit, Likeness, Query, Where, find_premises, standing_on
from data.store import Actor, Store
from geo.messages import Message, msg
from geo.words import PremisesStatus, PremisesType


@dataclass(frozen=True)
class Found:
    """A premises that answers what was typed, as it stands on the day; a closed one is found too.

    ``why`` says what of it was met and how well; ``score`` 0 to 100, higher is better.
    """

    premises_id: str
    name: str
    address: str
    type: PremisesType
    ward_name: str | None
    status: PremisesStatus
    why: Message
    score: float


def search(store: Store, actor: Actor, query: str, *, limit: int = 20, day: date) -> list[Found]:
    """The premises that answer ``query`` best, at most ``limit``; none when it holds no letter or digit.

    What was typed with its marks comes first, then the same without marks, then beginnings, then parts of a
    number, then what may have been meant. Any text is plain text. Everyone may look into the register: the
    yearly cap holds across scopes.
    """
    require(actor, Right.SEE)
    with store.read(actor) as work:
        hits = find_premises(work, Query.typed(query), limit)
        standing = standing_on(work, [hit.premises.id for hit in hits], day)
    return [
        Found(
            premises_id=hit.premises.id,
            name=hit.premises.name,
            address=hit.premises.address,
            type=PremisesType(hit.premises.type),
            ward_name=standing[hit.premises.id].ward_name,
            status=standing[hit.premises.id].status,
            why=_why(hit),
            score=hit.score,
        )
        for hit in hits
    ]


def _why(hit: Hit) -> Message:
    place = _PLACES[hit.where]
    match hit.likeness:
        case Likeness.EXACT:
            return msg("khớp {place}", place=place)
        case Likeness.FOLDED:
            return msg("khớp {place}, không kể dấu", place=place)
        case Likeness.PREFIX:
            return msg("khớp phần đầu trong {place}", place=place)
        case Likeness.PART:
            return msg("là một phần của {place}", place=place)
        case Likeness.NEAR:
            return msg("gần giống {place}", place=place)


_PLACES = {
    Where.NAME: msg("tên"),
    Where.NUMBER: msg("số đăng ký"),
    Where.ADDRESS: msg("địa chỉ"),
    Where.SEVERAL: msg("tên và địa chỉ"),
}
