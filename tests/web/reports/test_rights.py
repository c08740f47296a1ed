"""What each reader may see of a report's answer."""

import json
from uuid import uuid4

import httpx2 as httpx
import msgspec

from crm_domain.reports.question import Grouping, Measure, Question, Source
from tests.isolation.people import Person, api_client, connect, hire, token_of
from tests.site import Site
from tests.web.reports.asking import every, made


def test_48_a_report_counts_the_records_that_the_list_shows(api: httpx.Client, seller: Person) -> None:
    question = Question(base="opportunities", columns=("name", "stage"))
    report = made(api, question)
    listed = {row["id"] for row in every(seller.api, "opportunities")}
    answer = seller.api.get(f"/api/v1/reports/{report}/run").json()
    assert {row["id"] for row in answer["rows"]} == listed and answer["total"]["count"] == len(listed) == 2
    joined = Question(base="accounts", kind="number", measures=(Measure("count", "opportunities"),))
    answer = seller.api.get(f"/api/v1/reports/{made(api, joined)}/run").json()
    assert answer["total"]["figures"] == [2]


def test_sec_39_a_hidden_field_is_in_no_part_of_an_answer(api: httpx.Client, seller: Person) -> None:
    summary = Question(
        base="opportunities",
        kind="summary",
        groups=(Grouping("account.industry"), Grouping("stage")),
        measures=(Measure("sum", "amount"), Measure()),
        sort="-m0",
    )
    listed = Question(base="opportunities", columns=("name", "amount", "account.industry"), sort="-amount")
    crossed = msgspec.structs.replace(summary, kind="matrix", sort="")
    for question in (summary, listed, crossed):
        answer = seller.api.get(f"/api/v1/reports/{made(api, question)}/run")
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert {"amount", "account.industry"} <= set(body["left_out"])
        assert "amount" not in json.dumps({**body, "left_out": []}) and "industry" not in json.dumps(body["groups"])


def test_a_private_report_is_its_owners_alone(api: httpx.Client, seller: Person) -> None:
    secret = made(api, Question(base="accounts", columns=("name",)), private=True)
    shown = made(api, Question(base="accounts", columns=("name",)))
    assert seller.api.get(f"/api/v1/reports/{secret}/run").status_code == 404
    assert seller.api.get(f"/api/v1/reports/{secret}").status_code == 404
    assert seller.api.get(f"/api/v1/reports/{shown}/run").status_code == 200


def test_sec_04_another_companys_report_is_not_there(site: Site, api: httpx.Client) -> None:
    other = api_client(site, "pishro", token_of(site, "pishro", "admin"))
    report = made(other, Question(base="accounts", columns=("name",)))
    assert api.get(f"/api/v1/reports/{report}/run").status_code == 404
    assert api.get(f"/api/v1/reports/{uuid4()}/run").status_code == 404


def test_sec_39_without_the_right_to_list_its_records_a_report_says_nothing(site: Site, api: httpx.Client) -> None:
    person = hire(site, "nobody", more={"reports": {"list": 3, "view": 3}})
    report = made(api, Question(base="accounts", columns=("name",)))
    assert person.api.get(f"/api/v1/reports/{report}/run").status_code == 403


def test_sec_39_a_hidden_link_parts_no_records_by_what_it_leads_to(site: Site, api: httpx.Client) -> None:
    person = hire(site, "reader", f"linkless-{uuid4()}")
    with connect(site) as owner:
        hidden = json.dumps({"opportunities": {"account": "hidden"}})
        owner.execute("UPDATE role SET fields = %s WHERE name = %s", (hidden, person.name))
        found = owner.execute(
            "SELECT a.name, count(*) FROM opportunities o JOIN accounts a ON a.id = o.account GROUP BY 1 LIMIT 1"
        ).fetchone()
        whole = owner.execute("SELECT count(*) FROM opportunities WHERE deleted_at IS NULL").fetchone()
    assert found and whole and found[1] < whole[0]
    for base, path, how in (
        ("opportunities", "account", "with"),
        ("opportunities", "account", "without"),
        ("accounts", "opportunities", "with"),
    ):
        asked = (("filter[name][eq]", found[0]),) if path == "account" else ()
        source = Source(path, how, asked)
        question = Question(base=base, kind="number", sources=(source,), measures=(Measure(),))
        body = person.api.get(f"/api/v1/reports/{made(api, question)}/run").json()
        plain = msgspec.structs.replace(question, sources=())
        free = person.api.get(f"/api/v1/reports/{made(api, plain)}/run").json()
        assert path in body["left_out"] and body["total"] == free["total"]
