"""A report's question: which records with which joined ones, filtered, grouped and measured. Kept as JSON in its record."""

from typing import Literal, get_args

import msgspec

from crm_domain.problems import BadValue

Kind = Literal["list", "summary", "matrix", "number", "funnel"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Fn = Literal["count", "sum", "avg", "min", "max", "share"]
FNS: tuple[Fn, ...] = get_args(Fn)
Bucket = Literal["", "day", "week", "month", "quarter", "year"]
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
How = Literal["either", "with", "without"]
HOWS: tuple[How, ...] = get_args(How)
Chart = Literal["", "bar", "column", "stacked", "line", "pie", "funnel"]
CHARTS: tuple[Chart, ...] = get_args(Chart)
Compare = Literal["", "before", "year"]
COMPARES: tuple[Compare, ...] = get_args(Compare)
Asked = tuple[tuple[str, str], ...]
"""A filter as it stands in a list's address."""
NOW = "now"
"""In the place of a field: the moment of asking."""

MOST_SOURCES, MOST_COLUMNS, MOST_GROUPS, MOST_MEASURES, MOST_DEPTH = 8, 40, 3, 8, 4
MOST_BANDS = 12
LONGEST = 20_000


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """Joined records. `path` leads there from the base by links and relations, `opportunities.contacts`.

    `with` leaves only records that have one of them, `without` only those that have none. `asked` says which of them join.
    """

    path: str
    how: How = "either"
    asked: Asked = ()


class Grouping(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the records are divided by: a field's values, its days in buckets, or numbers in `bands`, the bounds between them.

    With `since` it is the days from that field's moment to that of `path`.
    """

    path: str
    bucket: Bucket = ""
    since: str = ""
    bands: tuple[int, ...] = ()


class Measure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure of each group: without a path its records are counted, with a source's path those joined ones.

    `since` measures days as with groups; `only` narrows what is counted, and `share` is its part of all, in hundredths.
    """

    fn: Fn = "count"
    path: str = ""
    since: str = ""
    only: Asked = ()
    label: str = ""
    """A title of its own, or the name of a message under `reports.figure`."""
    former: bool = False
    """Whether it is of the period that the answer is compared with."""


class Question(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`asks` names the conditions of `asked` that each reader may change when he runs it."""

    base: str
    kind: Kind = "list"
    sources: tuple[Source, ...] = ()
    asked: Asked = ()
    asks: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    groups: tuple[Grouping, ...] = ()
    measures: tuple[Measure, ...] = ()
    sort: str = ""
    """Of a list: fields as in its address. Of groups: `m0` or `-m0` by that measure, empty for their natural order."""
    top: int = 0
    """Only so many of the first groups; 0 for all."""
    chart: Chart = ""
    compare: Compare = ""
    """With the period before the one that `asked` names, or with the same one a year before."""


COUNT = Measure()


def read_question(text: str) -> Question:
    """The question that the JSON spells. Raises BadValue where it is none."""
    if len(text) > LONGEST:
        raise BadValue("reports.problem.too_long", most=LONGEST)
    try:
        found = msgspec.json.decode(text, type=Question)
    except (msgspec.DecodeError, RecursionError):
        raise BadValue("reports.problem.no_question") from None
    if found.kind != "list" and not found.measures:
        found = msgspec.structs.replace(found, measures=(COUNT,))
    return found


def write_question(question: Question) -> str:
    return msgspec.json.encode(question).decode()
