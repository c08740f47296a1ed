"""The conversation of a case: answers written once are put in filled, and a part of it becomes a case of its own."""

import re
from collections.abc import Callable

import pytest

from tests.files.samples import pdf, picture
from tests.isolation.people import GRANTS, api_client, hire, token_of
from tests.site import Browser, Site
from tests.web.test_files import sent

Make = Callable[..., str]
TYPED = "<p>Typed before.</p>"


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


@pytest.fixture(scope="module")
def make(anna: Browser) -> Make:
    def make(module: str, **fields: str) -> str:
        made = anna.post(f"/{module}", at=f"/{module}/new", **fields)
        assert made.status_code == 303, made.text
        return made.headers["location"].rpartition("/")[2]

    return make


@pytest.fixture(scope="module")
def case(make: Make) -> str:
    contact = make("contacts", first_name="Rita", last_name="Threader")
    return f"/cases/{make('cases', name='Wobbly gyroscope <b>', contact=contact)}"


def put_in(browser: Browser, case: str, ready: str) -> str:
    answer = browser.post(f"{case}/thread", at=f"{case}/thread", description=TYPED, do="ready", ready=ready)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_canned_reply_goes_behind_what_was_typed_with_the_words_of_the_case(
    anna: Browser, make: Make, case: str
) -> None:
    body = "<p>Dear {contact}, case {number}: {subject} {else}</p>"
    reply = make("canned_replies", name="Gyro reply", body=body, active="true")
    page = anna.get(f"{case}/thread").text
    assert f'value="canned_replies.{reply}"' in page
    number = re.findall(r"\b\d+\b", anna.get(case).text.partition("<h1")[2])[0]
    text = put_in(anna, case, f"canned_replies.{reply}")
    assert "Typed before." in text and f"Dear Rita Threader, case {number}: Wobbly gyroscope" in text
    assert "gyroscope <b>" not in text and "{else}" in text


def test_an_article_for_customers_is_put_in_and_linked_and_others_are_not_at_hand(
    anna: Browser, make: Make, case: str
) -> None:
    facts = {"description": "<p>Tighten the gimbal.</p>", "language": "en"}
    public = make("knowledge_articles", name="Wobbly gyroscope", status="public", **facts)
    private = make("knowledge_articles", name="Wobbly gyroscope inside", status="private", **facts)
    page = anna.get(f"{case}/thread").text
    assert f"knowledge_articles.{public}" in page and private not in page
    assert "Tighten the gimbal." in put_in(anna, case, f"knowledge_articles.{public}")
    assert public in anna.get(f"{case}/related/articles").text
    for wrong in (f"knowledge_articles.{private}", "knowledge_articles.x", f"users.{public}"):
        answer = anna.post(f"{case}/thread", at=f"{case}/thread", description=TYPED, do="ready", ready=wrong)
        assert answer.status_code == 404, wrong


def test_a_document_that_is_kept_goes_with_an_answer_for_who_may_see_both(
    site: Site, anna: Browser, make: Make, case: str
) -> None:
    kept, new = (sent(anna, name, body).json()["key"] for name, body in (("kept.pdf", pdf()), ("new.png", picture())))
    document = make("documents", name="Gimbal manual", **{"file.shown": "1", "file.key": kept})
    there = {"description": TYPED, "attachments.shown": "1", "attachments.key": new}
    chosen = {"do": "attach", "document": document, "document.label": "Gimbal manual"}
    page = anna.post(f"{case}/thread", at=f"{case}/thread", **there, **chosen).text
    assert "Typed before." in page and all(f'value="{key}" checked' in page for key in (kept, new))
    ready = anna.post(f"{case}/thread", at=f"{case}/thread", **there, do="ready", ready="").text
    assert f'value="{new}" checked' in ready
    nothing = anna.post(f"{case}/thread", at=f"{case}/thread", **there, do="attach").text
    assert 'id="f-document-error"' in nothing or 'aria-invalid="true"' in nothing
    saying = {"description": TYPED, "attachments.shown": "1", "attachments.key": kept, "attachments.keep": kept}
    assert anna.post(f"{case}/thread", at=f"{case}/thread", **saying).status_code == 303
    assert "kept.pdf" in anna.get(f"{case}/thread").text
    owner = hire(site, "owner", more={"cases": dict.fromkeys(("list", "view", "edit"), 3)}).browser
    assert owner.post(f"{case}/thread", at=f"{case}/thread", **chosen).status_code == 404, "the document is not his"
    assert owner.post(f"{case}/thread", at=f"{case}/thread", **there).status_code == 422, "nor is the file"
    assert hire(site, "reader").browser.post(f"{case}/thread", at="/settings", **chosen).status_code in (403, 404)


def test_sec_04_who_does_not_see_the_product_reports_its_bug_without_it(site: Site, make: Make) -> None:
    agent = hire(site, "nobody", more={"cases": GRANTS["anybody"], "bugs": GRANTS["anybody"]}).browser
    product = make("products", name="Gyroscope G-7", price="5", **{"price.currency": "USD"})
    about = f"/cases/{make('cases', name='Unseen gyroscope', product=product)}"
    made = agent.post(f"{about}/bug", at=about)
    assert made.status_code == 303, made.text
    page = agent.get(made.headers["location"]).text
    assert "Unseen gyroscope" in page and "G-7" not in page


def test_what_was_asked_besides_becomes_a_case_of_its_own(site: Site, anna: Browser, case: str) -> None:
    asked = {"case": case.rpartition("/")[2], "description": "<p>And the invoice is wrong</p>"}
    program = api_client(site, "northwind", token_of(site, "northwind", "admin"))
    contact = program.get(f"/api/v1{case}").json()["contact"]["id"]
    assert program.post("/api/v1/case_updates", json={**asked, "contact": contact}).status_code == 201
    [way] = re.findall(rf'action="({case}/split/[0-9a-f-]+)"', anna.get(f"{case}/thread").text)[:1]
    made = anna.post(way, at=f"{case}/thread")
    new = made.headers["location"]
    page = anna.get(new).text
    assert "And the invoice is wrong" in page and "Rita Threader" in page
    assert "Wobbly gyroscope" in anna.get(f"{new}/thread").text
    assert "was made of a part of this one" in anna.get(f"{case}/thread").text
    assert anna.post(way.replace(case, new), at=f"{case}/thread").status_code == 404, "it is said in the other case"
    reader = hire(site, "reader").browser
    assert "/split/" not in reader.get(f"{case}/thread").text
    assert reader.post(way, at="/settings").status_code in (403, 404)
