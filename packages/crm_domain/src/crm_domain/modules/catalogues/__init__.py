"""Product catalogues: which categories are offered, from when until when, in which money and at what discount."""

from typing import TYPE_CHECKING

from crm_domain.definition import Arrangement, Change, LinkFields, ManyToMany, Module, Record, Ref, panel, required
from crm_domain.definition.kinds import Boolean, Choice, Date, Integer, Link, LongText, Percent, Text
from crm_domain.modules.selling_options import CATALOGUE_CONTENTS
from crm_domain.problems import FieldProblem, Invalid
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery

if TYPE_CHECKING:
    from crm_domain.records.work import Work


PDF = "application/pdf"


class Catalogue(Record):
    """Without a currency its prices are in the company's own. `front_page` and `attachment` are documents whose PDF stands
    before and behind its own pages; `document` is where its PDF was kept last."""

    name = required(Text(max_length=255, search=True))
    valid_from = required(Date(indexed=True))
    valid_to = required(Date(indexed=True))
    currency = Link(target="currencies", inverse="catalogues", indexed=True)
    discount = Percent()
    content = required(Choice(options=CATALOGUE_CONTENTS, default="full"))
    pictures = Boolean(default=True)
    introduction = LongText()
    pdf_template = Link(target="pdf_templates")
    front_page = Link(target="documents")
    attachment = Link(target="documents")
    document = Link(target="documents", inverse="catalogues", readonly=True, copied=False, indexed=True)
    work_log = LongText(copied=False)

    layout = Arrangement(
        columns=(name, valid_from, valid_to, currency, discount, content, Record.assigned_to),
        offered=(document, Record.team, Record.created_at, Record.modified_at, Record.created_by, Record.modified_by),
        panels=(
            panel(
                "overview",
                (name, content),
                (valid_from, valid_to),
                (currency, discount),
                (introduction,),
                (pdf_template, pictures),
                (front_page, attachment),
                (document,),
                (Record.assigned_to, Record.team),
                (work_log,),
            ),
        ),
        quick=((name, content), (valid_from, valid_to), (currency, discount)),
        picker=(name, valid_from, valid_to),
        basic=(name,),
        advanced=(name, valid_from, valid_to, currency, content, Record.assigned_to),
        highlights=(valid_from, valid_to, currency, discount, document),
        subpanels=("product_categories",),
        sort="-valid_from",
    )


class Placement(LinkFields):
    """Where among the others a category stands."""

    position = Integer(minimum=0)


CATALOGUE_CATEGORIES = ManyToMany(
    key="catalogue_categories",
    left="catalogues",
    right="product_categories",
    left_key="product_categories",
    right_key="catalogues",
    fields=Placement,
)


async def one_at_a_time(work: "Work", change: Change[Catalogue]) -> None:
    """A catalogue ends after it begins, and in one currency there is one at a time."""
    after = change.after
    spoken = (Catalogue.valid_from, Catalogue.valid_to, Catalogue.currency)
    if not (after.valid_from and after.valid_to and any(change.touches(field) for field in spoken)):
        return
    if after.valid_to < after.valid_from:
        raise Invalid({"valid_to": (FieldProblem("catalogues.ends_early"),)})
    money = Condition("currency", "eq", after.currency.id) if after.currency else Condition("currency", "empty", True)
    meets = both(money, Condition("valid_from", "le", after.valid_to), Condition("valid_to", "ge", after.valid_from))
    page = await work.store.page(work.module(Catalogue), ListQuery(filter=meets, columns=("name",), limit=2))
    others = [row for row in page.rows if row.id != after.id]
    if others:
        raise Invalid({"valid_from": (FieldProblem("catalogues.two_at_once", {"name": others[0]["name"]}),)})


async def pages_are_pdf(work: "Work", change: Change[Catalogue]) -> None:
    """Only a PDF can stand before or behind the pages of a catalogue."""
    documents = work.registry["documents"]
    for field in (Catalogue.front_page, Catalogue.attachment):
        ref: Ref | None = change.after.values.get(field.key)
        if ref is None or not change.touches(field):
            continue
        rows = await work.store.fetch(documents, [ref.id], columns=("file",))
        if rows and not ((file := rows[0]["file"]) and file.media_type == PDF):
            raise Invalid({field.key: (FieldProblem("catalogues.not_a_pdf"),)})


CATALOGUES = Module(key="catalogues", record=Catalogue, icon="scroll-text", with_work=(one_at_a_time, pages_are_pdf))
