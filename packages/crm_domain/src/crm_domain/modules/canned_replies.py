"""Canned replies: answers that many customers get, written once and put into the conversation of a case."""

from collections.abc import Mapping
from html import escape

from crm_domain.definition import Arrangement, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, RichText, Text

PLACES = ("number", "subject", "contact", "account", "resolution", "sender")
"""What stands in braces in a reply, and is another thing in every case."""


class CannedReply(Record):
    name = required(Text(max_length=255, search=True))
    body = required(RichText(max_length=50_000))
    active = Boolean(default=True)

    layout = Arrangement(
        columns=(name, active, Record.assigned_to, Record.modified_at),
        offered=(Record.team, Record.created_at, Record.created_by, Record.modified_by),
        panels=(panel("overview", (name,), (body,), (active,), (Record.assigned_to, Record.team)),),
        quick=((name,), (body,), (active,)),
        picker=(name,),
        basic=(name,),
        advanced=(name, active, Record.assigned_to, Record.team, Record.modified_at),
        highlights=(active, Record.assigned_to, Record.modified_at),
        sort="name",
    )


def filled(body: str, facts: Mapping[str, str]) -> str:
    """The markup with the facts in the braces that name them; what no fact is called stays as it is."""
    for place in PLACES:
        if place in facts:
            words = escape(facts[place], quote=False).replace("\n", "<br>")
            body = body.replace(f"{{{place}}}", words)
    return body


CANNED_REPLIES = Module(key="canned_replies", record=CannedReply, icon="message-square-quote", group="service")
