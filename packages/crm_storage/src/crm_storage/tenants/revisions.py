"""The two histories of migrations, as SQL text: the host's own tables, and those of every tenant."""

from functools import cached_property
from io import StringIO
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parent.parent / "migrations"
VERSION_TABLE = "alembic_version"


class History:
    """One line of revisions, in a folder of its own. Revisions say their statements without asking the database."""

    def __init__(self, name: str, folder: Path = FOLDER) -> None:
        self.name = name
        self.folder = folder / name
        self._scripts: dict[tuple[str, str], str] = {}

    @cached_property
    def head(self) -> str:
        """The newest revision."""
        return ScriptDirectory.from_config(self.config()).get_current_head() or ""

    def config(self, output: StringIO | None = None) -> Config:
        """Alembic's settings for this history."""
        config = Config(output_buffer=output)
        config.set_main_option("script_location", str(self.folder))
        return config

    def script(self, since: str) -> str:
        """The statements that lead from a revision, empty for none, to the newest; written once per process.

        Alembic works through names of its module, so it is never run in two threads; what it wrote may be.
        Raises alembic.util.CommandError for a revision this history does not have.
        """
        return self.between(since, self.head)

    def between(self, since: str, until: str) -> str:
        """The same up to a revision that need not be the newest; nothing from a revision to itself."""
        if since == until:
            return ""
        if (since, until) not in self._scripts:
            output = StringIO()
            command.upgrade(self.config(output), f"{since or 'base'}:{until}", sql=True)
            self._scripts[since, until] = output.getvalue()
        return self._scripts[since, until]


HOST = History("host")
TENANT = History("tenant")


def stamp(history: History) -> str:
    """SQL that notes in the schema at hand that it is at the newest revision: what was just made needs no migration."""
    return (
        f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL,"
        f" CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num));\n"
        f"INSERT INTO {VERSION_TABLE} (version_num) VALUES ('{history.head}');\n"
    )
