"""Empty files for people to fill in."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.importers.templates import write_template


def template(kind: str, file: Path) -> dict[str, Any]:
    """Write the template of an import (the command ``template``) and tell its columns in both languages."""
    columns = write_template(kind, file)
    return {"file": str(file), "kind": kind, "columns": [asdict(column) for column in columns]}
