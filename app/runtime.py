"""What one running server holds: its settings and its database, opened at the first need."""

from __future__ import annotations

import threading
from functools import cache

from app.config import Settings
from app.services import accounts, database
from data.store import Store


class Runtime:
    """Settings and the opened database of this process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._store: Store | None = None

    @property
    def decided(self) -> bool:
        """Whether it is settled which database is in use."""
        return self.settings.database_url is not None or self.settings.chosen() is not None

    @property
    def store(self) -> Store:
        """The database, brought up to date when it is first opened."""
        with self._lock:
            if self._store is None:
                self._store = database.open_store(self.settings)
            return self._store

    def reopen(self) -> None:
        """Forget the opened database after another one was chosen."""
        with self._lock:
            self._store = None

    @property
    def needs_setup(self) -> bool:
        """Whether nobody could sign in yet."""
        return not self.decided or not accounts.any_account(self.store)


@cache
def runtime() -> Runtime:
    """The runtime of this process."""
    return Runtime(Settings())
