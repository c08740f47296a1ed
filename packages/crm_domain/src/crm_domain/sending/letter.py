"""What is sent, by whom, to whom: the facts from which a mail is composed."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

Language = Literal["fa", "en"]


class Attachment(msgspec.Struct, frozen=True):
    """A file that goes with every mail; `content` is base64 in JSON."""

    name: str
    media_type: str
    content: bytes


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A template as it was frozen for a run. Its language decides direction, digits and calendar."""

    subject: str
    html: str = ""
    text: str = ""
    text_only: bool = False
    language: Language = "fa"
    preheader: str = ""
    attachments: tuple[Attachment, ...] = ()


class Tracked(msgspec.Struct, frozen=True):
    """A campaign's named link, as `{name}` in a template."""

    name: str
    url: str = ""
    opt_out: bool = False


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes. `bounce_domain` takes returned mail; when empty, mail returns to `from_address`."""

    from_name: str
    from_address: str
    reply_to_name: str = ""
    reply_to_address: str = ""
    bounce_domain: str = ""
    bounce_mailbox: str = ""
    """The one mailbox `local@domain` that takes returned mail under `local+token`, where the domain has no catch-all."""


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Why it is written: the tenant by number, the campaign, and what the reader may do about it."""

    tenant: int
    tenant_name: str
    campaign: str
    """Its id: the list's name for mail programs."""
    campaign_name: str
    campaign_type: str
    tracker_url: str
    track_opens: bool = True
    track_clicks: bool = True
    test: bool = False


class Recipient(msgspec.Struct, frozen=True):
    """One row of the queue: `message` is its number, `values` are the template's words by whole name."""

    message: int
    address: str
    name: str
    values: Mapping[str, Any]


class Outgoing(msgspec.Struct, frozen=True):
    """A mail ready for the wire: the envelope and the content, lines ending in CR LF, without the final dot."""

    message: int
    mail_from: str
    rcpt_to: str
    content: bytes
    ascii_envelope: bool = True
    """Whether the addresses need no SMTPUTF8."""
