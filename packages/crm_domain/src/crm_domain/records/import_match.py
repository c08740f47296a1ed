"""Which fields a file's columns can fill, and which column names which field."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from crm_domain.definition import Module, kinds
from crm_domain.definition.values import ADDRESS_PARTS
from crm_domain.meaning.raw import ID, columns_of
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.text.locale import ENGLISH, PERSIAN
from crm_domain.text.normalise import ZWNJ, search_key

if TYPE_CHECKING:
    from crm_domain.records.work import Work

NEVER = (
    kinds.File, kinds.Files, kinds.Image, kinds.Secret, kinds.Computed, kinds.AutoNumber, kinds.Bill,
)  # fmt: skip
HEADS: Mapping[str, tuple[str, ...]] = {
    "first_name": ("given name", "forename"),
    "last_name": ("surname", "family name", "فامیل", "فامیلی"),
    "account_name": ("company", "company name", "organization", "organisation", "شرکت", "سازمان", "نام سازمان"),
    "account": ("company", "company name", "organization", "organisation", "نام شرکت", "سازمان"),
    "title": ("job title", "position", "سمت شغلی", "عنوان شغلی"),
    "phone_mobile": ("mobile", "cell", "cell phone", "موبایل", "همراه", "شماره موبایل", "شماره همراه"),
    "phone_work": ("phone", "telephone", "tel", "business phone", "تلفن", "شماره تلفن", "تلفن ثابت"),
    "phone_office": ("phone_work", "phone", "telephone", "تلفن", "شماره تلفن"),
    **{f"billing_address.{part}": (f"primary_address.{part}",) for part in ADDRESS_PARTS},
    "primary_address.city": ("city", "شهر"),
    "primary_address.street": ("address", "street", "نشانی", "آدرس", "خیابان"),
    "primary_address.postal_code": ("postal code", "zip", "zip code", "کد پستی"),
    "website": ("web", "web site", "url", "وبسایت", "وب‌سایت", "سایت"),
}
"""What other programs call a field, by its target; a label of the module itself goes before."""
EMAIL_HEADS = ("email", "e-mail", "mail", "email address", "ایمیل", "رایانامه", "پست الکترونیک", "پست الکترونیکی")


def offered(work: "Work", module: Module[Any]) -> tuple[str, ...]:
    """The targets the actor may fill: the record's id, fields by key, parts of addresses as `field.part`."""
    fields = [
        field
        for field in module.writable()
        if not isinstance(field, NEVER) and work.access.field(module.key, field.key) == "write"
    ]
    return (ID, *(target for field in fields for target in columns_of(field)))


def target_label(voice: Voice, module: Module[Any], target: str) -> str:
    """What a target is called."""
    return voice.text("imports.id") if target == ID else voice.path_label(module, target, None)


def key_fields(module: Module[Any], targets: Sequence[str]) -> tuple[str, ...]:
    """Those targets by which a record can be found."""
    tell = {field.key for field in module.telling()}
    tell |= {field.key for field in module.fields if isinstance(field, kinds.Emails | kinds.Phone)}
    return tuple(target for target in targets if target == ID or target in tell)


def guess(module: Module[Any], targets: Sequence[str], heads: Sequence[str], voice: Voice) -> tuple[str, ...]:
    """A target for each column by its head: a key, or a label in either language; empty where none fits. None is taken twice."""
    names: dict[str, str] = {}
    keys = [(target, target) for target in targets]
    for called in (keys, _labels(module, targets, voice), _others(module, targets)):
        for name, target in called:
            names.setdefault(bare(name), target)
    found: list[str] = []
    for head in heads:
        target = names.get(bare(head), "")
        found.append("" if target in found else target)
    return tuple(found)


def _labels(module: Module[Any], targets: Sequence[str], voice: Voice) -> list[tuple[str, str]]:
    """What people call each target. A link to records of several modules is named by its key only, as a program does: what
    people write there is not enough to tell the record."""
    voices = [voice, *(Voice(catalogue(locale.language), locale, voice.now) for locale in (PERSIAN, ENGLISH))]
    named = (target for target in targets if not isinstance(module.by_key.get(target), kinds.AnyLink))
    return [(target_label(one, module, target), target) for target in named for one in voices]


def _others(module: Module[Any], targets: Sequence[str]) -> list[tuple[str, str]]:
    """Names that other programs use."""
    mail = [
        (name, target)
        for target in targets
        if isinstance(module.by_key.get(target), kinds.Emails)
        for name in EMAIL_HEADS
    ]
    return mail + [(name, target) for target in targets for name in HEADS.get(target, ())]


def bare(text: str) -> str:
    """A head as heads are compared: letters and digits alone, in one spelling."""
    folded = search_key(text.replace(ZWNJ, " ").replace("_", " "))
    return "".join(letter for letter in folded if letter.isalnum())
