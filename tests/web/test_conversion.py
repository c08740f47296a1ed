"""The page that converts a lead: existing records picked, activities begun and taken along; and who hands over what he had."""

import re

from .conftest import Site
from .test_gantt import done
from .test_sending_api import Client


def test_a_lead_goes_to_a_picked_account_with_its_activities_and_a_new_task(site: Site) -> None:
    sara = site.browser("northwind")
    firm = done(sara, "accounts", name="Picked Industries")
    lead = done(sara, "leads", last_name="Pickford", opportunity_amount="1")
    done(sara, "notes", name="What Pickford said", **{"parent.module": "leads", "parent.id": lead.rsplit("/")[-1]})
    at = f"{lead}/convert"
    page = sara.get(at).text
    for field in ("contact.department", "contact.primary_address.city", "contact.description", "call.starts_at",
                  "meeting.location", "task.due_at", "note.description"):  # fmt: skip
        assert f'name="{field}"' in page, field
    facts = {
        "contact-choice": "new", "contact.last_name": "Pickford", "account-choice": "pick", "opportunity-choice": "none",
        "activities": "move", "activities-to": "account", "task-choice": "new", "task.status": "not_started",
        "task.priority": "high",
    }  # fmt: skip
    wrong = sara.post(at, at=at, **facts)
    assert wrong.status_code == 422
    assert re.search(r'id="f-account-pick-d"', wrong.text) and re.search(r'id="f-task-name-d"', wrong.text) is None
    picked = {"account-pick": firm.rsplit("/")[-1]}
    nameless = sara.post(at, at=at, **facts, **picked)
    assert nameless.status_code == 422 and 'id="f-task-name-d"' in nameless.text
    made = sara.post(at, at=at, **facts, **picked, **{"task.name": "Send Pickford the offer"})
    assert made.status_code == 303, made.text
    assert made.headers["location"] == f"{lead}/converted"
    result = sara.get(f"{lead}/converted").text
    contact = re.findall(r'href="(/contacts/[0-9a-f-]{36})"', result.partition("<main")[2])[0]
    for told in (firm, "What Pickford said", "Send Pickford the offer", f'action="{lead}/unconvert"'):
        assert told in result, told
    assert f'href="{lead}/converted"' in sara.get(lead).text
    assert "Send Pickford the offer" in sara.get(f"{contact}/activities").text
    assert "What Pickford said" in sara.get(f"{firm}/activities").text
    assert "What Pickford said" not in sara.get(f"{lead}/activities").text


def test_the_api_converts_with_activities(site: Site) -> None:
    api = Client(site)
    lead = api.made("leads", last_name="Apiford", account_name="Apiford Ltd")
    path = f"leads/{lead}/actions/convert"
    assert api.post(path, {"activities": {"how": "burn"}}).status_code == 422
    answer = api.post(path, {"note": {"name": "By the API"}, "activities": {"how": "copy", "to": ["account"]}})
    assert answer.status_code == 200, answer.text
    assert [trace["module"] for trace in answer.json()["along"]] == ["notes"]
    assert api.post(path).status_code == 409


def test_the_company_settles_what_a_conversion_begins_with(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    at = "/admin/conversion"
    usual = {"activities": "nothing", "activities-to": "account", "lists": "move"}
    assert sara.post(at, at=at, **{**usual, "activities": "burn"}).status_code == 422
    try:
        assert sara.post(at, at=at, **{**usual, "activities": "copy", "lists": "copy"}).status_code == 303
        lead = api.made("leads", last_name="Habitford", account_name="Habitford Ltd")
        about = {"module": "leads", "id": lead}
        api.made("notes", name="Of Habitford", parent=about)
        page = sara.get(f"/leads/{lead}/convert").text
        assert re.search(r'name="activities" value="copy" checked', page)
        needed = {**usual, "activities": "copy", "account_needed": "1"}
        assert sara.post(at, at=at, **needed).status_code == 303
        assert api.post(f"leads/{lead}/actions/convert", {"account": None}).status_code == 422
        answer = api.post(f"leads/{lead}/actions/convert", {"lists": "stay"})
        assert [(trace["how"], trace["module"]) for trace in answer.json()["along"]] == [("made", "notes")]
    finally:
        assert sara.post(at, at=at, **usual).status_code == 303


def test_s_13_a_terminated_employee_loses_his_user_and_what_that_one_had_is_listed(site: Site) -> None:
    sara, api = site.browser("northwind"), Client(site)
    user = api.made("users", user_name="leaver", last_name="Leaver", emails=[{"address": "leaver@northwind.example"}])
    api.made("leads", last_name="Left Behind", assigned_to=user)
    employee = f"/employees/{api.made('employees', last_name='Leaver', status='terminated', account_user=user)}"
    assert f'action="{employee}/deactivate"' in sara.get(employee).text
    at = f"/users/{user}/hand_over"
    assert sara.post(f"{employee}/deactivate", at=employee).headers["location"] == at
    page = sara.get(at).text
    assert re.findall(r'name="module" value="(\w+)"', page) == ["leads"]
    assert sara.post(at, at=at, module="leads").status_code == 422
