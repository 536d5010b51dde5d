"""Who acts where no account does: the program itself, before anybody signed in or on a timer."""

from __future__ import annotations

from data.store import Actor
from geo.words import Role

SYSTEM = Actor("system", Role.ADMIN)
