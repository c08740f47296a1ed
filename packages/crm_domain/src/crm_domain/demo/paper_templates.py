"""PDF templates of the demo company: its documents of sale, dressed as the product does, below a line of its own."""

from collections.abc import Iterator
from datetime import timedelta

from crm_domain.demo.companies import owned
from crm_domain.demo.world import Batch, World

NAMES = {
    "fa": {"quotes": "پیش‌فاکتور رسمی", "invoices": "فاکتور فروش کالا و خدمات", "contracts": "قرارداد پشتیبانی"},
    "en": {"quotes": "Standard quote", "invoices": "Sales invoice", "contracts": "Service agreement"},
}
COMPANY = {
    "fa": "تهران، خیابان آزادی، پلاک ۱۲۸\nشناسهٔ ملی: 10101234563، کد اقتصادی: 411111111111",
    "en": "128 Harbour Road, Boston MA 02110\nTax ID: 12-3456789",
}


def paper_templates(world: World) -> Iterator[Batch]:
    """One for each document of sale."""
    chance = world.chance("pdf_templates", 0)
    rows = [
        {
            **owned(chance, world.setting.now - timedelta(days=120, hours=place), world.owners[0]),
            "name": name + (f" {world.mark}" if world.mark else ""),
            "used_for": module,
            "language": world.setting.language,
            "active": True,
            "company": COMPANY[world.setting.language],
            "page_size": "a4",
            "orientation": "portrait",
            "margin_top": 16,
            "margin_bottom": 18,
            "margin_left": 15,
            "margin_right": 15,
        }
        for place, (module, name) in enumerate(NAMES[world.setting.language].items())
    ]
    yield Batch("pdf_templates", rows)
