"""Row-level security: on PostgreSQL the database itself enforces the scope a second time.

``data.repositories`` narrow what a scoped actor gets; this is the wall behind them, for a query that forgot to.
A unit of work tells the database its scope for its own transaction (``show_only``), and the policies made here
show it rows of its own ground or its own units alone. The wall may let through a little more than a repository
(an event is of its premises' ground where it has no point of its own; a border strip between two neighbours of
the ground), never less, so that both engines give the same answers.

What it does not stop: the program, which sets the scope and lifts it where the whole database is weighed
(``Work.whole``); somebody with the database's password, who can do the same; and a superuser, whom PostgreSQL
lets past every policy. Public register data, inspections (the yearly cap counts those of everybody), plans and
the audit log have no policy. Writing is judged by the services: a policy hides rows and refuses none.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

#: The setting that holds the scope of the transaction; empty: the whole database.
SETTING = "diaban.scope"

#: Each protected table with the column that says whose a row is, and of which kind of thing that is the id.
#: None: rows without a place, for who sees the whole database alone.
PROTECTED: dict[str, tuple[str, str] | None] = {
    "signals": ("id", "signals"),
    "signal_handovers": ("signal_id", "signals"),
    "patrols": ("id", "patrols"),
    "findings": ("inspection_id", "inspections"),
    "case_papers": ("inspection_id", "inspections"),
    "hotspots": ("id", "hotspots"),
    "hotspot_transitions": ("hotspot_id", "hotspots"),
    "hotspot_shape_changes": ("hotspot_id", "hotspots"),
    "alerts": ("id", "alerts"),
    "alert_events": ("alert_id", "alerts"),
    "complaints": ("premises_id", "premises"),
    "score_objections": ("premises_id", "premises"),
    "tasks": ("unit_id", "units"),
    "meetings": ("unit_id", "units"),
    "reports": ("unit_id", "units"),
    "ward_figures": ("unit_id", "units"),
    "assigned_shares": ("unit_id", "units"),
    "ward_scores": ("unit_id", "units"),
    "received_packages": ("unit_id", "units"),
    "police_handovers": None,
}

_KEY = "scope of the transaction"


class ScopedSession(Session):
    """A session that knows which scope the database holds for its transaction: ``info[_KEY]``."""


def show_only(session: Session, scope: frozenset[str] | None) -> None:
    """Have the database show rows of these units alone until the transaction ends; all of them for None.

    Transaction by transaction, so that it holds behind a pooler and leaves nothing for the next one.
    """
    _set(session, "" if scope is None else "\n" + "\n".join(sorted(scope)))


def _set(session: Session, value: str) -> None:
    # A new transaction begins with the whole database: who sees that needs no word to the server.
    if session.info.get(_KEY, "") == value or session.get_bind().dialect.name == "sqlite":
        return
    setting = text("SELECT set_config(:name, :value, true)")
    session.connection().execute(setting, {"name": SETTING, "value": value})
    session.info[_KEY] = value


@event.listens_for(ScopedSession, "before_flush")
def _lift_to_write(session: Session, _context: Any, _objects: Any) -> None:
    # A row just written is read back for its number, also where it went beyond the scope, as a handover does.
    session.info[_KEY, "before"] = session.info.get(_KEY, "")
    _set(session, "")


@event.listens_for(ScopedSession, "after_flush")
def _narrow_again(session: Session, _context: Any) -> None:
    _set(session, session.info.pop((_KEY, "before")) or "")


@event.listens_for(ScopedSession, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:
    if transaction.nested:
        # Taken back, it leaves the scope that held before: the next one who asks says anew which it is.
        session.info[_KEY] = None
    elif transaction.parent is None:
        session.info[_KEY] = ""


def add_row_security(connection: Connection) -> None:
    """Make the policies, on PostgreSQL; nothing on SQLite, which has no such thing."""
    if connection.dialect.name == "sqlite":
        return
    connection.execute(text(_SEEN))
    for table, owned in PROTECTED.items():
        scope = f"current_setting('{SETTING}', true)"
        shown = f"coalesce({scope}, '') = ''"
        if owned is not None:
            column, kind = owned
            # The subquery stands alone, so it is worked out once a query and not once a row.
            shown += f" OR {column} IN (SELECT diaban_seen('{kind}', {scope}))"
        for statement in (
            f"CREATE POLICY scope ON {table} USING ({shown}) WITH CHECK (true)",
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            # The account of the program owns its tables, and an owner is let past without this.
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        ):
            connection.execute(text(statement))


def drop_row_security(connection: Connection) -> None:
    """Undo ``add_row_security``."""
    if connection.dialect.name == "sqlite":
        return
    for table in PROTECTED:
        connection.execute(text(f"DROP POLICY scope ON {table}"))
        connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
        connection.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
    connection.execute(text("DROP FUNCTION diaban_seen(text, text)"))


#: Ids of what a scope may see, of one kind. An event lies where its newest revision puts it; a border strip is
#: known by its middle, less than 400 m from its ends. The policies are lifted inside, since they ask this
#: function; nothing of the outer query runs meanwhile.
_SEEN = r"""
CREATE FUNCTION diaban_seen(kind text, scope text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
  named text[] := string_to_array(scope, chr(10));
  ground geometry;
  own text[];
  before text := coalesce(current_setting('diaban.scope', true), '');
BEGIN
  PERFORM set_config('diaban.scope', '', true);
  SELECT ST_Union(geom) INTO ground FROM units WHERE id = ANY (named);
  SELECT array_agg(id) INTO own FROM units
    WHERE id = ANY (named) OR ST_Intersects(ST_PointOnSurface(geom), ground);
  CASE kind
  WHEN 'units' THEN
    RETURN QUERY SELECT unnest(own);
  WHEN 'premises' THEN
    RETURN QUERY SELECT id::text FROM premises WHERE ST_Intersects(geom, ground);
  WHEN 'hotspots' THEN
    RETURN QUERY SELECT id::text FROM hotspots WHERE ST_Intersects(geom, ground);
  WHEN 'inspections' THEN
    RETURN QUERY SELECT one.id::text FROM inspections one LEFT JOIN premises p ON p.id = one.premises_id
      WHERE ST_Intersects(coalesce(one.geom, p.geom), ground)
      AND NOT EXISTS (SELECT FROM inspections newer WHERE newer.id = one.id AND newer.revision > one.revision);
  WHEN 'patrols' THEN
    RETURN QUERY SELECT one.id::text FROM patrols one LEFT JOIN hotspots h ON h.id = one.hotspot_id
      WHERE (ST_Intersects(one.geom, ground) OR ST_Intersects(h.geom, ground))
      AND NOT EXISTS (SELECT FROM patrols newer WHERE newer.id = one.id AND newer.revision > one.revision);
  WHEN 'signals' THEN
    RETURN QUERY SELECT one.id::text FROM signals one LEFT JOIN premises p ON p.id = one.premises_id
      WHERE ST_Intersects(coalesce(one.geom, p.geom), ground)
      AND NOT EXISTS (SELECT FROM signals newer WHERE newer.id = one.id AND newer.revision > one.revision);
    RETURN QUERY SELECT sent.signal_id FROM (
        SELECT DISTINCT ON (signal_id) signal_id::text, from_unit_id, to_unit_id, accepted_at
        FROM signal_handovers one WHERE NOT void AND NOT EXISTS (
          SELECT FROM signal_handovers newer WHERE newer.id = one.id AND newer.revision > one.revision)
        ORDER BY signal_id, sent_at DESC, rid DESC) sent
      WHERE sent.to_unit_id = ANY (own) OR (sent.accepted_at IS NULL AND sent.from_unit_id = ANY (own));
  WHEN 'alerts' THEN
    RETURN QUERY SELECT id::text FROM alerts WHERE
      (place_kind = 'signal' AND place_id IN (SELECT diaban_seen('signals', scope)))
      OR (place_kind = 'hotspot' AND place_id IN (SELECT diaban_seen('hotspots', scope)))
      OR (place_kind = 'premises' AND place_id IN (SELECT diaban_seen('premises', scope)))
      OR (place_kind = 'cluster' AND ST_DWithin(
        ST_SetSRID(ST_MakePoint((detail ->> 'lon')::float, (detail ->> 'lat')::float), 4326)::geography,
        ground::geography, (detail ->> 'radius_m')::float * 1.01));
    RETURN QUERY SELECT id::text FROM (
        SELECT id, regexp_match(place_id, '(\d+\.\d{4})-(\d+\.\d{4})(-\d+)?$') AS middle
        FROM alerts WHERE place_kind = 'border') strip
      WHERE ST_DWithin(ST_SetSRID(ST_MakePoint(middle[1]::float, middle[2]::float), 4326)::geography,
        ground::geography, 400);
  END CASE;
  PERFORM set_config('diaban.scope', before, true);
END $$
"""
