"""Cases that letters open belong to the mailbox's team, and go to whom the mailbox says."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.storage.bounces.mails import letter
from tests.storage.bounces.server import Store
from tests.worker.conftest import Plant
from tests.worker.test_mailboxes import opened

TEAM = """
WITH crew AS (INSERT INTO teams (id, name) VALUES (uuidv7(), 'Desk') RETURNING id),
people AS (
  INSERT INTO users (id, user_name, status, user_type, last_name, name)
  SELECT uuidv7(), n, s, 'regular', n, n FROM (VALUES ('ava', 'active'), ('bea', 'active'), ('gone', 'inactive')) AS v (n, s)
  RETURNING id
), inside AS (INSERT INTO team_member (team_id, user_id) SELECT crew.id, people.id FROM crew, people),
box AS (UPDATE mailboxes SET mailbox_use = 'group', create_cases = true, cases_go_to = %(how)s, team = (SELECT id FROM crew))
SELECT id FROM crew
"""
CASES = "SELECT c.name, u.user_name, c.team, c.status FROM cases c LEFT JOIN users u ON u.id = c.assigned_to ORDER BY c.case_number"


@pytest.fixture
def store() -> Iterator[Store]:
    yield Store()


def arrive(store: Store, *subjects: str) -> None:
    store.deliver(*(letter(f"{subject.lower()}@shop.example", subject, "x") for subject in subjects))


async def desk(post: Any, how: str | None) -> UUID:
    [(team,)] = await post.rows(TEAM, how=how)
    return team


async def test_in_turn_each_active_member_gets_one_after_the_other(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        team = await desk(post, "in_turn")
        arrive(store, "One", "Two")
        await post.look()
        arrive(store, "Three")
        await post.look()
        assert await post.rows(CASES) == [
            ("One", "ava", team, "assigned"), ("Two", "bea", team, "assigned"), ("Three", "ava", team, "assigned"),
        ]  # fmt: skip


async def test_who_has_the_fewest_open_cases_gets_the_next(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        await desk(post, "least_busy")
        arrive(store, "One", "Two", "Three")
        await post.look()
        await post.rows("UPDATE cases SET state = 'closed', status = 'rejected' WHERE name <> 'Two' RETURNING 1")
        arrive(store, "Four")
        await post.look()
        assert [name for _, name, *_ in await post.rows(CASES)] == ["ava", "bea", "ava", "ava"]


async def test_without_a_way_the_team_has_it_and_nobody_yet(plant: Plant, store: Store) -> None:
    async with opened(plant, store) as post:
        team = await desk(post, None)
        arrive(store, "One")
        await post.look()
        assert await post.rows(CASES) == [("One", None, team, "new")]
