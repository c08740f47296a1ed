"""The five ways a use case can say no. Each carries a message id and facts, never a sentence: the edge words them."""

from collections.abc import Mapping
from typing import Any

import msgspec


class FieldProblem(msgspec.Struct, frozen=True):
    """What is wrong with one field's value: a message id and the facts its sentence names."""

    id: str
    facts: Mapping[str, Any] = {}


class BadValue(Exception):
    """A value that does not fit its field; raised where text or values are understood."""

    def __init__(self, id: str, **facts: Any) -> None:
        super().__init__(id)
        self.problem = FieldProblem(id, facts)


class Problem(Exception):
    """What every problem has: a message id and facts."""

    default = "problems.problem"

    def __init__(self, id: str = "", **facts: Any) -> None:
        super().__init__(id or self.default)
        self.id = id or self.default
        self.facts = facts


class NotFound(Problem):
    """There is no such thing, or none that this actor may know of (SEC-04)."""

    default = "problems.not_found"


class Denied(Problem):
    """The actor may know of it but not do this."""

    default = "problems.denied"


class Refused(Problem):
    """A rule of the product stands against it."""

    default = "problems.refused"


class Invalid(Problem):
    """Values that do not fit: problems by field key, any number for each."""

    default = "problems.invalid"

    def __init__(self, fields: Mapping[str, tuple[FieldProblem, ...]]) -> None:
        super().__init__()
        self.fields = fields


class Clash(msgspec.Struct, frozen=True):
    """One field two people changed: the value both started from, and what each made of it."""

    original: Any
    mine: Any
    theirs: Any


class Conflict(Problem):
    """Somebody else saved in between, and changed the same fields (REL-27)."""

    default = "problems.conflict"

    def __init__(self, fields: Mapping[str, Clash], version: int) -> None:
        super().__init__()
        self.fields = fields
        self.version = version
