"""A company on a durable database of its own and a mail server in a process of its own, for measuring."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from crm_storage.tenants.cluster import LOGINS
from crm_storage.tenants.install import install
from sadra_cli.postgres import Postgres
from tests.installation import PASSWORD, Installation
from tests.mailing import Office, open_office

BODY = "<p>" + "متن فارسی برای سنجش سرعت ساخت و ارسال ایمیل‌ها. " * 55 + "</p>"
HTML = f"""<h1>سلام {{{{ contact.first_name | default:"دوست گرامی" }}}}</h1>{BODY}
<p>امروز {{{{ system.today | jdate }}}} است. <a href="https://example.ir/fair">نمایشگاه</a>
<a href="https://example.ir/program?day=1">برنامه</a> <a href="https://example.ir/map">نقشه</a></p>"""
"""About 12 kB as it leaves: two parts in Persian, three tracked links, two values."""


@asynccontextmanager
async def mail_server() -> AsyncIterator[int]:
    """A server that takes everything; its port."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.sink", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None and child.stdin is not None
    port = int(await child.stdout.readline())
    try:
        yield port
    finally:
        child.stdin.close()
        await child.wait()


@asynccontextmanager
async def arena() -> AsyncIterator[Office]:
    """The company, with its account at that server."""
    with TemporaryDirectory() as folder, Postgres(Path(folder) / "postgres") as postgres:
        os.chmod(folder, 0o755)
        await install(postgres.url(), dict.fromkeys(LOGINS, PASSWORD))
        installation = Installation(postgres.url())
        async with installation.database() as database, mail_server() as port:
            number = (await installation.tenant(database)).number
            async with open_office(postgres.url(), number, port) as office:
                yield office
