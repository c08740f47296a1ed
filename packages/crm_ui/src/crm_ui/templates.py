"""The template engine: strict, escaping, with the few names every template may use."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_domain.modules.options import SALUTATIONS
from crm_domain.text import rich
from crm_domain.text.digits import plain_number, to_persian
from crm_ui.bills import bill_rows
from crm_ui.inputs import Input
from crm_ui.static import Assets

_NO_READONLY = ("choice", "dependent_choice", "boolean", "file", "files", "image")
"""Kinds whose inputs know no `readonly` in HTML: shown disabled instead, and so not posted."""


def make_environment(assets: Assets, folders: Sequence[Path] = ()) -> Environment:
    """The engine with our templates and, before them, those of an app in `folders`.

    A template is rendered with `t(id, **facts)`, `shell` and `nonce`; the globals below are always there.
    """
    environment = Environment(
        loader=ChoiceLoader([*(FileSystemLoader(folder) for folder in folders), PackageLoader("crm_ui")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    sprite = assets.url("sprite.svg")

    @cache
    def icon(name: str, flip: bool = False, size: str = "") -> Markup:
        """One glyph of the sprite; `flip` mirrors it in right-to-left pages, `size` is s or l."""
        classes = " ".join(["i", *([size] if size else []), *(["flip"] if flip else [])])
        return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(classes, sprite, name)

    words: dict[str, Any] = {
        "icon": icon,
        "asset": assets.url,
        "control": control,
        "attributes": attributes,
        "parts": parts,
        "email_rows": email_rows,
        "file_rows": file_rows,
        "bill_rows": bill_rows,
        "clean_html": clean_html,
        "number": number,
    }
    cast("Any", environment).globals.update(words)
    return environment


@pass_context
def attributes(context: Context, values: Mapping[str, str]) -> Markup:
    """` name="value"` for each, escaped; htmx attributes bring the nonce without which htmx ignores them (SEC-44)."""
    given = dict(values)
    if any(name.startswith("hx-") for name in given):
        given["hx-nonce"] = str(context["nonce"])
    return _pairs(given)


def control(f: Input, part: str = "", as_name: str = "", as_id: str = "") -> Markup:
    """The attributes that tie an input to its field: id, name, whether it must be filled, what describes it."""
    given = {
        "id": as_id or (f"{f.id}-{part}" if part else f.id),
    }
    if name := as_name or (f"{f.name}.{part}" if part else f.name):
        given["name"] = name
    if f.errors:
        given["aria-invalid"] = "true"
    if f.errors or f.help:
        given["aria-describedby"] = f"{f.id}-d"
    if not part and f.extra.get("max_length"):
        given["maxlength"] = str(f.extra["max_length"])
    if f.required and not part:
        given["required"] = ""
    if f.readonly:
        given["disabled" if f.kind in _NO_READONLY else "readonly"] = ""
    return _pairs(given)


def _pairs(given: Mapping[str, str]) -> Markup:
    """Attributes side by side; names and values are escaped here, which is quicker than formatting each."""
    return Markup("".join(f' {escape(name)}="{escape(value)}"' for name, value in given.items()))  # noqa: S704


@pass_context
def number(context: Context, value: int) -> str:
    """A whole number in groups of three, in the reader's digits."""
    text = f"{value:,}"
    return to_persian(text).replace(",", "٬") if context["shell"].digits == "persian" else text


class _Parts(dict[str, Any]):
    """A mapping whose absent parts are empty text, so that templates need no test for each."""

    def __missing__(self, key: str) -> str:
        return ""


def parts(value: Any) -> Mapping[str, Any]:
    """The parts of a composite value; a bare text is its main part, which stands under the empty name."""
    return _Parts(value) if isinstance(value, Mapping) else _Parts({"": value})  # pyright: ignore[reportUnknownArgumentType]


def email_rows(value: Any) -> list[Mapping[str, Any]]:
    """The rows of an e-mail field: stored entries, or what was typed, which says by number which one is primary."""
    if not isinstance(value, Mapping):
        return [_Parts(row) for row in value or ()]
    typed = cast("Mapping[str, Any]", value)
    numbers = sorted((key for key in typed if plain_number(key) is not None), key=int)
    return [_Parts({**typed[key], "primary": key == typed.get("primary")}) for key in numbers]


def file_rows(value: Any) -> list[Mapping[str, Any]]:
    """The rows of a file field: stored files, or those that a form kept and added, with the names it gave them."""
    if not isinstance(value, Mapping):
        return [_Parts(row) for row in value or ()]
    typed = cast("Mapping[str, Any]", value)
    labels = typed.get("label", {})
    rows = ((part, key) for part in ("keep", "key") for key in _each(typed.get(part, ())))
    return [_Parts({"part": part, "key": key, "name": labels.get(key, key)}) for part, key in rows]


def _each(value: Any) -> Sequence[str]:
    return [value] if isinstance(value, str) else value


def clean_html(value: str) -> Markup:
    """Rich text made safe to stand in a page."""
    return Markup(rich.clean(value))  # noqa: S704 - cleaned on this line


@cache
def _titles() -> tuple[str, ...]:
    """What may stand before a name."""
    return tuple(
        f"{catalogue(language).text(f'salutation.{key}')} "
        for language in LANGUAGES
        for key in SALUTATIONS.keys()  # noqa: SIM118 - options, no dict
    )


def initials(name: str) -> str:
    """What stands in an avatar: one letter of a Persian name (two joined letters make words), two of a Latin one."""
    title = next((title for title in _titles() if name.startswith(title)), "")
    words = [word for word in name.removeprefix(title).split() if word[0].isalnum()]
    if not words:
        return "?"
    if not words[0][0].isascii():
        return words[0][0]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
