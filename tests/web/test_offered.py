"""A record's page offers what can be done with this record, not what might be done with others of its kind."""

import json

import pytest

from tests.isolation.people import READING, connect, hire

from .conftest import Browser, Site


@pytest.fixture(scope="module")
def clerk(site: Site) -> Browser:
    """Somebody who sees all accounts and contacts and changes his own."""
    person = hire(site, "reader", "offered_clerk")
    own = {**READING, "create": 3, "edit": 1, "delete": 1}
    with connect(site) as owner:
        owner.execute(
            "UPDATE role SET grants = %s::jsonb WHERE name = 'offered_clerk'",
            (json.dumps({"accounts": own, "contacts": own}),),
        )
    return person.browser


def test_sec_37_a_colleagues_record_offers_no_change_and_ones_own_does(site: Site, clerk: Browser) -> None:
    admin = site.browser("northwind")
    theirs = admin.post("/accounts", at="/accounts/new", name="Offered Theirs").headers["location"]
    mine = clerk.post("/accounts", at="/accounts/new", name="Offered Mine").headers["location"]
    for path, offered in ((theirs, False), (mine, True)):
        page, contacts = clerk.get(path).text, clerk.get(f"{path}/related/contacts").text
        assert (f'href="{path}/edit"' in page) is offered, path
        assert (f'action="{path}/delete"' in page) is offered, path
        assert ("data-edit=" in page) is offered, path
        assert (f'{path}/related/contacts/link"' in contacts) is offered, path
        assert clerk.get(f"{path}/edit").status_code == (200 if offered else 403)


def test_what_a_link_says_is_changed_and_emptied_where_it_stands(site: Site) -> None:
    admin = site.browser("northwind")
    account = admin.post("/accounts", at="/accounts/new", name="Linked Works").headers["location"]
    contact = admin.post("/contacts", at="/contacts/new", last_name="Linkman").headers["location"]
    panel, id_ = f"{account}/related/contacts", contact.rpartition("/")[2]

    def said(**values: str) -> str:
        fields = {f"link.{name}": value for name, value in values.items()}
        assert admin.post(f"{panel}/link", target=id_, **fields).status_code == 200
        return admin.get(panel).text

    given = said(title="Buyer", is_former="true", rank="2")
    assert 'value="Buyer"' in given and f'id="link-contacts-{id_}"' in given
    assert 'value="Buyer"' in said(title="", is_former="false"), "a form for new links empties nothing"
    whole = {"link.title": "", "link.is_former": "false", "link.rank": "3"}
    emptied = admin.post(f"{panel}/link", target=id_, whole="1", **whole).text
    assert 'value="Buyer"' not in emptied and 'value="3"' in emptied


def test_links_that_come_about_elsewhere_are_not_made_by_hand(site: Site) -> None:
    admin = site.browser("northwind")
    path = admin.post("/project_templates", at="/project_templates/new", name="Offered Plan").headers["location"]
    panel = admin.get(f"{path}/related/projects").text
    assert f"{path}/related/projects/link" not in panel and f"{path}/related/projects/new" not in panel
    assert f"{path}/related/template_tasks/new" in admin.get(f"{path}/related/template_tasks").text


def test_text_blocks_are_offered_to_whoever_may_list_them(site: Site) -> None:
    for more, offered in (({}, True), ({"text_blocks": {"list": 0}}, False)):
        writer = hire(site, "anybody", f"writer_{offered}", more).browser
        assert ('hx-get="/text_blocks/offered"' in writer.get("/quotes/new").text) is offered
        assert (writer.get("/text_blocks/offered").status_code == 200) is offered
