"""Public links: followed without a person, counted by day, and leading where their tracker URL leads now."""

from uuid import UUID

from crm_domain.tracking.events import Act
from crm_domain.tracking.public import FIRST_LINK
from crm_storage.tracking.links import link_location, public_number
from crm_storage.tracking.visits import Visited, visits
from tests.storage.mailing import Mailing

LINK = """
INSERT INTO tracker_urls (id, name, campaign, url, is_opt_out) VALUES (uuidv7(), %(name)s, %(campaign)s, %(url)s, %(opt_out)s)
RETURNING id, link_number
"""
POSTER = "https://shop.example/فروش"


async def link(mailing: Mailing, name: str = "poster", *, opt_out: bool = False) -> tuple[UUID, int]:
    """A tracker URL, and the number its public link is known by."""
    [(id_, number)] = await mailing.rows(LINK, name=name, campaign=mailing.campaign, url=POSTER, opt_out=opt_out)
    return id_, FIRST_LINK + number


async def counted(mailing: Mailing, *ids: UUID) -> dict[UUID, Visited]:
    async with mailing.database.tenant(mailing.tenant.number) as session:
        return await visits(session, ids)


async def test_rel_02_visits_count_once_and_visitors_once_a_day(mailing: Mailing) -> None:
    id_, number = await link(mailing)
    other, second = await link(mailing, "radio")
    day = 86_400
    seen = [
        mailing.event(Act.LINK, 0, 0, link=number, said="a"),
        mailing.event(Act.LINK, 0, 60, link=number, said="a"),
        mailing.event(Act.LINK, 0, 90, link=number, said="b"),
        mailing.event(Act.LINK, 0, day, link=number, said="c"),
        mailing.event(Act.LINK, 0, 95, link=number, said="d", via="scanner"),
        mailing.event(Act.LINK, 0, 30, link=second, said="a"),
    ]
    await mailing.take(*seen[:2])
    for _ in range(2):
        await mailing.take(*seen)
    found = await counted(mailing, id_, other)
    assert (found[id_].visits, found[id_].visitors, found[id_].machines) == (4, 3, 1)
    assert (found[other].visits, found[other].visitors, found[other].machines) == (1, 1, 0)
    assert found[id_].last_at == seen[3].moment
    assert await mailing.rows("SELECT count(*) FROM campaign_log") == [(0,)]


async def test_visits_of_a_link_that_never_was_count_for_nothing(mailing: Mailing) -> None:
    id_, number = await link(mailing)
    await mailing.take(mailing.event(Act.LINK, 0, link=number + 1000, said="a"))
    assert await counted(mailing, id_) == {}
    assert await mailing.rows("SELECT count(*) FROM link_visit") == [(0,)]


async def test_a_public_link_leads_where_its_tracker_url_leads_also_from_the_trash(mailing: Mailing) -> None:
    id_, number = await link(mailing)
    _, leaving = await link(mailing, "leave", opt_out=True)
    await mailing.rows("UPDATE tracker_urls SET deleted_at = now() WHERE id = %(id)s RETURNING 1", id=id_)
    async with mailing.database.tenant(mailing.tenant.number) as session:
        assert await link_location(session, number) == b"https://shop.example/%D9%81%D8%B1%D9%88%D8%B4"
        assert await link_location(session, leaving) == b""
        assert await public_number(session, id_) == number
