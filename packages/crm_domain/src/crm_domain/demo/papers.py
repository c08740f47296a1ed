"""The files of the demo company: small texts and tables, made from words, the same for the same company."""

from collections.abc import Mapping
from hashlib import sha256

import msgspec

from crm_domain.definition import Blob
from crm_domain.demo.setting import Language

KEY_LETTERS = 48
TYPES = {"txt": "text/plain", "csv": "text/csv"}


class Paper(msgspec.Struct, frozen=True):
    """A file with what it says."""

    name: str
    text: str

    @property
    def body(self) -> bytes:
        """Its bytes; the mark at the beginning makes spreadsheets read Persian."""
        return b"\xef\xbb\xbf" + self.text.encode()

    @property
    def blob(self) -> Blob:
        """The file as records hold it. The key follows from the content, so that every load brings the same one."""
        key = sha256(self.name.encode() + self.body).hexdigest()[:KEY_LETTERS]
        return Blob(key, self.name, TYPES[self.name.rpartition(".")[2]], len(self.body))


PAPERS: Mapping[Language, tuple[Paper, ...]] = {
    "fa": (
        Paper(
            "فهرست قیمت.csv",
            "ردیف,شرح,تعداد,مبلغ (ریال)\n1,مجوز کاربری سالانه,1,48000000\n2,استقرار و آموزش,1,350000000\n"
            "3,پشتیبانی سالانه,1,180000000\n4,ساعت مشاوره,10,60000000\n",
        ),
        Paper(
            "قرارداد پشتیبانی.txt",
            "قرارداد پشتیبانی\n\nماده ۱ – موضوع: پشتیبانی نرم‌افزار به مدت یک سال.\n"
            "ماده ۲ – پاسخ‌گویی: هر روز کاری از ساعت ۸ تا ۱۷؛ خرابی کامل، همه‌روزه.\n"
            "ماده ۳ – مبلغ و پرداخت: ۳۰٪ پیش‌پرداخت و باقی در سه مرحله.\nماده ۴ – محرمانگی: داده‌های دو طرف محرمانه است.\n",
        ),
        Paper(
            "توافق‌نامهٔ محرمانگی.txt",
            "توافق‌نامهٔ محرمانگی\n\nدو طرف می‌پذیرند اطلاعات یکدیگر را تا پنج سال پس از پایان همکاری محرمانه نگه دارند.\n",
        ),
        Paper(
            "شرح فنی.txt",
            "شرح فنی\n\nمحیط اجرا: لینوکس، PostgreSQL\nکاربران هم‌زمان: ۲۰۰\nپشتیبان‌گیری: روزانه، با آزمون بازگردانی ماهانه\n"
            "اتصال‌ها: حسابداری، مرکز تماس، درگاه پیامک\n",
        ),
        Paper(
            "صورت‌جلسه.txt",
            "صورت‌جلسه\n\nحاضران: مدیر خرید، مدیر فناوری، کارشناس فروش\n۱. نسخهٔ نمایشی دیده شد.\n"
            "۲. پیشنهاد با دو گزینهٔ قیمت تا پایان هفته فرستاده می‌شود.\n۳. جلسهٔ بعدی دو هفتهٔ دیگر.\n",
        ),
    ),
    "en": (
        Paper(
            "Price list.csv",
            "No,Description,Quantity,Price (USD)\n1,Yearly user licence,1,480\n2,Rollout and training,1,3500\n"
            "3,Yearly support,1,1800\n4,Hour of consulting,10,1500\n",
        ),
        Paper(
            "Support agreement.txt",
            "Support agreement\n\n1. Subject: support of the software for one year.\n2. Response: working days from 8 to 17; "
            "a full outage at any time.\n3. Payment: 30% up front, the rest in three instalments.\n4. Confidentiality: data of both "
            "parties is confidential.\n",
        ),
        Paper(
            "Non-disclosure agreement.txt",
            "Non-disclosure agreement\n\nBoth parties keep each other's information confidential until five years after "
            "the end of their work together.\n",
        ),
        Paper(
            "Technical description.txt",
            "Technical description\n\nRuns on: Linux, PostgreSQL\nUsers at the same time: 200\nBackups: daily, a restore is tried every "
            "month\nLinks: accounting, contact centre, text messages\n",
        ),
        Paper(
            "Minutes.txt",
            "Minutes\n\nPresent: head of purchasing, IT director, account executive\n1. The demo was seen.\n"
            "2. The offer with two price options goes out by the end of the week.\n3. Next meeting in two weeks.\n",
        ),
    ),
}  # fmt: skip
BODIES: Mapping[str, bytes] = {paper.blob.key: paper.body for papers in PAPERS.values() for paper in papers}
"""What the file door has to hold for the demo company, by key."""
