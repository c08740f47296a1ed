"""What people of the demo companies have to do, talk about and meet for."""

from collections.abc import Mapping

from crm_domain.demo.setting import Language

Words = Mapping[Language, tuple[str, ...]]

TASKS: Words = {
    "fa": (
        "ارسال پیش‌فاکتور نهایی",
        "پیگیری امضای قرارداد",
        "آماده‌سازی نسخهٔ نمایشی",
        "تکمیل اسناد مناقصه",
        "بررسی نیازهای فنی مشتری",
        "ارسال کاتالوگ و نمونه",
        "دریافت مدارک ثبتی شرکت",
        "پیگیری پرداخت پیش‌پرداخت",
        "هماهنگی بازدید از محل",
        "تهیهٔ صورت‌جلسه",
        "به‌روزرسانی اطلاعات تماس",
        "پاسخ به پرسش‌های مالی",
        "محاسبهٔ تخفیف پیشنهادی",
        "ارسال دعوت‌نامهٔ نمایشگاه",
        "تهیهٔ گزارش پیشرفت",
        "آموزش کاربران جدید",
    ),
    "en": (
        "Send the final quote",
        "Follow up on the signature",
        "Prepare the demo",
        "Complete the tender documents",
        "Go through the technical requirements",
        "Send catalogue and samples",
        "Get the registration papers",
        "Chase the advance payment",
        "Arrange the site visit",
        "Write the minutes",
        "Update contact details",
        "Answer the finance questions",
        "Work out the discount",
        "Send invitations to the trade fair",
        "Write the progress report",
        "Train the new users",
    ),
}
CALLS: Words = {
    "fa": (
        "تماس معرفی",
        "پیگیری پیشنهاد قیمت",
        "هماهنگی زمان جلسه",
        "پاسخ به درخواست مشاوره",
        "پیگیری پرداخت",
        "نظرخواهی پس از تحویل",
        "رفع ابهام فنی",
        "دعوت به نمایشگاه",
        "یادآوری تمدید قرارداد",
        "گفت‌وگو دربارهٔ تخفیف",
    ),
    "en": (
        "Introduction",
        "Follow-up on the offer",
        "Agree on a meeting",
        "Answer to an enquiry",
        "Reminder of payment",
        "How was the delivery?",
        "Technical question",
        "Invitation to the fair",
        "Renewal of the contract",
        "Talk about the discount",
    ),
}
MEETINGS: Words = {
    "fa": (
        "جلسهٔ معرفی محصول",
        "نمایش نسخهٔ آزمایشی",
        "مذاکرهٔ قرارداد",
        "جلسهٔ فنی",
        "بررسی پیشرفت پروژه",
        "جلسهٔ هفتگی فروش",
        "بازدید از محل",
        "جلسهٔ تحویل",
        "برنامه‌ریزی فصل آینده",
        "آموزش راهبران سامانه",
    ),
    "en": (
        "Product presentation",
        "Demo",
        "Contract negotiation",
        "Technical meeting",
        "Project review",
        "Weekly sales meeting",
        "Site visit",
        "Handover",
        "Planning of the next quarter",
        "Training of administrators",
    ),
}
PLACES: Words = {
    "fa": ("دفتر مرکزی، اتاق جلسات ۱", "دفتر مرکزی، اتاق جلسات ۲", "محل مشتری", "سالن همایش", "دفتر شعبه"),
    "en": ("Head office, room 1", "Head office, room 2", "At the customer's", "Conference hall", "Branch office"),
}
