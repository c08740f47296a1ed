"""Looking changes nothing: every page and call that is asked for leaves the company as it was (SEC-42)."""

from tests.isolation.people import fingerprint
from tests.routes import PUBLIC, routes
from tests.site import Site
from tests.web.test_every_address import own

TENANT = "northwind"


def test_sec_42_no_page_and_no_call_that_is_only_looked_at_changes_anything(site: Site) -> None:
    somebody = site.browser(TENANT)
    looked = [route for route in routes() if not route.changes and f"GET {route.path}" not in PUBLIC]
    assert len(looked) > 200
    before = fingerprint(site, TENANT)
    for route in looked:
        somebody.get(route.address(own(somebody, route)))
    after = fingerprint(site, TENANT)
    assert [name for name, mark in after.items() if before[name] != mark] == []
