"""`./sadra check`: everything that can be judged without running the product, step by step."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from sadra_cli.checks import catalogues, documents, module_lines, patterns, sizes
from sadra_cli.places import BIN, ROOT

PYTEST_NOTHING_FOUND = 5
REPORTS = ("sizes", "modules")
"""Steps that never fail: what they have to say is for the reader's eye."""


@dataclass(frozen=True)
class Outcome:
    """What came of one step; `words` is what it had to say."""

    name: str
    passed: bool
    seconds: float
    words: str


def check(*steps: str, as_json: Annotated[bool, Parameter(name="--json", negative=())] = False) -> int:
    """Run the checks, all of them or the named steps; a failed step does not keep the next from running.

    Example: ./sadra check lint types

    Parameters
    ----------
    steps
        format, lint, types, imports, templates, messages, documents, patterns, migrations, sizes or modules.
    as_json
        Print the outcomes as JSON.
    """
    if unknown := set(steps) - STEPS.keys():
        print(f"There is no step {', '.join(sorted(unknown))}; there are {', '.join(STEPS)}.", file=sys.stderr)
        return 2
    outcomes: list[Outcome] = []
    for name in steps or STEPS:
        outcome = _run(name)
        outcomes.append(outcome)
        if not as_json:
            _print(outcome)
    failed = [outcome.name for outcome in outcomes if not outcome.passed]
    if as_json:
        print(json.dumps([vars(outcome) for outcome in outcomes], ensure_ascii=False))
    else:
        total = sum(outcome.seconds for outcome in outcomes)
        print(f"{len(outcomes)} steps in {total:.1f} s: " + (f"failed {', '.join(failed)}" if failed else "all fine"))
    return 1 if failed else 0


def _run(name: str) -> Outcome:
    started = time.perf_counter()
    passed, words = STEPS[name]()
    return Outcome(name, passed, round(time.perf_counter() - started, 2), words.strip())


def _print(outcome: Outcome) -> None:
    print(f"{'ok  ' if outcome.passed else 'FAIL'} {outcome.name:<11} {outcome.seconds:6.1f} s", flush=True)
    if outcome.words and (not outcome.passed or outcome.name in REPORTS):
        print("\n".join(f"     {line}" for line in outcome.words.splitlines()), flush=True)


def _tool(*words: str) -> Callable[[], tuple[bool, str]]:
    def step() -> tuple[bool, str]:
        command = [str(BIN / words[0]), *words[1:]]
        ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
        return ended.returncode == 0, ended.stdout + ended.stderr

    return step


def _templates() -> tuple[bool, str]:
    files = patterns.tracked("*.html")
    return _tool("djlint", "--configuration", "pyproject.toml", "--lint", "--quiet", *files)() if files else (True, "")


def _migrations() -> tuple[bool, str]:
    """Proved by tests, because only a real database can tell whether two schemas are the same."""
    command = [sys.executable, "-m", "pytest", "-q", "-k", "migrated or autogenerate", "tests/storage/tenants"]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if ended.returncode == PYTEST_NOTHING_FOUND:
        return False, "No test in tests/storage proves that migrations and definitions agree."
    return ended.returncode == 0, ended.stdout + ended.stderr


STEPS: dict[str, Callable[[], tuple[bool, str]]] = {
    "format": _tool("ruff", "format", "--check", "--output-format", "concise", "."),
    "lint": _tool("ruff", "check", "."),
    "types": _tool("pyright"),
    "imports": _tool("lint-imports", "--no-cache"),
    "templates": _templates,
    "messages": catalogues.compare,
    "documents": documents.fresh,
    "patterns": patterns.find,
    "migrations": _migrations,
    "sizes": sizes.report,
    "modules": module_lines.report,
}
