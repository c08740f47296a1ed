"""A company of its own for the tests of sending, emptied before each, and a mail server."""

from collections.abc import AsyncIterator

import pytest
from tests.installation import Installation
from tests.mailing import ADMIN, Office, open_office
from tests.sink import Sink

SEED = f"""
INSERT INTO users (id, user_name, last_name, name, status, user_type)
VALUES ('{ADMIN}', 'admin', 'A', 'A', 'active', 'administrator')
"""


@pytest.fixture(scope="session")
def number(installation: Installation) -> int:
    return installation.empty_tenant()


@pytest.fixture
async def sink() -> AsyncIterator[Sink]:
    made = Sink(keep=True)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def office(installation: Installation, number: int, sink: Sink) -> AsyncIterator[Office]:
    installation.empty(number)
    async with open_office(installation.url, number, sink.port) as made:
        await made.run(SEED)
        yield made
