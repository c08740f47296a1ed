"""What is noted on a letter here and on its mail server, brought together: whoever changed something since they last agreed wins."""

import msgspec

INCOMING = ("unread", "read", "replied")
"""The statuses that a server's flags stand for; what was written here has none of them."""


class Flags(msgspec.Struct, frozen=True):
    """As IMAP knows them."""

    seen: bool = False
    answered: bool = False
    flagged: bool = False


def flags_here(status: str, flagged: bool, agreed: Flags) -> Flags:
    """What a letter's record says; where it says nothing, what was agreed on last."""
    if status not in INCOMING:
        return Flags(agreed.seen, agreed.answered, flagged)
    return Flags(status != "unread", agreed.answered if status == "unread" else status == "replied", flagged)


def reconciled(agreed: Flags, here: Flags, there: Flags) -> Flags:
    """What both shall say from now on. Of two changes to the same flag, the one made here stays."""

    def of(name: str) -> bool:
        mine: bool = getattr(here, name)
        theirs: bool = getattr(there, name)
        return mine if mine != getattr(agreed, name) else theirs

    return Flags(of("seen"), of("answered"), of("flagged"))


def status_of(flags: Flags, status: str) -> str:
    """The status that says so; a letter written here keeps its own."""
    if status not in INCOMING:
        return status
    return "unread" if not flags.seen else "replied" if flags.answered else "read"
