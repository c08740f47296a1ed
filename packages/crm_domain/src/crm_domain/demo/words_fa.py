"""Words of the Persian demo company: names with their Latin spelling, what companies are called, what they buy."""


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """`علی Ali` by line or `|`; `_` stands for a blank."""
    items = text.replace("\n", "|").split("|")
    split = (item.split() for item in items if item.strip())
    return tuple((persian.replace("_", " "), latin.replace("_", " ")) for persian, latin in split)


WOMEN = _pairs("""
سارا Sara|مریم Maryam|زهرا Zahra|فاطمه Fatemeh|نگار Negar|لیلا Leila|نرگس Narges|مینا Mina|شیما Shima
الهام Elham|پریسا Parisa|نازنین Nazanin|ندا Neda|سمیرا Samira|مهسا Mahsa|آرزو Arezou|بهاره Bahareh
پگاه Pegah|ترانه Taraneh|ثریا Soraya|حدیث Hadis|حمیده Hamideh|خدیجه Khadijeh|درسا Dorsa|راضیه Razieh
رعنا Rana|رکسانا Roxana|رها Raha|رویا Roya|ریحانه Reyhaneh|زینب Zeynab|ژاله Zhaleh|ساناز Sanaz|سپیده Sepideh
ستاره Setareh|سحر Sahar|سمانه Samaneh|سودابه Soudabeh|سوگند Sogand|سیما Sima|شادی Shadi|شبنم Shabnam
شقایق Shaghayegh|شهرزاد Shahrzad|شهلا Shahla|شیرین Shirin|شیوا Shiva|صبا Saba|طاهره Tahereh|طناز Tannaz
عاطفه Atefeh|غزاله Ghazaleh|غزل Ghazal|فائزه Faezeh|فرزانه Farzaneh|فرشته Fereshteh|فرناز Farnaz
فریبا Fariba|کتایون Katayoun|کیانا Kiana|گلاره Gelareh|گلناز Golnaz|لاله Laleh|لادن Ladan|لیدا Lida
مائده Maedeh|ماندانا Mandana|محبوبه Mahboubeh|محدثه Mohaddeseh|مرجان Marjan|مرضیه Marzieh|ملیکا Melika
منیژه Manijeh|مهتاب Mahtab|مهرناز Mehrnaz|مهری Mehri|مهناز Mahnaz|مهشید Mahshid|مونا Mona|میترا Mitra
ناهید Nahid|نسترن Nastaran|نسرین Nasrin|نگین Negin|نوشین Noushin|نیلوفر Niloufar|نیکی Niki|هانیه Hanieh
هدیه Hedieh|هستی Hasti|هما Homa|هنگامه Hengameh|یاسمن Yasaman|یگانه Yeganeh|یلدا Yalda|آتنا Atena|آذر Azar
آزاده Azadeh|آناهیتا Anahita|آیدا Aida|افسانه Afsaneh|اکرم Akram|المیرا Elmira|بنفشه Banafsheh|بهار Bahar
پروانه Parvaneh|پروین Parvin|پونه Pouneh|تینا Tina|ویدا Vida
""")
MEN = _pairs("""
علی Ali|رضا Reza|محمد Mohammad|حسین Hossein|امیر Amir|مهدی Mehdi|امیرحسین Amirhossein|پویا Pouya|کاوه Kaveh
آرش Arash|بهرام Bahram|سعید Saeed|حمید Hamid|مجید Majid|مسعود Masoud|فرهاد Farhad|داریوش Dariush
کامران Kamran|کیوان Keyvan|نیما Nima|سینا Sina|پدرام Pedram|پیمان Peyman|بابک Babak|بهزاد Behzad
بهنام Behnam|بیژن Bijan|پرویز Parviz|پژمان Pezhman|تورج Touraj|جواد Javad|جمشید Jamshid|حامد Hamed
حبیب Habib|حسن Hassan|حمیدرضا Hamidreza|خسرو Khosrow|دانیال Danial|رامین Ramin|رسول Rasoul|روزبه Rouzbeh
سامان Saman|سپهر Sepehr|سروش Soroush|سهراب Sohrab|سهیل Soheil|سیامک Siamak|سیاوش Siavash|شاهین Shahin
شایان Shayan|شهاب Shahab|شهرام Shahram|شهریار Shahriar|صادق Sadegh|صابر Saber|طاها Taha|عباس Abbas
عرفان Erfan|علیرضا Alireza|فرامرز Faramarz|فربد Farbod|فرزاد Farzad|فرزین Farzin|فرشاد Farshad|فرید Farid
فریدون Fereydoun|قاسم Ghasem|کاظم Kazem|کریم Karim|کسری Kasra|کوروش Kourosh|کیارش Kiarash|کیان Kian
ماهان Mahan|مازیار Maziar|مانی Mani|محسن Mohsen|محمدرضا Mohammadreza|محمود Mahmoud|مرتضی Morteza
مصطفی Mostafa|منصور Mansour|منوچهر Manouchehr|مهران Mehran|مهرداد Mehrdad|میثم Meysam|میلاد Milad|نادر Nader
ناصر Naser|نوید Navid|هادی Hadi|هاشم Hashem|هومن Houman|هوشنگ Houshang|وحید Vahid|یاسر Yaser|یاشار Yashar
یونس Younes|یوسف Yousef|آرمان Arman|آریا Aria|احسان Ehsan|احمد Ahmad|ابراهیم Ebrahim|اسماعیل Esmaeil
اشکان Ashkan|اکبر Akbar|امید Omid|ایمان Iman|بردیا Bardia
""")
FAMILIES = _pairs("""
محمدی Mohammadi|رضایی Rezaei|حسینی Hosseini|احمدی Ahmadi|کریمی Karimi|موسوی Mousavi|جعفری Jafari
قاسمی Ghasemi|رحیمی Rahimi|صادقی Sadeghi|کاظمی Kazemi|توکلی Tavakoli|نجفی Najafi|شریفی Sharifi
نوروزی Norouzi|هاشمی Hashemi|اکبری Akbari|عباسی Abbasi|مرادی Moradi|حیدری Heydari|ابراهیمی Ebrahimi
امینی Amini|یوسفی Yousefi|سلیمانی Soleimani|نوری Nouri|باقری Bagheri|صالحی Salehi|میرزایی Mirzaei
زارعی Zarei|ملکی Maleki|طاهری Taheri|قربانی Ghorbani|فرهادی Farhadi|رستمی Rostami|بهرامی Bahrami|کیانی Kiani
شجاعی Shojaei|اسدی Asadi|یزدانی Yazdani|پارسا Parsa|تهرانی Tehrani|اصفهانی Esfahani|شیرازی Shirazi
تبریزی Tabrizi|کرمانی Kermani|یزدی Yazdi|گیلانی Gilani|خراسانی Khorasani|همدانی Hamedani|قزوینی Ghazvini
مشهدی Mashhadi|کاشانی Kashani|نیشابوری Neyshabouri|سبزواری Sabzevari|لاریجانی Larijani|مازندرانی Mazandarani
رشتی Rashti|بوشهری Boushehri|دزفولی Dezfouli|اهوازی Ahvazi|آقایی Aghaei|آزاد Azad|آهنگری Ahangari
اسکندری Eskandari|اسماعیلی Esmaeili|افشار Afshar|افضلی Afzali|الهی Elahi|امیری Amiri|انصاری Ansari
ایزدی Izadi|باباخانی Babakhani|بختیاری Bakhtiari|بهمنی Bahmani|بیات Bayat|پاکدل Pakdel|پرتو Parto
پناهی Panahi|پورمند Pourmand|پیروز Pirouz|تقوی Taghavi|توسلی Tavassoli|جلالی Jalali|جمالی Jamali
جوادی Javadi|جهانگیری Jahangiri|چراغی Cheraghi|حاتمی Hatami|حبیبی Habibi|حجازی Hejazi|حقیقی Haghighi
حکیمی Hakimi|خادمی Khademi|خاکسار Khaksar|خلیلی Khalili|خسروی Khosravi|داودی Davoudi|درویشی Darvishi
دلاوری Delavari|دهقان Dehghan|ذاکری Zakeri|راد Rad|رجبی Rajabi|رحمانی Rahmani|رفیعی Rafiei|رمضانی Ramezani
رنجبر Ranjbar|روحانی Rouhani|زمانی Zamani|زندی Zandi|ساجدی Sajedi|سالاری Salari|سرمدی Sarmadi|سعیدی Saeedi
سهرابی Sohrabi|سیفی Seyfi|شاکری Shakeri|شاهی Shahi|شعبانی Shabani|شفیعی Shafiei|شکوهی Shokouhi|شمس Shams
شهابی Shahabi|شیخی Sheykhi|صابری Saberi|صبوری Sabouri|صفایی Safaei|صفری Safari|صمدی Samadi|ضیایی Ziaei
طالبی Talebi|طباطبایی Tabatabaei|ظریف Zarif|عابدی Abedi|عارفی Arefi|عزیزی Azizi|عسگری Asgari|عطایی Ataei
علوی Alavi|علیزاده Alizadeh|غفاری Ghaffari|غلامی Gholami|فاضلی Fazeli|فتحی Fathi|فدایی Fadaei
فراهانی Farahani|فرجی Faraji|فروتن Foroutan|فلاح Fallah|فیاضی Fayazi|قائمی Ghaemi|قادری Ghaderi
قنبری Ghanbari|قهرمانی Ghahremani|کاویانی Kaviani|کامیاب Kamyab|کرامتی Keramati|کمالی Kamali|کوهی Kouhi
گلستانی Golestani|گودرزی Goudarzi|لطفی Lotfi|مجیدی Majidi|محبی Mohebbi|محسنی Mohseni|محمودی Mahmoudi
مدنی Madani|مرتضوی Mortazavi|مسعودی Masoudi|مشایخی Mashayekhi|مصطفوی Mostafavi|مظاهری Mazaheri
معتمدی Motamedi|معینی Moeini|مقدم Moghaddam|ملایی Mollaei|منصوری Mansouri|مهدوی Mahdavi|مهرابی Mehrabi
میرباقری Mirbagheri|نادری Naderi|ناصری Naseri|نبوی Nabavi|نصیری Nasiri|نظری Nazari|نعمتی Nemati|نقوی Naghavi
نیازی Niazi|نیکو Nikou|وحیدی Vahidi|وفایی Vafaei|ولی‌زاده Valizadeh|هدایتی Hedayati|همتی Hemmati
هنرمند Honarmand|یاری Yari|یعقوبی Yaghoubi|یوسف‌پور Yousefpour|حسن‌زاده Hassanzadeh|محمدزاده Mohammadzadeh
عبداللهی Abdollahi|پورمحمدی Pourmohammadi|نیک‌نام Niknam|خوش‌رو Khoshrou|کاردان Kardan
مهندس‌پور Mohandespour|بنی‌هاشم Banihashem|فرخ‌زاد Farrokhzad|شاه‌محمدی Shahmohammadi|تاج‌بخش Tajbakhsh
""")
BRANDS = _pairs("""
پارس Pars|البرز Alborz|زاگرس Zagros|آتیه Atieh|سپهر Sepehr|مهر Mehr|آریا Aria|نوین Novin|آسمان Aseman
خاورمیانه Khavarmiane|پیشرو Pishro|پایدار Paydar|سپاهان Sepahan|دنا Dena|سهند Sahand|سبلان Sabalan
الوند Alvand|هیرمند Hirmand|کارون Karoun|ارس Aras|خزر Khazar|کاسپین Caspian|خلیج Khalij|هرمز Hormoz
جنوب Jonoub|شرق Shargh|غرب Gharb|شمال Shomal|ایرانیان Iranian|پرشیا Persia|آرمان Arman|امید Omid|بهار Bahar
بهینه Behineh|بنیان Bonyan|پگاه Pegah|پویا Pouya|تابان Taban|توسعه Tosee|ثمین Samin|جهان Jahan|چکاد Chakad
دانا Dana|درخشان Derakhshan|راد Rad|رایان Rayan|رهاورد Rahavard|روشن Roshan|زرین Zarrin|سبز Sabz
ستاره Setareh|سروش Soroush|سینا Sina|شایان Shayan|شفق Shafagh|صبا Saba|صدف Sadaf|طلوع Tolou|فجر Fajr
فراز Faraz|فردا Farda|فرزان Farzan|کاوه Kaveh|کیان Kian|کیمیا Kimia|گستران Gostaran|گلستان Golestan
ماهان Mahan|مبنا Mabna|مروارید Morvarid|میلاد Milad|نگین Negin|نیکان Nikan|نوید Navid
نقش‌جهان Naghsh-e-Jahan|ورنا Verna|هامون Hamoun|هما Homa|همراه Hamrah|یاقوت Yaghout|یاس Yas|یکتا Yekta
آبان Aban|آذرخش Azarakhsh|آرتا Arta|آفتاب Aftab|اروند Arvand|افق Ofogh|اطلس Atlas|اکسیر Exir|الماس Almas
انرژین Energin|ایده Ideh|باختر Bakhtar|برنا Borna|بلوط Balout|بیستون Bisotoun|پاسارگاد Pasargad|پردیس Pardis
تخت‌جمشید Takht-e-Jamshid
""")
QUALITIES = _pairs("""
نو Now|برتر Bartar|شرق Shargh|جنوب Jonoub|غرب Gharb|شمال Shomal|ایران Iran|آسیا Asia|خاور Khavar
مرکزی Markazi|پارسیان Parsian|ایرانیان Iranian|تهران Tehran|سپید Sepid|آینده Ayandeh|امروز Emrouz|فارس Fars
گستر Gostar|آفرین Afarin|پرداز Pardaz|کار Kar|ساز Saz|آوران Avaran|پژوهان Pajouhan|گران Garan|یاران Yaran
نگر Negar|آرا Ara|بنیان Bonyan|پیشگام Pishgam
""")
TRADES: dict[str, tuple[tuple[str, str], ...]] = {
    "steel": _pairs("فولاد Steel|صنایع_فولاد Steel-Industries|نورد Rolling|ریخته‌گری Foundry"),
    "food": _pairs("صنایع_غذایی Foods|لبنیات Dairy|کشت_و_صنعت Agro|نوشیدنی Beverages"),
    "pharma": _pairs("داروسازی Pharma|پخش_دارو Pharma-Distribution|لابراتوار Laboratories"),
    "technology": _pairs(
        "رایانه Computers|فناوری_اطلاعات IT|نرم‌افزار Software|داده‌پردازی Data|هوشمندسازی Smart-Systems"
    ),
    "construction": _pairs("گروه_ساختمانی Construction|عمران Civil|سازه Structures|انبوه‌سازی Housing"),
    "banking": _pairs("بانک Bank|مؤسسهٔ_اعتباری Credit"),
    "insurance": _pairs("بیمهٔ Insurance|خدمات_بیمه Insurance-Services"),
    "retail": _pairs("فروشگاه‌های_زنجیره‌ای Stores|بازرگانی Trading|پخش Distribution|لوازم_خانگی Home-Appliances"),
    "healthcare": _pairs("بیمارستان Hospital|درمانگاه Clinic|تجهیزات_پزشکی Medical"),
    "education": _pairs("آموزشگاه Academy|دانشگاه University|مدارس Schools|انتشارات Publishing"),
    "oil_gas": _pairs("پتروشیمی Petrochemical|نفت Oil|پالایش Refining|خدمات_چاه Well-Services"),
    "mining": _pairs("معادن Mines|سنگ_آهن Iron-Ore|مس Copper|زغال‌سنگ Coal"),
    "automotive": _pairs("خودروسازی Motors|قطعات_خودرو Auto-Parts|لاستیک Tires"),
    "agriculture": _pairs("کشاورزی Agriculture|دامپروری Livestock|بذر Seeds|گلخانه‌های Greenhouses"),
    "manufacturing": _pairs("صنایع Industries|کاشی_و_سرامیک Ceramics|نساجی Textiles|چوب_و_کاغذ Paper|پلاستیک Plastics"),
    "transportation": _pairs("حمل‌ونقل Transport|ترابری Logistics|باربری Freight|هواپیمایی Airlines"),
    "shipping": _pairs("کشتیرانی Shipping|خدمات_بندری Port-Services"),
    "energy": _pairs("نیرو Power|انرژی Energy|توربین Turbines"),
    "consulting": _pairs("مشاوران Consultants|مهندسان_مشاور Engineers|حسابرسی Auditing"),
    "telecommunications": _pairs("مخابرات Telecom|ارتباطات Communications|فیبر_نوری Fiber"),
    "apparel": _pairs("پوشاک Clothing|کفش Shoes|چرم Leather"),
    "hospitality": _pairs("هتل Hotel|گردشگری Tourism|رستوران‌های Restaurants"),
    "machinery": _pairs("ماشین‌سازی Machinery|ابزار Tools|تجهیزات_صنعتی Equipment"),
    "media": _pairs("رسانهٔ Media|چاپ Print|تبلیغات Advertising"),
    "electronics": _pairs("الکترونیک Electronics|برق_و_کنترل Control|مدار Circuits"),
    "chemicals": _pairs("شیمیایی Chemicals|رنگ_و_رزین Paints|شوینده Detergents"),
}
"""What companies of an industry call their trade, with the Latin word of their web address."""
POSTS = (
    ("مدیرعامل", "مدیریت"),
    ("قائم‌مقام مدیرعامل", "مدیریت"),
    ("عضو هیئت‌مدیره", "مدیریت"),
    ("مدیر مالی", "مالی"),
    ("رئیس حسابداری", "مالی"),
    ("کارشناس مالی", "مالی"),
    ("مدیر فناوری اطلاعات", "فناوری اطلاعات"),
    ("کارشناس شبکه", "فناوری اطلاعات"),
    ("مدیر پروژه", "فناوری اطلاعات"),
    ("مدیر خرید", "بازرگانی"),
    ("کارشناس خرید", "بازرگانی"),
    ("مدیر بازرگانی", "بازرگانی"),
    ("مدیر فروش", "فروش"),
    ("کارشناس فروش", "فروش"),
    ("مدیر بازاریابی", "بازاریابی"),
    ("مدیر کارخانه", "تولید"),
    ("مدیر تولید", "تولید"),
    ("سرپرست تولید", "تولید"),
    ("مدیر کنترل کیفیت", "کنترل کیفیت"),
    ("مدیر منابع انسانی", "منابع انسانی"),
    ("کارشناس منابع انسانی", "منابع انسانی"),
    ("مدیر حقوقی", "حقوقی"),
    ("مسئول دفتر", "اداری"),
    ("مدیر اداری", "اداری"),
    ("مدیر انبار", "انبار"),
    ("مدیر تحقیق و توسعه", "تحقیق و توسعه"),
)
STREETS = (
    "خیابان ولیعصر", "خیابان آزادی", "خیابان انقلاب", "خیابان شریعتی", "بلوار کشاورز", "خیابان مطهری",
    "خیابان بهشتی", "خیابان سعدی", "خیابان فردوسی", "خیابان حافظ", "بلوار مدرس", "خیابان امام خمینی",
    "خیابان طالقانی", "بلوار معلم", "خیابان دانشگاه", "خیابان کارگر", "شهرک صنعتی، خیابان صنعت", "خیابان گلستان",
    "بلوار جمهوری", "خیابان نور", "خیابان لاله", "خیابان یاس", "خیابان نیلوفر", "خیابان شقایق", "بلوار ارم",
    "خیابان چمران", "خیابان ملاصدرا",
)  # fmt: skip
ALLEYS = ("کوچهٔ یکم", "کوچهٔ سوم", "کوچهٔ هفتم", "کوچهٔ بهار", "کوچهٔ نسترن", "بن‌بست یاس", "کوچهٔ شهید رضایی", "کوچهٔ مینا")
DEALS = (
    "استقرار ERP", "سامانهٔ مدیریت خسارت", "یکپارچه‌سازی صندوق فروش", "رهگیری کالا در زنجیرهٔ تأمین", "پایش ناوگان",
    "پروندهٔ الکترونیک کارکنان", "تمدید پشتیبانی سالانه", "تمدید پشتیبانی سه‌ساله", "کنترل پروژه", "انبار هوشمند",
    "برنامه‌ریزی تولید", "کنترل کیفیت خط", "سامانهٔ آموزش مجازی", "مهاجرت مرکز داده", "مدیریت قرارداد پیمانکاران",
    "باشگاه مشتریان", "اتصال به سامانهٔ مؤدیان", "نگهداری تجهیزات", "قرارداد سطح خدمت سالانه", "گزارش‌ساز مدیریتی",
    "اتوماسیون اداری", "مرکز تماس", "درگاه پرداخت", "وب‌گاه و فروشگاه اینترنتی", "برنامهٔ همراه فروش", "هوش تجاری",
    "امنیت شبکه", "تجهیز اتاق سرور", "دوربین و نظارت تصویری", "حضور و غیاب", "حسابداری صنعتی",
    "آموزش کاربران کلیدی", "ممیزی فرایندها", "خرید کارساز و ذخیره‌ساز", "مجوز نرم‌افزار", "پیاده‌سازی CRM",
    "سامانهٔ توزین", "ردیابی پالت",
)  # fmt: skip
DEAL_ENDINGS = (
    "",
    "",
    "",
    "، کارخانهٔ شماره ۲",
    "، دفتر مرکزی",
    "، شعبه‌ها",
    "، مرحلهٔ دوم",
    "، انبار مرکزی",
    "، طرح آزمایشی",
)
NEXT_STEPS = (
    "ارسال پیش‌فاکتور", "جلسهٔ حقوقی", "دموی فنی", "تماس پیگیری", "بازدید از کارخانه", "جلسهٔ شناخت",
    "تماس با مدیر مالی", "ارسال نمونه", "کارگاه نیازسنجی", "امضای قرارداد", "ارائهٔ آنلاین", "دریافت استعلام",
    "پاسخ به پرسش‌های فنی",
)  # fmt: skip
NOTES = (
    "در غرفهٔ نمایشگاه آشنا شدیم. نسخهٔ فعلی پاسخ‌گوی نیازشان نیست.",
    "بودجهٔ امسال تصویب شده است و تا پایان فصل تصمیم می‌گیرند.",
    "شرایط پرداخت برایشان مهم است: ۳۰٪ پیش‌پرداخت و باقی در سه مرحله.",
    "پیش از این با رقیب کار کرده‌اند و از پشتیبانی راضی نبودند.",
    "خواستند پیشنهاد با دو گزینهٔ قیمت فرستاده شود.",
    "تصمیم‌گیر نهایی هیئت‌مدیره است؛ جلسهٔ بعدی پس از مجمع.",
    "نسخهٔ آزمایشی را نصب کرده‌اند و منتظر بازخورد کاربران هستیم.",
    "پرسش اصلی آنان اتصال به سامانه‌های موجود است.",
)
LOST_NOTES = (
    "با قیمت پایین‌تر رقیب قرارداد بستند.",
    "بودجه به سال آینده منتقل شد.",
    "پس از سه بار پیگیری پاسخی ندادند.",
    "به راه‌حل داخلی رسیدند.",
)
CLOSING_SOON, LARGE_DEALS, FRESH_LEADS = "بستن در این فصل", "بالای یک میلیارد", "سرنخ‌های باز این ماه"
LARGE = "1000000000 toman"
"""As it is typed into a filter."""
TEAMS = ("فروش", "فروش تهران", "فروش استان‌ها", "مشتریان کلیدی")
"""The first stands above the others."""
USER_POSTS = ("مدیر فروش", "کارشناس ارشد فروش", "کارشناس فروش", "کارشناس بازاریابی")
USER_DEPARTMENT = "فروش"
