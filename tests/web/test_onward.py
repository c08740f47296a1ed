"""Where somebody is led after signing in: nowhere but to pages of this site (SEC-19)."""

import itertools
from typing import Any
from urllib.parse import urljoin

import httpx2 as httpx
import pytest

from crm_web.pages.sign_in import own_path
from tests.site import PASSWORD, TOKEN, Site

HERE = "https://pishro.sadra.example"
FOREIGN = "evil.example"
STARTS = ("//", "/\\", "\\/", "\\\\", "///", "/\t/", "/\n/", "/\r/", "\t//", " //", "/\x00/", "/\x1f/", "https://", "https:", "https:\\\\",
          "HTTPS://", "javascript://", "data:text/html,//", "//user@", "//user:word@",
          "/\t\\", "\x0b//", "///\\", "http:///", ";//")  # fmt: skip
ENDS = (
    f"{FOREIGN}",
    f"{FOREIGN}/",
    f"{FOREIGN}?a=/",
    f"{FOREIGN}#/",
    f"{FOREIGN}:443/x",
    f"{FOREIGN}%2f..",
    "evil。example",
)
SPELLINGS = ["".join(parts) for parts in itertools.product(STARTS, ENDS)]
OWN = (
    "/",
    "/leads?q=a&open=1",
    "/leads?q=علی‌رضا کاظمی",
    "/a//b",
    "/contacts/1#x",
    "/x?next=//evil.example",
    "/@evil.example",
)


def led(path: str) -> str:
    """Where a browser goes: it drops tabulators, line ends and leading control characters, and turns backslashes."""
    plain = path.lstrip("".join(map(chr, range(33)))).translate({9: None, 10: None, 13: None}).replace("\\", "/")
    return urljoin(f"{HERE}/", plain)


def test_sec_19_no_spelling_leads_to_a_foreign_site() -> None:
    assert len(SPELLINGS) >= 150
    assert [path for path in SPELLINGS if not led(own_path(path)).startswith(f"{HERE}/")] == []
    assert [path for path in SPELLINGS if not led(path).startswith(f"{HERE}/")], "some of them would"


@pytest.mark.parametrize("path", OWN)
def test_a_page_of_the_site_is_led_to(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.parametrize("path", ["//evil.example", "/\t/evil.example", "/\\evil.example", "/leads?q=a"])
def test_sec_19_who_signs_in_stays_here(site: Site, path: str) -> None:
    http: Any = httpx.Client(
        base_url=f"http://127.0.0.1:{site.port}", headers={"host": f"pishro.localhost:{site.port}"}
    )
    page = http.get("/login", params={"next": path})
    token = TOKEN.search(page.text)
    assert token and FOREIGN not in page.text
    said = {"_csrf": token[1], "login": "admin", "password": PASSWORD, "next": path}
    answer = http.post("/login", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, path if path.startswith("/leads") else "/")
