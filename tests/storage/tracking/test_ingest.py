"""Events into the tables: each counts once, the log and its sums agree, machines are told from people."""

import random
from datetime import timedelta

from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import HONEYPOT
from crm_storage.tracking.judge import settle
from tests.storage.mailing import NOW, Mailing


async def settled(mailing: Mailing, minutes: int = 40) -> None:
    async with mailing.database.tenant(mailing.tenant.number) as session:
        await settle(session, NOW + timedelta(minutes=minutes))
        await session.commit()


async def test_39_five_clicks_of_one_person_are_five_hits_and_one_row(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    await mailing.take(*(mailing.event(Act.CLICK, message, after_s=20 * turn, link=3) for turn in range(5)))
    assert await mailing.rows("SELECT activity, link, hits FROM campaign_log ORDER BY activity DESC") == [
        ("link", 3, 5),
        ("clicked", 0, 5),
    ]
    assert await mailing.sums() == {("link", "human"): (1, 5), ("clicked", "human"): (1, 5)}


async def test_rel_02_events_delivered_three_times_count_once(mailing: Mailing) -> None:
    messages = await mailing.sent(20)
    chance = random.Random(2)
    events = [
        mailing.event(chance.choice([Act.OPEN, Act.CLICK]), chance.choice(messages), chance.randrange(9000), link=chance.randrange(1, 4))
        for _ in range(300)
    ]  # fmt: skip
    await mailing.take(*events)
    once = await mailing.sums()
    await mailing.take(*events, *events)
    chance.shuffle(events)
    await mailing.take(*events[:100])
    assert await mailing.sums() == once
    assert await mailing.rows("SELECT count(*) FROM tracking_event") == [(300,)]
    assert await mailing.rows("SELECT count(*) FROM tracking_inbox") == [(0,)]


async def test_sums_are_what_counting_the_log_gives_in_any_order(mailing: Mailing) -> None:
    messages = await mailing.sent(30)
    chance = random.Random(3)
    vias = ["human", "scanner", "image_proxy", "proxy_open"]
    events = [
        mailing.event(
            chance.choice([Act.OPEN, Act.CLICK]), chance.choice(messages), chance.randrange(90_000), link=chance.randrange(1, 9),
            via=chance.choice(vias), marks=HONEYPOT * (chance.random() < 0.02), network=f"192.0.{chance.randrange(3)}.0/24",
        )
        for _ in range(2000)
    ]  # fmt: skip
    for start in range(0, 2000, 250):
        await mailing.take(*events[start : start + 250])
    await settled(mailing, minutes=3000)
    sums, log = await mailing.sums(), await mailing.recounted()
    assert {key: rows for key, (rows, _) in sums.items() if rows} == {key: rows for key, (rows, _) in log.items()}
    human = sum(
        hits for (activity, via), (_, hits) in sums.items() if activity == "link" and via in {"human", "image_proxy"}
    )
    assert human == sum(hits for (activity, _), (_, hits) in log.items() if activity == "link")


async def test_37_a_gateway_that_follows_all_links_is_no_reader_and_the_person_later_is(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    await mailing.take(*(mailing.event(Act.CLICK, message, after_s=link / 5, link=link) for link in range(1, 9)))
    assert await mailing.sums() == {("link", "scanner"): (8, 8), ("clicked", "scanner"): (1, 8)}
    await mailing.take(mailing.event(Act.CLICK, message, after_s=1200, link=4))
    await settled(mailing)
    sums = await mailing.sums()
    assert (sums["link", "human"], sums["clicked", "human"]) == ((1, 1), (1, 1))
    assert (sums["link", "scanner"], sums["clicked", "scanner"]) == ((7, 8), (0, 8))
    assert sums["viewed", "implied"] == (1, 0)


async def test_37_a_burst_split_over_batches_is_found(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    for link in range(1, 5):
        await mailing.take(mailing.event(Act.CLICK, message, after_s=link / 2, link=link))
    await settled(mailing)
    assert ("link", "human") not in await mailing.sums()


async def test_37_a_honeypot_marks_its_message_and_a_sweep_its_network(mailing: Mailing) -> None:
    trapped, reader, *swept = await mailing.sent(8)
    far = (await mailing.sent(1, prefix="far", domain="else.example"))[0]
    await mailing.take(
        mailing.event(Act.CLICK, trapped, link=9, marks=HONEYPOT, via="scanner"),
        mailing.event(Act.CLICK, trapped, after_s=5, link=1),
        mailing.event(Act.CLICK, reader, link=1, network="198.51.100.0/24"),
        mailing.event(Act.CLICK, far, link=1, network="192.0.2.0/24"),
        *(mailing.event(Act.CLICK, one, after_s=at, link=1, network="192.0.2.0/24") for at, one in enumerate(swept)),
    )
    await settled(mailing)
    people = await mailing.rows("SELECT message FROM campaign_log WHERE activity = 'clicked' AND via = 'human'")
    assert {message for (message,) in people} == {reader, far}


async def test_38_opens_by_privacy_proxies_are_kept_apart(mailing: Mailing) -> None:
    messages = await mailing.sent(1000)
    await mailing.take(
        *(mailing.event(Act.OPEN, one, via="proxy_open") for one in messages[:400]),
        *(mailing.event(Act.OPEN, one, after_s=9) for one in messages[400:550]),
    )
    sums = await mailing.sums()
    proxies, people, delivered = sums["viewed", "proxy_open"][0], sums["viewed", "human"][0], 1000
    assert people / (delivered - proxies) == 0.25
    assert (people + proxies) / delivered == 0.55
    await mailing.take(mailing.event(Act.OPEN, messages[0], after_s=60))
    sums = await mailing.sums()
    assert (sums["viewed", "proxy_open"], sums["viewed", "human"]) == ((399, 400), (151, 151))


async def test_18_an_uncertain_mail_that_somebody_reads_was_sent(mailing: Mailing) -> None:
    [read, unread] = await mailing.sent(2, state="uncertain")
    await mailing.rows("UPDATE mkt_run SET uncertain = 2, sent = 5 RETURNING 1")
    await mailing.take(mailing.event(Act.OPEN, read))
    assert await mailing.rows("SELECT id, state FROM email_queue ORDER BY id") == [
        (read, "sent"),
        (unread, "uncertain"),
    ]
    assert await mailing.rows("SELECT uncertain, sent FROM mkt_run") == [(1, 6)]


async def test_seeds_and_tests_stay_out_of_the_live_sums(mailing: Mailing) -> None:
    [seed] = await mailing.sent(1, prefix="seed", kind="seed")
    [test] = await mailing.sent(1, prefix="test", kind="test")
    await mailing.take(mailing.event(Act.OPEN, seed), mailing.event(Act.CLICK, test, link=1))
    assert await mailing.sums() == {}
    assert await mailing.rows("SELECT DISTINCT class FROM campaign_stat ORDER BY 1") == [("seed",), ("test",)]


async def test_events_of_messages_that_are_gone_are_kept_and_counted_nowhere(mailing: Mailing) -> None:
    await mailing.take(mailing.event(Act.CLICK, 10**9, link=1), mailing.event(Act.OPT_OUT, 10**9, said="one_click"))
    assert await mailing.rows("SELECT count(*) FROM tracking_event") == [(2,)]
    assert await mailing.sums() == {}
