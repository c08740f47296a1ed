"""A template's text as a tree. Every fault has a message id, the line, and what stands there."""

import html as html_text
import re
from collections.abc import Iterator

import msgspec

from crm_domain.problems import BadValue
from crm_domain.text.merge_tags.tree import Choice, Condition, Each, Filter, Node, Tag, Text

LONGEST = 1_000_000
"""Characters of a template."""
MOST_TAGS = 5_000
DEEPEST = 10
_NAME = r"[A-Za-z_][A-Za-z0-9_]{0,62}(?:\.[A-Za-z_][A-Za-z0-9_]{0,62}){0,2}"
_STRING = r"\"[^\"]*\"|'[^']*'|“[^”]*”|«[^»]*»"
_TAG = re.compile(rf"\s*({_NAME})\s*(?=\||$)")
_FILTER = re.compile(rf"\|\s*([a-z_]{{1,30}})\s*(?::\s*({_STRING}|-?\d{{1,9}})\s*)?(?=\||$)")
_IF = re.compile(rf"(not\s+)?({_NAME})\s*(?:(==|!=)\s*({_STRING}|-?\d{{1,9}})\s*)?$")
_EACH = re.compile(rf"([A-Za-z_][A-Za-z0-9_]{{0,62}})\s+in\s+({_NAME})\s*$")


class BadTemplate(BadValue):
    """The template cannot be understood; the problem names the line."""


class Piece(msgspec.Struct, frozen=True):
    """A stretch of a template: `text`, a `tag` or a `block`, what stands in it, and where."""

    kind: str
    body: str
    line: int

    @property
    def source(self) -> str:
        """As it is written."""
        return {"text": self.body, "tag": f"{{{{{self.body}}}}}", "block": f"{{%{self.body}%}}"}[self.kind]


class _Open(msgspec.Struct):
    """A block whose end has not come: where it began, and the branches it has so far."""

    kind: str
    line: int
    head: Condition | tuple[str, str] | None
    nodes: list[Node]
    branches: list[tuple[Condition | None, tuple[Node, ...]]]


def parse(source: str, *, html: bool = False) -> tuple[Node, ...]:
    """The template's tree; in `html` the tags themselves may be written with entities. Raises BadTemplate."""
    if len(source) > LONGEST:
        raise BadTemplate("merge_tags.too_long", line=1, text="")
    root = _Open("", 1, None, [], [])
    stack = [root]
    for number, piece in enumerate(pieces(source)):
        if number > MOST_TAGS * 2 or len(stack) > DEEPEST:
            raise BadTemplate("merge_tags.too_deep", line=piece.line, text="")
        body = html_text.unescape(piece.body).replace("\xa0", " ") if html and piece.kind != "text" else piece.body
        if piece.kind == "text":
            stack[-1].nodes.append(Text(body))
        elif piece.kind == "tag":
            stack[-1].nodes.append(_tag(body, piece.line))
        else:
            _block(body.strip(), piece.line, stack)
    if len(stack) > 1:
        raise BadTemplate("merge_tags.not_closed", line=stack[-1].line, text=stack[-1].kind)
    return tuple(root.nodes)


def names(nodes: tuple[Node, ...]) -> frozenset[str]:
    """Every name the template uses, those of a repeated line as `<line>.<key>`."""
    return frozenset(name for name, _line in named(nodes))


def named(nodes: tuple[Node, ...]) -> Iterator[tuple[str, int]]:
    """Every name with its line, in order."""
    for node in nodes:
        match node:
            case Text():
                continue
            case Tag():
                yield node.name, node.line
            case Each():
                yield node.name, node.line
                yield from named(node.body)
            case Choice():
                for condition, body in node.branches:
                    if condition:
                        yield condition.name, node.line
                    yield from named(body)


def pieces(source: str) -> Iterator[Piece]:
    """Text, `{{ }}` and `{% %}` in turn; looks at each character once. Raises BadTemplate."""
    at, line = 0, 1
    while at < len(source):
        value, block = source.find("{{", at), source.find("{%", at)
        start = min(place for place in (value, block, len(source)) if place >= 0)
        if start > at:
            yield Piece("text", source[at:start], line)
            line += source.count("\n", at, start)
        if start == len(source):
            return
        close = "}}" if start == value else "%}"
        end = source.find(close, start + 2)
        if end < 0:
            raise BadTemplate("merge_tags.not_closed", line=line, text=source[start : start + 40])
        yield Piece("tag" if start == value else "block", source[start + 2 : end], line)
        line += source.count("\n", start, end)
        at = end + 2


def _tag(body: str, line: int) -> Tag:
    found = _TAG.match(body)
    if not found:
        raise BadTemplate("merge_tags.unclear", line=line, text=body.strip()[:60])
    filters: list[Filter] = []
    at = found.end()
    while at < len(body):
        more = _FILTER.match(body, at)
        if not more:
            raise BadTemplate("merge_tags.unclear", line=line, text=body.strip()[:60])
        filters.append(Filter(more[1], _argument(more[2])))
        at = more.end()
    return Tag(found[1], tuple(filters), line)


def _argument(text: str | None) -> str | int | None:
    if text is None:
        return None
    return int(text) if text[0] in "-0123456789" else text[1:-1]


def _block(body: str, line: int, stack: list[_Open]) -> None:
    word, _, rest = body.partition(" ")
    top = stack[-1]
    match word:
        case "if":
            stack.append(_Open("if", line, _condition(rest, line), [], []))
        case "elif" | "else" if top.kind == "if" and top.head is not None:
            assert isinstance(top.head, Condition)
            top.branches.append((top.head, tuple(top.nodes)))
            top.head, top.nodes = (_condition(rest, line) if word == "elif" else None), []
        case "endif" if top.kind == "if":
            assert not isinstance(top.head, tuple)
            stack.pop()
            stack[-1].nodes.append(Choice((*top.branches, (top.head, tuple(top.nodes))), top.line))
        case "each" if not any(one.kind == "each" for one in stack):
            found = _EACH.match(rest.strip())
            if not found:
                raise BadTemplate("merge_tags.unclear", line=line, text=body[:60])
            stack.append(_Open("each", line, (found[1], found[2]), [], []))
        case "endeach" if top.kind == "each":
            assert isinstance(top.head, tuple)
            stack.pop()
            stack[-1].nodes.append(Each(*top.head, tuple(top.nodes), top.line))
        case _:
            raise BadTemplate("merge_tags.unclear", line=line, text=body[:60])


def _condition(text: str, line: int) -> Condition:
    found = _IF.match(text.strip())
    if not found:
        raise BadTemplate("merge_tags.unclear", line=line, text=text.strip()[:60])
    argument = _argument(found[4])
    equals = None if argument is None else str(argument)
    return Condition(found[2], negated=bool(found[1]) != (found[3] == "!="), equals=equals)
