"""What a PDF template may name: the record, the records it links to, its bill, the company, today."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from crm_domain.definition import Module, Ref, Registry, kinds
from crm_domain.definition.bill import Bill
from crm_domain.meaning.spoken import words_of
from crm_domain.meaning.voice import Voice
from crm_domain.selling.arithmetic import figures
from crm_domain.text.format import format_date
from crm_domain.text.merge_tags import Vocabulary, Word
from crm_domain.text.money import money_unit
from crm_domain.text.numbers import format_number
from crm_domain.text.words import amount_in_words
from crm_ui.bills import SheetLine, sheet

RECORD = "record"
PERSON = ("name", "title", "department", "phone_work", "emails")
"""What of a colleague stands on paper."""
LINE = ("number", "kind", "name", "note", "part_number", "quantity", "unit", "price", "discount", "tax", "net")
TOTAL = ("label", "amount", "last")
OFFER = ("kind", "number", "name", "description", "part_number", "unit", "price", "usual", "picture")
LISTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "catalogues": {"offers": OFFER, "priced": (), "pictured": (), "columns": ()}
}
"""What documents of a module have besides their record's fields: rows with their words, or single words, as `record.<name>`."""
COMPANY = ("name", "details", "logo")
BILLED = ("lines", "totals", "payable", "payable_in_words", "currency")
"""Names under the record that come from its bill."""


def vocabulary(registry: Registry, module: Module[Any], voice: Voice) -> Vocabulary:
    """The words for a record of this module in the paper's language."""
    words = words_of(module, RECORD, voice)
    for field in module.fields:
        if isinstance(field, kinds.UserLink):
            known = words_of(registry["users"], field.key, voice)
            words |= {name: word for name, word in known.items() if name.partition(".")[2] in PERSON}
        elif isinstance(field, kinds.Link):
            words |= words_of(registry[field.target], field.key, voice)
    if _bill_of(module):
        words[f"{RECORD}.lines"] = Word(sort="list", items={key: Word() for key in LINE})
        words[f"{RECORD}.totals"] = Word(sort="list", items={key: Word() for key in TOTAL})
        words |= {f"{RECORD}.{key}": Word() for key in BILLED[2:]}
    for name, keys in LISTED.get(module.key, {}).items():
        items = {key: Word(trusted=key == "picture") for key in keys}
        words[f"{RECORD}.{name}"] = Word(sort="list", items=items) if keys else Word()
    words |= {"company.name": Word(), "company.details": Word(), "company.logo": Word(trusted=True)}
    words |= {"system.title": Word(), "system.today": Word(sort="date", write=_writer(voice))}
    return Vocabulary(words, voice.locale, voice.catalogue)


def columns_of(
    registry: Registry, module: Module[Any], names: Iterable[str], readable: Callable[[str, str], bool]
) -> dict[str, str]:
    """Which column each name is read from. `readable` says of a module and field whether the reader may see it."""
    found: dict[str, str] = {}
    bill = _bill_of(module)
    for name in names:
        group, _, key = name.partition(".")
        first = key.partition(".")[0]
        if group == RECORD and first in module.by_key and readable(module.key, first):
            found[name] = first
        elif group == RECORD and first in BILLED and bill and readable(module.key, bill.key):
            found[name] = bill.key
        elif (target := _target(registry, module, group)) and first in target.by_key:
            known = readable(module.key, group) and readable(target.key, first)
            found |= {name: group if first == "name" else f"{group}.{first}"} if known else {}
    return found


def values_of(
    module: Module[Any], columns: Mapping[str, str], row: Mapping[str, Any], voice: Voice, company: Mapping[str, str]
) -> dict[str, Any]:
    """The record's words, from the columns that were read. `company` holds those of COMPANY."""
    bill = _bill_of(module)
    values = {name: _value(row, name, path) for name, path in columns.items() if not bill or path != bill.key}
    if bill and bill.key in columns.values() and row.get(bill.key) is not None:
        values |= {f"{RECORD}.{key}": value for key, value in _billed(row[bill.key], bill, voice).items()}
    return {
        **values,
        **{f"company.{key}": company[key] for key in COMPANY},
        "system.title": voice.module(module, "one"),
        "system.today": voice.now,
    }


def _bill_of(module: Module[Any]) -> kinds.Bill | None:
    return next((field for field in module.fields if isinstance(field, kinds.Bill)), None)


def _target(registry: Registry, module: Module[Any], key: str) -> Module[Any] | None:
    """The module behind a link of that key."""
    match module.by_key.get(key):
        case kinds.UserLink():
            return registry["users"]
        case kinds.Link() as link:
            return registry[link.target]
        case _:
            return None


def _value(row: Mapping[str, Any], name: str, path: str) -> Any:
    """The column's value or, where the name goes further than the column, that part of an address."""
    value = row.get(path)
    if isinstance(value, Ref):
        return value.name
    _, _, part = name.partition(".")[2].partition(".")
    return getattr(value, part, None) if part and value is not None else value


def _billed(bill: Bill, kind: kinds.Bill, voice: Voice) -> dict[str, Any]:
    shown, payable = sheet(bill, kind, voice), figures(bill).totals.payable
    lines: list[dict[str, str]] = []
    number = 0
    for line, written in zip(bill.lines, shown.lines, strict=True):
        number += line.charged
        lines.append(_line(written, line.part_number, format_number(number, voice.locale) if line.charged else ""))
    return {
        "lines": lines,
        "totals": [
            {"label": label, "amount": amount, "last": "last" if last else ""} for label, amount, last in shown.totals
        ],
        "payable": shown.totals[-1][1],
        "payable_in_words": amount_in_words(payable, bill.currency, voice.locale, voice.catalogue),
        "currency": money_unit(bill.currency, voice.locale, voice.catalogue),
    }


def _line(written: SheetLine, part_number: str, number: str) -> dict[str, str]:
    facts: dict[str, str] = msgspec.structs.asdict(written)
    return {key: {**facts, "number": number, "part_number": part_number}[key] for key in LINE}


def _writer(voice: Voice) -> Callable[[Any], str]:
    return lambda at: format_date(at.astimezone(voice.locale.zone).date(), voice.locale, voice.catalogue, "long")
