"""Files over the API: sent first, then named by their key in a record."""

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict
from litestar.response import Stream
from msgspec import to_builtins

from crm_web.api.records import answer
from crm_web.pages.files import opened, sent
from crm_web.visit import Visit


class FileApi(Controller):
    """/api/v1/files: multipart with the field `file`; GET with the key downloads."""

    path = "/v1/files"

    @post("/", status_code=201)
    async def send(self, visit: Visit, posted: FormMultiDict) -> Response[bytes]:
        return answer(to_builtins(await sent(visit, posted)), status=201)

    @get("/{key:str}")
    async def fetch(self, visit: Visit, key: str) -> Stream:
        return await opened(visit, key)
