"""What large receivers ask of whoever mails to many, judged by what the sender's domain says of itself (7.5)."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from crm_domain.sending.audience import PROVIDERS

Key = Literal["own_domain", "spf", "dkim", "dmarc", "tls", "one_click", "way_out"]
State = Literal["good", "bad", "unknown"]
Records = Mapping[str, Sequence[str] | None]
"""TXT records by name; None where the name system did not answer."""
FREE = frozenset(domain for domains in PROVIDERS.values() for domain in domains)
"""Nobody may mail to many from an address of these."""


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """An account as receivers see it. `key` is its own public key in base64, empty where the server signs."""

    domain: str
    host: str
    security: str
    selector: str = ""
    key: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Whose text records are asked for."""
        signed = (f"{self.selector}._domainkey.{self.domain}",) if self.key else ()
        return (self.domain, *signed, *self.policies)

    @property
    def policies(self) -> tuple[str, ...]:
        """Where the domain's policy may stand: with itself, else with a domain above it."""
        labels = self.domain.split(".")
        return tuple("_dmarc." + ".".join(labels[start:]) for start in range(max(1, len(labels) - 1)))


class Rule(msgspec.Struct, frozen=True):
    """One rule. `why` is a word for what is wrong; a record `name` with the text `value` would mend it."""

    key: Key
    state: State
    why: str = ""
    name: str = ""
    value: str = ""


def judge(sender: Sender, found: Records) -> tuple[Rule, ...]:
    """Every rule, in the order in which they are worth mending."""
    return (
        Rule("own_domain", "bad", "free_mail") if sender.domain in FREE else Rule("own_domain", "good"),
        _spf(sender, found),
        _dkim(sender, found),
        _dmarc(sender, found),
        Rule("tls", "bad", "clear_text") if sender.security == "none" else Rule("tls", "good"),
        Rule("one_click", "good"),
        Rule("way_out", "good"),
    )


def _spf(sender: Sender, found: Records) -> Rule:
    texts = found.get(sender.domain)
    if texts is None:
        return Rule("spf", "unknown", "no_answer")
    said = [text for text in map(str.lower, texts) if text.split(" ")[0] == "v=spf1"]
    if len(said) == 1 and not said[0].endswith(("+all", " all")):
        return Rule("spf", "good")
    why = "several" if len(said) > 1 else "open" if said else "missing"
    return Rule("spf", "bad", why, sender.domain, f"v=spf1 a:{sender.host} ~all")


def _dkim(sender: Sender, found: Records) -> Rule:
    if not sender.key:
        return Rule("dkim", "unknown", "by_server")
    name = f"{sender.selector}._domainkey.{sender.domain}"
    texts = found.get(name)
    if texts is None:
        return Rule("dkim", "unknown", "no_answer")
    keys = [tags.get("p", "") for tags in map(_tags, texts) if "p" in tags]
    if sender.key in keys:
        return Rule("dkim", "good")
    return Rule("dkim", "bad", "other_key" if keys else "missing", name, f"v=DKIM1; k=rsa; p={sender.key}")


def _dmarc(sender: Sender, found: Records) -> Rule:
    for name in sender.policies:
        texts = found.get(name)
        if texts is None:
            return Rule("dmarc", "unknown", "no_answer")
        if any(_tags(text).get("v") == "DMARC1" for text in texts):
            return Rule("dmarc", "good")
    return Rule("dmarc", "bad", "missing", sender.policies[0], "v=DMARC1; p=none")


def _tags(text: str) -> dict[str, str]:
    parts = ("".join(part.split()).partition("=") for part in text.split(";"))
    return {name: value for name, _, value in parts}
