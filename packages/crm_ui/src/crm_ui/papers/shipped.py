"""The templates that come with the product: written for a module in one language, as an author would write them."""

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from crm_domain.definition import Module, kinds
from crm_domain.meaning.voice import Voice
from crm_ui.papers.page import Source
from crm_ui.papers.words import LISTED

FOLDER = Path(__file__).parent
DATES = {
    "quotes": ("created_at", "expires_on"),
    "invoices": ("invoice_date", "due_on"),
    "contracts": ("starts_on", "ends_on"),
    "catalogues": ("valid_from", "valid_to"),
}
"""What stands below the number."""
TERMS = ("payment_term", "shipment_terms", "lead_time", "warranty", "validity", "notice_period")
LEFT_OUT = (kinds.File, kinds.Files, kinds.Image, kinds.Secret, kinds.Bill)
GAP = re.compile(r"\[\[(\w+)\]\]")
"""Where a word of the language, or rows of the module, come in."""


def shipped(module: Module[Any], voice: Voice) -> Source:
    """The module's template in the voice's language."""
    billed = any(isinstance(field, kinds.Bill) for field in module.fields)
    listed = module.key in LISTED
    body = _document(module, voice) if billed else _listing(module, voice) if listed else _record(module, voice)
    which = f"{{{{ record.{module.number_field or 'name'} }}}}"
    footer = _filled("footer.html", voice, {"which": which})
    return Source(body=body, footer=footer, language="fa" if voice.language == "fa" else "en")


def _document(module: Module[Any], voice: Voice) -> str:
    """A document of sale: parties, lines, totals, terms, signatures."""
    facts = _rows(module, ("number", *DATES.get(module.key, ())), voice)
    parts = {"terms": _rows(module, TERMS, voice), "terms_title": _literal(voice.label(module, module.field("terms")))}
    return _filled("head.html", voice, {"facts": facts}) + _filled("document.html", voice, parts)


def _listing(module: Module[Any], voice: Voice) -> str:
    """What a catalogue offers, below when it is valid."""
    head = _filled("head.html", voice, {"facts": _rows(module, DATES[module.key], voice)})
    return head + _filled("catalogue.html", voice, {})


def _record(module: Module[Any], voice: Voice) -> str:
    """Everything that the record's page shows, panel by panel."""
    parts = [_filled("head.html", voice, {"facts": _rows(module, ("created_at", "assigned_to"), voice)})]
    for panel in module.layout.panels:
        title = _literal(voice.panel(module, panel))
        keys = tuple(key for row in panel.rows for key in row)
        head = _if_any([f"record.{field.key}" for field in _shown(module, keys)], f"<h2>{title}</h2>")
        parts.append(f'{head}\n<table class="record">\n{_rows(module, keys, voice)}</table>\n')
    return "".join(parts)


def _rows(module: Module[Any], keys: tuple[str, ...], voice: Voice) -> str:
    return "".join(_row(module, field, voice) for field in _shown(module, keys))


def _shown(module: Module[Any], keys: tuple[str, ...]) -> list[kinds.Kind]:
    fields = [module.field(key) for key in keys if key in module.by_key]
    return [field for field in fields if not isinstance(field, LEFT_OUT)]


def _literal(words: str) -> str:
    """A company's own words, which say nothing to the markup or to the template they stand in."""
    return escape(words).replace("{", "&#123;").replace("}", "&#125;")


def _if_any(names: list[str], words: str) -> str:
    """The words where one of these has a value, else nothing."""
    found = ""
    for name in reversed(names):
        found = f"{{% if {name} %}}{words}{{% else %}}{found}{{% endif %}}"
    return found


def _row(module: Module[Any], field: kinds.Kind, voice: Voice) -> str:
    name = f"record.{field.key}"
    value = f'{name} | date:"short"' if isinstance(field, kinds.DateTime) else name
    cell = f'<td class="text">{{{{ {value} }}}}</td>'
    return f"{{% if {name} %}}<tr><th>{_literal(voice.label(module, field))}</th>{cell}</tr>{{% endif %}}\n"


def _filled(file: str, voice: Voice, parts: Mapping[str, str]) -> str:
    """The file's gaps filled: by these parts, or by words of the language."""

    def fill(gap: re.Match[str]) -> str:
        return parts[gap[1]] if gap[1] in parts else voice.text(f"papers.word.{gap[1]}")

    return GAP.sub(fill, (FOLDER / file).read_text("utf-8"))
