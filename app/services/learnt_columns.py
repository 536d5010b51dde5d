"""What people said the columns of register files are: learnt with an import, proposed for the next file."""

from __future__ import annotations

from collections.abc import Mapping

from app.access import Right, require
from data.importers.fields import Field
from data.importers.headers import Column, is_personal
from data.importers.persons import masked
from data.repositories.facts import fact, record_fact
from data.store import Actor, Store, Work

#: A column that is not taken: the register has no place for notes.
NOT_TAKEN = Field.NOTES
#: Personal headers may be read as these: people and identity numbers are taken out of them.
FILTERED = frozenset({Field.NAME, Field.REGISTRATION_NUMBER, Field.TAX_NUMBER})
_KEY = "learnt_columns"
_MOST, _LONGEST = 500, 120


def learnt_columns(work: Work) -> dict[str, Field]:
    """Plain headers that a person corrected, and what they are; ``NOT_TAKEN`` for those to be left out."""
    kept = fact(work, _KEY) or {}
    fields = {field.value: field for field in Field}
    return {
        header: fields[value]
        for header, value in kept.items()
        # What a newer version has learnt, or what would let people in, is not known here.
        if value in fields and may_be(header, fields[value])
    }


def learn_columns(store: Store, actor: Actor, said: Mapping[str, Field]) -> None:
    """Keep what a person corrected: plain header to field. The oldest give way to the newest.

    A header that holds personal data itself is never kept, and one that announces some never becomes a field
    in which people could stand.
    """
    require(actor, Right.IMPORT)
    fit = {h: field.value for h, field in said.items() if 0 < len(h) <= _LONGEST and may_be(h, field)}
    new = {header: value for header, value in fit.items() if masked(header) == header}
    if not new:
        return
    with store.write(actor) as work:
        kept = fact(work, _KEY) or {}
        if all(kept.get(header) == value for header, value in new.items()):
            return
        older = {header: value for header, value in kept.items() if header not in new}
        record_fact(work, _KEY, dict([*older.items(), *new.items()][-_MOST:]))
        work.note("import.columns_learnt", columns=len(new))


def may_be(header: str, field: Field) -> bool:
    """Whether a column of this header may be read as this field: where it announces people it hardly may."""
    return field is NOT_TAKEN or field in FILTERED or not is_personal(Column(0, header))
