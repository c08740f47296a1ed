"""What an administrator should know of his company's mail, each as a sentence that is good or not; and how far setting up is."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from crm_domain.query.page import Row
from crm_domain.sending.checkup import Report
from crm_domain.text.numbers import format_number
from crm_storage.sending.probe import Came
from crm_storage.sending.pulse import Pulse
from crm_web.visit import Visit

EXAMPLES = (".example", ".invalid", ".test", ".localhost", "example.com", "example.org", "example.net", "localhost")
"""Domains that are nobody's (RFC 2606)."""
State = Literal["good", "weak", "bad", "open"]


class Check(msgspec.Struct, frozen=True):
    """One of the things that must be so; `key` is one of `mail_setup.check`."""

    key: str
    state: State
    text: str


def diagnosis(visit: Visit, accounts: Sequence[Row], boxes: Sequence[Row], found: Pulse) -> list[Check]:
    """The prerequisites of mailings, then what runs behind them."""
    usable = [row for row in accounts if row["bulk"] and row["state"] != "disabled"]
    real = [row for row in usable if not is_example(row["from_addr"])]
    reading = [row for row in boxes if row["active"]]
    broken = [row for row in reading if row["state"] in ("slow", "disabled")]
    ill: State = "bad" if found.stopped else "weak" if found.resting else "good"
    return [
        _check(visit, "outbound", "good" if real else "bad", "example" if usable and not real else ""),
        _check(visit, "bounce", "bad" if not reading or broken else "good", "troubled" if broken else ""),
        _check(visit, "sends", "good" if found.sends() else "bad"),
        _check(visit, "reads", "good" if found.reads() else "bad") if reading else _check(visit, "reads", "open"),
        _check(visit, "works", "good" if found.works() else "bad"),
        _check(visit, "accounts", ill, number=format_number(found.stopped + found.resting, visit.voice.locale)),
        _check(visit, "clock", "good" if found.agrees(visit.voice.now) else "bad"),
    ]


def is_example(address: str) -> bool:
    """Whether mail from there can be nobody's."""
    domain = address.rpartition("@")[2].lower()
    return any(domain == name.lstrip(".") or domain.endswith(f".{name.lstrip('.')}") for name in EXAMPLES)


def step_states(
    accounts: Sequence[Row], boxes: Sequence[Row], report: Report | None, known: Came | None, checks: Sequence[Check]
) -> dict[str, State]:
    """How far each step of setting up is."""
    by_key: dict[str, State] = {check.key: check.state for check in checks}
    returned: State = by_key["bounce"] if boxes else "open"
    if report is not None and any(one.trouble for one in report.mailboxes):
        returned = "bad"
    trial: State = "weak" if known else "open"
    if known and known.arrived and known.returned:
        trial = "good"
    steps: dict[str, State] = {
        "outgoing": by_key["outbound"] if accounts else "open",
        "returned": returned,
        "domain": _domains(report),
        "trial": trial,
    }
    whole = set(steps.values()) | set(by_key.values())
    order: tuple[State, ...] = ("bad", "open", "weak", "good")
    return {**steps, "summary": next(state for state in order if state in whole)}


def _domains(report: Report | None) -> State:
    """All domains together: as bad as the worst of them."""
    if report is None or not (report.domains or report.returns):
        return "open"
    states = {rule.state for domain in report.domains for rule in domain.rules}
    if "bad" in states or any(one.servers == () for one in report.returns):
        return "bad"
    return "weak" if "unknown" in states or any(one.servers is None for one in report.returns) else "good"


def _check(visit: Visit, key: str, state: State, particular: str = "", **facts: str) -> Check:
    """The sentence of its state, or of a particular reason."""
    return Check(key, state, visit.text(f"mail_setup.check.{key}.{particular or state}", **facts))
