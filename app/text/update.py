"""``python -m app.text.update``: bring the English catalog up to date with the sentences in the code.

New sentences come in without a translation, those that are gone are dropped. Vietnamese needs no catalog: it
is what stands in the code.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from app.text import CATALOG

_ROOT = Path(__file__).resolve().parents[2]
_PACKAGES = ("app", "data", "geo", "layers")
_KEYWORDS = {"_": None, "msg": None}


def sentences() -> set[str]:
    """Every sentence of the code that a person may read."""
    found: set[str] = set()
    for package in _PACKAGES:
        entries = extract_from_dir(
            _ROOT / package, [("**.py", "python")], keywords=_KEYWORDS, strip_comment_tags=True
        )
        found |= {text for _file, _line, text, _comments, _context in entries if isinstance(text, str) and text}
    return found


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
