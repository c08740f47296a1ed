"""A campaign's links for use outside a mail: made with their tracker URL, shown with a code, told to the trackers."""

from typing import Any

import pytest

from crm_domain.keys import KeyRing
from crm_domain.tracking.public import FIRST_LINK, PublicLinks
from tests.isolation.people import connect
from tests.web.test_sending_api import Client

LINKS = PublicLinks(KeyRing("a key for these tests and nothing else"))
TOLD = "SELECT count(*) FROM outbox WHERE subject = 'tracking.public' AND payload->>'tracker_url' = %s"


@pytest.fixture(scope="module")
def client(site: Any) -> Client:
    return Client(site)


@pytest.fixture(scope="module")
def campaign(client: Client) -> str:
    return client.made("campaigns", name="On posters", status="active", campaign_type="print", end_date="2030-01-01")


def link(client: Client, campaign: str, name: str, **values: Any) -> str:
    return client.made("tracker_urls", name=name, campaign=campaign, **values)


def items(client: Client, campaign: str) -> dict[str, dict[str, Any]]:
    answer = client.browser.http.get(f"/api/v1/campaigns/{campaign}/links", headers=client.headers)
    return {item["name"]: item for item in answer.json()["items"]}


def test_every_link_has_an_address_and_a_code_and_opting_out_has_none(client: Client, campaign: str) -> None:
    poster = link(client, campaign, "poster", url="https://shop.example/fair", label="Poster <1>")
    leave = link(client, campaign, "leave", is_opt_out=True)
    found = items(client, campaign)
    assert set(found) == {"poster"} and found["poster"]["visits"] == 0
    address = found["poster"]["address"]
    said = LINKS.read(address.rpartition("/t/")[2])
    assert said and said.message == 0 and said.link > FIRST_LINK
    page = client.browser.get(f"/campaigns/{campaign}/links").text
    assert address in page and "Poster &lt;1&gt;" in page and leave not in page
    svg = client.browser.get(f"/tracker_urls/{poster}/qr.svg")
    assert svg.headers["content-type"].startswith("image/svg+xml") and b"<svg" in svg.content
    png = client.browser.get(f"/tracker_urls/{poster}/qr.png?save=1")
    assert png.content.startswith(b"\x89PNG") and "attachment" in png.headers["content-disposition"]
    assert client.browser.get(f"/tracker_urls/{leave}/qr.svg").status_code == 404


def test_a_changed_target_is_told_to_the_trackers_and_a_new_label_is_not(
    site: Any, client: Client, campaign: str
) -> None:
    id_ = link(client, campaign, "radio", url="https://shop.example/one")

    def told(version: int, **values: Any) -> int:
        answer = client.browser.http.patch(
            f"/api/v1/tracker_urls/{id_}", json={"version": version, **values}, headers=client.headers
        )
        assert answer.status_code == 200, answer.text
        with connect(site) as connection:
            row = connection.execute(TOLD, [id_]).fetchone()
        assert row
        return row[0]

    assert told(1, label="On the radio") == 0
    assert told(2, url="https://shop.example/two") == 1
    assert items(client, campaign)["radio"]["url"] == "https://shop.example/two"


def test_view_status_counts_the_visits_of_a_campaign_without_mail(site: Any, client: Client, campaign: str) -> None:
    id_ = link(client, campaign, "sms", url="https://shop.example/sms")
    with connect(site) as connection:
        connection.execute(
            "INSERT INTO link_visit (tracker_url, day, visits, visitors, machines, last_at)"
            " VALUES (%s, current_date, 41, 32, 5, now())",
            [id_],
        )
    assert items(client, campaign)["sms"]["visits"] == 41
    status = client.browser.http.get(f"/api/v1/campaigns/{campaign}/status", headers=client.headers).json()
    assert status["public_visits"] == 41
    page = client.browser.get(f"/campaigns/{campaign}/status").text
    assert "Public links" in page and ">41<" in page and ">32<" in page
