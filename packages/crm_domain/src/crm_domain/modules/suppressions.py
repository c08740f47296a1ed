"""What people paste of addresses and domains nobody shall mail, read line by line; why and how long the whole company spares them."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from crm_domain.meaning.clean import email_address
from crm_domain.problems import BadValue
from crm_domain.text.identifiers import host_name

MOST_LINES = 20_000
BY_HAND = ("manual", "legal", "complaint")
"""Reasons that people give. What recipients asked for themselves ends only by itself."""
SPANS_DAYS = (30, 90, 365)
"""For how long something may be spared, if not for good."""


class Pasted(msgspec.Struct, frozen=True):
    """The lines that were understood, each once, and those that were not."""

    values: tuple[str, ...]
    rejected: tuple[str, ...]


def _domain(line: str) -> str:
    """A domain, also where somebody wrote an address of it. Raises BadValue."""
    name = host_name(line.rpartition("@")[2].removeprefix("*.").removeprefix("."))
    if "." not in name:
        raise BadValue("problems.host_name_wrong")
    return name


def _address(line: str) -> str:
    return email_address(line).lower()


READERS: Mapping[str, Callable[[str], str]] = {"domains": _domain, "addresses": _address}


def read_pasted(kind: str, text: str) -> Pasted:
    """One value a line; commas and semicolons part them as well."""
    return _read(_lines(text), READERS[kind])


def read_mixed(text: str) -> tuple[Pasted, Pasted]:
    """Addresses and domains in one go: what has something before its @ is an address."""
    lines = _lines(text)
    whole = [line for line in lines if line.find("@") > 0]
    return _read(whole, _address), _read([line for line in lines if line.find("@") <= 0], _domain)


def _lines(text: str) -> list[str]:
    parted = text.replace("؛", "\n").replace(";", "\n").replace("،", "\n").replace(",", "\n").splitlines()
    return [stripped for line in parted[:MOST_LINES] if (stripped := line.strip())]


def _read(lines: Sequence[str], read: Callable[[str], str]) -> Pasted:
    values: dict[str, None] = {}
    rejected: list[str] = []
    for line in lines:
        try:
            values[read(line)] = None
        except BadValue:
            rejected.append(line)
    return Pasted(tuple(values), tuple(rejected))
