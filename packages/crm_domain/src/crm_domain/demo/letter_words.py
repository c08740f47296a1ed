"""What customers of the demo company write, and what is answered: subject, letter, answer."""

from collections.abc import Mapping

from crm_domain.demo.setting import Language

Exchange = tuple[str, str, str]
EXCHANGES: Mapping[Language, tuple[Exchange, ...]] = {
    "fa": (
        (
            "درخواست پیش‌فاکتور ۲۵ کاربر",
            "سلام و وقت بخیر،\nلطفاً پیش‌فاکتور نسخهٔ ابری را برای ۲۵ کاربر با پشتیبانی یک‌ساله بفرستید. "
            "تا پایان هفته باید به کمیتهٔ خرید بدهیم.\nبا سپاس",
            "سلام،\nپیش‌فاکتور به پیوست است. "
            "تخفیف سفارش سالانه در سطر آخر دیده شده و تا دو هفته اعتبار دارد.\nارادتمند",
        ),
        (
            "هماهنگی جلسهٔ معرفی",
            "سلام،\nسه‌شنبه ساعت ۱۰ برای جلسهٔ معرفی مناسب است؟ از طرف ما مدیر مالی و دو نفر از فروش هستند.",
            "سلام،\nسه‌شنبه ساعت ۱۰ عالی است. دعوت‌نامه را همین حالا می‌فرستم.",
        ),
        (
            "پرسش دربارهٔ انتقال داده‌ها",
            "درود،\nمشتریان ما در یک فایل اکسل با حدود ۸ هزار سطر است. "
            "آیا خودمان می‌توانیم وارد کنیم یا شما انجام می‌دهید؟",
            "درود،\nبا «ورود داده» خودتان هم می‌توانید؛ بار نخست کنار شما هستیم. فایل نمونه را فرستادم.",
        ),
        (
            "تمدید قرارداد پشتیبانی",
            "سلام،\nقرارداد پشتیبانی ما ماه آینده تمام می‌شود. شرایط تمدید را اعلام کنید.",
            "سلام،\nشرایط تمدید مانند سال گذشته است و پیش‌نویس قرارداد تا فردا می‌رسد.",
        ),
        (
            "تأخیر در تحویل",
            "با سلام،\nطبق قرار باید دیروز تحویل می‌شد. لطفاً زمان دقیق را بگویید تا به انبار خبر بدهم.",
            "سلام،\nاز تأخیر پوزش می‌خواهیم. "
            "فردا پیش از ساعت ۱۲ تحویل می‌شود و شمارهٔ راننده را پیامک می‌کنیم.",
        ),
        (
            "تأیید متن قرارداد",
            "سلام،\nواحد حقوقی ما بند ۷ را اصلاح کرده است. اگر موافق‌اید نسخهٔ نهایی را امضا می‌کنیم.",
            "سلام،\nبا اصلاح بند ۷ موافقیم. نسخهٔ نهایی برای امضا آماده است.",
        ),
        (
            "سپاس از آموزش",
            "سلام،\nهمکاران از کارگاه دیروز بسیار راضی بودند. لطفاً فیلم جلسه را هم بفرستید.",
            "سلام،\nخوشحالیم که مفید بود. پیوند فیلم تا یک ماه در دسترس است.",
        ),
        (
            "مغایرت صورت‌حساب",
            "با سلام،\nمبلغ صورت‌حساب این ماه با قرارداد نمی‌خواند. لطفاً بررسی و اصلاح کنید.",
            "سلام،\nحق با شماست؛ صورت‌حساب اصلاح شد و نسخهٔ تازه به پیوست است.",
        ),
        (
            "معرفی به شرکت همکار",
            "سلام،\nشما را به همکارانمان در شیراز معرفی کردم. این هفته تماس می‌گیرند.",
            "سلام،\nسپاس از لطف شما. منتظر تماسشان هستیم و خبرتان می‌کنیم.",
        ),
        (
            "درخواست دسترسی آزمایشی",
            "سلام،\nمی‌خواهیم دو هفته نسخهٔ آزمایشی را با پنج کاربر بسنجیم. چه چیزی لازم دارید؟",
            "سلام،\nفقط نام و ایمیل پنج نفر را بفرستید؛ همین امروز فعال می‌شود.",
        ),
    ),
    "en": (
        (
            "Quote for 25 users",
            "Hello,\nplease send us a quote for 25 users of the cloud edition with a year of support. "
            "It goes to our purchasing committee on Friday.\nThank you",
            "Hello,\nthe quote is attached. "
            "The discount for annual orders is in the last line and stands for two weeks.\nBest regards",
        ),
        (
            "Arranging the first meeting",
            "Hello,\nwould Tuesday at 10 suit you? "
            "From our side the finance director and two people from sales will join.",
            "Hello,\nTuesday at 10 is perfect. The invitation is on its way.",
        ),
        (
            "Moving our data",
            "Hi,\nour customers are in a spreadsheet of about 8,000 rows. "
            "Can we bring them in ourselves or do you do that for us?",
            "Hi,\nthe import lets you do it yourselves; we will sit beside you the first time. "
            "A sample file is attached.",
        ),
        (
            "Renewal of the support contract",
            "Hello,\nour support contract ends next month. Please let us know your terms.",
            "Hello,\nthe terms are the same as last year; the draft will reach you tomorrow.",
        ),
        (
            "Late delivery",
            "Hello,\nthe delivery was due yesterday. "
            "Please give us an exact time so that I can tell the warehouse.",
            "Hello,\nwe are sorry for the delay. "
            "It arrives tomorrow before noon and the driver will call ahead.",
        ),
        (
            "Wording of the contract",
            "Hello,\nour lawyers changed clause 7. If you agree we sign the final version.",
            "Hello,\nwe agree to clause 7 as changed. The final version is ready to be signed.",
        ),
        (
            "Thanks for the training",
            "Hello,\nthe team enjoyed yesterday's workshop very much. Could you send the recording, too?",
            "Hello,\nglad it helped. The link to the recording stays open for a month.",
        ),
        (
            "Invoice does not match",
            "Hello,\nthis month's invoice does not match the contract. Please check and correct it.",
            "Hello,\nyou are right; the invoice was corrected and the new one is attached.",
        ),
        (
            "Introduction to a partner",
            "Hello,\nI recommended you to our colleagues in Boston. They will call this week.",
            "Hello,\nthank you very much. We look forward to their call and will keep you posted.",
        ),
        (
            "Trial access",
            "Hello,\nwe would like to try the product for two weeks with five users. "
            "What do you need from us?",
            "Hello,\njust the names and addresses of the five; it will be ready today.",
        ),
    ),
}  # fmt: skip
MAILBOX: Mapping[Language, tuple[str, str, str]] = {
    "fa": ("فروش", "پیشرو سامانه، فروش", "پاسخ: "),
    "en": ("Sales", "Northwind Sales", "Re: "),
}
"""The group's mailbox: its name, the sender's name, what an answer's subject begins with."""
ADDRESS: Mapping[Language, str] = {"fa": "sales@pishro.example", "en": "sales@northwind.example"}
LEAVING_WORDS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "fa": (
        ("گزارش نصب", "سلام،\nنصب انجام شد و گزارش آن در سامانه است. اگر پرسشی بود، در خدمتیم."),
        ("یادآوری پایان اعتبار پیش‌فاکتور", "سلام،\nپیش‌فاکتور ما تا پایان این هفته اعتبار دارد. اگر آماده‌اید، قرارداد را می‌فرستیم."),
        ("دعوت به وبینار ماهانه", "سلام،\nوبینار این ماه دربارهٔ گزارش‌هاست. اگر مایل بودید همین‌جا پاسخ دهید."),
        ("پیگیری جلسهٔ معرفی", "سلام،\nامیدواریم جلسه مفید بوده باشد. گام بعدی نسخهٔ آزمایشی است."),
    ),
    "en": (
        ("Installation report", "Hello,\nthe installation is done and its report is in your portal. Do write if anything is unclear."),
        ("Your quote expires soon", "Hello,\nour quote is valid until the end of this week. If you are ready, we send the contract."),
        ("This month's webinar", "Hello,\nthis month's webinar is about reports. Simply answer here if you would like to come."),
        ("After our meeting", "Hello,\nwe hope the meeting was useful. The next step would be a trial."),
    ),
}  # fmt: skip
"""Letters that have not left yet: subject and text."""
