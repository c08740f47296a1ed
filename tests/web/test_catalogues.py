"""Catalogues: what they offer in which order at which price, one at a time, kept as revisions of one document."""

import re

import pypdfium2

from tests.files.samples import picture

from .conftest import Site
from .test_sending_api import Client


def test_a_catalogue_offers_its_categories_with_all_below_at_its_discount(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    top = api.made("product_categories", name="Cranes and lifts")
    below = api.made("product_categories", name="Tower cranes", parent=top)
    facts = {"category": below, "unit": "piece", "product_type": "good"}
    for name, price, status in (("Crane T9", "1000", "active"), ("Crane T1", "500", "inactive")):
        api.made("products", name=name, price={"amount": price, "currency": "USD"}, status=status, **facts)
    dates = {"valid_from": "2041-01-01", "valid_to": "2041-12-31"}
    catalogue = api.made("catalogues", name="Lifting 2041", discount="10", introduction="Heavy things", **dates)
    assert api.post(f"catalogues/{catalogue}/product_categories", {"ids": [top]}).status_code < 300
    assert api.post("catalogues", {"name": "Another", **dates}).status_code == 422, "one at a time"
    page = sara.get(f"/catalogues/{catalogue}/sheet").text
    heads = re.findall(r"<h2[^>]*><bdi>([\d.]+)</bdi> <bdi>([^<]+)</bdi>", page)
    assert heads == [("1", "Cranes and lifts"), ("1.1", "Tower cranes")]
    assert "Crane T9" in page and "Crane T1" not in page and "$900" in page and "$1,000" in page
    assert sara.get(f"/catalogues/{catalogue}/pdf").content.startswith(b"%PDF")
    at = f"/catalogues/{catalogue}"
    first = sara.post(f"{at}/keep", at=f"{at}/sheet").headers["location"]
    assert sara.post(f"{at}/keep", at=f"{at}/sheet").headers["location"] == first
    assert first in sara.get(at).text, "the catalogue names its document"
    document = api.browser.http.get(f"/api/v1{first}", headers=api.headers).json()
    assert (document["name"], document["revision"], document["category"]) == ("Lifting 2041", "2", "sales")


def test_a_catalogue_looks_as_its_template_says_between_the_pages_of_documents(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    category = api.made("product_categories", name="Ropes")
    rope = {"name": "Rope R2", "price": "40", "price.currency": "USD", "category": category, "product_type": "good"}
    form = {"_csrf": sara.token("/products/new"), "status": "active", "product_image.shown": "1", **rope}
    sent = sara.http.post("/products", data=form, files={"product_image": ("rope.png", picture())})
    assert sent.status_code == 303, sent.text
    body = "{% each row in record.offers %}[{{ row.kind }} {{ row.number }}{{ row.name }} {{ row.price }}]"
    body += '{% if row.picture %}<img src="{{ row.picture }}" alt="">{% endif %}{% endeach %}'
    template = api.made("pdf_templates", name="Ropes only", used_for="catalogues", language="en", body=body)
    dates = {"valid_from": "2043-01-01", "valid_to": "2043-12-31"}
    catalogue = f"/catalogues/{api.made('catalogues', name='Ropes 2043', pdf_template=template, **dates)}"
    assert api.post(f"{catalogue[1:]}/product_categories", {"ids": [category]}).status_code < 300
    first = pypdfium2.PdfDocument(sara.get(f"{catalogue}/pdf").content)
    assert "[chapter 1Ropes ][offer Rope R2 $40.00]" in " ".join(first[0].get_textpage().get_text_range().split())
    document = sara.post(f"{catalogue}/keep", at=f"{catalogue}/sheet").headers["location"].rsplit("/")[-1]
    kept = api.browser.http.get(f"/api/v1{catalogue}", headers=api.headers).json()
    facts = {"front_page": document, "attachment": document}
    changed = api.browser.http.patch(
        f"/api/v1{catalogue}", json={**facts, "version": kept["version"]}, headers=api.headers
    )
    assert changed.status_code == 200, changed.text
    around = pypdfium2.PdfDocument(sara.get(f"{catalogue}/pdf").content)
    own = around[1]
    assert len(around) == 3 and "Rope R2" in own.get_textpage().get_text_range()
    assert sum(1 for _ in own.get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])) == 1, "its picture"
