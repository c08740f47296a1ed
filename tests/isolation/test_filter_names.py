"""A filter may name any record by its id; only who may see the record is told its name."""

from html import unescape

from crm_domain.messages.catalogue import catalogue
from tests.isolation.people import connect, hire
from tests.site import Site


def test_sec_40_a_filter_tells_the_name_only_of_what_one_may_see(site: Site) -> None:
    with connect(site) as owner:
        found = owner.execute(
            b"SELECT id, name FROM accounts WHERE deleted_at IS NULL AND length(name) > 8 LIMIT 1"
        ).fetchone()
    assert found
    path = f"/opportunities?filter[account][in]={found[0]}"
    allowed, narrow = (
        unescape(hire(site, kind, f"filter-{kind}").browser.get(path).text) for kind in ("reader", "owner")
    )
    assert found[1] in allowed
    assert found[1] not in narrow
    assert catalogue("en").text("list.unknown_record") in narrow
