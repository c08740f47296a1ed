"""The same change to many records over the API: always a job, with a run behind it that can be taken back."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from litestar import Controller, Response, post

from crm_domain.definition import Module
from crm_domain.problems import Denied, FieldProblem, Invalid
from crm_domain.records import run_many
from crm_web.api.records import PLAIN, answer, read_body, values_of
from crm_web.idempotency import once
from crm_web.job_view import job_json
from crm_web.lists.selection import whole_result
from crm_web.visit import Visit

KNOWN = frozenset({"ids", "filter", "set", "delete"})


class BulkApi(Controller):
    """/api/v1/<module>/bulk: `{"ids": […]}` or `{"filter": {…}}`, with `{"set": {…}}` or `{"delete": true}`."""

    module_key: ClassVar[str]

    @post("/bulk", status_code=202)
    async def bulk(self, visit: Visit) -> Response[bytes]:
        """202 with the job. `filter` is that of the list: `{"stage": "won", "amount": {"gt": "5"}}`; `q` searches."""
        module = visit.module(self.module_key)
        if not any(visit.access.can(module.key, action) for action in ("mass_update", "delete")):
            raise Denied
        body = await read_body(visit.request)
        visit.allow(module, "delete" if body.get("delete") else "mass_update")
        _check(body)

        async def make() -> Any:
            ids = await _ids(visit, module, body)
            values = None if body.get("delete") else values_of(visit, module, body["set"])
            run = await run_many.open_run(visit.work, module, "delete" if body.get("delete") else "update", ids, values)
            job = await run_many.begin(visit.work, run, always_job=True)
            assert job is not None
            return {**job_json(visit, await visit.work.store.jobs.get(job)), "href": f"/{module.key}/bulk/{run}"}

        done = await once(visit, make)
        await visit.commit()
        return answer(done, status=202)


def _check(body: Mapping[str, Any]) -> None:
    if unknown := set(body) - KNOWN:
        raise Invalid({key: (FieldProblem("problems.unknown_field", {"field": key}),) for key in unknown})
    if ("ids" in body) == ("filter" in body):
        raise Invalid({"ids": (FieldProblem("problems.ids_or_filter"),)})
    if bool(body.get("delete")) == ("set" in body):
        raise Invalid({"set": (FieldProblem("problems.set_or_delete"),)})
    for key in ("filter", "set"):
        if key in body and not isinstance(body[key], dict):
            raise Invalid({key: (FieldProblem("problems.not_an_object"),)})


async def _ids(visit: Visit, module: Module[Any], body: Mapping[str, Any]) -> list[UUID]:
    if "ids" in body:
        try:
            return msgspec.convert(body["ids"], list[UUID])
        except msgspec.ValidationError:
            raise Invalid({"ids": (FieldProblem("problems.unknown_record"),)}) from None
    plain = msgspec.structs.replace(visit.voice, locale=PLAIN)
    return await whole_result(visit, module, list(_params(body["filter"])), plain)


def _params(filter_: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The filter as the list's address would carry it."""
    found: list[tuple[str, str]] = []
    for field, value in filter_.items():
        if field == "q":
            found.append(("q", str(value)))
            continue
        conditions = value if isinstance(value, dict) else {"": value}
        for op, wanted in conditions.items():
            name = f"filter[{field}][{op}]" if op else f"filter[{field}]"
            found += [(name, _text(one)) for one in (wanted if isinstance(wanted, list) else [wanted])]
    return found


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
