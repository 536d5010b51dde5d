"""Reading the services' code: which functions the outside may call, and which right each asks for first."""

from __future__ import annotations

import ast
from functools import cache

from tests.paths import ROOT

SERVICES = ROOT / "app" / "services"
Name = tuple[str, str]


@cache
def _trees() -> dict[str, ast.Module]:
    return {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in sorted(SERVICES.glob("*.py"))}


@cache
def _functions() -> dict[Name, ast.FunctionDef]:
    return {
        (module, node.name): node
        for module, tree in _trees().items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def parameters(node: ast.FunctionDef) -> list[str]:
    """Names of all parameters."""
    return [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]


def public_functions() -> dict[Name, ast.FunctionDef]:
    """Functions without an underscore that are given the whole database."""
    return {
        name: node
        for name, node in _functions().items()
        if not name[1].startswith("_") and "store" in parameters(node)
    }


@cache
def _imported(module: str) -> dict[str, Name]:
    """What a name in a module stands for: a function of another service, or (empty) the service itself."""
    known = {}
    for node in _trees()[module].body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.services"):
            source = (node.module or "").removeprefix("app.services").lstrip(".")
            known |= {alias.asname or alias.name: (source, alias.name) for alias in node.names}
    return known


def rights_asked(name: Name, seen: frozenset[Name] = frozenset()) -> list[str]:
    """The rights that a function asks for, in the order in which it gets to them, also by other services."""
    module, asked = name[0], []
    body = [node for statement in _functions()[name].body for node in ast.walk(statement)]
    calls = [node for node in body if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda one: (one.lineno, one.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in ("require", "may") and len(call.args) > 1:
            asked.append(ast.unparse(call.args[1]).removeprefix("Right.").lower())
        target = _target(module, call.func)
        if target is not None and target != name and target not in seen:
            asked += rights_asked(target, seen | {name})
    return asked


def _target(module: str, called: ast.expr) -> Name | None:
    known = _imported(module)
    target = None
    if isinstance(called, ast.Name):
        target = (module, called.id) if (module, called.id) in _functions() else known.get(called.id)
    elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        source, service = known.get(called.value.id, ("?", ""))
        target = (service, called.attr) if source == "" else None
    return target if target in _functions() else None


REPOSITORIES = ROOT / "data" / "repositories"
#: What narrows rows to the ground of whoever asks (``data/repositories/scope.py``).
_NARROWING = frozenset({"within_scope", "scope_ground"})


@cache
def repository_functions() -> dict[Name, ast.FunctionDef]:
    """Functions of the repositories without an underscore that are given a unit of work or its session."""
    return {
        name: node
        for name, node in _repository_code().items()
        if not name[1].startswith("_") and {"work", "session", "store"} & set(parameters(node))
    }


@cache
def _repository_code() -> dict[Name, ast.FunctionDef]:
    return {
        (file.stem, node.name): node
        for file in sorted(REPOSITORIES.glob("*.py"))
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }


@cache
def _imported_repository(module: str) -> dict[str, Name]:
    tree = ast.parse((REPOSITORIES / f"{module}.py").read_text(encoding="utf-8"))
    lines = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {
        alias.asname or alias.name: ((line.module or "").removeprefix("data.repositories."), alias.name)
        for line in lines
        if (line.module or "").startswith("data.repositories.")
        for alias in line.names
    }


def narrows(name: Name, seen: frozenset[Name] = frozenset()) -> bool:
    """Whether a function of a repository gets to the one place that narrows by scope, or asks for the scope."""
    known, code = _imported_repository(name[0]), _repository_code()
    for node in ast.walk(code[name]):
        if isinstance(node, ast.Attribute) and node.attr == "scope":
            return True
        if not isinstance(node, ast.Name):
            continue
        if node.id in _NARROWING:
            return True
        target = (name[0], node.id) if (name[0], node.id) in code else known.get(node.id)
        if target in code and target not in seen and target != name and narrows(target, seen | {name}):
            return True
    return False
