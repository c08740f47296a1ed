"""Every page of both companies, as people without a script see them."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from crm_domain.modules import REGISTRY
from crm_web.records.panels import special_panels

from .conftest import Browser, Site

MODULES = tuple(REGISTRY.modules)
PAGES = ("/", "/calendar", "/calendar/settings", "/calendar?view=year", "/search?q=a", "/palette?q=ab", "/notifications",
         "/settings", "/settings/password", "/settings/sessions", "/settings/tokens", "/settings/second_factor",
         "/admin/security", "/admin/single_sign_on", "/jobs", "/settings/notifications", "/admin/jobs", "/admin",
         "/admin/people", "/admin/organisation", "/admin/roles",
         "/admin/roles/new", "/admin/teams", "/admin/search", "/admin/keeping",
         "/admin/backups", "/admin/support", "/help")  # fmt: skip
ROW = re.compile(r'<a class="name clip" href="(/[a-z_]+/[0-9a-f-]{36})"')


@pytest.fixture(scope="module", params=["pishro", "northwind"])
def somebody(request: pytest.FixtureRequest, site: Site) -> Browser:
    return site.browser(request.param)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens(somebody: Browser, path: str) -> None:
    assert somebody.get(path).status_code == 200


@pytest.mark.parametrize("module", MODULES)
def test_every_page_of_a_module_opens(somebody: Browser, module: str) -> None:
    listed = somebody.get(f"/{module}")
    assert listed.status_code == 200
    kept = REGISTRY[module].kept
    assert somebody.get(f"/{module}/new").status_code == (403 if kept else 200)
    assert somebody.get(f"/{module}/trash").status_code in ((200, 403) if kept else (200,))
    for path in (
        "print?q=a",
        "pick?q=a",
        "filter-row",
        "filter",
        "export?format=csv",
        "export?format=raw",
        "export?format=xlsx",
    ):
        assert somebody.get(f"/{module}/{path}").status_code == 200, path
    found = ROW.search(listed.text)
    assert found
    letters = REGISTRY[module].privacy is not None  # the first one may be a colleague's, which only a link opens
    assert somebody.get(f"{found[1]}/edit").status_code in ((403,) if kept else (200, 403) if letters else (200,))
    for path in ("", "/history", "/print", "/vcard"):
        assert somebody.get(found[1] + path).status_code == 200, path
    for panel in special_panels(REGISTRY[module]):
        assert somebody.get(f"{found[1]}/{panel.key}").status_code == 200, panel.key
    for relation in REGISTRY.relations(module):
        assert somebody.get(f"{found[1]}/related/{relation}").status_code == 200, relation


def test_43_english_pages_have_no_persian_and_persian_ones_read_right_to_left(site: Site) -> None:
    english, persian = site.browser("northwind").get("/leads").text, site.browser("pishro").get("/leads").text
    assert '<html lang="en" dir="ltr"' in english and '<html lang="fa" dir="rtl"' in persian
    assert not re.search("[\u0600-\u06ff]", english)


def test_a_lead_is_created_edited_converted_and_its_deal_won(site: Site) -> None:
    sara = site.browser("pishro")
    made = sara.post(
        "/leads",
        at="/leads/new",
        first_name="علي",
        last_name="كاظمي",
        account_name="فولاد پارس",
        **{"opportunity_amount": "900000", "opportunity_amount.currency": "IRR"},
    )
    assert made.status_code == 303, made.text
    lead = made.headers["location"]
    assert "علی کاظمی" in sara.get("/leads?q=" + "علی کاظمی").text, "scenario 8"
    assert sara.post(lead, at=f"{lead}/edit", version="1", title="مدیر خرید").status_code == 303
    done = sara.post(
        f"{lead}/convert", at=f"{lead}/convert", **{
            "contact-choice": "new", "contact.last_name": "کاظمی", "account-choice": "new", "account.name": "فولاد پارس",
            "opportunity-choice": "new", "opportunity.name": "فروش ورق", "opportunity.amount": "900000",
            "opportunity.amount.currency": "IRR", "opportunity.closes_on": "1405/12/01", "opportunity.stage": "prospecting",
        },
    )  # fmt: skip
    assert done.status_code == 303, done.text
    assert done.headers["location"] == f"{lead}/converted"
    deal = re.findall(r'href="(/opportunities/[0-9a-f-]{36})"', sara.get(f"{lead}/converted").text)[0]
    moved = sara.post("/opportunities/move", card=deal.rsplit("/", 1)[1], lane="closed_won", version="1")
    assert moved.status_code == 303, moved.text
    page = sara.get(deal).text
    assert "۱۰۰٪" in page, "a won deal is certain"
    assert sara.get(f"{lead}/convert").status_code == 409, "converting is done once"


def test_19_rel_27_disjoint_edits_merge_and_the_same_field_asks(site: Site) -> None:
    somebody = site.browser("northwind")
    made = somebody.post("/accounts", at="/accounts/new", name="Merge Works")
    path = made.headers["location"]
    assert somebody.post(path, at=f"{path}/edit", version="1", ownership="A").status_code == 303
    assert somebody.post(path, at=f"{path}/edit", version="1", brand_name="B").status_code == 303
    page = somebody.get(path).text
    assert ">A<" in page and ">B<" in page
    whole = {"name": "Merge Works", "ownership": "", "brand_name": "", "website": "merge.example"}
    assert somebody.post(path, at=f"{path}/edit", version="1", **whole).status_code == 303
    page = somebody.get(path).text
    assert ">A<" in page and ">B<" in page and "merge.example" in page, "a form sends what nobody touched, too"
    clash = somebody.post(path, at=f"{path}/edit", version="1", ownership="C")
    assert clash.status_code == 409 and 'name="keep.ownership"' in clash.text


def test_deleting_goes_to_the_trash_and_undo_brings_it_back(site: Site) -> None:
    somebody = site.browser("northwind")
    path = somebody.post("/accounts", at="/accounts/new", name="Short Lived").headers["location"]
    gone = somebody.post(f"{path}/delete", at=path)
    assert gone.status_code == 303 and somebody.get(path).status_code == 404
    assert "Short Lived" in somebody.get("/accounts/trash").text
    assert somebody.post("/accounts/trash", id=path.rsplit("/", 1)[1], action="restore").status_code == 303
    assert somebody.get(path).status_code == 200


def test_sec_15_26_a_formula_leaves_as_text(site: Site) -> None:
    somebody = site.browser("northwind")
    somebody.post("/accounts", at="/accounts/new", name="=1+1 formula")
    assert "'=1+1 formula" in somebody.get("/accounts/export?format=csv&q=formula").text
    book = ZipFile(BytesIO(somebody.get("/accounts/export?format=xlsx&q=formula").content))
    assert "<f>" not in book.read("xl/worksheets/sheet1.xml").decode()
    assert "=1+1 formula" in book.read("xl/sharedStrings.xml").decode()


def test_sec_12_a_script_in_a_name_stays_text(site: Site) -> None:
    somebody = site.browser("northwind")
    path = somebody.post("/accounts", at="/accounts/new", name="<script>alert(1)</script>").headers["location"]
    for page in (path, "/accounts", f"{path}/edit", f"{path}/history"):
        assert "<script>alert" not in somebody.get(page).text


@pytest.mark.parametrize("path", ["/accounts", "/logout", "/accounts/bulk", "/settings", "/leads/move"])
def test_sec_45_no_post_without_a_token(site: Site, path: str) -> None:
    assert site.browser("northwind").http.post(path, data={"name": "x"}).status_code == 403


@pytest.mark.parametrize("query", ["sort=password", "filter[x][eq]=1", "filter[name][drop]=1", "cursor=zzz", "limit=9"])
def test_sec_10_nonsense_in_the_address_is_no_server_error(site: Site, query: str) -> None:
    assert site.browser("northwind").get(f"/accounts?{query}").status_code in (200, 422)


def test_sec_37_every_page_but_the_door_wants_a_session(site: Site) -> None:
    somebody = site.browser("northwind")
    somebody.http.cookies.clear()
    for path in (*PAGES, *(f"/{module}" for module in MODULES)):
        answer = somebody.get(path)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/login"), path
