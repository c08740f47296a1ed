"""A template's tree as functions: what can be decided is decided once, so that filling it is joining text."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from crm_domain.problems import FieldProblem
from crm_domain.text.merge_tags.filters import FILTERS, REQUIRED, Step, accepts, empty
from crm_domain.text.merge_tags.parse import BadTemplate
from crm_domain.text.merge_tags.places import ESCAPES, Place
from crm_domain.text.merge_tags.surroundings import Surroundings
from crm_domain.text.merge_tags.tree import Choice, Condition, Each, Node, Tag, Text
from crm_domain.text.merge_tags.vocabulary import Vocabulary, Word

Values = Mapping[str, Any]
Filled = Callable[[Values], str]
"""Fills the template with one reader's values by whole name. Raises Missing or TooMuch."""
LONGEST = 1_000_000
"""Characters of a filled template."""
MOST_STEPS = 50_000
"""Tags filled by one repetition: with every step bounded, a fill ends well within 200 ms."""
ADDRESSED = (Place.QUERY, Place.ADDRESS)
ISOLATED = '<span dir="ltr" style="unicode-bidi:isolate">{}</span>'


class Missing(Exception):
    """A value that the template demands is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.problem = FieldProblem("merge_tags.missing", {"name": name})


class TooMuch(Exception):
    """What came of the template is longer than a mail may be."""


def compile_template(nodes: tuple[Node, ...], vocabulary: Vocabulary, place: Place) -> Filled:
    """The template for readers of one language; in HTML each value is escaped for the place its tag stands in.

    Raises BadTemplate for unknown names and filters, and for tags where no value is harmless.
    """
    surroundings = Surroundings() if place is Place.HTML else None
    filled = _joined(nodes, _Surround(vocabulary, place, surroundings))

    def fill(values: Values) -> str:
        text = filled(values)
        if len(text) > LONGEST:
            raise TooMuch
        return text

    return fill


class _Surround(msgspec.Struct, frozen=True):
    """What compiling needs to know: the vocabulary, the place, the page around, the item's words in a repetition."""

    vocabulary: Vocabulary
    place: Place
    page: Surroundings | None
    items: Mapping[str, Word] = {}

    def word(self, name: str, line: int) -> Word:
        found = self.items.get(name) or self.vocabulary.words.get(name)
        if found is None:
            raise BadTemplate("merge_tags.unknown", line=line, text=name)
        return found


def _joined(nodes: tuple[Node, ...], around: _Surround) -> Filled:
    fixed: list[str] = []
    slots: list[tuple[int, Filled]] = []
    for node in nodes:
        if isinstance(node, Text):
            if around.page:
                around.page.read(node.text)
            fixed.append(node.text)
        else:
            slots.append((len(fixed), _slot(node, around)))
            fixed.append("")
    if not slots:
        whole = "".join(fixed)
        return lambda _values: whole

    def fill(values: Values) -> str:
        parts = fixed.copy()
        for at, slot in slots:
            parts[at] = slot(values)
        return "".join(parts)

    return fill


def _slot(node: Tag | Choice | Each, around: _Surround) -> Filled:
    match node:
        case Tag():
            return _tag(node, around)
        case Choice():
            return _choice(node, around)
        case Each():
            return _each(node, around)


def _tag(node: Tag, around: _Surround) -> Filled:
    name, word = node.name, around.word(node.name, node.line)
    place = around.page.place(node.line, name) if around.page else around.place
    if word.trusted and not node.filters:
        return lambda values: values[name]
    escape = ESCAPES[place]
    steps = tuple(_steps(node, word, around.vocabulary))
    required = any(filter_.name == REQUIRED for filter_ in node.filters)
    write, otherwise, coded = word.write, word.otherwise, word.coded and place not in ADDRESSED
    isolated = word.latin and place is Place.HTML and around.vocabulary.locale.rtl

    def fill(values: Values) -> str:
        value = values.get(name)
        for step in steps:
            value = step(value)
        if empty(value):
            if required and not otherwise:
                raise Missing(name)
            value = otherwise
        text = escape(value if isinstance(value, str) and not coded else write(value))
        return ISOLATED.format(text) if isolated and text else text

    return fill


def _steps(node: Tag, word: Word, vocabulary: Vocabulary) -> list[Step]:
    found: list[Step] = []
    for filter_ in node.filters:
        if filter_.name == REQUIRED:
            continue
        if filter_.name not in FILTERS:
            raise BadTemplate("merge_tags.no_filter", line=node.line, text=filter_.name)
        if not accepts(FILTERS[filter_.name], filter_.argument):
            raise BadTemplate("merge_tags.bad_argument", line=node.line, text=filter_.name)
        found.append(FILTERS[filter_.name].make(filter_.argument, word, vocabulary))
    return found


def _choice(node: Choice, around: _Surround) -> Filled:
    branches = [
        (_test(condition, node.line, around), _body(body, node.line, around)) for condition, body in node.branches
    ]

    def fill(values: Values) -> str:
        return next((filled(values) for holds, filled in branches if holds(values)), "")

    return fill


def _body(nodes: tuple[Node, ...], line: int, around: _Surround) -> Filled:
    """What may be left out or repeated must end where it began, or the tags after it would stand elsewhere."""
    before = around.page.where() if around.page else None
    filled = _joined(nodes, around)
    if around.page and around.page.where() != before:
        raise BadTemplate("merge_tags.misplaced", line=line, text="")
    return filled


def _test(condition: Condition | None, line: int, around: _Surround) -> Callable[[Values], bool]:
    if condition is None:
        return lambda _values: True
    word = around.word(condition.name, line)
    name, negated, equals = condition.name, condition.negated, condition.equals

    def holds(values: Values) -> bool:
        value = values.get(name)
        if equals is None:
            return (empty(value) or value is False) == negated
        text = value if isinstance(value, str) else "" if value is None else word.write(value)
        return (text == equals) != negated

    return holds


def _each(node: Each, around: _Surround) -> Filled:
    collection = around.word(node.name, node.line)
    if collection.sort != "list":
        raise BadTemplate("merge_tags.no_list", line=node.line, text=node.name)
    items = {f"{node.item}.{key}": word for key, word in collection.items.items()}
    body = _body(node.body, node.line, msgspec.structs.replace(around, items=items))
    name, prefix, cost = node.name, f"{node.item}.", len(node.body) + 1

    def fill(values: Values) -> str:
        rows: Any = values.get(name) or ()
        if len(rows) * cost > MOST_STEPS:
            raise TooMuch
        return "".join(body({**values, **{prefix + key: value for key, value in row.items()}}) for row in rows)

    return fill
