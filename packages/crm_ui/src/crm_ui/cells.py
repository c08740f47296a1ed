"""Field kinds in lists and on record pages: each value as plain facts for a template. One match over all kinds."""

from collections.abc import Callable
from typing import Any, assert_never

import msgspec

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.definition.options import Option, Options
from crm_domain.definition.values import Blob, Ref
from crm_domain.meaning.show import address_line, show
from crm_domain.meaning.voice import Voice
from crm_domain.text import format as formats
from crm_domain.text import rich
from crm_ui.bills import Sheet, sheet
from crm_ui.templates import initials


class Cell(msgspec.Struct, frozen=True):
    """A value ready to be drawn. `form` says how: text, num, badge, link, person, ltr, lines, rich, yes, file, files, image."""

    text: str = ""
    form: str = "text"
    href: str = ""
    hue: str = ""
    mark: str = ""
    """What stands before the text: a badge's glyph, a person's initials."""
    title: str = ""
    src: str = ""
    """The small picture of a file."""
    items: "tuple[Cell, ...]" = ()
    sheet: Sheet | None = None
    """A bill's lines and totals, for the form `bill`."""
    warning: str = ""
    """What must be known before the link is followed."""


EMPTY = Cell()
NUMERIC = (kinds.Integer, kinds.DecimalNumber, kinds.Percent, kinds.Money)
"""Kinds whose values stand as numbers under each other."""
STAGE_STEP = 18
"""Percent from one pie to the next."""
Draw = Callable[[Any], Cell]


def drawer(kind: Kind, voice: Voice) -> Draw:
    """How a column draws its values: chosen once for a column, called for every row."""
    match kind:
        case kinds.Text():
            form = "ltr" if kind.check else "text"
            return lambda value: Cell(value, form) if value else EMPTY
        case kinds.LongText():
            return lambda value: Cell(value, "lines") if value else EMPTY
        case kinds.RichText():
            return lambda value: Cell(rich.clean(value), "rich") if value else EMPTY
        case kinds.Url():
            return lambda value: Cell(value, "ltr", _web(value)) if value else EMPTY
        case kinds.Integer() | kinds.DecimalNumber() | kinds.Percent() | kinds.AutoNumber() | kinds.Money():
            return lambda value: EMPTY if value is None else Cell(show(kind, value, voice), "num")
        case kinds.Boolean():
            yes, no = voice.text("record.yes"), voice.text("record.no")
            return lambda value: Cell(yes if value else no, "yes" if value else "no")
        case kinds.Date():
            return lambda value: Cell(show(kind, value, voice), "date") if value else EMPTY
        case kinds.DateTime() if kind.since:
            return lambda value: _since(value, voice) if value else EMPTY
        case kinds.DateTime():
            return lambda value: _instant(value, voice) if value else EMPTY
        case kinds.Duration() | kinds.Secret() | kinds.Computed():
            return lambda value: EMPTY if value is None else Cell(show(kind, value, voice))
        case kinds.Choice() | kinds.DependentChoice():
            badges = {item.key: _badge(kind.options, item.key, voice) for item in kind.options.items}
            return lambda value: (badges.get(value) or Cell(value, "badge", hue="gray")) if value else EMPTY
        case kinds.MultiChoice():
            return lambda value: Cell(show(kind, value, voice)) if value else EMPTY
        case kinds.Link() | kinds.AnyLink():
            return lambda value: _link(value, voice) if value else EMPTY
        case kinds.UserLink():
            return lambda value: _person(value) if value else EMPTY
        case kinds.Emails():
            return lambda value: _email(show(kind, value, voice)) if value else EMPTY
        case kinds.Phone():
            return lambda value: Cell(show(kind, value, voice), "ltr", f"tel:{value}") if value else EMPTY
        case kinds.Address():
            return lambda value: Cell(address_line(value, voice)) if value else EMPTY
        case kinds.Bill():
            return lambda value: (
                Cell(show(kind, value, voice), "bill", sheet=sheet(value, kind, voice)) if value else EMPTY
            )
        case kinds.File() | kinds.Image():
            form = "image" if isinstance(kind, kinds.Image) else "file"
            return lambda value: _file(value, form, voice) if value else EMPTY
        case kinds.Files():
            return lambda value: _files(kind, value, voice) if value else EMPTY
        case _:
            assert_never(kind)


def spared(cell: Cell, voice: Voice) -> Cell:
    """The number of somebody who asked not to be called."""
    return msgspec.structs.replace(cell, warning=voice.text("components.do_not_call")) if cell.href else cell


def part_drawer() -> Draw:
    """How one part of an address draws."""
    return lambda value: Cell(value) if value else EMPTY


def _badge(options: Options, key: str, voice: Voice) -> Cell:
    item = options[key]
    return Cell(voice.option_label(options, item), "badge", hue=item.hue, mark=stage_glyph(item))


def stage_glyph(item: Option) -> str:
    """The pie that shows how far a stage has come, won and lost by signs of their own; empty for no pie."""
    if item.kind in ("won", "lost"):
        return f"stage-{item.kind}"
    return f"stage-{min(5, int(item.weight / STAGE_STEP))}" if item.weight is not None else ""


def _instant(value: Any, voice: Voice) -> Cell:
    exact = formats.format_datetime(value, voice.locale, voice.catalogue)
    return Cell(formats.relative_time(value, voice.now, voice.locale, voice.catalogue), "date", title=exact)


def _since(value: Any, voice: Voice) -> Cell:
    exact = formats.format_datetime(value, voice.locale, voice.catalogue)
    return Cell(formats.days_since(value, voice.now, voice.locale, voice.catalogue), "age", title=exact)


def _link(value: Ref, voice: Voice) -> Cell:
    if not value.name:
        return Cell(voice.text("record.hidden_name"), "gone")
    return Cell(value.name, "gone" if value.gone else "link", "" if value.gone else f"/{value.module}/{value.id}")


def _person(value: Ref) -> Cell:
    return Cell(value.name, "person", hue=hue_of(value.id.int), mark=initials(value.name))


def _file(blob: Blob, form: str, voice: Voice) -> Cell:
    size = formats.file_size(blob.size, voice.locale, voice.catalogue)
    src = f"/files/{blob.key}/thumb" if blob.pictured else ""
    return Cell(blob.name, form, f"/files/{blob.key}", title=size, src=src)


def _files(kind: Kind, blobs: tuple[Blob, ...], voice: Voice) -> Cell:
    return Cell(show(kind, blobs, voice), "files", items=tuple(_file(blob, "file", voice) for blob in blobs))


def _email(address: str) -> Cell:
    return Cell(address, "ltr", f"mailto:{address}") if address else EMPTY


def _web(url: str) -> str:
    """The address with a scheme. Anything but http and https is no link."""
    lowered = url.lower()
    if lowered.startswith(("http://", "https://")):
        return url
    return (
        ""
        if ":" in lowered.split("/")[0] and not lowered.split("/")[0].rsplit(":", 1)[1].isdigit()
        else f"https://{url}"
    )


HUES = ("blue", "violet", "teal", "green", "amber", "rose")


def hue_of(number: int) -> str:
    """A person's or company's lasting hue, from the random part of the id."""
    return HUES[number % len(HUES)]
