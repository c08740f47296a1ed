"""What recipients wish is applied to their addresses at once, and logged as consent."""

from crm_domain.tracking.events import Act
from crm_domain.tracking.tokens import TEST
from tests.storage.mailing import Mailing


async def optouts(mailing: Mailing) -> int:
    [(number,)] = await mailing.rows(
        "SELECT count(*) FROM newsletter_optout WHERE campaign_id = %(id)s", id=mailing.campaign
    )
    return number


async def test_35_one_click_takes_an_address_off_all_marketing_mail_once(mailing: Mailing) -> None:
    gone, stays = await mailing.sent(2)
    for _ in range(3):
        await mailing.take(mailing.event(Act.OPT_OUT, gone, said="one_click"))
    address = await mailing.address(gone)
    assert (address["opted_out"], address["opted_out_source"]) == (True, "recipient")
    assert not (await mailing.address(stays))["opted_out"]
    assert await mailing.rows("SELECT new, source FROM consent_log") == [("opted_out", "recipient")]
    assert (await mailing.sums())["removed", "human"][0] == 1


async def test_14_a_newsletters_reader_leaves_the_newsletter_only(company: Mailing) -> None:
    letter, other = await company.open("newsletter", "Monthly"), await company.open("newsletter", "Weekly")
    [message] = await letter.sent(1)
    await other.sent(1)
    await letter.take(letter.event(Act.OPT_OUT, message, said="this"))
    assert (await optouts(letter), await optouts(other)) == (1, 0)
    assert not (await letter.address(message))["opted_out"]
    await letter.take(letter.event(Act.OPT_OUT, message, after_s=9, said="all"))
    assert (await letter.address(message))["opted_out"]


async def test_17_leaving_fills_the_newsletters_list_of_those_who_left(company: Mailing) -> None:
    letter = await company.open("newsletter", "Monthly")
    [list_] = await letter.rows(
        "INSERT INTO target_lists (id, name, list_type, purpose, newsletter, entry_count)"
        " VALUES (uuidv7(), 'Left', 'exempt', 'unsubscription', %(id)s, 0) RETURNING id",
        id=letter.campaign,
    )
    messages = await letter.sent(3)
    await letter.take(*(letter.event(Act.OPT_OUT, one, said="this") for one in messages[:2]))
    assert await letter.rows("SELECT entry_count FROM target_lists") == [(2,)]
    assert await letter.rows("SELECT count(*) FROM target_list_member WHERE left_id = %(id)s", id=list_[0]) == [(2,)]


async def test_40_coming_back_clears_the_opt_out_with_an_entry_in_the_log(company: Mailing) -> None:
    letter = await company.open("newsletter", "Monthly")
    [message] = await letter.sent(1)
    await letter.take(
        letter.event(Act.OPT_OUT, message, said="all"), letter.event(Act.OPT_OUT, message, 1, said="this")
    )
    await letter.take(letter.event(Act.RETURN, message, 60, said="page"))
    address = await letter.address(message)
    assert (address["opted_out"], address["optin_state"], await optouts(letter)) == (False, "opt_in", 0)
    assert await letter.rows("SELECT count(*) FROM consent_log WHERE new = 'opt_in'") == [(2,)]
    assert (await letter.sums())["resubscribed", "human"][0] == 1


async def test_wishes_of_one_batch_are_applied_in_their_order(mailing: Mailing) -> None:
    left, back = await mailing.sent(2)
    await mailing.take(
        mailing.event(Act.RETURN, back, 5, said="page"),
        mailing.event(Act.OPT_OUT, left, 9, said="all"),
        mailing.event(Act.RETURN, left, 7, said="page"),
        mailing.event(Act.OPT_OUT, back, 1, said="all"),
    )
    assert (await mailing.address(left))["opted_out"]
    assert not (await mailing.address(back))["opted_out"]


async def test_tests_change_nothing(mailing: Mailing) -> None:
    [by_mark] = await mailing.sent(1)
    [by_queue] = await mailing.sent(1, prefix="test", kind="test")
    await mailing.take(
        mailing.event(Act.OPT_OUT, by_mark, said="all", marks=TEST), mailing.event(Act.OPT_OUT, by_queue, said="all")
    )
    assert await mailing.rows("SELECT count(*) FROM email_address WHERE opted_out") == [(0,)]
    assert await mailing.rows("SELECT count(*) FROM consent_log") == [(0,)]


async def test_preferences_choose_newsletters_other_mail_and_a_pause(company: Mailing) -> None:
    letter, other = await company.open("newsletter", "Monthly"), await company.open("newsletter", "Weekly")
    plain = await company.open("email", "Sale")
    [message] = await letter.sent(1)
    said = f'{{"on":[],"off":["{other.campaign}","{letter.campaign}","{plain.campaign}"],"other":true}}'
    await letter.take(letter.event(Act.PREFERENCES, message, said=said))
    assert [await optouts(one) for one in (letter, other, plain)] == [1, 1, 0]
    said = f'{{"on":["{other.campaign}"],"off":["{letter.campaign}"],"other":false}}'
    await letter.take(letter.event(Act.PREFERENCES, message, 60, said=said))
    assert [await optouts(one) for one in (letter, other)] == [1, 0]
    assert (await letter.address(message))["opted_out"]
    await letter.take(
        letter.event(Act.PREFERENCES, message, 120, said='{"pause":30}'),
        letter.event(Act.PREFERENCES, message, 130, said="not what a page sends"),
    )
    assert await letter.rows("SELECT value, reason, expires_at::date::text FROM suppression") == [
        ("reader1@shop.example", "pause", "2026-12-20")
    ]


async def test_a_reason_is_kept_with_the_opt_out(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    await mailing.take(mailing.event(Act.OPT_OUT, message, said="all"))
    await mailing.take(mailing.event(Act.REASON, message, 20, said="too_many"))
    assert await mailing.rows("SELECT reason FROM campaign_log WHERE activity = 'removed'") == [("too_many",)]


async def test_rel_10_a_thousand_opt_outs_are_one_batch(mailing: Mailing) -> None:
    messages = await mailing.sent(1000)
    await mailing.take(*(mailing.event(Act.OPT_OUT, one, said="one_click") for one in messages))
    assert await mailing.rows("SELECT count(*) FROM email_address WHERE opted_out") == [(1000,)]
    assert await mailing.sums() == {("removed", "human"): (1000, 1000)}
