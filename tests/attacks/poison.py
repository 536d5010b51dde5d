"""A copy of the demonstration in which every free text is an attack, written past all checks of entry."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import String, text

from data.schema import Base
from data.store import Store

#: The host that no page may ask for and no link may lead to.
ELSEWHERE = "canary.example"
#: Breaks out of an attribute, an element, a script, Markdown, Jinja and TeX; runs in whatever frame it stands.
POISON = (
    '=1+1"\'><img src=/canary.png onerror="window.__canary=1"><script>window.__canary=1</script>'
    f"[bấm](https://{ELSEWHERE}/a)![x](https://{ELSEWHERE}/b.png)<https://{ELSEWHERE}/c>"
    "</script>`${window.__canary=1}`{{ 7*7 }}{% if %}$x^2$ :red[đỏ] &lt;b&gt; "
)
#: Columns that hold no words of people: keys, words of a vocabulary, digests, secrets, what machines compare.
_NO_WORDS = frozenset(
    """
    id code kind type state status role level source result outcome topic reliability location_quality
    body mode step action rule key measure criterion classification period article table_name place_kind
    subject_kind sign_kind folded content_key client_key registration_hash geom password_hash
    totp_secret oidc_subject token_hash checksum salt sealed_seed hash previous_hash origin street_class
    unit_id ward_id osm_id lead_team_id
    """.split()  # noqa: SIM905
)
#: Whose rows are the signing in itself and the log of it.
_LEFT_ALONE = frozenset({"accounts", "login_sessions", "audit_log", "settings", "text_salts"})
#: Nobody signs in by this one.
NAMED_ACCOUNT = "nguoixem"


def poisoned_columns() -> list[tuple[str, str]]:
    """Table and column of every free text; a new column is among them until it is said what it holds."""
    return [
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        if table.name not in _LEFT_ALONE
        for column in table.columns
        if isinstance(column.type, String)
        and not column.primary_key
        and not column.foreign_keys
        and column.name not in _NO_WORDS
        and not column.name.endswith("_id")
    ]


def poison(store: Store) -> int:
    """Put the attack before every free text and into every value of a stored sentence; how many columns."""
    columns = poisoned_columns()
    with store.engine.begin() as connection:
        guards = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(%'")
        )
        for name in guards.scalars().all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        for table, column in columns:
            change = f'UPDATE "{table}" SET "{column}" = :poison || "{column}" WHERE "{column}" IS NOT NULL'
            connection.execute(text(change), {"poison": POISON})
        for table in Base.metadata.sorted_tables:
            if table.name not in _LEFT_ALONE:
                for column in table.columns:
                    if type(column.type).__name__ == "JSON":
                        _poison_sentences(connection, table.name, column.name)
        connection.execute(
            text("UPDATE accounts SET name = :poison || name WHERE name = :name"),
            {"poison": POISON, "name": NAMED_ACCOUNT},
        )
    return len(columns)


def _poison_sentences(connection: Any, table: str, column: str) -> None:
    kept = connection.execute(
        text(f'SELECT rowid, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
    ).all()
    for row, document in kept:
        changed = json.dumps(_poisoned(json.loads(document)), ensure_ascii=False)
        if changed != document:
            change = f'UPDATE "{table}" SET "{column}" = :changed WHERE rowid = :row'
            connection.execute(text(change), {"changed": changed, "row": row})


def _poisoned(value: Any, inside: bool = False) -> Any:
    """A stored document with the attack in every text that fills a sentence."""
    if isinstance(value, dict):
        if set(value) == {"text", "values"}:
            return {"text": value["text"], "values": _poisoned(value["values"], inside=True)}
        return {key: _poisoned(one, inside) for key, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(one, inside) for one in value]
    return POISON + value if inside and isinstance(value, str) else value
