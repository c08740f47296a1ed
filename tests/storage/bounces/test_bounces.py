"""Returned mail: what counts against whom, once, and never because somebody forged it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from crm_domain.modules.campaigns.figures import bars
from crm_domain.tracking.tokens import TEST, Content, Kind
from crm_storage.bounces.take import Taken, Taker
from crm_storage.marketing import responses
from tests.storage.bounces.mails import complaint, in_words, letter, report, sign
from tests.storage.mailing import NOW, TOKENS, Mailing


async def take(mailing: Mailing, raw: bytes, at: datetime = NOW) -> Taken:
    async with mailing.database.tenant(mailing.tenant.number) as session:
        taken = await Taker(TOKENS, mailing.tenant.number).take(session, mailing.account, "", raw, at)
        await session.commit()
        return taken


def verp(mailing: Mailing, message: int) -> str:
    return f"b-{sign(mailing.tenant.number, message)}@returns.company.example"


async def test_41_a_report_from_exchange_to_the_mails_own_return_path_marks_the_address(mailing: Mailing) -> None:
    gone, stays = await mailing.sent(2)
    raw = report("5.1.1", to=verp(mailing, gone), sender="microsoftexchange329e71@tenant.onmicrosoft.com",
                 subject="Undeliverable: Autumn", diagnostic="550 5.1.1 RESOLVER.ADR.RecipNotFound; not found")  # fmt: skip
    taken = await take(mailing, raw)
    assert (taken.message, taken.decision, taken.known) == (gone, "hard", True)
    address = await mailing.address(gone)
    assert (address["invalid"], address["invalid_reason"]) == (True, "status.5.1.1")
    assert not (await mailing.address(stays))["invalid"]
    assert await mailing.sums() == {("invalid", "hard"): (1, 1)}
    async with mailing.database.tenant(mailing.tenant.number) as session:
        found = await responses.sums(session, mailing.campaign)
        assert bars(found)["invalid"] == {"contacts": 1}
        [line] = await responses.behind(session, mailing.campaign, "invalid", marketing=None, before=None, limit=9)
        assert (line.who.module, line.reason) == ("contacts", "status.5.1.1")


async def test_42_a_policy_block_costs_no_address(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    await take(mailing, report("5.7.1", to=verp(mailing, message), diagnostic="550 5.7.1 rejected as spam"))
    assert await mailing.sums() == {("send_error", "block"): (1, 1)}
    assert not (await mailing.address(message))["invalid"]


async def full(mailing: Mailing, days: list[float]) -> int:
    """So many mails to one address, each returned as full on that day; the last mail."""
    message = 0
    for day in days:
        again = await mailing.open(name=f"Day {day}")
        [message] = await again.sent(1)
        raw = report("5.2.2", to=verp(mailing, message), diagnostic="552 5.2.2 mailbox full")
        await take(mailing, raw, NOW + timedelta(days=day))
    return message


async def test_43_four_full_mailboxes_in_a_day_are_no_end(company: Mailing) -> None:
    address = await company.address(await full(company, [0, 0.1, 0.2, 0.3]))
    assert (address["invalid"], address["soft_bounces"]) == (False, 4)


async def test_43_four_on_three_days_are_the_end(company: Mailing) -> None:
    assert not (await company.address(await full(company, [0, 1, 2])))["invalid"]
    address = await company.address(await full(company, [2.2]))
    assert (address["invalid"], address["invalid_reason"]) == (True, "soft")


async def test_43_a_success_in_between_begins_anew(company: Mailing) -> None:
    message = await full(company, [0, 1, 2])
    await take(company, report("2.0.0", to=verp(company, message), action="delivered"), NOW + timedelta(days=2.5))
    address = await company.address(await full(company, [3, 4]))
    assert (address["invalid"], address["soft_bounces"]) == (False, 2)


async def test_43_what_is_older_than_sixty_days_is_forgotten(company: Mailing) -> None:
    assert not (await company.address(await full(company, [0, 1, 2, 70])))["invalid"]


async def test_a_disabled_mailbox_is_gone_when_it_is_refused_again(company: Mailing) -> None:
    for day, gone in ((0, False), (10, True)):
        again = await company.open(name=f"Day {day}")
        [message] = await again.sent(1)
        await take(company, report("5.2.1", to=verp(company, message)), NOW + timedelta(days=day))
        assert (await company.address(message))["invalid"] is gone


async def test_44_automatic_answers_and_receipts_are_no_bounces(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    to = verp(mailing, message)
    mails = [
        letter("ali@shop.example", "Automatic reply: Autumn", "I am away.", to=to, Auto_Submitted="auto-replied"),
        letter("ali@shop.example", "پاسخ خودکار: پاییز", "در مرخصی هستم", to=to, Return_Path="<>"),
        letter("ali@shop.example", "Re: Autumn", "Away", to=to, Precedence="auto_reply"),
    ]
    assert [(await take(mailing, mail)).sort for mail in mails] == ["automatic"] * 3
    assert await mailing.sums() == {}


async def test_44_a_personal_mail_stays_where_it_is(mailing: Mailing) -> None:
    taken = await take(mailing, letter("friend@home.example", "Dinner?", "On Friday, b-something@x"))
    assert (taken.sort, taken.known) == ("unknown", False)


async def test_44_rel_16_the_same_report_counts_once(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    raw = report("5.1.1", to=verp(mailing, message))
    assert [(await take(mailing, raw)).new for _ in range(3)] == [True, False, False]
    await take(mailing, raw.replace(b"11:30:00", b"11:31:00"))
    assert (await mailing.sums())["invalid", "hard"][0] == 1
    assert await mailing.rows("SELECT count(*) FROM inbound_mail") == [(2,)]


async def test_44_sec_27_a_thousand_forged_reports_switch_off_nobody(mailing: Mailing) -> None:
    messages = await mailing.sent(3)
    foreign = sign(mailing.tenant.number + 1, messages[0])
    good = sign(mailing.tenant.number, messages[0])
    forged = [f"{foreign}", *(good[:at] + ("a" if good[at] != "a" else "b") + good[at + 1 :] for at in range(55))]
    for number in range(1000):
        sign_ = forged[number % len(forged)]
        raw = report(
            "5.1.1", to=f"b-{sign_}@returns.company.example", address="reader1@shop.example", returned=f"X-N: {number}"
        )
        await take(mailing, raw)
    assert await mailing.rows("SELECT count(*) FROM email_address WHERE invalid") == [(0,)]
    assert ("invalid", "hard") not in await mailing.sums()


async def test_45_a_complaint_ends_all_mail_for_good(company: Mailing) -> None:
    letter_ = await company.open("newsletter", "Monthly")
    [message] = await letter_.sent(1)
    raw = complaint(f"X-Sadra-Msg: {sign(company.tenant.number, message)}\r\nSubject: Autumn")
    for _ in range(2):
        await take(letter_, raw)
    address = await letter_.address(message)
    assert (address["opted_out"], address["opted_out_source"]) == (True, "complaint")
    assert address["complained_at"]
    sums = await letter_.sums()
    assert (sums["complaint", "human"], sums["removed", "human"]) == ((1, 1), (1, 1))
    assert await letter_.rows("SELECT new FROM consent_log") == [("complained",)]


async def test_45_not_spam_is_no_complaint(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    await take(mailing, complaint(f"X-Sadra-Msg: {sign(mailing.tenant.number, message)}", kind="not-spam"))
    assert not (await mailing.address(message))["opted_out"]


@pytest.mark.parametrize("place", ["header", "message_id", "opt_out", "plus"])
async def test_the_sign_is_found_wherever_a_server_left_it(mailing: Mailing, place: str) -> None:
    [message] = await mailing.sent(1)
    mark = sign(mailing.tenant.number, message)
    page = TOKENS.sign(Kind.OPT_OUT, Content(mailing.tenant.number, message))
    facts: dict[str, Any] = {
        "header": {"returned": f"Subject: Autumn\r\nX-Sadra-Msg: {mark}"},
        "message_id": {"returned": f"Subject: Autumn\r\nMessage-ID: <{mark}@returns.company.example>"},
        "opt_out": {"returned": f"Subject: Autumn\r\nList-Unsubscribe: <https://t.example/u/{page}>"},
        "plus": {"to": f"bounce+{mark}@company.example"},
    }[place]
    taken = await take(mailing, report("5.1.1", **facts))
    assert (taken.message, taken.decision) == (message, "hard")


QMAIL = """Hi. This is the qmail-send program at mail.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<reader1@shop.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Message-ID: <SIGN@returns.company.example>
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  reader1@shop.example
    SMTP error from remote mail server after RCPT TO: 550 No such user here
"""


@pytest.mark.parametrize("text", [QMAIL, EXIM])
async def test_reports_in_words_are_understood(mailing: Mailing, text: str) -> None:
    [message] = await mailing.sent(1)
    raw = in_words(
        "Mailer-Daemon@mail.example",
        text.replace("SIGN", sign(mailing.tenant.number, message)),
        to=verp(mailing, message),
    )
    taken = await take(mailing, raw)
    assert (taken.sort, taken.message, taken.decision) == ("report", message, "hard")


async def test_an_unsigned_report_is_a_doubt_and_no_more(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    taken = await take(mailing, report("5.1.1"))
    assert (taken.message, taken.decision) == (message, "suspected")
    address = await mailing.address(message)
    assert (address["invalid"], address["soft_bounces"]) == (False, 1)
    [other] = await mailing.sent(1, prefix="other")
    unmatched = await take(mailing, report("5.1.1", address="stranger@shop.example"))
    assert (unmatched.message, unmatched.known) == (None, False)
    assert (await mailing.address(other))["soft_bounces"] == 0


async def test_what_is_only_late_does_nothing_yet(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    taken = await take(mailing, report("4.4.1", to=verp(mailing, message), action="delayed"))
    assert (taken.decision, await mailing.sums()) == ("delay", {})


async def test_a_mail_program_unsubscribes_by_mail(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    mark = TOKENS.sign_mail(Kind.OPT_OUT, Content(mailing.tenant.number, message))
    taken = await take(mailing, letter("ali@shop.example", "unsubscribe", "", to=f"u-{mark}@returns.company.example"))
    assert (taken.decision, (await mailing.address(message))["opted_out"]) == ("left", True)


async def test_a_reply_shows_that_somebody_is_there(mailing: Mailing) -> None:
    [message] = await mailing.sent(1, state="uncertain")
    await mailing.rows("UPDATE mkt_run SET uncertain = 1 RETURNING 1")
    mark = sign(mailing.tenant.number, message)
    raw = letter("ali@shop.example", "Re: Autumn", "Tell me more", In_Reply_To=f"<{mark}@returns.company.example>")
    assert (await take(mailing, raw)).decision == "replied"
    assert await mailing.rows("SELECT state FROM email_queue") == [("sent",)]
    assert (await mailing.sums())["replied", "human"] == (1, 1)


async def test_18_a_report_decides_an_uncertain_mail(mailing: Mailing) -> None:
    [message] = await mailing.sent(1, state="uncertain")
    await mailing.rows("UPDATE mkt_run SET uncertain = 1 RETURNING 1")
    await take(mailing, report("5.1.1", to=verp(mailing, message)))
    assert await mailing.rows("SELECT state FROM email_queue") == [("failed",)]
    assert await mailing.rows("SELECT uncertain, failed FROM mkt_run") == [(0, 1)]


async def test_reports_about_test_mails_change_nothing(mailing: Mailing) -> None:
    [message] = await mailing.sent(1)
    to = f"b-{sign(mailing.tenant.number, message, TEST)}@returns.company.example"
    assert (await take(mailing, report("5.1.1", to=to))).decision == "test"
    assert not (await mailing.address(message))["invalid"]


async def test_sec_27_hostile_mails_are_kept_and_believed_nothing(mailing: Mailing) -> None:
    await mailing.sent(1)
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(200))
    many = b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\na\r\n" * 10_000
    odd = [
        deep,
        many,
        b"",
        b"\0" * 5000,
        b"From: \xff\xfe\r\nSubject: =?utf-8?B?////?=\r\nContent-Type: text/plain; charset=no-such\r\n\r\n\xff",
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n",
        report("5.1.1").replace(b"Final-Recipient: rfc822;", b"Final-Recipient: " + b";" * 50_000),
        complaint("X: y").replace(b"Feedback-Type: abuse", b"\xff" * 5000),
    ]
    assert {(await take(mailing, raw)).sort for raw in odd} <= {"unknown", "report", "complaint"}
    assert await mailing.rows("SELECT count(*) FROM email_address WHERE invalid OR opted_out") == [(0,)]
