"""Whoever asked not to be called is marked where his numbers stand, and any number finds its owner."""

from tests.site import Browser, Site


def made(browser: Browser, **values: str) -> str:
    return browser.post("/contacts", at="/contacts/new", **values).headers["location"]


def test_the_numbers_of_who_asked_not_to_be_called_say_so(site: Site) -> None:
    browser = site.browser("northwind")
    quiet = made(browser, last_name="Quietman", phone_home="+1 212 555 0147", do_not_call="1")
    other = made(browser, last_name="Talker", phone_home="+1 212 555 0148")
    warning = "<span>Do not call</span>"
    assert 'href="tel:+12125550147"' in browser.get(quiet).text and warning in browser.get(quiet).text
    assert 'href="tel:+12125550148"' in browser.get(other).text and warning not in browser.get(other).text
    assert 'class="help spared"' in browser.get(f"{quiet}/edit").text
    listed = browser.get("/contacts?filter[any_phone][contains]=2125550147").text
    assert f'name clip" href="{quiet}"' in listed and f'name clip" href="{other}"' not in listed
    assert "Any phone" in listed
