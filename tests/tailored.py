"""Companies of their own for tests that change what a company's pages are made of."""

import time

import httpx2 as httpx

from crm_storage.hashing import Hasher
from tests.installation import Installation
from tests.loops import run
from tests.site import PASSWORD, Browser, Site


def open_company(installation: Installation, slug: str) -> int:
    """A new company whose administrator may sign in at the site; its number."""

    async def opened() -> int:
        hash_ = await Hasher().hash(PASSWORD)
        async with installation.database() as database:
            return (await installation.tenant(database, slug, password_hash=hash_)).number

    return run(opened())


def administrator(site: Site, slug: str) -> Browser:
    """The company's administrator, once the server has heard of the company."""
    headers = {"host": f"{slug}.localhost:{site.port}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", headers=headers) as http:
        for _ in range(600):
            if http.get("/login").status_code == 200:
                break
            time.sleep(0.05)
    return site.browser(slug)
