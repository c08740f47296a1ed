"""A provider of identities, and the app of an operator who allows its host."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sadra_cli.children import free_port
from tests.installation import Installation
from tests.isolation.people import connect
from tests.site import Site, serve

from .identity_provider import Provider, listening
from .visiting import settle


@pytest.fixture(scope="package")
def honest() -> Iterator[Provider]:
    with listening() as provider:
        yield provider


@pytest.fixture(scope="package")
def open_site(
    site: Site, installation: Installation, honest: Provider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """Another process of the app, whose operator allows the provider's host."""
    port, folder = free_port(), Path(tmp_path_factory.mktemp("sso"))
    settings = {
        "SADRA_WEB_DATABASE_URL": installation.login("sadra_web"),
        "SADRA_WEB_URL": f"http://{{tenant}}.localhost:{port}",
        "SADRA_OUTBOUND_ALLOWED": f"localhost:{honest.port}",
    }
    child = serve(folder, "crm_web.app:create_app", port, installation, settings)
    try:
        yield replace(site, port=port)
    finally:
        child.terminate()
        child.wait(20)


@pytest.fixture
def provider(honest: Provider, open_site: Site) -> Iterator[Provider]:
    settle(open_site, honest, enabled="1")
    yield honest
    honest.spoil, honest.answer_iss, honest.description, honest.shown, honest.moved = None, None, {}, [], {}
    with connect(open_site) as owner:
        owner.execute("DELETE FROM setting WHERE key = 'single_sign_on'")
        owner.execute("DELETE FROM secret WHERE module = 'settings'")
        owner.execute("DELETE FROM login_throttle")
        owner.execute("UPDATE users SET status = 'inactive' WHERE id IN (SELECT user_id FROM sso_identity)")
        owner.execute("DELETE FROM sso_identity")
