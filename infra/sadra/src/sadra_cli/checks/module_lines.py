"""What modules cost: lines that say what each is and lines that say what it does, beside the machinery they all share."""

import ast
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from crm_domain.definition import LinkFields, Record
from crm_domain.modules import REGISTRY
from sadra_cli.checks.patterns import tracked
from sadra_cli.places import ROOT

SOURCE = "packages/crm_domain/src/"
MODULES = f"{SOURCE}crm_domain/modules/"
PRODUCT = ("packages/**.py", "apps/**.py")
GOAL = 150
"""Lines of either kind that the median module stays within."""


class Lines(msgspec.Struct):
    """Lines that are neither blank nor imports, of one file or folder of modules; `modules` are the keys that it defines."""

    modules: list[str]
    definition: int = 0
    behaviour: int = 0

    @property
    def each(self) -> tuple[int, int]:
        """The same for one of its modules."""
        number = len(self.modules) or 1
        return round(self.definition / number), round(self.behaviour / number)


def report() -> tuple[bool, str]:
    """A line for each file or folder with its modules, what they share, the medians, and the share of the machinery."""
    counted = count()
    shared = {name: lines for name, lines in counted.items() if not lines.modules}
    own = {name: lines for name, lines in counted.items() if lines.modules}
    table = [f"{'':<22} {'definition':>10} {'behaviour':>10}   modules"]
    table += [_row(name, lines) for name, lines in sorted(own.items(), key=lambda item: -sum(item[1].each))]
    table += [_row(f"({name})", lines) for name, lines in shared.items()]
    of_modules = sum(lines.definition + lines.behaviour for lines in counted.values())
    whole = sum(_written(ROOT / name) for name in tracked(*PRODUCT))
    definition, behaviour = medians(own)
    over = sorted({name for name, lines in own.items() if max(lines.each) > GOAL})
    return True, "\n".join(
        [
            *table,
            f"{len(REGISTRY.modules)} modules; the median one: {definition} of definition, {behaviour} of behaviour (goal {GOAL})",
            f"more than {GOAL} of either: {', '.join(over) or 'none'}",
            f"{of_modules} lines of modules beside {whole - of_modules} of machinery: {1 - of_modules / whole:.0%} is shared",
        ]
    )


def medians(counted: Mapping[str, Lines]) -> tuple[int, int]:
    """What the median module has of either kind."""
    each = [lines.each for lines in counted.values() for _ in lines.modules]
    definition, behaviour = (round(median(kind)) for kind in zip(*each, strict=True))
    return definition, behaviour


def count() -> dict[str, Lines]:
    """The lines of every file and folder of modules."""
    found: dict[str, Lines] = {}
    for name in tracked(f"{MODULES}**.py"):
        unit = name.removeprefix(MODULES).partition("/")[0].removesuffix(".py")
        if unit != "__init__":
            lines = found.setdefault(unit, Lines([]))
            definition, behaviour = _of_file(name)
            lines.definition += definition
            lines.behaviour += behaviour
    for module in REGISTRY.modules.values():
        found[module.record.__module__.split(".")[2]].modules.append(module.key)
    return found


def _of_file(name: str) -> tuple[int, int]:
    text = (ROOT / name).read_text(encoding="utf-8")
    there: Any = import_module(
        name.removeprefix(SOURCE).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    )
    definition = behaviour = 0
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            behaviour += _length(text, node)
        elif isinstance(node, ast.ClassDef):
            if issubclass(getattr(there, node.name), Record | LinkFields):
                definition += _length(text, node)
            else:
                behaviour += _length(text, node)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            definition += _length(text, node)
    return definition, behaviour


def _length(text: str, node: ast.stmt) -> int:
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    return sum(bool(line.strip()) for line in lines)


def _written(path: Path) -> int:
    """Lines of a file counted the same way."""
    text = path.read_text(encoding="utf-8")
    counted = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
    return sum(_length(text, node) for node in ast.parse(text).body if isinstance(node, counted))


def _row(name: str, lines: Lines) -> str:
    definition, behaviour = lines.each
    return f"{name:<22} {definition:>10} {behaviour:>10}   {' '.join(lines.modules)}".rstrip()
