"""Canned replies of the demo company's support desk."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from crm_domain.demo.companies import owned
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, World

REPLIES: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "fa": (
        ("دریافت درخواست", "{contact} گرامی، درخواست شما با شمارهٔ {number} ثبت شد. نتیجهٔ بررسی را به شما خبر می‌دهیم."),
        ("درخواست تصویر خطا", "{contact} گرامی، برای بررسی «{subject}» لطفاً تصویری از پیام خطا و زمان رخ دادن آن بفرستید."),
        ("در دست بررسی", "همکاران فنی در حال بررسی موضوع هستند. تا پایان روز کاری نتیجه را اعلام می‌کنیم."),
        ("ارجاع به فروش", "پاسخ این پرسش با همکاران فروش است؛ درخواست {number} به آنان سپرده شد."),
        ("پیشنهاد زمان تماس", "لطفاً زمانی را که برای گفت‌وگوی تلفنی مناسب است بنویسید تا با شما تماس بگیریم."),
        ("رفع شد", "{contact} گرامی، ایراد برطرف شد. لطفاً یک بار دیگر بیازمایید و نتیجه را بنویسید.<br>{sender}"),
        ("بازنشانی گذرواژه", "از صفحهٔ ورود گزینهٔ «گذرواژه را فراموش کرده‌ام» را بزنید؛ پیوند تازه به ایمیل شما می‌آید."),
        ("نبود پاسخ", "چون پاسخی نرسید، درخواست {number} بسته می‌شود. با پاسخ به همین نامه دوباره باز می‌شود."),
        ("نیاز به نسخهٔ تازه", "این امکان در نسخهٔ تازه آمده است. لطفاً سامانه را به‌روز کنید و دوباره بیازمایید."),
        ("سپاس", "از پیگیری شما سپاسگزاریم. اگر پرسش دیگری هست به همین نامه پاسخ دهید.<br>{sender}"),
    ),
    "en": (
        ("Received", "Dear {contact}, your request has the number {number}. We shall tell you what we find."),
        ("A picture of the error", "Dear {contact}, to look into “{subject}” we need a picture of the message and the time it came."),
        ("Being looked at", "Our engineers are looking at it. You will hear from us by the end of the working day."),
        ("Passed to sales", "Our colleagues in sales know best; they have case {number} now."),
        ("When may we call?", "Please tell us when it suits you to talk on the phone, and we shall call you."),
        ("Solved", "Dear {contact}, it is solved. Please try once more and tell us how it went.<br>{sender}"),
        ("Reset a password", "Choose “I forgot my password” where you sign in; a new link comes to your e-mail address."),
        ("No answer", "As we have not heard from you we close case {number}. Answer this mail to open it again."),
        ("Needs the new version", "The new version can do that. Please update and try again."),
        ("Thank you", "Thank you for your patience. If there is anything else, just answer this mail.<br>{sender}"),
    ),
}  # fmt: skip


def canned_replies(world: World) -> Iterator[Batch]:
    """What its people answer again and again."""
    rows = [
        {
            **owned(
                world.chance("canned reply", place), world.setting.now - timedelta(days=90 - place), world.owners[0]
            ),
            "name": name,
            "body": f"<p>{text}</p>",
            "active": place != 8,
        }
        for place, (name, text) in enumerate(REPLIES[world.setting.language])
    ]
    yield Batch("canned_replies", rows)
