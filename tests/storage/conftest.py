"""A company with a mailing under way, for tests of what comes back from it."""

from collections.abc import AsyncIterator

import pytest

from tests.installation import Installation
from tests.storage.mailing import Mailing


@pytest.fixture
async def company(installation: Installation) -> AsyncIterator[Mailing]:
    async with installation.database() as database:
        yield Mailing(database, await installation.tenant(database))


@pytest.fixture
async def mailing(company: Mailing) -> Mailing:
    return await company.open()
