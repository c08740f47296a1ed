"""Documents that are written from the code, and whether all of them still say what the code says.

`python -m sadra_cli.checks.documents` writes them anew.
"""

import re
from collections.abc import Callable
from pathlib import Path

from crm_storage.settings import CONFIG, PREFIX, keys
from sadra_cli.checks.patterns import tracked
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


NAMED = re.compile(r"`([\w-][\w./-]*(?:\.(?:py|html|css|sql|toml)|/))`|\]\((?!\w+:|#)([^)#]+)\)")
"""A file or folder that a page names by the end of its path, or links to."""
DOCUMENTS: dict[str, Callable[[], str]] = {"docs/configuration.md": configuration}


def fresh(root: Path = ROOT) -> tuple[bool, str]:
    """Whether each document is what the code would write now, and names nothing that is not there."""
    stale = [
        name for name, write in DOCUMENTS.items() if not (root / name).exists() or (root / name).read_text() != write()
    ]
    faults = [f"{name}: write anew with `.venv/bin/python -m sadra_cli.checks.documents`" for name in stale]
    faults += [f"{page}: there is no {name}" for page, name in _lost()]
    return not faults, "\n".join(faults)


def _lost() -> list[tuple[str, str]]:
    """What pages name, and the tree does not have."""
    files = tracked()
    there = {f"/{name}" for name in files} | {f"/{folder}/" for name in files for folder in Path(name).parents}
    found: list[tuple[str, str]] = []
    for page in tracked("*.md"):
        for named, linked in NAMED.findall((ROOT / page).read_text(encoding="utf-8")):
            lost = not any(path.endswith(f"/{named}") for path in there) if named else not _leads(page, linked)
            found += [(page, named or linked)] if lost else []
    return found


def _leads(page: str, linked: str) -> bool:
    return (ROOT / page).parent.joinpath(linked).exists()


if __name__ == "__main__":
    for document, writer in DOCUMENTS.items():
        (ROOT / document).write_text(writer())
