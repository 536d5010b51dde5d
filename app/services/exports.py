"""Taking a layer out of the database into a file for a map program, a spreadsheet or a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.access import Right, require
from app.services import export_layers
from app.services.facts import Known
from app.services.looking import FILE_TAKEN
from app.services.watermark import refuse_too_many, stamped, watermark
from app.text import speaking
from data.exporters.layer import Layer
from data.exporters.write import write_layers, writer_for
from data.store import Actor, Store
from geo.errors import InputError
from geo.messages import msg

PLAN = "plan"
Writer = Callable[[list[Layer], Path], None]


def log_file(store: Store, actor: Actor, subject: str, file: str) -> None:
    """Write to the audit log that the actor takes a file out, before it is made: no file without its entry.

    ``subject``: id of the plan, inspection or sweep that it is of.
    """
    with store.write(actor) as work:
        work.note(FILE_TAKEN, subject, file=file)


def taken(store: Store, actor: Actor, subject: str, file: str, make: Callable[[], bytes]) -> bytes:
    """A file that a page gives out: logged first (``log_file``), then made, with the mark of who took it."""
    log_file(store, actor, subject, file)
    return stamped(make(), file, watermark(actor, datetime.now(UTC)))


def export_layer(store: Store, actor: Actor, layer: str, file: Path, as_of: date) -> dict[str, Any]:
    """Write what is known on a day to a file whose name says the format (the command ``export``).

    ``layer``: wards, premises, hotspots, borders, signals, plan (the newest) or ``plan:ID``. Files speak
    Vietnamese, since they are imported again. Gives ``{file, rows}``.
    """
    kind, _, plan_id = layer.partition(":")
    right = _right(kind)
    require(actor, right)
    writer = writer_for(file, routes=kind == PLAN)
    with speaking("vi"), store.read(actor) as work:
        known = Known(work, as_of)
        if kind == PLAN:
            layers = export_layers.plan(known, plan_id or None)
        else:
            layers = export_layers.LAYERS[kind][1](known)
    with store.write(actor) as work:
        # In one block: no file without its entry in the log, no entry without the file.
        refuse_too_many(actor, len(layers[0].frame))
        rows = write_layers(_marked(writer, watermark(actor, work.now)), layers, file)
        work.note("export", layer[:120], file=file.name, rows=rows, as_of=as_of.isoformat())
    return {"file": str(file), "rows": rows}


def _marked(writer: Writer, mark: str) -> Writer:
    """The writer, its file stamped before it takes the place of an older one."""

    def write(layers: list[Layer], file: Path) -> None:
        writer(layers, file)
        if file.suffix.casefold() == ".xlsx":
            file.write_bytes(stamped(file.read_bytes(), file.name, mark))

    return write


def _right(kind: str) -> Right:
    if kind == PLAN:
        return Right.SEE_PLANS
    if kind not in export_layers.LAYERS:
        raise InputError(
            "unknown_layer",
            msg("Không có lớp “{layer}”.", layer=kind),
            hint=msg("Các lớp xuất được: {layers}.", layers=", ".join((*export_layers.LAYERS, PLAN))),
        )
    return export_layers.LAYERS[kind][0]
