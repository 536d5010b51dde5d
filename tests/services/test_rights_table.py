"""The written table of rights holds: nothing is reachable without a row in it, nobody gets past their row."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import geopandas as gpd
import pytest
import typer
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import commands, console, web
from app.cli import main
from app.commands.base import app as command_app
from app.field import routes as field_routes
from app.field.routes import FIELD_ROUTES
from app.health import HEALTH_ROUTES
from app.web.routes import AUTH_ROUTES
from data.repositories.places import units_on
from data.store import Actor, Store
from geo.errors import RuleError
from geo.words import Role
from tests.conftest import DEMO_DAY
from tests.paths import ROOT
from tests.rights_document import DOCUMENT, document
from tests.rights_reading import narrows, public_functions, repository_functions, rights_asked
from tests.rights_table import repositories, table

TABLE = table()
FUNCTIONS = {f"{module}.{name}": node for (module, name), node in public_functions().items()}


# --- the services


def test_every_function_that_is_given_the_database_stands_in_the_table() -> None:
    assert set(FUNCTIONS) - set(TABLE["services"]) == set(), "write a row for each into tests/rights.toml"
    assert set(TABLE["services"]) - set(FUNCTIONS) == set(), "rows of functions that are gone"


def test_a_function_asks_first_for_the_right_that_its_row_says() -> None:
    wrong = {}
    for name in FUNCTIONS.keys() & TABLE["services"].keys():
        rule, asked = TABLE["services"][name], rights_asked(_split(name))
        if rule.rights and set(asked[: len(rule.rights)]) != {right.value for right in rule.rights}:
            # One of several may stand in a loop over them, which reading the code does not follow.
            if not (len(rule.rights) > 1 and "right" in asked):
                wrong[name] = (rule.text, asked[:3])
        elif rule.text.startswith("varies: ") and not asked:
            wrong[name] = (rule.text, asked)
    assert wrong == {}


class Closed:
    """A database that must not be touched."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"the database was used ({name}) before the right was asked for")


def call(name: str, actor: Actor) -> Any:
    """The function with made-up arguments and a database that must not be touched."""
    module, function = _split(name)
    given: dict[str, Any] = {one: MagicMock() for one in _required(FUNCTIONS[name])}
    given |= {"store": Closed(), "actor": actor}
    return getattr(importlib.import_module(f"app.services.{module}"), function)(**given)


def _split(name: str) -> tuple[str, str]:
    module, _dot, function = name.partition(".")
    return module, function


def _required(node: ast.FunctionDef) -> list[str]:
    places = [one.arg for one in (*node.args.posonlyargs, *node.args.args)]
    keys = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return [
        *places[: len(places) - len(node.args.defaults)],
        *(one.arg for one, value in keys if value is None),
    ]


REFUSING = [name for name, rule in TABLE["services"].items() if rule.refused and not rule.empty_without]


@pytest.mark.parametrize("role", list(Role))
def test_a_role_without_the_right_is_refused_before_anything_is_done(role: Role) -> None:
    slipped = {}
    for name in REFUSING:
        if name not in FUNCTIONS or role not in TABLE["services"][name].refused:
            continue
        try:
            call(name, Actor("ai", role))
        except RuleError as refused:
            if refused.code == "not_allowed":
                continue
            slipped[name] = refused.code
        except Exception as problem:
            slipped[name] = f"{type(problem).__name__}: {problem}"[:120]
        else:
            slipped[name] = "answered"
    assert slipped == {}


@pytest.mark.parametrize("name", [name for name, rule in TABLE["services"].items() if rule.empty_without])
def test_whoever_lacks_the_right_of_a_list_gets_an_empty_one(name: str) -> None:
    for role in TABLE["services"][name].refused:
        answer = call(name, Actor("ai", role))
        assert not answer or not any(vars(answer).values())


def test_what_is_open_says_why() -> None:
    for part in TABLE.values():
        assert all(len(rule.text) > len("open: ") + 8 for rule in part.values() if not rule.rights)


def test_the_table_for_people_is_up_to_date() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "python -m tests.rights_document"


# --- the repositories


def test_every_reader_of_the_database_is_narrowed_as_its_row_says() -> None:
    rows, functions = repositories(), {".".join(name): name for name in repository_functions()}
    assert set(functions) - set(rows) == set(), "write a row for each into tests/rights_repositories.toml"
    assert set(rows) - set(functions) == set(), "rows of functions that are gone"
    scoped = {name for name, row in rows.items() if row == "scoped"}
    assert scoped == {name for name, place in functions.items() if narrows(place)}
    assert all(row == "scoped" or row.startswith("open: ") for row in rows.values())


def test_no_reader_that_is_narrowed_gives_a_ward_officer_a_row_of_another_ward(demo: Store) -> None:
    with demo.read(Actor("hệ thống", Role.ADMIN)) as work:
        ward = units_on(work, DEMO_DAY).set_index("name").loc["Phường Kiến Hưng"]
    officer = Actor("cán bộ", Role.WARD_OFFICER, frozenset({ward["id"]}))
    read = 0
    with demo.read(officer) as work:
        for name, row in repositories().items():
            module, function = _split(name)
            wanted = _required(repository_functions()[module, function])
            if row != "scoped" or wanted not in (["work", "day"], ["work"]):
                continue
            found = getattr(importlib.import_module(f"data.repositories.{module}"), function)(
                *([work, DEMO_DAY] if "day" in wanted else [work])
            )
            if isinstance(found, gpd.GeoDataFrame) and len(found):
                offered = found["handover_id"].notna() if "handover_id" in found else found.index < 0
                places = found[~offered & found.geometry.notna()]
                assert places.geometry.intersects(ward["geometry"]).all(), name
                read += len(places)
    assert read


# --- the pages


def _in_navigation() -> dict[str, str]:
    """Page and right, read from the code: running it would draw a page."""
    tree = ast.parse((ROOT / "app" / "parts" / "navigation.py").read_text(encoding="utf-8"))
    (listed,) = (
        node for node in tree.body if isinstance(node, ast.AnnAssign) and _is_name(node.target, "_PAGES")
    )
    rows = [one for one in ast.walk(listed) if isinstance(one, ast.Tuple) and len(one.elts) == 3]
    found = [[ast.unparse(part).strip("'") for part in row.elts] for row in rows if _is_page(row)]
    return {name: right.removeprefix("Right.").lower() for name, _icon, right in found}


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_page(row: ast.Tuple) -> bool:
    return isinstance(row.elts[0], ast.Constant) and isinstance(row.elts[2], ast.Attribute)


def test_every_page_stands_in_the_table_and_is_opened_by_its_right() -> None:
    files = {file.stem for file in (ROOT / "app" / "pages").glob("*.py")} - {"__init__"}
    assert set(TABLE["pages"]) == files
    assert _in_navigation() == {name: rule.text for name, rule in TABLE["pages"].items()}


def test_every_page_ends_at_once_for_who_is_not_signed_in() -> None:
    for name in TABLE["pages"]:
        tree = ast.parse((ROOT / "app" / "pages" / f"{name}.py").read_text(encoding="utf-8"))
        first = next(node for node in tree.body if _draws(node))
        assert "require_visit()" in ast.unparse(first), name


def _draws(node: ast.stmt) -> bool:
    """A statement that runs when the page does: neither a definition nor a name for a value."""
    if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef):
        return False
    called = any(isinstance(one, ast.Call) for one in ast.walk(node))
    constant = isinstance(node, ast.Assign | ast.AnnAssign) and "require_visit" not in ast.unparse(node)
    return called and not constant


# --- the addresses


def test_every_address_stands_in_the_table() -> None:
    paths = {route.path for route in (*AUTH_ROUTES, *FIELD_ROUTES, *HEALTH_ROUTES)}
    tree = ast.unparse(ast.parse((ROOT / "app" / "main.py").read_text(encoding="utf-8")))
    assert tree.count("Mount(") == 1 and "Mount('/vendor'" in tree
    assert paths | {"/vendor"} == set(TABLE["routes"])


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch, demo: Store) -> Iterator[Any]:
    """Asks for an address as a role, or as nobody."""
    actor: list[Actor | None] = [None]

    async def visitor(request: Any) -> Actor | None:
        return actor[0]

    running = SimpleNamespace(store=demo, decided=True, settings=console.load_settings())
    monkeypatch.setattr(field_routes, "_visitor", visitor)
    monkeypatch.setattr(web, "runtime", lambda: running)
    with TestClient(Starlette(routes=list(FIELD_ROUTES)), follow_redirects=False) as client:

        def ask(path: str, role: Role | None) -> int:
            actor[0] = None if role is None else Actor("ai", role)
            return client.get(path.format(visit_id="0" * 32, hotspot_id="0" * 32)).status_code

        yield ask


def test_an_address_with_data_answers_nobody_without_the_right(phone: Any) -> None:
    guarded = {path: rule for path, rule in TABLE["routes"].items() if rule.rights}
    for path, rule in guarded.items():
        assert phone(path, None) == 303, path
        for role in Role:
            answer = phone(path, role)
            assert (answer == 403) == (role in rule.refused), (path, role, answer)


# --- the commands


def _commands(group: Any, before: str = "") -> Iterator[str]:
    for name, command in group.commands.items():
        if not hasattr(command, "commands"):
            yield before + name
            continue
        yield from _commands(command, f"{before}{name} ")
        if command.invoke_without_command:
            yield before + name


def test_every_command_stands_in_the_table() -> None:
    for module in pkgutil.iter_modules(commands.__path__):
        importlib.import_module(f"app.commands.{module.name}")
    assert set(_commands(typer.main.get_command(command_app))) == set(TABLE["commands"])


#: What a command is called with, so that its right is all that it lacks.
ARGUMENTS = {
    "alert": ("x", "--verdict", "dismissed", "--reason", "x"),
    "displacement": ("--hotspot", "x"),
    "indicators": ("--period", "2026-09"),
    "package export": ("x.zip", "--period", "2026-09", "--ward", "x"),
    "plan": ("--from", "2026-12-01", "--to", "2026-12-05"),
    "plan approve": ("x", "--document", "4/KH"),
    "report": ("--kind", "month", "--period", "2026-09", "--out", "x.docx"),
    "user add": ("x", "--role", "viewer"),
    "import osm": ("--area", "x"),
    "import wards": ("x.geojson", "--valid-from", "2026-01-01"),
    "import teams": ("--from-units",),
}
NOTHING = ("risk", "borders", "scan", "notify", "purge", "doctor", "plan list", "user list", "audit verify")
_NO_FILE = (*NOTHING, "audit show")


def arguments(name: str) -> tuple[str, ...]:
    """A call of the command."""
    if name.startswith("user ") and name not in ARGUMENTS and name != "user list":
        return ("x",)
    return ARGUMENTS.get(name, () if name in _NO_FILE else ("x.csv",))


GUARDED = {name: rule for name, rule in TABLE["commands"].items() if rule.refused}


@pytest.mark.parametrize("name", GUARDED)
def test_a_command_as_an_account_without_the_right_is_refused(
    name: str,
    demo: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused: list[Role] = GUARDED[name].refused
    monkeypatch.setattr(console.accounts, "named_actor", lambda store, account: Actor("ai", refused[0]))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "x.geojson").write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    call = [*name.split(), *arguments(name), "--db", str(demo.engine.url), "--as", "ai", "--json"]
    code = main([*call, "--as-of", DEMO_DAY.isoformat()])
    told = json.loads(capsys.readouterr().out)
    assert (code, told["error"]["code"]) == (2, "not_allowed")
