"""What a published version of an article changed is shown, and its text comes back as the next version."""

import re
from uuid import uuid4

from tests.isolation.people import api_client, hire, token_of
from tests.site import Site


def test_a_version_shows_what_it_changed_and_comes_back_as_the_next(site: Site) -> None:
    program = api_client(site, "northwind", token_of(site, "northwind", "admin"))
    facts = {"name": f"Gimbal {uuid4().hex}", "status": "public", "description": "<p>Turn the <b>left</b> screw.</p>"}
    article = program.post("/api/v1/knowledge_articles", json=facts).json()
    path = f"/knowledge_articles/{article['id']}"
    changed = program.patch(f"/api/v1{path}", json={"version": 1, "description": "<p>Turn the right screw.</p>"})
    assert changed.json()["revision"] == 2
    asked = f"/api/v1/knowledge_revisions?filter[article][eq]={article['id']}&sort=number"
    first, second = (f"/knowledge_revisions/{row['id']}" for row in program.get(asked).json()["items"])
    anna = site.browser("northwind")
    shown = anna.get(f"{second}/changes").text
    assert re.search(r"Turn the <del>left</del><ins>right</ins> screw", shown), shown[-3000:]
    assert "first version" in anna.get(f"{first}/changes").text
    reader = hire(site, "reader").browser
    assert reader.post(f"{first}/restore", at="/settings").status_code in (403, 404)
    assert f"{first}/restore" not in reader.get(first).text
    assert anna.post(f"{first}/restore", at=first).headers["location"] == path
    back = program.get(f"/api/v1{path}").json()
    assert (back["revision"], "left" in back["description"]) == (3, True)
