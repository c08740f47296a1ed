"""Words and values for the catalogue page, in both languages."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sample_words import ENGLISH, LABELS, PERSIAN

from crm_ui.inputs import Input
from crm_ui.shell import NavItem, Shell, ShellUser

HUES = ("gray", "blue", "blue", "violet", "violet", "amber", "green", "red")
GLYPHS = ("stage-0", "stage-1", "stage-2", "stage-3", "stage-4", "stage-5", "stage-won", "stage-lost")
STAGES = {
    "fa": ("شناسایی", "ارزیابی", "نیازسنجی", "ارائهٔ راهکار", "پیشنهاد قیمت", "مذاکره", "موفق", "ناموفق"),
    "en": ("Discovery", "Assessment", "Needs analysis", "Proposal", "Quote", "Negotiation", "Won", "Lost"),
}
RICH = "<p>{0} <b>{0}</b></p><ul><li>{0}</li></ul>"


@dataclass(frozen=True)
class Side:
    """A page of one language."""

    language: str

    def pick(self, persian: Any, english: Any) -> Any:
        return persian if self.language == "fa" else english

    @property
    def words(self) -> dict[str, str]:
        return self.pick(PERSIAN, ENGLISH)

    def value(self, kind: str) -> Any:
        """A filled value of a field of this kind."""
        w = self.words
        match kind:
            case "money":
                return {"": self.pick("۱٬۴۵۰٬۰۰۰٬۰۰۰", "1,450,000,000"), "currency": "IRR"}
            case "datetime":
                return {"": self.pick("۱۴۰۵/۰۹/۰۸", "2026-11-29"), "time": self.pick("۰۹:۳۰", "09:30")}
            case "address":
                return {
                    "street": self.pick("خیابان آزادی، پلاک ۱۲", "12 Azadi St"),
                    "city": self.pick("کرج", "Karaj"),
                    "postal_code": "3149834567",
                }
            case "link" | "user" | "any_link":
                return {"": "1", "label": w["company"], "module": "accounts"}
            case "emails":
                return [
                    {"address": "info@alborz.example", "primary": True},
                    {"address": "old@alborz.example", "invalid": True},
                ]
            case "multi_choice":
                return ["s1", "s3"]
            case "boolean":
                return "1"
            case "choice" | "dependent_choice":
                return "s1"
            case "file" | "files" | "image":
                return [
                    {"part": "keep", "key": "0" * 48, "name": f"{kind}.pdf", "size": self.pick("۱۲ کیلوبایت", "12 KB")}
                ]
            case "rich_text":
                return RICH.format(w["quote"])
            case _:
                plain = {
                    "long_text": w["quote"],
                    "integer": self.pick("۳۴۶", "346"),
                    "decimal": self.pick("۱٫۵", "1.5"),
                    "percent": self.pick("۶۲", "62"),
                    "date": self.pick("۱۴۰۵/۰۹/۰۸", "2026-11-29"),
                    "duration": "90",
                    "phone": self.pick("۰۹۱۲ ۳۴۵ ۶۷۸۹", "0912 345 6789"),
                    "url": "https://alborz.example",
                    "auto_number": "ACC-00412",
                }
                return plain.get(kind, w["company"])

    def extra(self, kind: str) -> dict[str, Any]:
        """What a field of this kind needs besides its value."""
        calendar = {"calendar": self.pick("jalali", "gregorian"), "week_start": self.pick(5, 0)}
        return {
            "money": {"currencies": (("IRR", self.pick("تومان", "toman")), ("EUR", "EUR"))},
            "date": calendar,
            "datetime": calendar,
            "link": {"url": "/accounts/pick", "create": True},
            "user": {"url": "/users/pick"},
            "rich_text": {"library": "", "mentions": False},
            "any_link": {"targets": ("accounts", "contacts")},
            "dependent_choice": {"leader": "choice", "parents": {"s1": ["s1"], "s2": ["s1", "s2"]}},
            "address": {"twin": "other_address", "twin_label": self.pick("نشانی ارسال", "Shipping address")},
        }.get(kind, {})

    def input(self, kind: str, *, readonly: bool = False) -> Input:
        """A field of this kind; some carry an error, some help, some are required."""
        options = tuple(
            (f"s{n}", label, hue) for n, (label, hue) in enumerate(zip(STAGES[self.language], HUES, strict=True))
        )
        help_text = self.pick("نام ثبتی، بدون نوع شرکت", "The registered name, without its legal form")
        bad = kind in ("phone", "money", "link", "emails") and not readonly
        return Input(
            kind=kind,
            name=f"{kind}_still" if readonly else kind,
            id=f"f-{kind}{'-still' if readonly else ''}",
            label=self.pick(*LABELS[kind]),
            help=help_text if kind in ("text", "choice") else "",
            required=kind in ("text", "money"),
            errors=(self.pick("تلفن همراه ۱۱ رقم دارد، مانند ۰۹۱۲ ۳۴۵ ۶۷۸۹.", "A mobile number has 11 digits."),)
            if bad
            else (),
            value=self.value(kind),
            options=options if kind.endswith("choice") else (),
            readonly=readonly,
            extra=self.extra(kind),
        )

    def sample(self) -> SimpleNamespace:
        """Everything `catalogue.html` shows."""
        w, names = self.words, STAGES[self.language]
        facts: dict[str, Any] = {
            **w,
            "stages": list(zip(names, HUES, GLYPHS, strict=True)),
            "path_stages": [(n, "done" if i < 4 else "current" if i == 4 else "") for i, n in enumerate(names[:7])],
            "highlights": [(w["kpi"], w["kpi_figure"], w["kpi_unit"])] * 4,
            "tabs": [
                (w["list"], "#1", True, ""),
                (w["timeline"], "#2", False, w["twelve"]),
                (w["documents"], "#3", False, ""),
            ],
            "errors": [("f-phone", self.pick("تلفن همراه ۱۱ رقم دارد.", "A mobile number has 11 digits."))],
            "inputs": [self.input(kind) for kind in LABELS],
            "readonly_inputs": [self.input(kind, readonly=True) for kind in LABELS],
            "rows": [(w["deal"], s, self.pick("۴٬۸۵۰", "4,850")) for s in zip(names, HUES, GLYPHS, strict=True)],
        }
        return SimpleNamespace(**facts)

    def shell(self, nonce: str, csrf: str) -> Shell:
        """A frame with something in every menu."""
        w = self.words
        items = [
            NavItem(w["accounts"], "/accounts", "building-2", current=True, key="KeyA"),
            NavItem(w["deal"], "/opportunities", "target", count=w["twelve"]),
        ]
        return Shell(
            brand=self.pick("پیشرو سامانه", "Pishro Systems"),
            language=self.language,
            dir=self.pick("rtl", "ltr"),
            csrf=csrf,
            nonce=nonce,
            digits=self.pick("persian", "latin"),
            user=ShellUser(w["person"], w["person_initial"], menu=[NavItem(w["edit"], "/settings", "settings")]),
            nav=[("", items), (w["board"], items)],
            favourites=[NavItem(w["company"], "/accounts/1", "star")],
            recent=[NavItem(w["company"], "/accounts/1", "building-2")],
            create=[NavItem(w["accounts"], "/accounts/new", "building-2")],
            bottom=[NavItem(w["accounts"], "/accounts", "building-2", current=True)] * 4,
            palette_url="/palette",
            help_url="/help",
            notifications_url="/notifications",
            unread=w["twelve"],
        )
