"""What campaigns sent stands in a person's history, for who may see the campaigns."""

from uuid import uuid4

import pytest

from tests.isolation.people import connect, hire
from tests.site import Browser, Site

SENT = """
SELECT q.record_id, c.name FROM email_queue q JOIN campaign_log l ON l.message = q.id AND l.activity = 'link'
JOIN campaigns c ON c.id = q.campaign_id WHERE q.module = 'contacts' AND c.name LIKE '%newsletter%' ORDER BY q.id LIMIT 1
"""


@pytest.fixture(scope="module")
def anna(site: Site) -> Browser:
    return site.browser("northwind")


def test_a_contacts_history_tells_what_he_was_sent_and_did_about_it(site: Site, anna: Browser) -> None:
    with connect(site) as owner:
        found = owner.execute(SENT).fetchone()
    assert found
    page = anna.get(f"/contacts/{found[0]}/activities").text
    assert f"<bdi>{found[1]}" in page and "Campaign e-mail" in page and "Click-through" in page
    sees = dict.fromkeys(("list", "view"), 3)
    reader = hire(site, "owner", f"reader-{uuid4()}", {"contacts": sees}).browser.get(
        f"/contacts/{found[0]}/activities"
    )
    assert reader.status_code == 200 and "Campaign e-mail" not in reader.text
