"""The template engine: strict, escaping, with the few names every template may use."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from crm_ui.fields import FieldView
from crm_ui.static import Assets


def make_environment(assets: Assets, folders: Sequence[Path] = ()) -> Environment:
    """The engine with our templates and, before them, those of an app in `folders`.

    A template is rendered with `t(id, **facts)`, `shell` and `nonce`; `icon`, `asset`, `control` and `attributes` are
    always there.
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
    sprite = escape(assets.url("sprite.svg"))

    def icon(name: str, flip: bool = False, size: str = "") -> Markup:
        """One glyph of the sprite; `flip` mirrors it in right-to-left pages, `size` is s or l."""
        classes = "i" + (f" {escape(size)}" if size else "") + (" flip" if flip else "")
        return Markup(f'<svg class="{classes}" aria-hidden="true"><use href="{sprite}#{escape(name)}"/></svg>')

    environment.globals.update(icon=icon, asset=assets.url, control=control, attributes=attributes)
    return environment


@pass_context
def attributes(context: Context, values: Mapping[str, str]) -> Markup:
    """` name="value"` for each, escaped; htmx attributes bring the nonce without which htmx ignores them (SEC-44)."""
    given = dict(values)
    if any(name.startswith("hx-") for name in given):
        given["hx-nonce"] = str(context["nonce"])
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in given.items())


def control(f: FieldView, part: str = "", as_name: str = "", as_id: str = "") -> Markup:
    """The attributes that tie an input to its field: id, name, whether it must be filled, what describes it."""
    given = {
        "id": as_id or (f"{f.id}-{part}" if part else f.id),
        "name": as_name or (f"{f.name}.{part}" if part else f.name),
    }
    if f.errors:
        given["aria-invalid"] = "true"
    if f.errors or f.help:
        given["aria-describedby"] = f"{f.id}-d"
    for name in ("maxlength", "autocomplete", "placeholder"):
        if not part and f.extra[name]:
            given[name] = str(f.extra[name])
    flags = " required" if f.required and not part else ""
    if f.readonly:
        flags += " disabled" if f.kind in ("choice", "dependent_choice", "boolean", "file", "image") else " readonly"
    return Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in given.items()) + Markup(flags)
