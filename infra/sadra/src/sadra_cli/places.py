"""Where things lie: the project, the data folder, and the settings of what runs from it."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from crm_storage.settings import CONFIG, PREFIX, Settings, load
from sadra_cli.children import Failed

ROOT = Path(__file__).resolve().parents[4]
BIN = Path(sys.prefix) / "bin"
DATA = ROOT / "data"
RUNNING = "running.toml"
"""In the data folder: the settings that `up` gave its apps, so that other commands reach the same services."""


def write_running(data: Path, settings: Mapping[str, str | int]) -> Path:
    """Writes the settings file of a run; only its owner may read it, because it holds secrets."""
    target = data / RUNNING
    target.touch(mode=0o600)
    target.write_text("".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in settings.items()))
    return target


def settings_for(data: Path) -> Settings:
    """The settings of the environment or, when it names no database, of what `up` runs from this data folder."""
    environ = dict(os.environ)
    if f"{PREFIX}DATABASE_URL" not in environ and CONFIG not in environ:
        running = data / RUNNING
        if not running.exists():
            raise Failed(f"Nothing runs from {data}. Start it with `./sadra up`, or set {PREFIX}DATABASE_URL.")
        environ[CONFIG] = str(running)
    return load(environ)
