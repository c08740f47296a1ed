"""What the demo company says in its campaigns, in both languages."""

from collections.abc import Mapping

from crm_domain.demo.setting import Language

NEWSLETTER_FA = """<h1>سلام {{ recipient.first_name | default:"دوست گرامی" }}</h1>
<p>در این شماره از سه تازه می‌خوانید: نسخهٔ پاییزی سامانه، نمایشگاه تهران و داستان یک مشتری.</p>
<h2>نسخهٔ پاییزی</h2>
<p>فهرست‌ها تندتر شده‌اند و گزارش‌ها را می‌توان زمان‌بندی کرد. <a href="{news}">همهٔ تازه‌ها را ببینید</a>.</p>
<h2>دیدار در نمایشگاه</h2>
<p>از شنبه تا سه‌شنبه در غرفهٔ ۳۸ میزبان شما هستیم. <a href="{visit}">زمان دیدار بگیرید</a>.</p>
<p>با احترام،<br>{{ sender.name }}</p>
<p><a href="{{ system.unsubscribe_url }}">لغو عضویت</a></p>"""
NEWSLETTER_EN = """<h1>Hello {{ recipient.first_name | default:"there" }}</h1>
<p>Three stories this month: the autumn release, the trade fair, and how one customer did it.</p>
<h2>The autumn release</h2>
<p>Lists are faster and reports can be scheduled. <a href="{news}">See everything new</a>.</p>
<h2>Meet us at the fair</h2>
<p>Booth 38, Tuesday to Thursday. <a href="{visit}">Pick a time</a>.</p>
<p>Kind regards,<br>{{ sender.name }}</p>
<p><a href="{{ system.unsubscribe_url }}">Unsubscribe</a></p>"""
OFFER_FA = """<h1>{{ recipient.first_name | default:"همراه گرامی" }}، پیشنهاد پایان سال</h1>
<p>تا پایان ماه، ارتقای سامانه با ۱۵٪ تخفیف. <a href="{offer}">پیشنهاد خود را ببینید</a>.</p>
<p><a href="{{ system.unsubscribe_url }}">لغو عضویت</a></p>"""
OFFER_EN = """<h1>{{ recipient.first_name | default:"Dear customer" }}, our year-end offer</h1>
<p>Until the end of the month upgrades are 15% off. <a href="{offer}">See your offer</a>.</p>
<p><a href="{{ system.unsubscribe_url }}">Unsubscribe</a></p>"""
INVITE_FA = """<h1>دعوت به همایش مشتریان</h1>
<p>{{ recipient.first_name | default:"دوست گرامی" }}، جای شما در همایش امسال خالی است. <a href="{visit}">نام‌نویسی</a></p>
<p><a href="{{ system.unsubscribe_url }}">لغو عضویت</a></p>"""
INVITE_EN = """<h1>You are invited to our customer day</h1>
<p>{{ recipient.first_name | default:"Dear friend" }}, a seat is waiting for you. <a href="{visit}">Register</a></p>
<p><a href="{{ system.unsubscribe_url }}">Unsubscribe</a></p>"""

TEMPLATES: Mapping[Language, tuple[tuple[str, str, str, str], ...]] = {
    "fa": (
        ("خبرنامهٔ ماهانه", "تازه‌های این ماه", "نسخهٔ پاییزی، نمایشگاه تهران و داستان یک مشتری", NEWSLETTER_FA),
        ("پیشنهاد پایان سال", "۱۵٪ تخفیف ارتقا تا پایان ماه", "تنها برای مشتریان امروز", OFFER_FA),
        ("دعوت به همایش", "جای شما در همایش مشتریان", "نام‌نویسی تا هفتهٔ آینده", INVITE_FA),
    ),
    "en": (
        ("Monthly newsletter", "What is new this month", "Autumn release, the fair, and one customer's story", NEWSLETTER_EN),
        ("Year-end offer", "15% off upgrades this month", "For today's customers only", OFFER_EN),
        ("Customer day invitation", "Your seat at our customer day", "Register until next week", INVITE_EN),
    ),
}  # fmt: skip
"""Name, subject, preview line, body."""

LISTS: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    "fa": {
        "subscription": ("مشترکان خبرنامه", "default"),
        "unsubscription": ("لغو عضویت خبرنامه", "exempt"),
        "test": ("آزمایش خبرنامه", "test"),
        "fair": ("بازدیدکنندگان نمایشگاه", "default"),
        "customers": ("مشتریان فعال", "default"),
        "seed": ("همکاران ناظر", "seed"),
        "rivals": ("دامنهٔ رقیبان", "exempt_domain"),
    },
    "en": {
        "subscription": ("Newsletter subscribers", "default"),
        "unsubscription": ("Newsletter unsubscribed", "exempt"),
        "test": ("Newsletter test", "test"),
        "fair": ("Fair visitors", "default"),
        "customers": ("Active customers", "default"),
        "seed": ("Colleagues watching", "seed"),
        "rivals": ("Competitors' domains", "exempt_domain"),
    },
}
RIVALS = ("rival.example", "competitor.example")

CAMPAIGNS: Mapping[Language, Mapping[str, tuple[str, str, str]]] = {
    "fa": {
        "newsletter": ("خبرنامهٔ ماهانه", "newsletter", "active"),
        "offer": ("پیشنهاد پایان سال", "email", "complete"),
        "invite": ("دعوت به همایش مشتریان", "email", "active"),
        "radio": ("تبلیغ رادیویی پاییز", "radio", "complete"),
        "print": ("آگهی ماهنامهٔ صنعت", "print", "active"),
        "calls": ("تماس با مشتریان خاموش", "telesales", "active"),
        "post": ("کارت سال نو", "mail", "planning"),
        "banner": ("بنر وبگاه‌های خبری", "web", "inactive"),
        "television": ("میان‌برنامهٔ شبکهٔ استانی", "television", "planning"),
    },
    "en": {
        "newsletter": ("Monthly newsletter", "newsletter", "active"),
        "offer": ("Year-end offer", "email", "complete"),
        "invite": ("Customer day invitation", "email", "active"),
        "radio": ("Autumn radio spots", "radio", "complete"),
        "print": ("Industry monthly advertisement", "print", "active"),
        "calls": ("Calls to silent customers", "telesales", "active"),
        "post": ("New year cards", "mail", "planning"),
        "banner": ("Banners on news sites", "web", "inactive"),
        "television": ("Regional television spot", "television", "planning"),
    },
}
"""Name, type, status."""

ISSUES: Mapping[Language, tuple[str, ...]] = {
    "fa": ("شمارهٔ شهریور", "شمارهٔ مهر", "شمارهٔ آبان"),
    "en": ("September issue", "October issue", "November issue"),
}
OTHER_MAILINGS: Mapping[Language, Mapping[str, str]] = {
    "fa": {"offer": "ارسال اصلی", "invite": "دعوت‌نامه"},
    "en": {"offer": "Main mailing", "invite": "Invitation"},
}
LINKS: Mapping[Language, Mapping[str, tuple[str, str]]] = {
    "fa": {
        "news": ("تازه‌های نسخه", "https://www.example.com/fa/news"),
        "visit": ("گرفتن زمان دیدار", "https://www.example.com/fa/visit"),
        "offer": ("پیشنهاد", "https://www.example.com/fa/offer"),
    },
    "en": {
        "news": ("Release news", "https://www.example.com/news"),
        "visit": ("Book a visit", "https://www.example.com/visit"),
        "offer": ("The offer", "https://www.example.com/offer"),
    },
}
OBJECTIVES: Mapping[Language, str] = {
    "fa": "یادآوری ما به مشتریان و آوردن سرنخ تازه برای فصل آینده.",
    "en": "Keep customers warm and bring new leads for the coming quarter.",
}
SENDERS: Mapping[Language, tuple[str, str]] = {
    "fa": ("پیشرو سامانه", "news@pishro.example"),
    "en": ("Northwind", "news@northwind.example"),
}
BOUNCES: Mapping[Language, str] = {"fa": "صندوق برگشتی", "en": "Returned mail"}
