"""A template judged before anything is made of it: everything that is wrong, not only the first."""

from crm_domain.problems import FieldProblem
from crm_domain.text.merge_tags.compile import compile_template
from crm_domain.text.merge_tags.filters import FILTERS, REQUIRED, accepts
from crm_domain.text.merge_tags.parse import BadTemplate, named, parse
from crm_domain.text.merge_tags.places import Place
from crm_domain.text.merge_tags.tree import Choice, Each, Node, Tag
from crm_domain.text.merge_tags.vocabulary import Vocabulary


def check(source: str, vocabulary: Vocabulary, place: Place) -> tuple[FieldProblem, ...]:
    """What keeps the template from being used, with lines; empty when it is good."""
    try:
        nodes = parse(source, html=place is Place.HTML)
    except BadTemplate as fault:
        return (fault.problem,)
    found = [*_unknown(nodes, vocabulary), *_filters(nodes)]
    if not found:
        try:
            compile_template(nodes, vocabulary, place)
        except BadTemplate as fault:
            found.append(fault.problem)
    return tuple(found)


def _unknown(nodes: tuple[Node, ...], vocabulary: Vocabulary) -> list[FieldProblem]:
    """Names that mean nothing, the items of repetitions included."""
    items = _item_names(nodes, vocabulary)
    return [
        FieldProblem("merge_tags.unknown", {"line": line, "text": name})
        for name, line in named(nodes)
        if name not in vocabulary.words and name not in items
    ]


def _item_names(nodes: tuple[Node, ...], vocabulary: Vocabulary) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Each) and node.name in vocabulary.words:
            found |= {f"{node.item}.{key}" for key in vocabulary.words[node.name].items}
        elif isinstance(node, Choice):
            for _condition, body in node.branches:
                found |= _item_names(body, vocabulary)
    return found


def _filters(nodes: tuple[Node, ...]) -> list[FieldProblem]:
    found: list[FieldProblem] = []
    for node in nodes:
        match node:
            case Tag():
                for filter_ in node.filters:
                    known = filter_.name == REQUIRED or filter_.name in FILTERS
                    if not known:
                        found.append(FieldProblem("merge_tags.no_filter", {"line": node.line, "text": filter_.name}))
                    elif filter_.name != REQUIRED and not accepts(FILTERS[filter_.name], filter_.argument):
                        found.append(FieldProblem("merge_tags.bad_argument", {"line": node.line, "text": filter_.name}))
            case Choice():
                for _condition, body in node.branches:
                    found += _filters(body)
            case Each():
                found += _filters(node.body)
            case _:
                continue
    return found
