"""``python -m app.text.update``: bring the English catalog up to date with the sentences in the code.

New sentences come in without a translation, those that are gone are dropped. Vietnamese needs no catalog: it
is what stands in the code.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from app.text import CATALOG

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("app", "data", "geo", "layers")


def sentences() -> set[str]:
    """Every sentence of the code that a person may read: what stands in ``_("...")`` and ``msg("...")``.

    Read from the syntax tree, since extractors that go by tokens miss what stands inside f-strings.
    """
    found: set[str] = set()
    for package in _PACKAGES:
        for file in (_ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="_" | "msg"), args=[ast.Constant(value=str(text)), *_]) if (
                        text
                    ):
                        found.add(text)
    return found - {""}


def read_catalog() -> Catalog:
    """The English catalog as it stands; an empty one where there is none yet."""
    if not CATALOG.exists():
        return Catalog(locale="en")
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en")


def untranslated() -> list[str]:
    """Sentences of the code that have no English translation."""
    catalog = read_catalog()
    return sorted(text for text in sentences() if text not in catalog or not catalog[text].string)


def update() -> None:
    """Rewrite the catalog with the sentences of the code in alphabetical order."""
    old, new = read_catalog(), Catalog(locale="en")
    for text in sorted(sentences()):
        kept = old[text].string if text in old else ""
        new.add(text, kept)
    CATALOG.parent.mkdir(parents=True, exist_ok=True)
    with CATALOG.open("wb") as file:
        write_po(file, new, width=0, omit_header=True, sort_output=True)


if __name__ == "__main__":
    update()
    missing = untranslated()
    sys.stdout.write(f"{len(sentences())} sentences, {len(missing)} without translation\n")
