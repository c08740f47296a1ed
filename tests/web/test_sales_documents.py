"""Documents of sale: their text blocks, what their forms begin with, what was bought by them."""

import pypdfium2

from .conftest import Site
from .test_sending_api import Client

BODY = "<h2>Delivery</h2><p>Of {{ record.name }} by lorry.</p>"


def test_documents_begin_with_standard_blocks_and_keep_their_own_words(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    block = api.made("text_blocks", name="Delivery by lorry", tag="delivery_lorry", standard=True, body=BODY)
    account = api.made("accounts", name="Lorry Users")
    try:
        assert "by lorry" in sara.get("/quotes/new").text
        assert "Delivery by lorry" in sara.get("/text_blocks/offered").text
        quote = api.made("quotes", name="Heavy goods", account=account)
        plain = api.made("quotes", name="No words", account=account, text_blocks=None)
    finally:
        api.browser.http.delete(f"/api/v1/text_blocks/{block}", headers=api.headers)
    of = {key: api.browser.http.get(f"/api/v1/quotes/{key}", headers=api.headers).json() for key in (quote, plain)}
    assert (of[quote]["text_blocks"], of[plain]["text_blocks"]) == (BODY, None)
    contract = sara.post(f"/quotes/{quote}/contract", at=f"/quotes/{quote}").headers["location"]
    assert "by lorry" in sara.get(contract).text, "it goes along"
    pages = pypdfium2.PdfDocument(sara.get(f"/quotes/{quote}/pdf").content)
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)
    assert "Of Heavy goods by lorry." in text


def test_forms_take_over_from_the_record_they_are_opened_beside(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    account = api.made("accounts", name="Beside Ltd", billing_address={"city": "Besidetown"})
    contact = api.made("contacts", last_name="Besider", account=account)
    beside = sara.get(f"/contacts/new?account={account}").text
    assert "Beside Ltd" in beside and 'value="Besidetown"' in beside
    quote = sara.get(f"/quotes/new?contact={contact}").text
    assert "Besider" in quote and "Beside Ltd" in quote and "Besidetown" in quote


def test_what_was_bought_stands_with_the_account_and_with_the_product(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    account = api.made("accounts", name="Buyer of Winches")
    winch = api.made("products", name="Winch W7", price={"amount": "70", "currency": "USD"}, product_type="good")
    lines = [{"name": "", "product": winch, "quantity": "2"}, {"name": "Fitting", "list_price": "11"}]
    quote = {"account": account, "bill": {"currency": "USD", "lines": lines}}
    api.made("quotes", name="Only offered", **quote)
    api.made("quotes", name="Taken by the buyer", stage="closed_accepted", **quote)
    by, of = (sara.get(f"{path}/purchases").text for path in (f"/accounts/{account}", f"/products/{winch}"))
    assert "Taken by the buyer" in by and "Only offered" not in by + of
    assert "Winch W7" in by and "Fitting" in by and "140.00" in by
    assert "Buyer of Winches" in of and "Taken by the buyer" in of and "Fitting" not in of


def test_the_contacts_of_the_account_are_offered_before_all_others(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    account, empty = (api.made("accounts", name=name) for name in ("With people", "Without people"))
    for name, at in (("Insider Innes", account), ("Outsider Innes", empty)):
        api.made("contacts", last_name=name, account=at)
    assert 'data-among="account"' in sara.get("/quotes/new").text
    offered = sara.get(f"/contacts/pick?q=Innes&among=account:{account}").text
    assert "Insider" in offered and "Outsider" not in offered
    lone = api.made("accounts", name="Lone")
    for nonsense in (f"account:{lone}", "account:x", "password:1", "name:2"):
        found = sara.get(f"/contacts/pick?q=Innes&among={nonsense}").text
        assert "Insider" in found and "Outsider" in found, nonsense
