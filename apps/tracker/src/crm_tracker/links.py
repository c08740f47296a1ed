"""Where links lead, known on this machine: the latest in memory, all on disk, the rest asked for (REL-09)."""

import sqlite3
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

REMEMBERED = 20_000
"""Links in memory: about 5 MB."""
SCHEMA = "CREATE TABLE IF NOT EXISTS link (key INTEGER PRIMARY KEY, location BLOB NOT NULL) WITHOUT ROWID"
LEARN = "INSERT INTO link VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET location = excluded.location"
FIND = "SELECT location FROM link WHERE key = ?"

Ask = Callable[[int, int], Awaitable[bytes | None]]


class Links:
    """A file that every tracker process of this machine shares, and a copy of what was wanted lately."""

    def __init__(self, file: Path, ask: Ask) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._ask = ask
        self._known: OrderedDict[int, bytes] = OrderedDict()
        self._disk = sqlite3.connect(file, isolation_level=None, timeout=1)
        self._disk.execute("PRAGMA journal_mode = WAL")
        self._disk.execute("PRAGMA synchronous = NORMAL")
        self._disk.execute(SCHEMA)

    def learn(self, tenant: int, locations: Mapping[int, bytes]) -> None:
        """Keeps where these links lead."""
        rows = [(tenant << 32 | number, location) for number, location in locations.items()]
        with self._disk:
            self._disk.execute("BEGIN IMMEDIATE")
            self._disk.executemany(LEARN, rows)
        for key, location in rows:
            self._keep(key, location)

    def known(self, tenant: int, number: int) -> bytes | None:
        """Where the link leads, if this machine knows."""
        key = tenant << 32 | number
        found = self._known.get(key)
        if found is None:
            row = self._disk.execute(FIND, (key,)).fetchone()
            if row is None:
                return None
            found = bytes(row[0])
            self._keep(key, found)
        return found

    async def find(self, tenant: int, number: int) -> bytes | None:
        """The same, asking when it does not."""
        found = self.known(tenant, number) or await self._ask(tenant, number)
        if found:
            self.learn(tenant, {number: found})
        return found

    def close(self) -> None:
        self._disk.close()

    def _keep(self, key: int, location: bytes) -> None:
        self._known[key] = location
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
