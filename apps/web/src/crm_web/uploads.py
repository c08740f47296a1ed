"""Files that come with a form, put through the file door; the form then names them by their keys."""

from collections.abc import Sequence
from typing import Any, BinaryIO, cast

from litestar.datastructures import FormMultiDict, UploadFile

from crm_domain.definition import Blob, Module
from crm_domain.problems import BadValue, FieldProblem
from crm_web.lists.tables import FILES
from crm_web.visit import Visit

Pairs = list[tuple[str, str]]
Problems = dict[str, tuple[FieldProblem, ...]]


async def received(visit: Visit, upload: UploadFile) -> Blob:
    """One file, kept for its sender. Raises BadValue."""
    door = visit.installation.files
    return await door.receive(
        visit.installation.database, visit.tenant, visit.access.user, upload.filename, cast("BinaryIO", upload.file)
    )


async def taken_in(
    visit: Visit, module: Module[Any], posted: FormMultiDict, keys: Sequence[str]
) -> tuple[Pairs, Problems]:
    """The form's texts, with the files of these fields as the keys they were kept under, and what is wrong with others."""
    pairs: Pairs = []
    problems: Problems = {}
    fields = {key for key in keys if isinstance(module.by_key.get(key), FILES)}
    for name, value in posted.multi_items():
        if not isinstance(value, UploadFile):
            pairs.append((name, value))
        elif value.filename and name in fields:
            try:
                blob = await received(visit, value)
            except BadValue as bad:
                problems[name] = (*problems.get(name, ()), bad.problem)
                continue
            pairs += [(f"{name}.key", blob.key), (f"{name}.label.{blob.key}", blob.name)]
    return pairs, problems
