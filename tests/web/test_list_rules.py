"""A target list that follows a saved view, set, asked again and let go in the browser."""

import re
from typing import Any


def test_a_list_follows_a_saved_view_until_it_is_let_go(site: Any) -> None:
    anna = site.browser("northwind")
    made = anna.post("/target_lists", at="/target_lists/new", name="Follows", list_type="default")
    page = f"{made.headers['location']}/rules"
    views = dict(re.findall(r'<option value="([0-9a-f-]{36})">([^<]+)</option>', anna.get(page).text))
    assert views
    assert anna.post(page, at=page, view="nonsense").status_code == 422
    assert anna.post(page, at=page, view=next(iter(views))).status_code == 303
    shown = anna.get(page).text
    module = re.search(r'name="module" value="([a-z_]+)"', shown)
    assert module and "Refreshed" in shown and next(iter(views.values())) in shown
    assert anna.post(f"{page}/refresh", at=page, module=module[1]).status_code == 303
    assert anna.post(f"{page}/refresh", at=page, module="nothing").status_code == 404
    assert "Members refreshed" in anna.get(page.replace("/rules", "/history")).text
    assert anna.post(f"{page}/drop", at=page, module=module[1]).status_code == 303
    assert 'name="module"' not in anna.get(page).text
