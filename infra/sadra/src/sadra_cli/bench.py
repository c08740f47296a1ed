"""`./sadra bench`: the benchmarks, each figure beside the floor that the same run measured.

A benchmark is a module `tests/bench/bench_<name>.py`. It prints one JSON object a line:
`{"name": …, "figure": …, "unit": …, "floor": …}`; less is better, and anything else it prints is passed on.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Annotated

import msgspec
from cyclopts import Parameter

from sadra_cli.places import ROOT

FOLDER = ROOT / "tests/bench"


class Measured(msgspec.Struct, frozen=True):
    """One figure and the least that this machine could take for it."""

    name: str
    figure: float
    unit: str
    floor: float

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.figure / self.floor if self.floor else float("inf")


def bench(
    *names: str,
    quick: Annotated[bool, Parameter(negative=())] = False,
    as_json: Annotated[bool, Parameter(name="--json", negative=())] = False,
) -> int:
    """Run the benchmarks, all of them or the named ones.

    Example: ./sadra bench pages --quick --json

    Parameters
    ----------
    names
        Benchmarks; without any, all.
    quick
        A tenth of the size.
    as_json
        Print the figures as JSON.
    """
    known = [path.stem.removeprefix("bench_") for path in sorted(FOLDER.glob("bench_*.py"))]
    if unknown := set(names) - set(known):
        print(f"There is no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    failed: list[str] = []
    found: list[Measured] = []
    for name in names or known:
        for measured in _run(name, failed, ["--quick"] if quick else []):
            found.append(measured)
            if not as_json:
                print(_line(measured), flush=True)
    if as_json:
        print(json.dumps([{**msgspec.structs.asdict(one), "ratio": round(one.ratio, 2)} for one in found]))
    for name in failed:
        print(f"{name} failed", file=sys.stderr)
    return 1 if failed else 0


def _run(name: str, failed: list[str], words: list[str]) -> Iterator[Measured]:
    program = [sys.executable, "-m", f"tests.bench.bench_{name}", *words]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        for line in child.stdout or ():
            try:
                yield msgspec.json.decode(line, type=Measured)
            except msgspec.DecodeError:
                print(line, end="", file=sys.stderr, flush=True)
    if child.returncode:
        failed.append(name)


def _line(one: Measured) -> str:
    return f"{one.name:<56} {one.figure:>12,.3f} {one.unit:<6} floor {one.floor:>12,.3f}   {one.ratio:>6.2f} x"
