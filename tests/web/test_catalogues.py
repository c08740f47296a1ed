"""Catalogues: what they offer in which order at which price, one at a time, kept as revisions of one document."""

import re

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
    heads = re.findall(r"<h2><bdi>([\d.]+)</bdi> <bdi>([^<]+)</bdi>", page)
    assert heads == [("1", "Cranes and lifts"), ("1.1", "Tower cranes")]
    assert "Crane T9" in page and "Crane T1" not in page and "$900" in page and "$1,000" in page
    assert sara.get(f"/catalogues/{catalogue}/catalogue.pdf").content.startswith(b"%PDF")
    at = f"/catalogues/{catalogue}"
    first = sara.post(f"{at}/keep", at=f"{at}/sheet").headers["location"]
    assert sara.post(f"{at}/keep", at=f"{at}/sheet").headers["location"] == first
    assert first in sara.get(at).text, "the catalogue names its document"
    document = api.browser.http.get(f"/api/v1{first}", headers=api.headers).json()
    assert (document["name"], document["revision"], document["category"]) == ("Lifting 2041", "2", "sales")
