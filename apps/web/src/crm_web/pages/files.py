"""Sending files and getting them: whoever may see a record that holds a file may open it (SEC-20, SEC-39)."""

import re
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict, UploadFile
from litestar.response import Stream

from crm_domain.definition import Blob
from crm_domain.problems import FieldProblem, Invalid, NotFound
from crm_domain.text import format as formats
from crm_storage.files.door import PREVIEW, THUMB
from crm_web.files import picture, streamed
from crm_web.uploads import received
from crm_web.visit import Visit

KEY = re.compile(r"[0-9a-f]{48}")


class FilePages(Controller):
    """/files: a field sends its file here as soon as it is chosen."""

    path = "/files"

    @post("/", status_code=201)
    async def send(self, visit: Visit, posted: FormMultiDict) -> Response[dict[str, Any]]:
        blob = await sent(visit, posted)
        size = formats.file_size(blob.size, visit.voice.locale, visit.voice.catalogue)
        thumb = f"/files/{blob.key}/thumb" if blob.pictured else ""
        return Response({"key": blob.key, "name": blob.name, "size": size, "thumb": thumb}, status_code=201)

    @get("/{key:str}")
    async def fetch(self, visit: Visit, key: str) -> Stream:
        return await opened(visit, key)

    @get("/{key:str}/preview")
    async def preview(self, visit: Visit, key: str) -> Stream:
        return await _beside(visit, key, PREVIEW)

    @get("/{key:str}/thumb")
    async def thumb(self, visit: Visit, key: str) -> Stream:
        return await _beside(visit, key, THUMB)


async def sent(visit: Visit, posted: FormMultiDict) -> Blob:
    """The file of a form that sends nothing else, under the name `file`. Raises BadValue, Invalid without one."""
    upload = posted.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise Invalid({"file": (FieldProblem("problems.required"),)})
    return await received(visit, upload)


async def opened(visit: Visit, key: str) -> Stream:
    """The file as a download. Raises NotFound, also where the reader may not open it (SEC-04)."""
    blob = await _openable(visit, key)
    return streamed(blob.name, blob.media_type, await visit.installation.files.open(visit.tenant, blob.key), blob.size)


async def _beside(visit: Visit, key: str, ending: str) -> Stream:
    blob = await _openable(visit, key)
    if not blob.pictured:
        raise NotFound
    return picture(await visit.installation.files.open(visit.tenant, blob.key, ending))


async def _openable(visit: Visit, key: str) -> Blob:
    found = await visit.work.store.openable([key]) if KEY.fullmatch(key) else {}
    if key not in found:
        raise NotFound
    return found[key]
