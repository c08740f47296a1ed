"""How many statements a page sends: few, and the same few however many records it shows (REL-40)."""

import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from crm_domain.modules import REGISTRY
from tests.inside import Inside, Reader, open_inside
from tests.installation import Installation
from tests.isolation.people import connect
from tests.site import Site

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
MOST = 12
LIST = 4
"""Who asks, and three more: what he keeps at hand, the rows with their number, the names of all that is linked or at hand."""
BOARD = 5 + 3
"""A list's, and one more: a board counts its lanes and shows their first cards by themselves. What is next stands on cards where there
are any: one for each kind of activity, tasks, calls and meetings."""
RECORD = 7
"""Of one record: who asks, the record, names for links of any kind, the visit, the numbers in its subpanels, what he
keeps at hand and its names."""
ROW = re.compile(rb'<a class="name clip" href="(/[a-z_]+/[0-9a-f-]{36})"')


@pytest.fixture(scope="module")
async def inside(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inside]:
    async with open_inside(installation, tmp_path_factory.mktemp("inside")) as opened:
        yield opened


@pytest.fixture(scope="module")
async def reader(site: Site, inside: Inside) -> Reader:
    return await inside.sign_in("northwind", int(site.schemas["northwind"].removeprefix("t_")))


@pytest.mark.parametrize("path", ["/", "/search?q=an", "/palette?q=an", "/settings", "/admin", "/admin/roles"])
async def test_rel_40_a_page_of_no_module_sends_few(reader: Reader, path: str) -> None:
    sent = await reader.statements(path)
    assert len(sent) <= MOST, [statement.text for statement in sent]


@pytest.mark.parametrize("module", REGISTRY.modules)
async def test_rel_40_a_list_and_a_form_send_few(reader: Reader, module: str) -> None:
    listed = await reader.statements(f"/{module}")
    assert len(listed) <= LIST, [statement.text for statement in listed]
    if REGISTRY[module].kept:
        return
    new = await reader.statements(f"/{module}/new")
    assert len(new) <= MOST, [statement.text for statement in new]


@pytest.mark.parametrize("module", ["accounts", "contacts", "leads", "opportunities", "notes", "calls", "users"])
async def test_rel_40_no_page_of_a_record_sends_many(reader: Reader, module: str) -> None:
    found = ROW.search(await reader.ask(f"/{module}"))
    assert found
    record = found[1].decode()
    for path, most in ((record, RECORD), (f"{record}/edit", MOST), (f"{record}/history", MOST)):
        sent = await reader.statements(path)
        assert len(sent) <= most, (path, [statement.text for statement in sent])
    for relation in REGISTRY.relations(module):
        assert len(await reader.statements(f"{record}/related/{relation}")) <= MOST


async def test_rel_40_more_rows_need_no_more_statements(reader: Reader) -> None:
    whole, none = await reader.statements("/contacts?all=1"), await reader.statements("/contacts?q=nobodyatall")
    assert len(whole) == len(none)


async def test_rel_40_a_list_filtered_by_a_record_names_it_with_the_others(reader: Reader) -> None:
    account = ROW.search(await reader.ask("/accounts"))
    assert account
    id_ = account[1].decode().rpartition("/")[2]
    await reader.ask(f"/accounts/{id_}")
    asked = f"filter[account][eq]={id_}"
    for path, most in ((f"/contacts?{asked}", LIST), (f"/opportunities?mode=board&{asked}", BOARD)):
        sent = await reader.statements(path)
        assert len(sent) <= most, [statement.text for statement in sent]
        assert id_.encode() in await reader.ask(path)


@pytest.mark.parametrize(
    "module", ["accounts", "contacts", "leads", "emails", "documents", "quotes", "campaigns", "users"]
)
async def test_sec_04_a_foreign_id_is_looked_for_like_an_unknown_one(site: Site, reader: Reader, module: str) -> None:
    """No time can tell them apart: either way the same statements are sent, and none of them finds anything."""
    with connect(site, "pishro") as owner:
        found = owner.execute(f"SELECT id FROM {module} LIMIT 1".encode()).fetchone()
    assert found
    for page in ("", "/edit", "/history", "/print"):
        sent = [
            [statement.text for statement in await reader.statements(f"/{module}/{id_}{page}", answers=(403, 404))]
            for id_ in (found[0], uuid4())
        ]
        assert sent[0] == sent[1] and len(sent[0]) <= MOST, page


async def test_rel_40_a_list_over_the_api_sends_two(site: Site, inside: Inside) -> None:
    program = await inside.token("northwind", int(site.schemas["northwind"].removeprefix("t_")))
    assert len(await program.statements("/api/v1/contacts?count=true&limit=200")) == 2
