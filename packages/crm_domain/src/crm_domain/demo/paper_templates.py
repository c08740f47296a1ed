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


BLOCKS = {
    "fa": {
        "payment_terms": ("شرایط پرداخت", "<p>پنجاه درصد هنگام سفارش و مانده هنگام تحویل دریافت می‌شود.</p>"),
        "warranty_terms": ("شرایط ضمانت", "<p>کالاها هجده ماه ضمانت تعویض و پنج سال خدمات پس از فروش دارند.</p>"),
        "delivery_terms": ("شرایط تحویل", "<p>تحویل در انبار خریدار، حداکثر بیست روز کاری پس از دریافت پیش‌پرداخت.</p>"),
        "confidentiality": ("محرمانگی", "<p>این سند برای {{ account.name }} تهیه شده است و در اختیار دیگران قرار نمی‌گیرد.</p>"),
        "bank_accounts": ("شماره‌حساب‌ها", "<p>بانک ملت، شبا: IR120120000000001234567890</p>"),
    },
    "en": {
        "payment_terms": ("Payment terms", "<p>Half on order, the balance on delivery. Invoices are due within 30 days.</p>"),
        "warranty_terms": ("Warranty", "<p>Goods are replaced for eighteen months and serviced for five years.</p>"),
        "delivery_terms": ("Delivery", "<p>Delivered to the buyer's warehouse within twenty working days of the deposit.</p>"),
        "confidentiality": ("Confidentiality", "<p>Prepared for {{ account.name }} and for nobody else.</p>"),
        "bank_accounts": ("Bank account", "<p>Harbour Bank, IBAN GB12 HARB 1234 5678 9012 34</p>"),
    },
}  # fmt: skip


def text_blocks(world: World) -> Iterator[Batch]:
    """Words that documents of sale share."""
    chance = world.chance("text_blocks", 0)
    blocks = BLOCKS[world.setting.language]
    rows = [
        {
            **owned(chance, world.setting.now - timedelta(days=110, hours=place), world.owners[0]),
            "name": name + (f" {world.mark}" if world.mark else ""),
            "tag": f"{tag}_{world.mark}".strip("_-"),
            "active": True,
            "body": body,
        }
        for place, (tag, (name, body)) in enumerate(blocks.items())
    ]
    yield Batch("text_blocks", rows)


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
