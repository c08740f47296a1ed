"""What a list asks is said in words wherever the list goes, and whose records it asks for is the reader's choice."""

from re import search

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
