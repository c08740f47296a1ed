"""The two histories of migrations: the host's own tables, and those of every tenant."""

from functools import cached_property
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parent.parent / "migrations"


class History:
    """One line of revisions, in a folder of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.folder = FOLDER / name

    @cached_property
    def config(self) -> Config:
        """Alembic's settings for this history."""
        config = Config()
        config.set_main_option("script_location", str(self.folder))
        return config

    @cached_property
    def head(self) -> str:
        """The newest revision."""
        return ScriptDirectory.from_config(self.config).get_current_head() or ""


HOST = History("host")
TENANT = History("tenant")


def stamp(history: History) -> str:
    """SQL that notes, in the schema at hand, that it is at the newest revision: what was just made needs no migration."""
    return (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));\n"
        f"INSERT INTO alembic_version (version_num) VALUES ('{history.head}');\n"
    )
