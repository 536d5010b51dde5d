"""The same use cases as on the pages, as commands. The contract is in the interface paper and in --help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.console import DONE, Console, guarded, parse_day, ranking_lines, row_problem
from app.services import (
    alerts,
    backtest,
    database,
    events_import,
    exports,
    imports,
    osm_import,
    plans,
    premises_import,
    risk,
    teams,
    templates,
)
from app.services import locate as locating
from app.services.team_file import read_team_file
from app.text import _
from geo.errors import InputError
from geo.messages import msg

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Địa Bàn. Mọi lệnh nhận --db URL, --json, --as-of NGÀY, --as TÀI_KHOẢN. "
    "Every command takes --db URL, --json, --as-of DATE, --as ACCOUNT.",
)
imports_app = typer.Typer(no_args_is_help=True, help="Nhập dữ liệu từ tệp. Import data from files.")
app.add_typer(imports_app, name="import")
backtest_app = typer.Typer(no_args_is_help=True, help="Kiểm chứng trên số liệu cũ. Back-test on past data.")
app.add_typer(backtest_app, name="backtest")
File = Annotated[Path, typer.Argument(help="Tệp · File")]


def main(arguments: list[str]) -> int:
    """Run one command and give its exit code."""
    return guarded(arguments, _run)


def _run(console: Console, rest: list[str]) -> int:
    command = typer.main.get_command(app)
    # A group without a command shows what there is.
    wanted = [*rest, "--help"] if rest in ([], ["import"], ["backtest"]) else rest
    result = command.main(wanted, prog_name="python -m app", standalone_mode=False, obj=console)
    return result if isinstance(result, int) else DONE


def _console(context: typer.Context) -> Console:
    console = context.find_root().obj
    assert isinstance(console, Console)
    return console


@app.command()
def init(
    context: typer.Context,
    demo: Annotated[bool, typer.Option("--demo", help="Quận minh họa · The demonstration")] = False,
) -> None:
    """Tạo cơ sở dữ liệu. Create the database."""
    console = _console(context)
    done = database.initialise(console.settings, demo=demo, as_of=console.as_of)
    which = {
        "own": _("Đang dùng: cơ sở dữ liệu của mình (lệnh init không kèm --demo)."),
        "demo": _("Đang dùng: bản minh họa. Lệnh init không kèm --demo chuyển sang cơ sở dữ liệu của mình."),
        "named": _("Đang dùng: cơ sở dữ liệu được nêu bằng --db hoặc DIABAN_DATABASE_URL."),
    }
    ready = _("Cơ sở dữ liệu sẵn sàng ({engine}, bản {revision}).", **_only(done, "engine", "revision"))
    console.put(done, ready, which[done["in_use"]])


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
    console = _console(context)
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
    console = _console(context)
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
            **_only(done, "read", "added", "updated", "unchanged"),
        ),
        _("Cột không lấy: {columns}", columns=", ".join(done["dropped_columns"]) or "-"),
        *(row_problem(r) for r in done["rejected"]),
        *(str(w) for w in done["warnings"]),
    )


def _import_events(context: typer.Context, file: Path, kind: str, into_demo: bool) -> None:
    console = _console(context)
    done = events_import.import_events(
        console.store, console.actor, kind, file, into_demo=into_demo, as_of=console.as_of
    )
    summary = _("Đọc {read} dòng, thêm {added}.", **_only(done, "read", "added"))
    console.put(done, summary, *(row_problem(r) for r in done["rejected"]))


IntoDemo = Annotated[bool, typer.Option("--into-demo")]


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
    console = _console(context)
    if (file is None) != from_units:
        raise InputError("usage", msg("import teams cần một tệp, hoặc --from-units."))
    done = teams.import_teams(console.store, console.actor, file, console.as_of, into_demo=into_demo)
    summary = _("Đọc {read} đội: thêm {added}, cập nhật {updated}, giữ nguyên {unchanged}.", **done)
    console.put(done, summary, *(f"{r['name'] or '?'}: {row_problem(r)}" for r in done["rejected"]))


@imports_app.command("roads")
def import_roads(context: typer.Context, file: File) -> None:
    """Nhập mạng đường. Import a street network."""
    console = _console(context)
    done = imports.import_roads(console.store, console.actor, file)
    console.put(done, _("Đã nhập mạng đường: {nodes} nút, {km} km.", **_only(done, "nodes", "km")))


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
    console = _console(context)
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
        **_only(done, "units", "streets", "candidates"),
    )
    left_out = (_("Bỏ qua đối tượng {feature}: {problem}", **r) for r in done["rejected"])
    console.put(done, summary, *left_out, *done["warnings"], done["attribution"])


@app.command("risk")
def risk_command(context: typer.Context) -> None:
    """Xếp hạng mức độ nguy cơ của cơ sở. Rank premises by risk."""
    console = _console(context)
    done = risk.ranking(console.store, console.actor, console.as_of)
    console.put(done, *([] if console.as_json else ranking_lines(console, done["premises"])))


@backtest_app.command("risk")
def backtest_risk_command(
    context: typer.Context,
    inspections: Annotated[Path, typer.Option("--inspections")],
    outcome: Annotated[str, typer.Option("--outcome")],
    first: Annotated[str, typer.Option("--first")],
    last: Annotated[str, typer.Option("--last")],
    months: Annotated[int, typer.Option("--months", min=1)],
    after: Annotated[str, typer.Option("--after", help="CỘT,CỘT")] = "",
    signals: Annotated[Path | None, typer.Option("--signals")] = None,
) -> None:
    """Kiểm chứng mức độ nguy cơ trên kết quả cũ. Back-test the risk model."""
    columns = [part.strip() for part in after.split(",") if part.strip()]
    done = backtest.backtest_risk(
        inspections,
        signals,
        outcome=outcome,
        after=columns,
        first=parse_day(first),
        last=parse_day(last),
        months=months,
    )
    _console(context).put(done)


@app.command("borders")
def borders_command(
    context: typer.Context,
    width: Annotated[float, typer.Option("--width", min=10, max=1000)] = 150.0,
    segment: Annotated[float, typer.Option("--segment", min=50, max=5000)] = 500.0,
) -> None:
    """Xếp hạng đoạn giáp ranh. Rank border segments."""
    console = _console(context)
    done = risk.borders(console.store, console.actor, console.as_of, width_m=width, segment_m=segment)
    console.put(done, *(f"{s['rank']:4} {s['risk']:5} {' - '.join(s['names'])}" for s in done["segments"]))


@app.command("plan")
def plan_command(
    context: typer.Context,
    first: Annotated[str, typer.Option("--from")],
    last: Annotated[str, typer.Option("--to")],
    team_file: Annotated[Path | None, typer.Option("--teams")] = None,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, max=3600)] = 10.0,
    iterations: Annotated[int | None, typer.Option("--iterations", min=1)] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0)] = None,
    exclude: Annotated[str, typer.Option("--exclude", help="ID,ID")] = "",
    lock: Annotated[Path | None, typer.Option("--lock", help="mỗi dòng một ID · one ID a line")] = None,
) -> None:
    """Lập dự thảo lịch kiểm tra. Draft an inspection plan."""
    console = _console(context)
    changes = read_team_file(team_file) if team_file else None
    request = plans.PlanRequest(
        first=parse_day(first),
        last=parse_day(last),
        seconds=seconds,
        iterations=iterations,
        seed=seed,
        excluded=frozenset(part.strip() for part in exclude.split(",") if part.strip()),
        locked=plans.read_ids(lock) if lock else frozenset(),
        team_ids=frozenset(changes) if changes else None,
        team_changes=changes,
    )
    console.say(_("Đang lập lịch..."))
    done = plans.draft_plan(console.store, console.actor, request, console.as_of)
    heading = _("Dự thảo {plan}: {n} lượt kiểm tra.", plan=done["plan"], n=len(done["visits"]))
    stops = (
        f"{v['date']} {v['arrive'][11:]} {v['team']} {v['premises']} {v['reason']}" for v in done["visits"]
    )
    if not done["visits"] and not teams.any_team(console.store, console.actor):
        console.say(_("Chưa có đội kiểm tra nào: nhập bằng import teams TỆP, hoặc import teams --from-units."))
    console.put(done, heading, *stops, *done["notes"])


@app.command("scan")
def scan_command(context: typer.Context) -> None:
    """Rà soát dấu hiệu tái hoạt động. Look for signs of reactivation."""
    console = _console(context)
    done = alerts.scan(console.store, console.actor, console.as_of)
    console.put(
        done,
        _("Cảnh báo mới: {n}, đang mở: {kept}.", n=len(done["raised"]), kept=len(done["kept"])),
        *(f"{a['name']}: {a['text']}" for a in done["raised"]),
    )


@app.command("locate")
def locate_command(context: typer.Context, file: File) -> None:
    """Tìm vị trí của các địa chỉ trong tệp. Find the points of a file's addresses."""
    console = _console(context)
    done = locating.locate_file(
        console.store, console.actor, file, console.as_of, nominatim_url=console.settings.nominatim_url
    )
    lines = (f"{r['quality']:7} {r['lat'] or ''} {r['lon'] or ''} {r['address']}" for r in done["rows"])
    console.put(done, *lines, *done["warnings"])


@app.command("export")
def export_command(context: typer.Context, layer: str, file: File) -> None:
    """Xuất một lớp dữ liệu ra tệp. Export a layer to a file."""
    console = _console(context)
    done = exports.export_layer(console.store, console.actor, layer, file, console.as_of)
    console.put(done, _("Đã ghi {rows} dòng vào {file}.", **_only(done, "rows", "file")))


@app.command("template")
def template_command(context: typer.Context, kind: str, file: File) -> None:
    """Ghi tệp mẫu trống có các cột được nhận. Write an empty file with the accepted columns."""
    console = _console(context)
    done = templates.template(kind, file)
    console.put(done, _("Đã ghi tệp mẫu {file}.", file=done["file"]))


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host")] = None,
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
    if_empty: Annotated[str, typer.Option("--if-empty", help="ask, page, demo, own")] = "ask",
) -> None:
    """Chạy ứng dụng. Run the app."""
    # Streamlit is slow to import: only the command that serves pays for it.
    from app.server import run_server

    console = _console(context)
    changes: dict[str, Any] = {k: v for k, v in (("host", host), ("port", port)) if v is not None}
    run_server(console.settings.model_copy(update=changes), if_empty=if_empty, as_of=console.as_of)


def _only(document: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: document[key] for key in keys}


def _pairs(entries: list[str]) -> dict[str, str]:
    pairs = [entry.partition("=") for entry in entries]
    for key, equals, column in pairs:
        if not (key and equals and column):
            raise InputError("bad_map", msg("--map cần dạng K=CỘT, không phải “{entry}”.", entry=key))
    return {key: column for key, _equals, column in pairs}
