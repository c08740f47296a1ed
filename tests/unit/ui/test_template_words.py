"""Every message that a template names by its id is there."""

import re
from pathlib import Path

from crm_domain.messages.catalogue import catalogue
from sadra_cli.places import ROOT

NAMED = re.compile(r"""\bt\(\s*["']([a-z_0-9.]+)["']\s*[,)]""")
EITHER = re.compile(r"""\bt\(\s*["']([a-z_0-9.]+)["'] if [^)"']*? else ["']([a-z_0-9.]+)["']""")


def test_templates_name_messages_that_are_there() -> None:
    words = catalogue("en")
    files = [file for room in ("apps", "packages") for file in (Path(ROOT) / room).glob("*/src/**/*.html")]
    texts = {file: file.read_text("utf-8") for file in files}
    named = {
        (id_, file.name)
        for file, text in texts.items()
        for id_ in (*NAMED.findall(text), *(one for pair in EITHER.findall(text) for one in pair))
    }
    assert len(named) > 1000
    assert sorted(one for one in named if not words.has(one[0])) == []
