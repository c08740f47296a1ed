"""From the reader's browser into the tables and back to his page: tracker, bus, worker's side and database together."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import nats
import pytest

from crm_domain.keys import KeyRing
from crm_domain.tenancy import Tenant
from crm_domain.tracking.public import PublicLinks
from crm_domain.tracking.tokens import Kind
from crm_storage.bus.tracking import connected
from crm_storage.tracking.links import locations
from crm_storage.tracking.reading import Reading
from tests.installation import Installation
from tests.storage.mailing import KEY, Mailing
from tests.tracker.conftest import LOCATION, SHOP, Bus, Tracked, token

LINK = """
INSERT INTO link (number, marketing_id, version_id, position, url) VALUES (%(number)s, %(marketing)s, %(version)s, %(number)s, %(url)s)
RETURNING number
"""


@pytest.fixture
async def letter(installation: Installation, bus: Bus) -> AsyncIterator[Mailing]:
    """A newsletter of a company, while its events are read."""
    async with installation.database() as database:
        company = Mailing(database, await installation.tenant(database))
        reading = asyncio.create_task(Reading(database, bus.url, _only(company.tenant)).run())
        try:
            yield await company.open("newsletter", "Monthly & more")
        finally:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading


def _only(tenant: Tenant) -> Callable[[int], Tenant | None]:
    return lambda number: tenant if number == tenant.number else None


async def until(found: Callable[[], Awaitable[bool]]) -> None:
    """Returns once it is so."""
    async with asyncio.timeout(20):
        while not await found():  # noqa: ASYNC110 - the other side is another process
            await asyncio.sleep(0.05)


def page(letter: Mailing, kind: Kind, message: int, link: int = 0) -> str:
    return token(kind, message, link, tenant=letter.tenant.number)


async def test_35_one_click_is_applied_within_seconds(letter: Mailing, tracked: Tracked) -> None:
    [message] = await letter.sent(1)
    path = f"/u/{page(letter, Kind.OPT_OUT, message)}"
    for _ in range(3):
        answer = await asyncio.to_thread(tracked.http.post, path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200

    async def left() -> bool:
        return await letter.rows("SELECT count(*) FROM newsletter_optout") == [(1,)]

    async with asyncio.timeout(5):
        await until(left)


async def test_the_pages_say_who_writes_and_whom_they_mean(letter: Mailing, tracked: Tracked) -> None:
    [message] = await letter.sent(1)

    async def known() -> bool:
        shown = await asyncio.to_thread(tracked.http.get, f"/u/{page(letter, Kind.OPT_OUT, message)}")
        return "r***1@s***.example" in shown.text and "Monthly &amp; more" in shown.text and "Company" in shown.text

    await until(known)
    wishes = await asyncio.to_thread(tracked.http.get, f"/p/{page(letter, Kind.PREFERENCES, message)}")
    assert f'value="{letter.campaign}" checked' in wishes.text
    said = {"listed": str(letter.campaign), "other": "1", "do": "save"}
    saved = await asyncio.to_thread(tracked.http.post, f"/p/{page(letter, Kind.PREFERENCES, message)}", data=said)
    assert re.search(r'role="status">', saved.text) and f'value="{letter.campaign}" checked' not in saved.text

    async def kept() -> bool:
        return await letter.rows("SELECT count(*) FROM newsletter_optout") == [(1,)]

    await until(kept)


async def test_a_link_nobody_told_of_is_asked_for_and_remembered(letter: Mailing, tracked: Tracked, bus: Bus) -> None:
    [message] = await letter.sent(1)
    version, links = letter.campaign, [(1, SHOP), (2, "mailto:x@y.example")]
    for number, url in links:
        await letter.rows(LINK, number=number, marketing=letter.marketing, version=version, url=url)
    path = f"/c/{page(letter, Kind.CLICK, message, 1)}"

    async def leads() -> bool:
        answer = await asyncio.to_thread(tracked.http.get, path, follow_redirects=False)
        return answer.status_code == 302 and answer.headers["location"].startswith("https://shop.example/%D9%81")

    await until(leads)
    await asyncio.to_thread(bus.stop)
    assert await leads()
    await asyncio.to_thread(bus.start)

    async def counted() -> bool:
        return ("clicked", "human") in await letter.sums()

    await until(counted)
    async with letter.database.tenant(letter.tenant.number) as session:
        assert list(await locations(session, letter.marketing, version)) == [1]


async def test_rel_04_what_cannot_be_read_is_set_aside_and_the_rest_goes_on(
    letter: Mailing, tracked: Tracked, bus: Bus
) -> None:
    [message] = await letter.sent(1)
    async with connected(bus.url) as client:
        stream = client.jetstream()
        await stream.add_stream(name="DEAD", subjects=["dead.>"])
        await stream.publish(f"track.{letter.tenant.number}", b"not events")
        await stream.publish("track.4000000", b"\x90")
    await asyncio.to_thread(tracked.http.get, f"/o/{page(letter, Kind.OPEN, message)}.gif")

    async def counted() -> bool:
        return ("viewed", "human") in await letter.sums()

    await until(counted)
    client = await nats.connect(bus.url)
    assert (await client.jetstream().stream_info("DEAD")).state.messages == 2
    await client.close()


POSTER = """
INSERT INTO tracker_urls (id, name, campaign, url) VALUES (uuidv7(), 'poster', %(campaign)s, %(url)s) RETURNING id, link_number
"""


async def test_a_public_link_leads_on_and_its_visit_is_counted_without_a_person(
    letter: Mailing, tracked: Tracked
) -> None:
    [(id_, number)] = await letter.rows(POSTER, campaign=letter.campaign, url=SHOP)
    path = PublicLinks(KeyRing(KEY)).address("", letter.tenant.number, number)
    agents = ("Mozilla/5.0 (X11; Linux) Firefox/140.0", "Mozilla/5.0 (Android 15) Firefox/140.0", "WhatsApp/2.24")

    async def led() -> bool:
        answer = await asyncio.to_thread(tracked.http.get, path, headers={"user-agent": agents[0]})
        return answer.headers.get("location") == LOCATION.decode()

    await until(led)
    for agent in agents:
        assert (await asyncio.to_thread(tracked.http.get, path, headers={"user-agent": agent})).status_code == 302

    async def counted() -> bool:
        found = await letter.rows(
            "SELECT visits, visitors, machines FROM link_visit WHERE tracker_url = %(id)s", id=id_
        )
        return found == [(3, 2, 1)]

    await until(counted)
    assert await letter.rows("SELECT count(*) FROM tracking_event WHERE said ~ '[^0-9a-f]' OR message <> 0") == [(0,)]


ASKING = """
INSERT INTO consent_asking (address_id, campaign_id, evidence)
SELECT address_id, campaign_id, %(evidence)s::jsonb FROM email_queue WHERE id = %(message)s RETURNING number
"""


async def test_who_was_subscribed_by_staff_reads_to_what_and_confirms_it(letter: Mailing, tracked: Tracked) -> None:
    [message] = await letter.sent(1)
    [(staff,)] = await letter.rows(ASKING, message=message, evidence='{"by": "staff"}')
    [(own,)] = await letter.rows(ASKING, message=message, evidence="{}")
    seen: dict[int, str] = {}

    async def named() -> bool:
        for number in (staff, own):
            shown = await asyncio.to_thread(tracked.http.get, f"/p/{page(letter, Kind.PREFERENCES, number)}?lang=en")
            seen[number] = shown.text
        return "Company" in seen[staff] and "Company" in seen[own]

    await until(named)
    assert "Monthly &amp; more" in seen[staff] and '<bdi dir="ltr">r***1@s***.example</bdi>' in seen[staff]
    assert "Monthly" not in seen[own] and "in a form of" in seen[own]
    assert await letter.rows("SELECT count(*) FROM email_address WHERE optin_state = 'confirmed'") == [(0,)]
    await asyncio.to_thread(tracked.http.post, f"/p/{page(letter, Kind.PREFERENCES, staff)}")

    async def confirmed() -> bool:
        return await letter.rows("SELECT count(*) FROM email_address WHERE optin_state = 'confirmed'") == [(1,)]

    await until(confirmed)
