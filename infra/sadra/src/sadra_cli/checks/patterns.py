"""Writing that is not wanted in the tree, found by pattern."""

import re
import subprocess
from dataclasses import dataclass

from sadra_cli.places import ROOT


@dataclass(frozen=True)
class Unwanted:
    """A pattern, the files it must not be in, and why. A line that ends with `allowed: <reason>` is left alone."""

    pattern: re.Pattern[str]
    files: tuple[str, ...]
    why: str
    besides: tuple[str, ...] = ()


THIS_FILE = "infra/sadra/src/sadra_cli/checks/patterns.py"
UNWANTED = (
    Unwanted(re.compile(r"\sstyle="), ("*.html",), "the content policy blocks style attributes; use a class"),
    Unwanted(re.compile(r"\son[a-z]+\s*="), ("*.html",), "the content policy blocks inline handlers"),
    Unwanted(re.compile(r"<script(?![^>]*\bsrc=)"), ("*.html",), "the content policy blocks inline scripts"),
    Unwanted(re.compile(r"\|\s*safe\b|autoescape\s+false"), ("*.html",), "escaping is never switched off"),
    Unwanted(re.compile(r"\bhx-on\b|\bhx-vals=.?js:"), ("*.html",), "htmx runs no code from attributes (SEC-44)"),
    Unwanted(
        re.compile(r"(?<![\w-])((margin|padding|border)-(left|right)|(left|right)\s*:|text-align:\s*(left|right))"),
        ("*.css",),
        "logical properties turn with the writing direction; physical ones do not",
    ),
    Unwanted(
        re.compile(r"#[0-9a-fA-F]{3,8}\b"),
        ("packages/crm_ui/assets/css/*.css",),
        "colours come from the tokens",
        besides=("packages/crm_ui/assets/css/tokens.css",),
    ),
    Unwanted(
        re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time|random\.|secrets\.|uuid4)\b"),
        ("packages/crm_domain/**.py",),
        "clock and chance are passed into the domain",
        besides=("packages/crm_domain/src/crm_domain/ids.py",),
    ),
    Unwanted(
        re.compile(r"\b(TODO|FIXME|XXX)\b"),
        ("*.py", "*.js", "*.css", "*.html"),
        "finish it or leave it out",
        besides=(THIS_FILE,),
    ),
    Unwanted(
        re.compile(r"\b(pypi\.org|registry\.npmjs\.org|pythonhosted\.org)\b"),
        ("*",),
        "where packages come from is in the lock files only",
        besides=("uv.lock", "packages/crm_ui/assets/package-lock.json", THIS_FILE),
    ),
    Unwanted(
        re.compile(r"\b(SELECT [\w(*]|INSERT INTO \w|UPDATE \w+ SET |DELETE FROM \w)"),
        ("apps/**.py", "packages/crm_ui/**.py", "packages/crm_domain/**.py"),
        "SQL stands in storage, behind a named function",
        besides=("apps/tracker/src/crm_tracker/links.py",),  # a file of its own, which needs no database
    ),
    Unwanted(re.compile(r"^\s*print\("), ("packages/**.py", "apps/**.py"), "write a structured log line"),
)
ALLOWED = re.compile(r"allowed: \w+")


def find() -> tuple[bool, str]:
    """Every unwanted line of every file that is kept."""
    faults: list[str] = []
    for unwanted in UNWANTED:
        for name in tracked(*unwanted.files):
            if name not in unwanted.besides:
                faults += _faults(name, unwanted)
    return not faults, "\n".join(faults)


def tracked(*files: str) -> list[str]:
    """The kept or new files that match git's patterns, relative to the root."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *files]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in sorted(listed.split("\0")) if name and (ROOT / name).is_file()]


def _faults(name: str, unwanted: Unwanted) -> list[str]:
    try:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return []
    return [
        f"{name}:{number}: {unwanted.why}"
        for number, line in enumerate(lines, 1)
        if unwanted.pattern.search(line) and not ALLOWED.search(line)
    ]
