"""Long files and functions, for the reader's eye; nothing fails because of them."""

import ast

from sadra_cli.checks.patterns import tracked
from sadra_cli.places import ROOT

FILE_LINES = 300
FUNCTION_LINES = 40
WHERE = ("packages/**.py", "apps/**.py", "infra/**.py")


def report() -> tuple[bool, str]:
    """How much code there is, and what of it is long."""
    lines = 0
    long: list[str] = []
    files = tracked(*WHERE)
    for name in files:
        text = (ROOT / name).read_text(encoding="utf-8")
        number = text.count("\n")
        lines += number
        if number > FILE_LINES:
            long.append(f"{name}: {number} lines")
        long += [f"{name}:{line} {function}: {length} lines" for function, line, length in _long_functions(text)]
    return True, "\n".join([f"{len(files)} files, {lines} lines", *long])


def _long_functions(text: str) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append((node.name, node.lineno, length))
    return found
