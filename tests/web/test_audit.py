"""An administrator looks through what everybody did: by kind, action, person, record and time; others may not."""

import re

import pytest

from tests.installation import Installation
from tests.isolation.people import hire
from tests.site import Browser, Site
from tests.tailored import administrator, open_company

SLUG = "auditors"
PAGE = "/admin/audit"


@pytest.fixture(scope="module")
def sara(site: Site, installation: Installation) -> Browser:
    open_company(installation, SLUG)
    return administrator(site, SLUG)


@pytest.fixture(scope="module")
def account(sara: Browser) -> str:
    made = sara.post("/accounts", at="/accounts/new", name="Audited Ltd").headers["location"]
    sara.post(made, at=f"{made}/edit", version="1", name="Audited Limited")
    sara.post("/leads", at="/leads/new", last_name="Unheard")
    return made


def test_it_tells_who_did_what_to_which_record(sara: Browser, account: str) -> None:
    page = sara.get(PAGE).text
    assert "Audited Limited" in page and account in page and "Unheard" in page


def test_it_is_narrowed_by_kind_action_record_person_and_day(sara: Browser, account: str) -> None:
    assert "Unheard" not in sara.get(f"{PAGE}?module=accounts").text
    changed = sara.get(f"{PAGE}?module=accounts&action=update").text
    assert "Audited Ltd" in changed and changed.count("<time") == 1
    assert sara.get(f"{PAGE}?record={account}").text.count("<time") == 2
    user = re.search(r'<option value="([0-9a-f-]{36})"', sara.get(PAGE).text)
    assert user
    assert "Unheard" in sara.get(f"{PAGE}?user={user[1]}").text
    assert "Unheard" not in sara.get(f"{PAGE}?until=2020-01-01").text
    assert sara.get(f"{PAGE}?since=yesterday-ish").status_code == 200


def test_it_goes_along_as_a_file_and_says_so(sara: Browser, account: str) -> None:
    file = sara.get(f"{PAGE}/export?module=accounts")
    assert file.headers["content-type"].startswith("text/csv")
    assert "Audited Limited" in file.text and "Unheard" not in file.text
    assert "Settings" in sara.get(f"{PAGE}?module=settings").text.partition("</form>")[2]


def test_sec_37_only_administrators_read_it(site: Site) -> None:
    other = hire(site, "anybody").browser
    assert other.get(PAGE).status_code == 403 and other.get(f"{PAGE}/export").status_code == 403


def test_how_long_it_is_kept_is_the_companys_choice_within_bounds(sara: Browser) -> None:
    keeping = "/admin/keeping"
    assert '<option value="730" selected' in sara.get(keeping).text
    assert sara.post(keeping, at=keeping, trash_days="90", audit_days="1").status_code == 422
    assert sara.post(keeping, at=keeping, trash_days="60", audit_days="365").status_code == 303
    page = sara.get(keeping).text
    assert '<option value="365" selected' in page and '<option value="60" selected' in page
