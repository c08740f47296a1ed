"""Mail accounts: through which server mailings leave, and where returned mail arrives."""

from crm_domain.definition import Arrangement, Change, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, Choice, Integer, LongText, Secret, Text
from crm_domain.modules.marketing_options import DKIM_MODES, MAILBOX_PROTOCOLS, MAILBOX_STATES, SMTP_SECURITIES

MOST_A_DAY = 10_000_000


class OutboundAccount(Record):
    """An SMTP account. Limits left empty mean none but the plan's."""

    name = required(Text(max_length=100, search=True))
    from_name = required(Text(max_length=255))
    from_addr = required(Text(max_length=254, check="email_address", search=True))
    reply_to_name = Text(max_length=255)
    reply_to_addr = Text(max_length=254, check="email_address")
    signature = LongText()
    host = required(Text(max_length=253, check="host_name"))
    port = required(Integer(minimum=1, maximum=65535, default=587))
    security = required(Choice(options=SMTP_SECURITIES, default="starttls"))
    user_name = Text(max_length=255)
    password = Secret(mass=False)
    bulk = Boolean(default=True)
    per_second = Integer(minimum=1, maximum=10_000)
    per_hour = Integer(minimum=1, maximum=MOST_A_DAY)
    per_day = Integer(minimum=1, maximum=MOST_A_DAY)
    connections = Integer(minimum=1, maximum=50, default=10)
    per_connection = Integer(minimum=1, maximum=10_000, default=100)
    own_return_path = Boolean(default=True)
    dkim_mode = required(Choice(options=DKIM_MODES, default="relay"))
    dkim_selector = Text(max_length=63, check="host_name")
    dkim_key = Secret(mass=False, max_length=8192)
    state = Choice(options=MAILBOX_STATES, default="untried", readonly=True, copied=False)
    state_note = Text(max_length=255, readonly=True, copied=False)

    layout = Arrangement(
        columns=(name, from_addr, host, security, bulk, state, Record.modified_at),
        offered=(port, per_hour, per_day, from_name, Record.created_at),
        panels=(
            panel(
                "overview",
                (name, bulk),
                (from_name, from_addr),
                (reply_to_name, reply_to_addr),
                (signature,),
            ),
            panel("server", (host, port), (security, own_return_path), (user_name, password), (state, state_note)),
            panel("pace", (per_second, per_hour), (per_day, connections), (per_connection,), folded=True),
            panel("dkim", (dkim_mode, dkim_selector), (dkim_key,), folded=True),
        ),
        quick=(
            (name, from_addr), (from_name, host), (port, security), (user_name, password), (dkim_mode,),
        ),
        picker=(name, from_addr, host),
        basic=(name,),
        advanced=(name, from_addr, host, bulk),
        highlights=(from_addr, host, state, bulk),
        subpanels=("email_marketing",),
        sort="name",
    )  # fmt: skip


class BounceAccount(Record):
    """A mailbox that is read for returned mail. `return_domain` receives everything addressed to it."""

    name = required(Text(max_length=100, search=True))
    protocol = required(Choice(options=MAILBOX_PROTOCOLS, default="imap"))
    host = required(Text(max_length=253, check="host_name"))
    port = required(Integer(minimum=1, maximum=65535, default=993))
    security = required(Choice(options=SMTP_SECURITIES, default="tls"))
    user_name = required(Text(max_length=255))
    password = Secret(mass=False)
    address = required(Text(max_length=254, check="email_address", search=True))
    return_domain = Text(max_length=253, check="host_name")
    folder = Text(max_length=255, default="INBOX")
    processed_folder = Text(max_length=255, default="Processed")
    leave_on_server = Boolean(default=True)
    active = Boolean(default=True)
    state = Choice(options=MAILBOX_STATES, default="untried", readonly=True, copied=False)
    state_note = Text(max_length=255, readonly=True, copied=False)

    layout = Arrangement(
        columns=(name, address, protocol, host, active, state, Record.modified_at),
        offered=(return_domain, folder, user_name, Record.created_at),
        panels=(
            panel("overview", (name, active), (address, return_domain)),
            panel(
                "server",
                (protocol, host),
                (port, security),
                (user_name, password),
                (folder, processed_folder),
                (leave_on_server,),
                (state, state_note),
            ),
        ),
        quick=(
            (name, address), (protocol, host), (port, security), (user_name, password),
        ),
        picker=(name, address, host),
        basic=(name,),
        advanced=(name, address, host, active),
        highlights=(address, host, state, active),
        subpanels=("email_marketing",),
        sort="name",
    )  # fmt: skip


def tried_again(change: Change[OutboundAccount]) -> None:
    """Whoever changes how the server is reached makes a disabled account usable again; a password goes only to the server it
    was given for."""
    if not change.new and change.touches(OutboundAccount.host) and not change.named(OutboundAccount.password):
        change.set(OutboundAccount.password, None)
    ways = (OutboundAccount.host, OutboundAccount.port, OutboundAccount.user_name, OutboundAccount.password)
    if not change.new and any(change.named(way) for way in ways):
        change.set(OutboundAccount.state, "untried")
        change.set(OutboundAccount.state_note, None)


OUTBOUND_ACCOUNTS = Module(
    key="outbound_accounts",
    record=OutboundAccount,
    icon="server",
    group="admin",
    admin_only=True,
    before_save=(tried_again,),
)
BOUNCE_ACCOUNTS = Module(key="bounce_accounts", record=BounceAccount, icon="mail-open", group="admin", admin_only=True)
