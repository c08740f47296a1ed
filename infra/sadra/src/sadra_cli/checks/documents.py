"""Documents that are written from the code, and whether they still say what the code says.

`python -m sadra_cli.checks.documents` writes them anew.
"""

from collections.abc import Callable
from pathlib import Path

from crm_storage.settings import CONFIG, PREFIX, keys
from sadra_cli.places import ROOT

CONFIGURATION_HEAD = f"""# Configuration

Every setting is an environment variable, or a key of the TOML file that `{CONFIG}` names (the same name in small
letters without `{PREFIX}`); the environment wins. A setting that is missing, misspelt, wrong or, in production, weak
keeps the apps from starting, and all faults are told at once. `./sadra up` sets all of them for its own apps.

| Variable | Default | Meaning |
|---|---|---|
"""


def configuration() -> str:
    """The page of all settings."""
    rows = (
        f"| `{PREFIX}{name.upper()}` | {f'`{default}`' if default else ''} | {text} |" for name, default, text in keys()
    )
    return CONFIGURATION_HEAD + "\n".join(rows) + "\n"


DOCUMENTS: dict[str, Callable[[], str]] = {"docs/configuration.md": configuration}


def fresh(root: Path = ROOT) -> tuple[bool, str]:
    """Whether each document is what the code would write now."""
    stale = [
        name for name, write in DOCUMENTS.items() if not (root / name).exists() or (root / name).read_text() != write()
    ]
    if not stale:
        return True, ""
    return False, f"{', '.join(stale)}: write anew with `.venv/bin/python -m sadra_cli.checks.documents`"


if __name__ == "__main__":
    for document, writer in DOCUMENTS.items():
        (ROOT / document).write_text(writer())
