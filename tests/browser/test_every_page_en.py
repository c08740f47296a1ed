"""Every page as the readers of the English company meet it; what is looked at stands in `sweep` and `looks`."""

import pytest

from crm_domain.modules import REGISTRY
from tests.browser.conftest import Open
from tests.browser.looks import problems_of
from tests.browser.sweep import GENERAL, keep_short, pages_of, record_pages

TENANT, LANGUAGE = "northwind", "en"


@pytest.mark.parametrize("module", REGISTRY.modules)
def test_43_60_pages_of_a_module_have_their_words_no_barrier_and_no_sideways_scroll(
    person: Open, long: bool, module: str
) -> None:
    page = person(TENANT, f"/{module}")
    keep_short(page)
    paths = {**pages_of(REGISTRY[module]), **record_pages(page, REGISTRY[module])}
    found = [
        problem
        for path, closely in paths.items()
        for problem in problems_of(page, path, LANGUAGE, closely=closely or long, long=long)
    ]
    assert not found, "\n".join(found)


@pytest.mark.timeout(400)
def test_43_60_pages_of_no_module_have_their_words_no_barrier_and_no_sideways_scroll(person: Open, long: bool) -> None:
    page = person(TENANT)
    found = [p for path in GENERAL for p in problems_of(page, path, LANGUAGE, closely=True, long=long)]
    assert not found, "\n".join(found)
