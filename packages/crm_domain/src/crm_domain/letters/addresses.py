"""Lists of addresses as people type them and headers carry them."""

from email.utils import getaddresses

import msgspec

from crm_domain.meaning.clean import email_address
from crm_domain.problems import BadValue

MOST = 100
"""Addresses in one field."""
SEPARATORS = str.maketrans({"؛": ",", ";": ",", "،": ",", "\n": ","})


class Party(msgspec.Struct, frozen=True):
    """Somebody a letter is from or to."""

    name: str
    address: str

    def __str__(self) -> str:
        shown = " ".join(self.name.replace('"', "").split())
        if not shown:
            return self.address
        return (
            f'"{shown}" <{self.address}>'
            if any(letter in shown for letter in ",;:@()[]<>.\\")
            else f"{shown} <{self.address}>"
        )


def parties(text: str | None) -> tuple[Party, ...]:
    """Whoever a text names, each address once; what is no address is left out."""
    found: dict[str, Party] = {}
    for name, address in getaddresses([" ".join((text or "").replace("\0", "").split())]):
        if "@" in address and len(address) <= 254:
            found.setdefault(address.lower(), Party(" ".join(name.split())[:200], address.strip()))
    return tuple(found.values())[:MOST]


def typed(text: str) -> tuple[Party, ...]:
    """The same of what somebody typed, separated by commas of any script. Raises BadValue for what is no address."""
    whole = text.translate(SEPARATORS)
    found = tuple(Party(party.name, email_address(party.address)) for party in parties(whole))
    wanted = [part for part in whole.split(",") if part.strip()]
    if len([part for part in wanted if "@" in part]) < len(wanted) and len(found) < len(wanted):
        raise BadValue("problems.not_an_email", value=next(part for part in wanted if "@" not in part).strip()[:80])
    if wanted and not found:
        raise BadValue("problems.not_an_email", value=wanted[0].strip()[:80])
    if len(wanted) > MOST:
        raise BadValue("emails.too_many_addresses", most=MOST)
    return found


def legible(text: str) -> tuple[Party, ...]:
    """The same while somebody is typing: what is no address yet is left out."""
    return parties(text.translate(SEPARATORS))


def listed(found: tuple[Party, ...]) -> str:
    """As a header has them."""
    return ", ".join(str(party) for party in found)
