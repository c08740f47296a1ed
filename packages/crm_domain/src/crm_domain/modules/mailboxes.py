"""Mailboxes: the accounts whose mail people read and answer here, their own or a group's."""

from typing import TYPE_CHECKING

from crm_domain.definition import Arrangement, Change, Module, Options, Record, option, panel, plain, required
from crm_domain.definition.kinds import Boolean, Choice, DateTime, Integer, LongText, Secret, Text
from crm_domain.modules.marketing_options import SMTP_SECURITIES
from crm_domain.problems import FieldProblem, Invalid, Refused

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MAILBOX_USES = Options(
    "mailbox_use",
    (option("personal", hue="blue"), option("group", hue="violet")),
    fixed=True,
)
MAILBOX_HEALTH = Options(
    "mailbox_health",
    (option("untried"), option("working", hue="green"), option("troubled", hue="red")),
    fixed=True,
)
CASES_GO_TO = plain("cases_go_to", "keeper in_turn least_busy", fixed=True)
"""Who gets the cases that letters open; without a choice nobody does."""
SIGN_INS = plain("mailbox_sign_in", "password google microsoft own", fixed=True)
"""By what the servers know the mailbox: a password, or its owner's consent at a provider."""
TROUBLES = plain("mailbox_trouble", "unreachable not_allowed sign_in consent folder too_many other", fixed=True)
"""What kept the last look from being one."""


class Mailbox(Record):
    """A personal one is its owner's; a group's mail is for the team. Without an outgoing server, the house's sends."""

    name = required(Text(max_length=100, search=True))
    mailbox_use = required(Choice(options=MAILBOX_USES, default="personal", indexed=True))
    address = required(Text(max_length=254, check="email_address", search=True))
    from_name = Text(max_length=255)
    active = Boolean(default=True)
    auto_link = Boolean(default=True)
    create_cases = Boolean()
    cases_go_to = Choice(options=CASES_GO_TO)
    auto_reply = Boolean()
    auto_reply_text = LongText(max_length=4000)
    auto_reply_most = Integer(minimum=1, maximum=50, default=3)
    auto_reply_except = Text(max_length=1000)
    host = required(Text(max_length=253, check="host_name"))
    port = required(Integer(minimum=1, maximum=65535, default=993))
    security = required(Choice(options=SMTP_SECURITIES, default="tls"))
    user_name = required(Text(max_length=255))
    sign_in = Choice(options=SIGN_INS, default="password")
    password = Secret(mass=False)
    consent = Secret(mass=False, readonly=True)
    folder = required(Text(max_length=255, default="INBOX"))
    sent_folder = Text(max_length=255)
    smtp_host = Text(max_length=253, check="host_name")
    smtp_port = Integer(minimum=1, maximum=65535, default=587)
    smtp_security = Choice(options=SMTP_SECURITIES, default="starttls")
    signature = LongText(max_length=4000)
    health = Choice(options=MAILBOX_HEALTH, default="untried", readonly=True, copied=False, audited=False)
    trouble = Choice(options=TROUBLES, readonly=True, copied=False, audited=False)
    read_at = DateTime(readonly=True, copied=False, audited=False)

    layout = Arrangement(
        columns=(name, address, mailbox_use, active, health, read_at, Record.assigned_to),
        offered=(host, trouble, Record.team, Record.created_at, Record.modified_at),
        panels=(
            panel(
                "overview",
                (name, mailbox_use),
                (address, from_name),
                (active, auto_link),
                (Record.assigned_to, Record.team),
            ),
            panel(
                "cases",
                (create_cases, cases_go_to),
                (auto_reply,),
                (auto_reply_text,),
                (auto_reply_most, auto_reply_except),
                folded=True,
            ),
            panel(
                "incoming",
                (host, port),
                (security, user_name),
                (sign_in, password),
                (consent,),
                (folder, sent_folder),
                (health, trouble),
                (read_at,),
            ),
            panel("outgoing", (smtp_host, smtp_port), (smtp_security,), (signature,)),
        ),
        quick=(
            (name, mailbox_use), (address, from_name), (host, port), (security, user_name), (password, folder),
            (smtp_host, smtp_port),
        ),
        picker=(name, address, mailbox_use),
        basic=(name,),
        advanced=(name, address, mailbox_use, active, health, Record.assigned_to),
        highlights=(address, mailbox_use, health, read_at),
        sort="name",
    )  # fmt: skip


async def for_a_group_by_administrators(work: "Work", change: Change[Mailbox]) -> None:
    """Whoever reads a mailbox for others must be trusted with it."""
    before = change.before.mailbox_use if change.before else "personal"
    if "group" in (before, change.after.mailbox_use) and not work.access.admin:
        raise Refused("mailboxes.group_by_admin")


def cases_from_groups(change: Change[Mailbox]) -> None:
    """What comes to one person is no case of the company's."""
    if change.after.create_cases and change.after.mailbox_use != "group":
        raise Invalid({"create_cases": (FieldProblem("mailboxes.cases_from_groups"),)})
    if change.after.auto_reply and not change.after.create_cases:
        raise Invalid({"auto_reply": (FieldProblem("mailboxes.answers_cases"),)})


def tried_again(change: Change[Mailbox]) -> None:
    """Changed settings are a new beginning; a password goes only where it was given for, and so does a consent."""
    servers = (Mailbox.host, Mailbox.smtp_host)
    moved = not change.new and any(change.touches(field) for field in servers)
    if moved and not change.named(Mailbox.password):
        change.set(Mailbox.password, None)
    other = not change.new and any(change.touches(field) for field in (Mailbox.user_name, Mailbox.sign_in))
    if (moved or other) and not change.named(Mailbox.consent):
        change.set(Mailbox.consent, None)
    reading = (Mailbox.host, Mailbox.port, Mailbox.security, Mailbox.user_name, Mailbox.folder)
    ways = (*reading, Mailbox.sign_in, Mailbox.password, Mailbox.consent)
    if not change.new and any(change.named(way) for way in ways):
        change.set(Mailbox.health, "untried")
        change.set(Mailbox.trouble, None)


MAILBOXES = Module(
    key="mailboxes",
    record=Mailbox,
    icon="inbox",
    group="",
    before_save=(cases_from_groups, tried_again),
    with_work=(for_a_group_by_administrators,),
)
