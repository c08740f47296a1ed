"""A unit of work never acts for another company, however the one before it on the connection ended (SEC-05)."""

import asyncio
import random
from collections import Counter

from psycopg import Error

from tests.installation import Installation

SEED = 11
TASKS = 64
COMPANIES = 6
ROUNDS = 40
"""The short form: about a tenth of the full figure."""


class Left(Exception):
    """A fault in the middle of a unit of work."""


async def test_sec_05_no_unit_of_work_ever_sees_another_company(installation: Installation) -> None:
    async with installation.database() as owner:
        numbers = [(await installation.tenant(owner)).number for _ in range(COMPANIES)]
    for number in numbers:
        async with installation.database("sadra_web") as web, web.tenant(number) as session:
            await session.execute("UPDATE users SET title = %(own)s", {"own": f"t_{number}"})
            await session.commit()
    wrong: list[object] = []
    ends = Counter[str]()

    async with installation.database("sadra_web") as web:

        async def one(chance: random.Random, number: int) -> None:
            end = chance.choice(("commit", "rollback", "fault", "error", "cancel", "timeout", "host"))
            try:
                async with asyncio.timeout(chance.random() / 500 if end == "timeout" else None):
                    if end == "host":
                        async with web.host() as session:
                            row = await session.one("SELECT current_user::text, current_schema()::text")
                        if row != ("sadra_web", "host"):
                            wrong.append(row)
                        return
                    async with web.tenant(number) as session:
                        row = await session.one("SELECT current_user::text, current_schema()::text, title FROM users")
                        if row != (f"t_{number}",) * 3:
                            wrong.append((number, row))
                        if end == "commit":
                            await session.commit()
                        elif end == "fault":
                            raise Left
                        elif end == "error":
                            await session.execute("SELECT 1 / 0")
                        elif end == "cancel":
                            asyncio.current_task().cancel()  # type: ignore[union-attr]
                            await session.one("SELECT 1")
            except (Left, Error, TimeoutError):
                pass
            finally:
                ends[end] += 1

        async def many(seed: int) -> None:
            chance = random.Random(SEED * 1000 + seed)
            for _ in range(ROUNDS):
                task = asyncio.create_task(one(chance, chance.choice(numbers)))
                await asyncio.wait([task])
                if not task.cancelled() and task.exception() is not None:
                    wrong.append(task.exception())

        async with asyncio.TaskGroup() as group:
            for seed in range(TASKS):
                group.create_task(many(seed))
    assert wrong == []
    assert sum(ends.values()) == TASKS * ROUNDS
    assert set(ends) == {"commit", "rollback", "fault", "error", "cancel", "timeout", "host"}
