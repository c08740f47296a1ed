"""Catalogues of the demo company: last half-year's price list, today's, and the next one in the making."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal

from crm_domain.demo.companies import owned
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, Row, World

TERM = 180
"""Days that a catalogue holds."""
TERMS: Mapping[Language, tuple[tuple[str, int, int, str], ...]] = {
    "fa": (("فهرست قیمت نیمهٔ پیشین", -TERM - 60, 0, "prices"), ("کاتالوگ محصولات و خدمات", -60, 5, "full"),
           ("پیش‌نویس کاتالوگ نیمهٔ آینده", TERM - 60, 10, "descriptions")),
    "en": (("Price list, last half-year", -TERM - 60, 0, "prices"), ("Products and services", -60, 5, "full"),
           ("Next half-year, draft", TERM - 60, 10, "descriptions")),
}  # fmt: skip
"""Name, the day it begins from today, percent of discount, what it says of its products."""
WORDS: Mapping[Language, str] = {
    "fa": "قیمت‌ها بدون مالیات بر ارزش افزوده است و تا پایان اعتبار کاتالوگ تغییر نمی‌کند.",
    "en": "Prices are net of tax and hold until the last day of this catalogue.",
}


def catalogues(world: World) -> Iterator[Batch]:
    """One after the other, each with all categories at the top."""
    if world.mark:  # in one currency there is one at a time
        return
    language, now = world.setting.language, world.setting.now
    top = [row for row in world.made["product_categories"] if row["parent"] is None]
    made: list[Row] = []
    for place, (name, begins, discount, content) in enumerate(TERMS[language]):
        first = now.date() + timedelta(days=begins)
        made.append(
            {
                **owned(world.chance("catalogue", place), now - timedelta(days=90 - place), world.owners[0]),
                "name": name,
                "valid_from": first,
                "valid_to": first + timedelta(days=TERM - 1),
                "discount": Decimal(discount),
                "content": content,
                "introduction": WORDS[language],
            }
        )
    yield Batch("catalogues", made)
    links = [
        {"left_id": one["id"], "right_id": category["id"], "position": place}
        for one in made
        for place, category in enumerate(top, 1)
    ]
    yield Batch("catalogue_categories", links)
