"""The NATS bus on this machine, with its binary from the locked environment and every message on disk."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from sadra_cli import children

BINARY = Path(sys.prefix) / "bin" / "nats-server"
STORE_MAX = 4 * 1024**3
PAYLOAD_MAX = 1024**2
ANY_PORT = -1


class Nats:
    """One server with its JetStream store under `data_dir`. Port 0 means any free one."""

    def __init__(self, data_dir: Path, *, port: int = 0) -> None:
        self.data_dir = data_dir.resolve()
        self.log = self.data_dir / "nats.log"
        self.port = port
        self._wanted_port = port or ANY_PORT
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, while it runs."""
        return self._child.pid if self._child and self._child.poll() is None else None

    def start(self) -> str:
        """Starts the server on what its store holds; its address."""
        self.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self.data_dir.glob("*.ports"):
            left.unlink()
        configuration = self.data_dir / "nats.conf"
        configuration.write_text(self._configuration())
        program = [str(BINARY), "--config", str(configuration)]
        self._child = children.start(program, log=self.log, stop_signal=signal.SIGTERM)
        try:
            children.wait_for(self._ready, self._child, what="NATS", log=self.log)
        except children.Failed:
            self.stop()
            raise
        return self.url

    def stop(self) -> None:
        """Stops the server; acknowledged messages are on disk already."""
        if self._child:
            children.stop(self._child)
            self._child = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _ready(self) -> bool:
        """The server tells its port in a file once it listens; asking the port could reach somebody else's server."""
        told = self.data_dir / f"{BINARY.name}_{self.pid}.ports"
        try:
            [address] = json.loads(told.read_bytes())["nats"]
        except (FileNotFoundError, ValueError):
            return False
        self.port = int(address.rpartition(":")[2])
        return True

    def _configuration(self) -> str:
        settings = {
            "host": "127.0.0.1",
            "port": self._wanted_port,
            "ports_file_dir": str(self.data_dir),
            "max_payload": PAYLOAD_MAX,
            "jetstream": {
                "store_dir": str(self.data_dir / "store"),
                "sync_interval": "always",
                "max_file_store": STORE_MAX,
                "max_memory_store": 64 * 1024**2,
            },
        }
        return json.dumps(settings, indent=2)
