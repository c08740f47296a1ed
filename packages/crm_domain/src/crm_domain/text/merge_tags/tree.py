"""What a template is made of."""

import msgspec


class Text(msgspec.Struct, frozen=True):
    """Words that stand as they are."""

    text: str


class Filter(msgspec.Struct, frozen=True):
    """A change to a value, such as `truncate:40`."""

    name: str
    argument: str | int | None = None


class Tag(msgspec.Struct, frozen=True):
    """A value by name, through its filters."""

    name: str
    filters: tuple[Filter, ...]
    line: int


class Condition(msgspec.Struct, frozen=True):
    """Whether a value is there or, with `equals`, whether it is that."""

    name: str
    negated: bool = False
    equals: str | None = None


class Choice(msgspec.Struct, frozen=True):
    """The first branch whose condition holds; one without a condition always does."""

    branches: "tuple[tuple[Condition | None, tuple[Node, ...]], ...]"
    line: int


class Each(msgspec.Struct, frozen=True):
    """The body once for every item of a collection; `item` is its name inside. These do not nest."""

    item: str
    name: str
    body: "tuple[Node, ...]"
    line: int


Node = Text | Tag | Choice | Each
