"""Commands that take files in: import wards, premises, hotspots, signals, teams, roads, osm ..."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import File, IntoDemo, console_of, imports_app, only
from app.console import parse_day, row_problem
from app.services import events_import, imports, osm_import, premises_import, teams
from app.text import _
from geo.errors import InputError
from geo.messages import msg


@imports_app.command("wards")
def import_wards(
    context: typer.Context,
    file: File,
    valid_from: Annotated[str, typer.Option("--valid-from")],
    valid_to: Annotated[str | None, typer.Option("--valid-to")] = None,
    crs: Annotated[int | None, typer.Option("--crs", help="EPSG")] = None,
    name_column: Annotated[str | None, typer.Option("--name-column")] = None,
    code_column: Annotated[str | None, typer.Option("--code-column")] = None,
    source: Annotated[str | None, typer.Option("--source")] = None,
) -> None:
    """Nhập địa giới phường. Import ward boundaries."""
    console = console_of(context)
    request = imports.WardsRequest(
        file=file,
        valid_from=parse_day(valid_from),
        valid_to=parse_day(valid_to) if valid_to else None,
        crs=crs,
        name_column=name_column,
        code_column=code_column,
        source=source,
    )
    done = imports.import_wards(console.store, console.actor, request)
    console.put(
        done,
        _("Đã nhập {n} đơn vị.", n=done["units"]),
        *(
            _(
                "Đã sửa: {kind}, {units}, {area} m²",
                kind=r["kind"],
                units=", ".join(r["units"]),
                area=r["area_m2"],
            )
            for r in done["repairs"]
        ),
        *(_("Bỏ qua đối tượng {feature}: {problem}", **r) for r in done["rejected"]),
        *done["warnings"],
    )


@imports_app.command("premises")
def import_premises(
    context: typer.Context,
    file: File,
    sheet: Annotated[str | None, typer.Option("--sheet")] = None,
    column_map: Annotated[list[str] | None, typer.Option("--map", help="K=CỘT")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    into_demo: Annotated[bool, typer.Option("--into-demo")] = False,
    crs: Annotated[int | None, typer.Option("--crs", help="EPSG")] = None,
) -> None:
    """Nhập danh sách cơ sở. Import a register of premises."""
    console = console_of(context)
    request = premises_import.PremisesRequest(
        file=file,
        sheet=sheet,
        column_map=_pairs(column_map or []),
        dry_run=dry_run,
        strict=strict,
        into_demo=into_demo,
        crs=crs,
        nominatim_url=console.settings.nominatim_url,
    )
    done = premises_import.import_premises(console.store, console.actor, request)
    console.put(
        done,
        _(
            "Đọc {read} dòng: thêm {added}, cập nhật {updated}, giữ nguyên {unchanged}.",
            **only(done, "read", "added", "updated", "unchanged"),
        ),
        _("Cột không lấy: {columns}", columns=", ".join(done["dropped_columns"]) or "-"),
        *(row_problem(r) for r in done["rejected"]),
        *(str(w) for w in done["warnings"]),
    )


def _pairs(entries: list[str]) -> dict[str, str]:
    pairs = [entry.partition("=") for entry in entries]
    for key, equals, column in pairs:
        if not (key and equals and column):
            raise InputError("bad_map", msg("--map cần dạng K=CỘT, không phải “{entry}”.", entry=key))
    return {key: column for key, _equals, column in pairs}


def _import_events(context: typer.Context, file: Path, kind: str, into_demo: bool) -> None:
    console = console_of(context)
    done = events_import.import_events(
        console.store, console.actor, kind, file, into_demo=into_demo, as_of=console.as_of
    )
    summary = _("Đọc {read} dòng, thêm {added}.", **only(done, "read", "added"))
    console.put(done, summary, *(row_problem(r) for r in done["rejected"]))


@imports_app.command("hotspots")
def import_hotspots(context: typer.Context, file: File, into_demo: IntoDemo = False) -> None:
    """Nhập điểm phức tạp. Import hotspots."""
    _import_events(context, file, "hotspots", into_demo)


@imports_app.command("signals")
def import_signals(context: typer.Context, file: File, into_demo: IntoDemo = False) -> None:
    """Nhập nguồn tin. Import signals."""
    _import_events(context, file, "signals", into_demo)


@imports_app.command("inspections")
def import_inspections(context: typer.Context, file: File, into_demo: IntoDemo = False) -> None:
    """Nhập kết quả kiểm tra. Import inspections."""
    _import_events(context, file, "inspections", into_demo)


@imports_app.command("patrols")
def import_patrols(context: typer.Context, file: File, into_demo: IntoDemo = False) -> None:
    """Nhập lượt tuần tra. Import patrols."""
    _import_events(context, file, "patrols", into_demo)


@imports_app.command("teams")
def import_teams(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help="Tệp · File")] = None,
    from_units: Annotated[bool, typer.Option("--from-units", help="mỗi phường một đội · one a ward")] = False,
    into_demo: IntoDemo = False,
) -> None:
    """Nhập đội kiểm tra. Import inspection teams."""
    console = console_of(context)
    if (file is None) != from_units:
        raise InputError("usage", msg("import teams cần một tệp, hoặc --from-units."))
    done = teams.import_teams(console.store, console.actor, file, console.as_of, into_demo=into_demo)
    summary = _("Đọc {read} đội: thêm {added}, cập nhật {updated}, giữ nguyên {unchanged}.", **done)
    console.put(done, summary, *(f"{r['name'] or '?'}: {row_problem(r)}" for r in done["rejected"]))


@imports_app.command("roads")
def import_roads(context: typer.Context, file: File) -> None:
    """Nhập mạng đường. Import a street network."""
    console = console_of(context)
    done = imports.import_roads(console.store, console.actor, file)
    console.put(done, _("Đã nhập mạng đường: {nodes} nút, {km} km.", **only(done, "nodes", "km")))


@imports_app.command("osm")
def import_osm(
    context: typer.Context,
    area: Annotated[str, typer.Option("--area", help="“Hà Đông, Hà Nội”; ngăn nhiều địa bàn bằng dấu ;")],
    valid_from: Annotated[str, typer.Option("--valid-from")] = osm_import.TODAYS_WARDS.isoformat(),
    refresh: Annotated[bool, typer.Option("--refresh", help="tải lại · download again")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="thay cả nguồn khác · over other sources")] = False,
    into_demo: Annotated[bool, typer.Option("--into-demo")] = False,
) -> None:
    """Nhập địa giới, đường, địa điểm từ OpenStreetMap. Import wards, streets, places from OpenStreetMap."""
    console = console_of(context)
    console.say(_("Đang hỏi máy chủ Overpass..."))
    done = osm_import.import_osm(
        console.store,
        console.actor,
        area,
        url=console.settings.overpass_url or osm_import.PUBLIC_URL,
        cache=console.settings.data / "osm",
        valid_from=parse_day(valid_from),
        refresh=refresh,
        replace=replace,
        into_demo=into_demo,
    )
    summary = _(
        "Đã nhập {units} đơn vị, {streets} đoạn đường, {candidates} địa điểm mới chờ xem xét.",
        **only(done, "units", "streets", "candidates"),
    )
    left_out = (_("Bỏ qua đối tượng {feature}: {problem}", **r) for r in done["rejected"])
    console.put(done, summary, *left_out, *done["warnings"], done["attribution"])
