"""Notes of the demo company: what its people wrote down about customers and deals."""

from collections.abc import Iterator, Mapping

from crm_domain.definition import Ref
from crm_domain.demo.chance import Chance, Weights
from crm_domain.demo.companies import owned
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, Row, World

NOTES = 120
"""Notes at scale 1."""
ABOUT = Weights({"accounts": 45, "opportunities": 30, "contacts": 15, "leads": 10})
SPOKE_WITH = 0.4
PINNED = 0.08
TEXTS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "fa": (
        ("شرایط پرداخت", "<p>۳۰٪ پیش‌پرداخت، باقی در <strong>سه مرحله</strong> پس از هر تحویل.</p>"),
        (
            "خلاصهٔ جلسهٔ معرفی",
            "<p>نسخهٔ نمایشی را دیدند. سه نکته ماند:</p><ul><li>اتصال به حسابداری</li>"
            "<li>گزارش فصلی</li><li>آموزش کاربران</li></ul>",
        ),
        ("نیازهای امنیتی", "<p>ورود دومرحله‌ای و نگهداری داده در مرکز دادهٔ داخلی برایشان شرط است.</p>"),
        ("تصمیم‌گیران", "<p>امضا با مدیرعامل است؛ نظر مدیر مالی تعیین‌کننده است.</p>"),
        ("بازخورد نسخهٔ آزمایشی", "<p>از سرعت جست‌وجو راضی‌اند. خواستند ستون‌های فهرست را خودشان بچینند.</p>"),
        ("رقیب در میدان", "<p>از رقیب هم پیشنهاد گرفته‌اند؛ قیمت او پایین‌تر و پشتیبانی‌اش ضعیف‌تر است.</p>"),
        ("نشانی تحویل", "<p>تحویل در انبار مرکزی، شنبه تا چهارشنبه، ساعت ۸ تا ۱۴. هماهنگی با انباردار.</p>"),
        ("توافق بر سر زمان", "<p>شروع کار از ابتدای فصل آینده؛ مرحلهٔ نخست <strong>شش هفته</strong>.</p>"),
        ("گلایه از پاسخ‌گویی", "<p>دو بار تلفن بی‌پاسخ ماند. قرار شد یک مسئول ثابت معرفی کنیم.</p>"),
        ("کاربران و مجوزها", "<p>۲۵ کاربر فروش، ۸ کاربر پشتیبانی و ۲ مدیر سامانه.</p>"),
        ("متن مناقصه", "<p>اسناد تا پایان هفته دریافت می‌شود؛ ضمانت‌نامهٔ شرکت در مناقصه لازم است.</p>"),
        ("تمدید پشتیبانی", "<p>قرارداد پشتیبانی دو ماه دیگر پایان می‌یابد؛ با افزایش ۱۵ درصدی موافق‌اند.</p>"),
    ),
    "en": (
        ("Payment terms", "<p>30% up front, the rest in <strong>three instalments</strong> after each delivery.</p>"),
        (
            "Summary of the first meeting",
            "<p>They saw the demo. Three points are open:</p><ul><li>Link to accounting</li>"
            "<li>Quarterly report</li><li>Training of users</li></ul>",
        ),
        ("Security requirements", "<p>Two-factor sign-in and data kept in the country are a must for them.</p>"),
        ("Who decides", "<p>The chief executive signs; what the finance director says tips the balance.</p>"),
        ("Feedback on the trial", "<p>Happy with the speed of search. They want to arrange columns themselves.</p>"),
        ("A competitor is in", "<p>They have a second offer: lower price, weaker support.</p>"),
        ("Where to deliver", "<p>Central warehouse, Monday to Friday, 8 to 14. Call the warehouse manager first.</p>"),
        ("Agreed timing", "<p>Start at the beginning of next quarter; the first phase takes <strong>six weeks</strong>.</p>"),
        ("Complaint about response", "<p>Two calls went unanswered. We promised one permanent contact.</p>"),
        ("Users and licences", "<p>25 users in sales, 8 in support and 2 administrators.</p>"),
        ("Tender documents", "<p>We get the documents by the end of the week; a bid bond is needed.</p>"),
        ("Support renewal", "<p>The support contract ends in two months; they accept an increase of 15%.</p>"),
    ),
}  # fmt: skip


def notes(world: World) -> Iterator[Batch]:
    """Notes about the records made before."""
    yield from world.batches("notes", (_note(world, index) for index in range(NOTES * world.scale)))


def _note(world: World, index: int) -> Row:
    chance = world.chance("note", index)
    about = chance.weighted(ABOUT)
    parent = chance.pick(world.made[about])
    name, text = chance.pick(TEXTS[world.setting.language])
    born = world.setting.at_work(chance, chance.after(parent["created_at"], 0, 90, world.setting.now))
    return {
        **owned(chance, born, chance.pick(world.owners)),
        "name": name,
        "parent": Ref(about, parent["id"]),
        "contact": _spoke_with(world, chance, about, parent),
        "description": text,
        "pinned": chance.maybe(PINNED),
        "portal_visible": False,
    }


def _spoke_with(world: World, chance: Chance, about: str, parent: Row) -> Ref | None:
    """Somebody of the company the note is about."""
    account = parent["id"] if about == "accounts" else parent["account"].id if about == "opportunities" else None
    people = [row for row in world.made["contacts"] if row["account"] and row["account"].id == account]
    return Ref("contacts", chance.pick(people)["id"]) if people and chance.maybe(SPOKE_WITH) else None
