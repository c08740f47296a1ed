"""Web forms from the visitor's browser to the record: tracker, bus, worker and database together."""

import asyncio
import itertools
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
import psycopg
import pytest

from crm_domain.tracking.tokens import Content, Kind
from crm_storage.web_forms.submissions import discard, release
from tests.installation import Installation
from tests.storage.mailing import CAMPAIGN, TOKENS
from tests.tracker.conftest import Tracked
from tests.worker.conftest import Plant, until

FORM = """
INSERT INTO web_forms (id, name, campaign, makes, status, language, heading, consent_text, consent_version, sites, when_known,
  notify, assigned_to, target_list)
VALUES (uuidv7(), 'Advice', %(campaign)s, %(makes)s, 'active', 'en', 'Ask <us>', 'Call me.', 3, 'https://shop.example', 'complete',
  true, %(admin)s, %(list)s) RETURNING id, form_number
"""
LIST = "INSERT INTO target_lists (id, name, list_type) VALUES (uuidv7(), 'Askers', 'default') RETURNING id"
SUBMISSIONS = "SELECT state, module, record_id, said FROM web_form_submission ORDER BY at, id"
HOSTILE = '<script>alert("1")</script>'
WORKER = "sadra_worker"
DRAWN = itertools.count(1)


@dataclass
class Stand:
    """A company's form, and somebody who fills it in."""

    plant: Plant
    tracked: Tracked
    form: UUID
    number: int
    campaign: UUID

    @property
    def path(self) -> str:
        return f"/f/{TOKENS.sign(Kind.FORM, Content(self.plant.tenant.number, self.number))}"

    def ticket(self, age_s: int = 60, number: int | None = None) -> str:
        """One that the form's page drew so long ago."""
        drawn = (int(time.time()) - age_s) << 32 | next(DRAWN)
        return TOKENS.sign(Kind.FORM, Content(self.plant.tenant.number, drawn, number or self.number))

    async def page(self) -> httpx.Response:
        """The empty form, once the worker answers for it."""

        async def shown() -> httpx.Response | None:
            found = await asyncio.to_thread(self.tracked.http.get, self.path)
            return found if found.status_code == 200 else None

        return await until(shown, "the form is shown")

    async def fill(self, ticket: str = "", headers: dict[str, str] | None = None, **said: str) -> str:
        """Posts the form; the page that answers."""
        fields = {f"f.{key}" if key in ("last_name", "emails", "phone_mobile", "description") else key: value
                  for key, value in said.items()}  # fmt: skip
        data = {"ticket": ticket or self.ticket(), "agreed": "1", **fields}
        found = await asyncio.to_thread(self.tracked.http.post, self.path, data=data, headers=headers or {})
        assert found.status_code in (200, 422)
        return found.text

    async def settled(self, number: int) -> list[tuple[Any, ...]]:
        """So many submissions, once all are decided about."""

        async def done() -> list[tuple[Any, ...]] | None:
            rows = await self.plant.rows(SUBMISSIONS)
            return rows if len(rows) >= number and all(row[0] != "new" for row in rows) else None

        rows = await until(done, "the submissions are settled")
        assert len(rows) == number
        return rows


@pytest.fixture
async def stand(plant: Plant, tmp_path: Path) -> AsyncGenerator[Stand]:
    """A form that makes leads."""
    folder = tmp_path / "tracker"
    folder.mkdir()
    tracked = await asyncio.to_thread(Tracked, folder, plant.bus.url)
    async with plant.database.tenant(plant.tenant.number) as session:
        [(campaign,)] = await session.rows(CAMPAIGN, {"name": "Autumn", "type": "web"})
        [(list_,)] = await session.rows(LIST)
        facts = {"campaign": campaign, "makes": "leads", "admin": await plant.admin(), "list": list_}
        [(form, number)] = await session.rows(FORM, facts)
        await session.commit()
    try:
        yield Stand(plant, tracked, form, number, campaign)
    finally:
        await asyncio.to_thread(tracked.stop)


async def test_28_sec_56_what_is_filled_in_becomes_a_lead_of_the_campaign_once(stand: Stand) -> None:
    async with stand.plant.worker():
        page = await stand.page()
        assert "Ask &lt;us&gt;" in page.text and 'name="f.last_name"' in page.text and "<script" not in page.text
        assert "frame-ancestors https://shop.example" in page.headers["content-security-policy"]
        script = await asyncio.to_thread(stand.tracked.http.get, f"{stand.path}.js")
        assert script.headers["content-type"].startswith("text/javascript") and "createElement" in script.text
        ticket = stand.ticket()
        said = {"last_name": HOSTILE, "emails": "Ann@Shop.example", "status": "dead", "f.assigned_to": "nobody"}
        for _ in range(2):
            assert "Thank you" in await stand.fill(ticket, **said)
        [(state, module, lead, kept)] = await stand.settled(1)
        assert (state, module, kept["consent"], kept["consent_version"]) == ("made", "leads", "Call me.", 3)
        found = "SELECT last_name, campaign, status, lead_source, assigned_to FROM leads WHERE id = %(id)s"
        admin = await stand.plant.admin()
        assert await stand.plant.rows(found, id=lead) == [(HOSTILE, stand.campaign, "assigned", "web_site", admin)]
        counted = "SELECT activity, rows FROM campaign_stat WHERE campaign_id = %(id)s"
        assert await stand.plant.rows(counted, id=stand.campaign) == [("lead", 1)]
        assert await stand.plant.rows("SELECT kind FROM notification") == [("assigned",)]
        assert await stand.plant.rows("SELECT right_id FROM target_list_member") == [(lead,)]
        assert await stand.plant.rows(
            "SELECT optin_state FROM email_address WHERE address_key = 'ann@shop.example'"
        ) == [("opt_in",)]

        await stand.fill(last_name="Other", emails="ann@shop.example", phone_mobile="+98 912 345 6789")
        await stand.settled(2)
        await stand.fill(last_name="Third", emails="new@shop.example", phone_mobile="0912 345 6789")
        assert [row[:3] for row in await stand.settled(3)][1:] == [("known", "leads", lead)] * 2
        assert await stand.plant.rows("SELECT last_name, phone_mobile FROM leads") == [(HOSTILE, "+989123456789")]
        agreed = (
            "SELECT a.address_key, l.old FROM consent_log l JOIN email_address a ON a.id = l.address_id ORDER BY l.id"
        )
        ann = "ann@shop.example"
        assert await stand.plant.rows(agreed) == [(ann, "none"), (ann, "opt_in")], "the third gave another address"
        assert await stand.plant.rows(counted, id=stand.campaign) == [("lead", 1)]


async def test_28_sec_56_machines_leave_nothing_or_wait_for_a_person(stand: Stand) -> None:
    async with stand.plant.worker():
        await stand.page()
        said = {"last_name": "Ann", "emails": "ann@shop.example"}
        strange = {"origin": "https://elsewhere.example"}
        for ticket in ("forged", stand.ticket(0), stand.ticket(90_000), stand.ticket(number=stand.number + 1)):
            again = await stand.fill(ticket, **said)
            assert 'value="Ann"' in again and "Thank you" not in again
        assert "Thank you" not in await stand.fill(headers=strange, **said)
        assert "This is needed" in await stand.fill(last_name="Ann", emails="")
        assert "Thank you" in await stand.fill(homepage="https://x.example", **said)
        assert "Thank you" in await stand.fill(description="https://a.example " * 3, **said)
        assert "Thank you" in await stand.fill(
            headers={"origin": "https://shop.example"}, last_name="Bea", emails="b@shop.example"
        )
        rows = await stand.settled(3)
        assert sorted(row[0] for row in rows) == ["held", "held", "made"]
        assert await stand.plant.rows("SELECT last_name FROM leads") == [("Bea",)]

        held = await stand.plant.rows("SELECT id FROM web_form_submission WHERE state = 'held'")
        admin = await stand.plant.admin()
        async with stand.plant.database.tenant(stand.plant.tenant.number) as session:
            assert await release(session, stand.form, held[0][0], admin)
            assert await discard(session, stand.form, held[1][0], admin)
            assert not await release(session, stand.form, held[1][0], admin)
            await session.commit()
        assert sorted(row[0] for row in await stand.settled(3)) == ["discarded", "made", "made"]
        assert len(await stand.plant.rows("SELECT FROM leads")) == 2

        often = [(await asyncio.to_thread(stand.tracked.http.post, stand.path, data={})).status_code for _ in range(45)]
        assert set(often) == {422, 429}


async def test_rel_08_what_is_filled_in_while_the_database_is_away_is_there_later(
    stand: Stand, installation: Installation
) -> None:
    async with stand.plant.worker():
        await stand.page()
        with psycopg.connect(installation.url, autocommit=True) as owner:
            owner.execute(f"ALTER ROLE {WORKER} CONNECTION LIMIT 0")
            try:
                owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [WORKER])
                assert "Thank you" in await stand.fill(last_name="Ann", emails="ann@shop.example")
            finally:
                owner.execute(f"ALTER ROLE {WORKER} CONNECTION LIMIT -1")
        assert [row[0] for row in await stand.settled(1)] == ["made"]


async def test_consent_counts_once_it_is_confirmed_from_the_address_and_nobody_is_asked_twice(stand: Stand) -> None:
    plant, address = (
        stand.plant,
        "SELECT optin_state, opted_out FROM email_address WHERE address_key = 'ann@shop.example'",
    )
    asked = "SELECT payload -> 'facts' ->> 'link' FROM outbox WHERE payload ->> 'template' = 'confirm_consent'"
    await plant.change("UPDATE web_forms SET double_opt_in = true")
    async with plant.worker():
        await stand.page()
        for number in (1, 2):
            await stand.fill(last_name="Ann", emails="Ann@shop.example", description=f"Question {number}")
        await stand.settled(2)
        assert await plant.rows(address) == [("pending_sent", False)]
        [(link,)] = await plant.rows(asked)
        await plant.change("UPDATE email_address SET opted_out = true, invalid = true")
        path = "/p/" + link.rpartition("/")[2]
        assert "Yes, I want" in (await asyncio.to_thread(stand.tracked.http.get, path)).text
        assert "Confirmed" in (await asyncio.to_thread(stand.tracked.http.post, path)).text

        async def confirmed() -> bool:
            return await plant.rows(address) == [("confirmed", False)]

        await until(confirmed, "the consent is confirmed")
    log = "SELECT old, new, source, evidence ->> 'text' FROM consent_log ORDER BY id"
    assert await plant.rows(log) == [
        ("none", "pending_sent", "web_form", "Call me."), ("opted_out", "confirmed", "recipient", "Call me."),
    ]  # fmt: skip
