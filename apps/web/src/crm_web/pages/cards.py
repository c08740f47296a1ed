"""A new person from an address card: the file chosen, its form filled in and looked at before it is saved."""

from typing import Any, ClassVar

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile

from crm_domain.definition import Module, kinds
from crm_domain.problems import BadValue, FieldProblem, NotFound
from crm_domain.records import import_many
from crm_domain.records.forms import read_form
from crm_domain.records.named import meant_or_made
from crm_domain.vcard_read import BEGIN
from crm_storage.files.types import label
from crm_storage.limited import in_child
from crm_ui.inputs import Draft
from crm_web.pages.forms import currencies
from crm_web.records.form import form_page
from crm_web.records.starting import starting_values
from crm_web.visit import Visit

FIRM = "account_name"
"""The head of a card's table under which its company stands."""


class CardPages(Controller):
    """/<module>/from_card."""

    module_key: ClassVar[str]

    @get("/from_card")
    async def choose_card(self, visit: Visit) -> Response[str]:
        return await _choose(visit, _module(visit, self.module_key))

    @post("/from_card", status_code=200)
    async def read_card(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        """One card fills the form of a new record; a file of many goes on as an import."""
        module = _module(visit, self.module_key)
        try:
            name, (heads, *rows) = await _cards(posted.get("file"))
        except BadValue as bad:
            return await _choose(visit, module, bad.problem)
        if len(rows) > 1:
            id_ = await import_many.open_import(visit.work, module, visit.voice, name, [heads, *rows])
            await visit.commit()
            return visit.go(f"/{module.key}/import/{id_}")
        return await _form(visit, module, dict(zip(heads, rows[0], strict=False)), create=bool(posted.get("firm")))


def _module(visit: Visit, key: str) -> Module[Any]:
    """Raises NotFound where records are no people, Denied without the right to create one."""
    module = visit.module(key)
    if not module.person:
        raise NotFound
    visit.allow(module, "create")
    return module


async def _choose(visit: Visit, module: Module[Any], problem: FieldProblem | None = None) -> Response[str]:
    return await visit.page(
        "records/from_card.html",
        status=422 if problem else 200,
        current=module.key,
        module=module,
        modules_name=visit.voice.module(module),
        title=visit.text("cards.title", name=visit.voice.module(module, "one")),
        firms="account" in module.by_key and visit.access.can("accounts", "create"),
        problem=visit.text(problem.id, **problem.facts) if problem else "",
    )


async def _cards(sent: Any) -> tuple[str, list[list[str]]]:
    """The file's name and its cards as a table. Raises BadValue for what is no address card."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise BadValue("problems.required")
    body = await sent.read()
    if BEGIN.encode() not in body[:64].upper().replace(b"\0", b""):
        raise BadValue("cards.no_card")
    return label(sent.filename), await in_child("sheet", body)


async def _form(visit: Visit, module: Module[Any], card: dict[str, str], *, create: bool) -> Response[str]:
    """The form of a new record with what the card says, as far as the user may write it and it makes sense."""
    keys = [field.key for field in module.writable() if visit.access.field(module.key, field.key) == "write"]
    found = read_form(module, [(head, text) for head, text in card.items() if text], keys, visit.voice)
    values = {**starting_values(visit, module), **{key: value for key, value in found.values.items() if value}}
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    raw: dict[str, Any] = {}
    firm = card.get(FIRM, "")
    if firm and FIRM not in module.by_key and _takes_firm(module, keys):
        if ref := await meant_or_made(visit.work, visit.module("accounts"), firm, make=create):
            values["account"] = ref
            await visit.commit()
        else:
            raw["account"] = {"": "", "label": firm}
            problems["account"] = (FieldProblem("problems.unknown_name", {"name": firm}),)
    draft = Draft(module, visit.voice, values, raw=raw, problems=problems, currencies=await currencies(visit))
    return await form_page(visit, module, draft, None)


def _takes_firm(module: Module[Any], keys: list[str]) -> bool:
    field = module.by_key.get("account")
    return isinstance(field, kinds.Link) and field.target == "accounts" and "account" in keys
