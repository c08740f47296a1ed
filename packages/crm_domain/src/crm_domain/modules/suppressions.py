"""What people paste into suppression lists, read line by line."""

from collections.abc import Callable, Mapping

import msgspec

from crm_domain.meaning.clean import email_address
from crm_domain.problems import BadValue
from crm_domain.text.identifiers import host_name

MOST_LINES = 20_000


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
    lines = text.replace("؛", "\n").replace(";", "\n").replace("،", "\n").replace(",", "\n").splitlines()
    values: dict[str, None] = {}
    rejected: list[str] = []
    for line in [stripped for line in lines[:MOST_LINES] if (stripped := line.strip())]:
        try:
            values[READERS[kind](line)] = None
        except BadValue:
            rejected.append(line)
    return Pasted(tuple(values), tuple(rejected))
