"""What modules cost: the median one stays within its lines, and whoever does not is told of."""

from pathlib import Path

from crm_domain.modules import REGISTRY
from sadra_cli.checks.module_lines import GOAL, count, medians, report
from sadra_cli.places import ROOT


def test_every_module_is_counted_once() -> None:
    counted = [key for lines in count().values() for key in lines.modules]
    assert sorted(counted) == sorted(REGISTRY.modules)


def test_the_median_module_says_what_it_is_and_does_in_few_lines() -> None:
    assert max(medians(count())) <= GOAL


def test_where_a_module_is_longer_the_architecture_says_why() -> None:
    over = next(line for line in report()[1].splitlines() if line.startswith("more than"))
    told = (Path(ROOT) / "docs/architecture.md").read_text(encoding="utf-8")
    assert [name for name in over.partition(": ")[2].split(", ") if f"`{name}`" not in told] == []
