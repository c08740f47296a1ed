"""What a list asks is said in words wherever the list goes, and whose records it asks for is the reader's choice."""

from html import unescape
from re import search

from tests.isolation.people import api_client, token_of

from .conftest import Site


def test_a_printed_list_names_its_words_and_its_whole_filter(site: Site) -> None:
    somebody = site.browser("northwind")
    page = somebody.get("/opportunities/print?q=a&mine=team&filter[stage][in]=proposal").text
    said = search(r'<span class="sub">(Filter: [^<]*)</span>', page)
    assert said, page[:2000]
    assert all(word in said[1] for word in ("Search: a", "my team", "Sales stage: Proposal")), said[1]
    assert "Filter:" not in somebody.get("/opportunities/print?all=1").text


def test_my_items_may_include_my_teams(site: Site) -> None:
    somebody = site.browser("northwind")
    offered = somebody.get("/opportunities?open=1").text
    assert search(r'aria-checked="false" href="[^"]*mine=team[^"]*"', offered)
    chosen = somebody.get("/opportunities?mine=team").text
    ticked = search(r'aria-checked="true" href="([^"]*)"', chosen)
    assert ticked and "mine" not in ticked[1]


def test_what_is_overdue_and_what_nobody_has_is_one_click_away(site: Site) -> None:
    program = api_client(site, "northwind", token_of(site, "northwind", "admin"))
    past, coming = "2024-05-01T08:00:00Z", "2124-05-01T08:00:00Z"
    made = {
        "Overdue mine": {"due_at": past},
        "Overdue nobody's": {"due_at": past, "assigned_to": None},
        "Overdue but closed": {"due_at": past, "state": "closed", "status": "rejected"},
        "Not yet nobody's": {"due_at": coming, "assigned_to": None},
    }
    for name, values in made.items():
        assert program.post("/api/v1/cases", json={"name": f"Quickfilter {name}", **values}).status_code == 201
    somebody = site.browser("northwind")
    for asked, wanted in (
        ("late=1", ["Overdue mine", "Overdue nobody's"]),
        ("unassigned=1", ["Overdue nobody's", "Not yet nobody's"]),
        ("late=1&unassigned=1", ["Overdue nobody's"]),
    ):
        page = unescape(somebody.get(f"/cases?q=quickfilter&{asked}").text)
        assert [name for name in made if f"Quickfilter {name}<" in page] == wanted, asked
        assert search(r'aria-checked="true"', page)
    assert "late=1" not in somebody.get("/accounts").text
