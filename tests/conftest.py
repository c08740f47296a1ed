"""What tests of several rooms share: one installation and one site for each process that runs tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from tests.installation import Installation, open_installation
from tests.site import Site, open_site

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` runs drills at their full size, as every night does; `--pictures` keeps those that the guide shows."""
    parser.addoption("--long", action="store_true", help="drills at their full size")
    parser.addoption("--pictures", action="store_true", help="write the guide's pictures anew")


class WholeFiles(LoadFileScheduling):
    """A file's tests stay together, because what a file starts is started once. A test that ended its process has failed;
    the process that comes instead goes on with the next one."""

    def remove_node(self, node: Any) -> str | None:
        units = self.assigned_work[node]
        ended_it = next((test for unit in units.values() for test, done in unit.items() if not done), None)
        if ended_it:
            self.assigned_work[node] = {
                scope: {test: done or test == ended_it for test, done in unit.items()} for scope, unit in units.items()
            }
        super().remove_node(node)
        return ended_it


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadFileScheduling:
    """Files go in the order they have."""
    config.option.loadscopereorder = False
    return WholeFiles(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that ask for more time than others go first, so that no process is left alone with one at the end."""
    items.sort(key=_patience, reverse=True)


def _patience(item: pytest.Item) -> float:
    asked = item.get_closest_marker("timeout")
    return asked.args[0] if asked else 0


@pytest.fixture(scope="session")
def long(request: pytest.FixtureRequest) -> bool:
    """Whether drills run at their full size."""
    return bool(request.config.getoption("--long"))


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """A cluster of this process; tests make companies in it and leave them there."""
    with open_installation() as opened:
        yield opened


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, installation: Installation) -> Iterator[Site]:
    """A server on that installation, with two companies of its own."""
    with open_site(tmp_path_factory.mktemp("site"), installation) as opened:
        yield opened


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
