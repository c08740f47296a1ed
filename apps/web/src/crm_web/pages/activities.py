"""What is planned and done with a record, and finishing what was planned."""

import json
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import NotFound
from crm_domain.records import save
from crm_web.reach import one
from crm_web.records.activities import CHANGED, activity_facts, activity_part
from crm_web.visit import Visit


class ActivityPages(Controller):
    """/<module>/<id>/activities, and /<module>/<id>/done and /reopen for what can be finished."""

    module_key: ClassVar[str]

    @get("/{record_id:uuid}/activities")
    async def activities(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.module(self.module_key)
        row = await one(visit, module, record_id)
        if visit.fragment:
            return await activity_part(visit, module, row)
        return await visit.page(
            "records/activities_page.html",
            current=module.key,
            module=module,
            row=row,
            name=row["name"],
            **await activity_facts(visit, module, row),
        )

    @post("/{record_id:uuid}/done")
    async def done(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Completes what was planned; `then=new` opens a copy of it as the next step, `then=list` goes on with a list."""
        module = _finishable(visit, self.module_key)
        assert module.schedule is not None
        await save.update(visit.work, module, record_id, {module.open_field: module.schedule.done})
        await visit.commit()
        if posted.get("then") == "new":
            return visit.go(f"/{module.key}/new?copy={record_id}")
        said = visit.text("activities.done", kind=visit.voice.module(module, "one"))
        undo = f"/{module.key}/{record_id}/reopen"
        if posted.get("then") == "list":
            return visit.go(f"/{module.key}?{urlencode(parse_qsl(posted.get('list', '')))}", said, undo)
        return _answer(visit, module, record_id, said, undo=undo)

    @post("/{record_id:uuid}/reopen")
    async def reopen(self, visit: Visit, record_id: UUID) -> Response[Any]:
        """Takes a completion back: the record is planned again."""
        module = _finishable(visit, self.module_key)
        await save.update(visit.work, module, record_id, {module.open_field: module.field(module.open_field).default})
        await visit.commit()
        said = visit.text("activities.reopened", kind=visit.voice.module(module, "one"))
        return _answer(visit, module, record_id, said)


def _finishable(visit: Visit, key: str) -> Module[Any]:
    module = visit.module(key)
    if module.schedule is None or not module.schedule.done:
        raise NotFound
    return module


def _answer(visit: Visit, module: Module[Any], id_: UUID, said: str, undo: str = "") -> Response[Any]:
    """A toast where the page stays, and word to a stream on it; else the record's page."""
    if not visit.fragment:
        return visit.go(f"/{module.key}/{id_}", said, undo)
    happened = {"sadra:toast": {"text": said, "undo_url": undo}, CHANGED: {}}
    return Response("", status_code=200, headers={"HX-Trigger": json.dumps(happened)}, media_type="text/html")
