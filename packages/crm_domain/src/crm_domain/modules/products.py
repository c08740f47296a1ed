"""Products: what is sold, goods and services with their prices, in a tree of categories."""

from crm_domain.definition import Arrangement, Change, DuplicateRule, Module, Record, panel, required
from crm_domain.definition.kinds import Choice, Image, Integer, Link, LongText, Money, Text, Url
from crm_domain.modules.blocks.hierarchy import no_cycle
from crm_domain.modules.selling_options import AVAILABILITIES, PRODUCT_TYPES, RECURRENCES, UNITS
from crm_domain.problems import FieldProblem, Invalid


class ProductCategory(Record):
    name = required(Text(max_length=255, search=True))
    parent = Link(target="product_categories", inverse="children", indexed=True)
    position = Integer(minimum=0, indexed=True)
    description = LongText()

    layout = Arrangement(
        columns=(name, parent, position, Record.assigned_to, Record.created_at),
        offered=(description, Record.modified_at, Record.created_by, Record.modified_by),
        panels=(panel("overview", (name, parent), (position,), (description,), (Record.assigned_to, Record.team)),),
        quick=((name, parent), (position,), (description,)),
        picker=(name, parent),
        basic=(name,),
        advanced=(name, parent, Record.assigned_to),
        highlights=(parent, position),
        subpanels=("products", "children"),
        sort="name",
    )


class Product(Record):
    part_number = Text(max_length=50, search=True, unique=True, copied=False)
    name = required(Text(max_length=255, search=True))
    category = Link(target="product_categories", inverse="products", indexed=True)
    product_type = required(Choice(options=PRODUCT_TYPES, default="good", indexed=True))
    price = required(Money(scale=6, indexed=True))
    cost = Money(scale=6)
    unit = Choice(options=UNITS, default="piece")
    tax_rate = Link(target="tax_rates")
    status = required(Choice(options=AVAILABILITIES, default="active", indexed=True))
    recurrence = Choice(options=RECURRENCES)
    supplier = Link(target="accounts", inverse="supplied_products", indexed=True)
    contact = Link(target="contacts")
    url = Url()
    product_image = Image()
    description = LongText()

    layout = Arrangement(
        columns=(part_number, name, category, product_type, price, unit, status),
        offered=(
            product_image,
            cost,
            tax_rate,
            recurrence,
            supplier,
            contact,
            url,
            Record.assigned_to,
            Record.team,
            Record.created_at,
            Record.modified_at,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel(
                "overview",
                (name, part_number),
                (category, product_type),
                (price, cost),
                (unit, tax_rate),
                (recurrence, status),
                (description,),
                (Record.assigned_to, Record.team),
            ),
            panel("supply", (supplier, contact), (url, product_image)),
        ),
        quick=(
            (name, part_number),
            (category, product_type),
            (price, cost),
            (unit, tax_rate),
            (status,),
            (description,),
        ),
        picker=(name, part_number, category, price),
        basic=(name,),
        advanced=(
            name,
            part_number,
            category,
            product_type,
            price,
            unit,
            status,
            supplier,
            recurrence,
            Record.assigned_to,
        ),
        highlights=(price, unit, category, tax_rate, status),
        subpanels=("cases", "bugs"),
        sort="name",
    )


def prices_are_not_negative(change: Change[Product]) -> None:
    """A product may be free, but nobody is paid for taking it."""
    wrong = {
        field.key: (FieldProblem("products.negative"),)
        for field in (Product.price, Product.cost)
        if (amount := change.after.values.get(field.key)) and amount.value < 0
    }
    if wrong:
        raise Invalid(wrong)


PRODUCTS = Module(
    key="products",
    record=Product,
    icon="boxes",
    number_field="part_number",
    open_field="status",
    catalogue=True,
    before_save=(prices_are_not_negative,),
    duplicates=(DuplicateRule(same=("name",)), DuplicateRule(same=("part_number",))),
)
PRODUCT_CATEGORIES = Module(
    key="product_categories",
    record=ProductCategory,
    icon="layers",
    catalogue=True,
    many_at_once=True,
    with_work=(no_cycle(ProductCategory, ProductCategory.parent),),
    duplicates=(DuplicateRule(same=("name",)),),
)
