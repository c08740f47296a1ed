"""News of the demo company: feeds of its trade, and what they published of late. Their sites are invented, so none is fetched."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from crm_domain.definition import Ref
from crm_domain.demo.chance import Chance
from crm_domain.demo.companies import owned
from crm_domain.demo.setting import PERSIAN_DIGITS, Language
from crm_domain.demo.world import Batch, Row, World

ITEMS = 96
"""Entries at scale 1."""
DAYS = 60
FEEDS: Mapping[Language, tuple[tuple[str, str, str], ...]] = {
    "fa": (
        ("بازار امروز", "bazar-emrooz.example", "اقتصاد"),
        ("روزنامهٔ صنعت و تولید", "sanat-tolid.example", "اقتصاد"),
        ("فناوری نو", "fanavari-no.example", "فناوری"),
        ("مجلهٔ فروش و بازاریابی", "foroosh-mag.example", "بازاریابی"),
        ("خبرنامهٔ اتاق بازرگانی", "otagh-news.example", "اقتصاد"),
        ("امنیت اطلاعات", "amniat-ettelaat.example", "فناوری"),
    ),
    "en": (
        ("Market Today", "market-today.example", "Economy"),
        ("Industry Weekly", "industry-weekly.example", "Economy"),
        ("New Technology", "new-technology.example", "Technology"),
        ("Sales & Marketing Magazine", "sales-magazine.example", "Marketing"),
        ("Chamber of Commerce News", "chamber-news.example", "Economy"),
        ("Information Security", "infosec-news.example", "Technology"),
    ),
}
"""Name, host and folder."""
SECTORS: Mapping[Language, tuple[str, ...]] = {
    "fa": ("صنایع غذایی", "دارو", "نساجی", "حمل‌ونقل", "ساختمان", "خرده‌فروشی", "گردشگری", "انرژی"),
    "en": ("food", "pharmaceutical", "textile", "logistics", "construction", "retail", "travel", "energy"),
}
PATTERNS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "fa": (
        ("رشد {n} درصدی صادرات {sector}", "آمار تازه نشان می‌دهد صادرات {sector} در فصل گذشته {n} درصد بیشتر شده است."),
        ("نمایشگاه {sector} ماه آینده برگزار می‌شود", "بیش از {n} شرکت از سراسر کشور در این نمایشگاه حضور دارند."),
        ("خریداران {sector} چه می‌خواهند؟", "گزارشی از گفت‌وگو با {n} مدیر خرید دربارهٔ معیارهای انتخاب تأمین‌کننده."),
        ("تجربهٔ دیجیتالی شدن در {sector}", "سه شرکت {sector} از راهی می‌گویند که در {n} ماه پیمودند."),
        ("قیمت‌ها در {sector} آرام گرفت", "پس از نوسان‌های تابستان، دامنهٔ تغییر به کمتر از {n} درصد رسیده است."),
        ("آیین‌نامهٔ تازه برای {sector}", "شرکت‌ها {n} روز فرصت دارند خود را با مقررات تازه هماهنگ کنند."),
        ("کمبود نیروی ماهر در {sector}", "به گفتهٔ کارفرمایان، {n} درصد جایگاه‌ها خالی مانده است."),
        ("سرمایه‌گذاری تازه در {sector}", "ساخت {n} واحد تازه از ابتدای سال آینده آغاز می‌شود."),
    ),
    "en": (
        ("Exports of the {sector} industry up {n}%", "New figures show {n}% more than in the same quarter of last year."),
        ("The {sector} fair opens next month", "More than {n} companies from all over the country will be there."),
        ("What {sector} buyers look for", "We asked {n} purchasing managers how they choose their suppliers."),
        ("Going digital in the {sector} business", "Three companies tell of the road they travelled in {n} months."),
        ("Prices in the {sector} sector settle", "After a restless summer the swings are down to less than {n}%."),
        ("New rules for the {sector} sector", "Companies have {n} days to bring themselves into line."),
        ("Skilled people wanted in the {sector} trade", "Employers say that {n}% of their positions are vacant."),
        ("Fresh investment in the {sector} industry", "Work on {n} new sites begins early next year."),
    ),
}  # fmt: skip


def news(world: World) -> Iterator[Batch]:
    """Feeds that everybody reads, and their entries."""
    feeds = [_feed(world, place) for place in range(len(FEEDS[world.setting.language]))]
    yield Batch("feeds", feeds)
    yield from world.batches("feed_items", (_item(world, feeds, index) for index in range(ITEMS * world.scale)))


def _feed(world: World, place: int) -> Row:
    chance = world.chance("feed", place)
    name, host, folder = FEEDS[world.setting.language][place]
    born = world.setting.at_work(chance, world.setting.now - timedelta(days=DAYS + 30))
    return {
        **owned(chance, born, chance.pick(world.owners)),
        "name": name,
        "url": f"https://{world.mark}{host}/rss",
        "folder": folder,
        "published": True,
        "active": False,
    }


def _item(world: World, feeds: list[Row], index: int) -> Row:
    chance, language = world.chance("feed_item", index), world.setting.language
    feed = chance.pick(feeds)
    title, summary = _words(chance, index, language)
    at = world.setting.at_work(chance, world.setting.now - timedelta(days=chance.whole(0, DAYS)))
    link = f"{feed['url'].removesuffix('rss')}{world.mark}{index}"
    return {
        **owned(chance, at, (feed["assigned_to"], feed["team"])),
        "name": title,
        "feed": Ref("feeds", feed["id"]),
        "link": link,
        "guid": link,
        "published_at": at,
        "summary": f"<p>{summary}</p>",
    }


def _words(chance: Chance, index: int, language: Language) -> tuple[str, str]:
    """Each pair of pattern and trade in turn, so that no two headlines near each other are the same."""
    patterns, sectors = PATTERNS[language], SECTORS[language]
    title, summary = patterns[index % len(patterns)]
    number = str(chance.whole(4, 60))
    facts = {
        "sector": sectors[index // len(patterns) % len(sectors)],
        "n": number.translate(PERSIAN_DIGITS) if language == "fa" else number,
    }
    return title.format(**facts), summary.format(**facts)
