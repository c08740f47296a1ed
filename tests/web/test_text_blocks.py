"""Text blocks in documents: a copy of its own for each, put in by its form, taken along, printed with tags of the record."""

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
