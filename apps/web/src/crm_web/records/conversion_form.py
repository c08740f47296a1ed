"""The form of a conversion: a section for each record that may come of a lead, and one for its activities."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.meaning.show import show
from crm_domain.modules.leads.along import BESIDE, Along
from crm_domain.modules.leads.convert import Conversion, Section
from crm_domain.modules.leads.lists import Lists
from crm_domain.modules.leads.preview import Preview
from crm_domain.problems import FieldProblem, Invalid, Refused
from crm_domain.query.page import Row
from crm_domain.records.forms import Form, read_form
from crm_domain.records.named import meant
from crm_ui.inputs import Currencies, Draft, Input
from crm_web.pages.forms import currencies, resolve_typed_links
from crm_web.records.form import span_of
from crm_web.records.starting import starting_values
from crm_web.visit import Visit

SECTIONS = {"contact": "contacts", "account": "accounts", "opportunity": "opportunities"}
PICKED = ("contact", "account")
"""What may be a record that is there already."""
FIELDS = {
    "contact": (
        "salutation", "first_name", "last_name", "title", "department", "lead_source", "emails", "phone_work",
        "phone_mobile", "phone_other", "phone_fax", "primary_address", "description",
    ),
    "account": ("name", "phone_office", "website", "industry", "description"),
    "opportunity": ("name", "amount", "closes_on", "stage", "description"),
    "note": ("name", "description"),
    "call": ("name", "direction", "starts_at", "duration", "description"),
    "meeting": ("name", "location", "starts_at", "duration", "description"),
    "task": ("name", "priority", "starts_at", "due_at", "status", "description"),
}  # fmt: skip
KNOWN = {"contact": "last_name", "account": "name", "opportunity": "amount"}
"""The value that a lead must have for a section to be proposed."""
HOW = ("nothing", "copy", "move")
LISTS = ("stay", "copy", "move")
Problems = Mapping[str, Sequence[FieldProblem]]


class Typed:
    """What a form said of a conversion. `problems` are by section and field; the picked records are ids."""

    def __init__(self, posted: FormMultiDict) -> None:
        self.posted = posted
        self.forms: dict[str, Form] = {}
        self.picked: dict[str, UUID] = {}
        self.problems: dict[str, tuple[FieldProblem, ...]] = {}

    def choice(self, name: str) -> str:
        """`new`, `none`, `pick`, or the id of a record that was proposed; of an activity, `new` where it was ticked."""
        return self.posted.get(f"{name}-choice", "new" if name in PICKED else "none")

    def how(self) -> str:
        how = self.posted.get("activities", HOW[0])
        return how if how in HOW else HOW[0]

    def to(self) -> tuple[str, ...]:
        return tuple(part for part in self.posted.getall("activities-to", []) if part in SECTIONS)

    def lists(self) -> str:
        """What happens to places in target lists; they stay where the page did not ask."""
        how = self.posted.get("lists", LISTS[0])
        return how if how in LISTS else LISTS[0]

    def conversion(self, *, account_needed: bool) -> Conversion:
        """Raises Refused without a contact."""
        parts = {name: self._section(name) for name in SECTIONS}
        contact = parts["contact"]
        if contact is None:
            raise Refused("leads.contact_needed")
        return Conversion(
            contact=contact,
            account=parts["account"],
            opportunity=parts["opportunity"],
            beside={name: self.forms[name].values for name in BESIDE if self.choice(name) == "new"},
            along=msgspec.convert({"how": self.how(), "to": self.to()}, Along),
            lists=cast("Lists", self.lists()),
            account_needed=account_needed,
        )

    def _section(self, name: str) -> Section | None:
        match self.choice(name):
            case "none":
                return None
            case "new":
                return Section(values=self.forms[name].values)
            case _:
                return Section(existing=self.picked[name])


async def read_conversion(visit: Visit, posted: FormMultiDict) -> Typed:
    """What was posted, understood as far as it can be."""
    typed = Typed(posted)
    for name in FIELDS:
        form = typed.forms[name] = await _read(visit, name, posted)
        choice = typed.choice(name)
        if choice == "new":
            typed.problems |= {f"{name}.{key}": found for key, found in form.problems.items()}
        elif choice != "none":
            try:
                typed.picked[name] = await _pick(visit, name, choice, posted)
            except Invalid as invalid:
                typed.problems |= invalid.fields
    return typed


async def _read(visit: Visit, name: str, posted: FormMultiDict) -> Form:
    module, prefix = section_module(visit, name), f"{name}."
    pairs = [(key.removeprefix(prefix), value) for key, value in posted.multi_items() if key.startswith(prefix)]
    form = read_form(module, pairs, _offered(visit, module, name), visit.voice)
    await resolve_typed_links(visit, module, form)
    return form


async def _pick(visit: Visit, name: str, choice: str, posted: FormMultiDict) -> UUID:
    """The record that is meant: one of the proposed, one that was picked, or the only one of a typed name."""
    id_, label = (posted.get(f"{name}-pick{part}", "").strip() for part in ("", ".label"))
    wanted = id_ if choice == "pick" else choice
    if not wanted and label:
        found = await meant(visit.work, section_module(visit, name), label)
        if found is None:
            raise Invalid({f"{name}.pick": (FieldProblem("problems.unknown_name", {"name": label}),)})
        return found.id
    try:
        return UUID(wanted)
    except ValueError:
        problem = "problems.unknown_record" if wanted else "problems.required"
        raise Invalid({f"{name}.pick": (FieldProblem(problem),)}) from None


def section_module(visit: Visit, name: str) -> Module[Any]:
    return visit.module(SECTIONS.get(name) or BESIDE[name])


def _offered(visit: Visit, module: Module[Any], name: str) -> tuple[str, ...]:
    """The section's fields that the user may fill in."""
    return tuple(key for key in FIELDS[name] if key in module.by_key and visit.access.field(module.key, key) == "write")


async def sections_of(visit: Visit, found: Preview, typed: Typed | None) -> list[dict[str, Any]]:
    """The sections of the records as `leads/convert.html` draws them."""
    proposals = {"contact": found.contact, "account": found.account, "opportunity": found.opportunity}
    offered = await currencies(visit)
    drawn: list[dict[str, Any]] = []
    for name, proposal in proposals.items():
        module = section_module(visit, name)
        defaults = {key: module.field(key).default for key in FIELDS[name]}
        draft = _draft(visit, name, {**defaults, **proposal.values}, typed, offered)
        new = proposal.allowed and bool(proposal.values.get(KNOWN[name]))
        shared = _section(visit, module, name, draft, allowed=proposal.allowed)
        drawn.append(
            shared
            | {
                "optional": name != "contact",
                "chosen": typed.choice(name) if typed else "new" if new else "pick" if name == "contact" else "none",
                "pick": _picker(visit, module, name, typed) if name in PICKED else None,
                "without": left_out(visit, module, proposal.without) if proposal.allowed else "",
                "candidates": [
                    (str(row.id), str(row["name"]), _detail(visit, module, row)) for row in proposal.candidates
                ],
            }
        )
    return drawn


async def beside_of(visit: Visit, typed: Typed | None) -> list[dict[str, Any]]:
    """The sections of the activities that may begin with the conversion."""
    drawn: list[dict[str, Any]] = []
    for name in BESIDE:
        module = section_module(visit, name)
        if not visit.access.can(module.key, "create"):
            continue
        draft = _draft(visit, name, starting_values(visit, module), typed, ())
        ticked = typed is not None and typed.choice(name) == "new"
        drawn.append(_section(visit, module, name, draft, allowed=True) | {"ticked": ticked})
    return drawn


def _draft(visit: Visit, name: str, values: dict[str, Any], typed: Typed | None, offered: Currencies) -> Draft:
    """What stands in the fields of a section: what was typed, else what the lead proposes."""
    form = typed.forms[name] if typed else Form({}, {}, {})
    problems = typed.problems if typed else {}
    own = {key.removeprefix(f"{name}."): found for key, found in problems.items() if key.startswith(f"{name}.")}
    return Draft(
        section_module(visit, name),
        visit.voice,
        {**values, **form.values},
        raw=form.raw,
        problems=own,
        currencies=offered,
        prefix=f"{name}.",
    )


def _section(visit: Visit, module: Module[Any], name: str, draft: Draft, *, allowed: bool) -> dict[str, Any]:
    inputs = [draft.input(key) for key in _offered(visit, module, name)] if allowed else []
    return {
        "name": name,
        "title": visit.voice.module(module, "one"),
        "icon": module.icon,
        "allowed": allowed,
        "inputs": inputs,
        "fields": [(field, span_of(field)) for field in inputs],
    }


def left_out(visit: Visit, module: Module[Any], keys: Iterable[str]) -> str:
    """The fields by their labels, in one line."""
    labels = [visit.voice.label(module, module.field(key)) for key in keys if key in module.by_key]
    return ("، " if visit.voice.locale.rtl else ", ").join(labels)


def _picker(visit: Visit, module: Module[Any], name: str, typed: Typed | None) -> Input:
    parts = {part: typed.posted.get(f"{name}-pick{part}", "") if typed else "" for part in ("", ".label")}
    problems = typed.problems.get(f"{name}.pick", ()) if typed else ()
    return Input(
        kind="link",
        name=f"{name}-pick",
        id=f"f-{name}-pick",
        label=visit.voice.module(module, "one"),
        errors=tuple(visit.text(problem.id, **problem.facts) for problem in problems),
        value={"": parts[""], "label": parts[".label"], "module": module.key},
        extra={"url": f"/{module.key}/pick", "module": module.key},
    )


def _detail(visit: Visit, module: Module[Any], row: Row) -> str:
    shown = [
        show(module.field(key), row[key], visit.voice)
        for key in module.layout.picker
        if key in module.by_key and key != "name"
    ]
    return " · ".join(text for text in shown if text)
