"""Filling a record's form as a person does: one way per kind of field, so that any module's form can be filled."""

import io
from collections.abc import Mapping

from PIL import Image
from playwright.sync_api import Page, expect

from crm_domain.definition import Module, kinds
from crm_domain.definition.kinds import Kind

CHECKED = {"national_id": "0013542419", "legal_id": "10380284790"}
"""Identifiers whose check digit is right, by the field's check."""


def picture() -> bytes:
    """A small PNG."""
    found = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(found, "PNG")
    return found.getvalue()


def fill_form(page: Page, module: Module, given: Mapping[str, str]) -> list[str]:
    """Fill every field of the form, the given ones with their words; the keys that were filled."""
    for fold in page.locator("details:not([open]) > summary").all():
        fold.click()
    shown = [key for panel in module.layout.panels for row in panel.rows for key in row]
    filled = [key for key in shown if page.locator(f"#f-{key}-field").count() and not module.field(key).readonly]
    for key in filled:
        fill(page, module.field(key), given.get(key, ""))
    return filled


def fill(page: Page, kind: Kind, words: str = "") -> None:
    """Fill one field with these words, or with something its kind takes."""
    box = page.locator(f"#f-{kind.key}")
    match kind:
        case kinds.Text():
            box.fill(words or CHECKED.get(kind.check or "", f"T {kind.key}"[: kind.max_length]))
        case kinds.LongText():
            box.fill(words or "Two\nlines")
        case kinds.Url():
            box.fill(words or "https://site.example/a")
        case kinds.Money() | kinds.Integer() | kinds.DecimalNumber() | kinds.Percent() | kinds.Duration():
            box.fill(words or "12")
        case kinds.Boolean():
            box.check()
        case kinds.Date():
            box.fill(words or "2026-11-23")
        case kinds.DateTime():
            box.fill(words or "2026-11-23")
            page.locator(f"[name='{kind.key}.time']").fill("10:30")
        case kinds.Choice():
            box.select_option(words or next(item.key for item in kind.options.items if item.active and not item.closed))
        case kinds.DependentChoice():
            box.select_option(index=box.locator("option").count() - 1)
        case kinds.MultiChoice():
            page.locator(f"#f-{kind.key}-0").check()
        case kinds.Link() | kinds.UserLink():
            pick(page, kind.key, words)
        case kinds.Emails():
            box.fill(words or "somebody@site.example")
        case kinds.Phone():
            box.fill(words or "021 88776655")
        case kinds.Address():
            for part, text in (("city", "تهران"), ("street", "خیابان آزادی ۱۲"), ("postal_code", "1234567890")):
                page.locator(f"#f-{kind.key}-{part}").fill(text)
        case kinds.RichText():
            page.locator(f"#f-{kind.key}-field .prose[contenteditable]").fill(words or "Written")
        case kinds.Image():
            box.set_input_files({"name": "picture.png", "mimeType": "image/png", "buffer": picture()})
            expect(page.locator(f"[name='{kind.key}.key']")).to_be_checked()
        case _:
            raise AssertionError(f"nothing is known of filling {kind.key}")


def pick(page: Page, key: str, words: str = "") -> None:
    """Choose a record in a search field: the first that is offered for the words."""
    box = page.locator(f"#f-{key}")
    box.click()
    if words:
        box.fill(words)
    page.locator(f"#f-{key}-options [role=option]").first.click()
