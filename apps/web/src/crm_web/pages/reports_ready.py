"""The reports that come with the product: by folder, run as they are, taken over to be changed."""

from typing import Any

from litestar import Controller, Response, get, post

from crm_domain.modules.reports import FOLDERS, Report
from crm_domain.problems import Denied, NotFound
from crm_domain.reports.question import write_question
from crm_domain.reports.ready import READY, Ready
from crm_web.reports.body import shown
from crm_web.visit import Visit


class ReadyReportPages(Controller):
    """/reports/ready."""

    path = "/reports/ready"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        visit.allow(visit.work.module(Report), "list")
        mine = [ready for ready in READY.values() if visit.access.can(ready.question.base, "list")]
        folders = [
            (visit.voice.option(FOLDERS, folder), [_line(visit, ready) for ready in mine if ready.folder == folder])
            for folder in [item.key for item in FOLDERS.items]
        ]
        return await visit.page(
            "reports/ready.html",
            current="reports",
            reports=visit.voice.module(visit.work.module(Report)),
            folders=[(label, found) for label, found in folders if found],
        )

    @get("/{key:str}")
    async def show(self, visit: Visit, key: str, page: int = 1) -> Response[Any]:
        ready = _ready(visit, key)
        module = visit.work.module(Report)
        facts = await shown(visit, key, ready.question, page)
        response = await visit.page(
            "reports/ready_one.html",
            current=module.key,
            url=f"/reports/ready/{key}",
            reports=visit.voice.module(module),
            name=visit.text(f"reports.ready.{key}"),
            may_take=visit.access.can(module.key, "create"),
            **facts,
        )
        await visit.commit()
        return response

    @post("/{key:str}/take")
    async def take(self, visit: Visit, key: str) -> Response[Any]:
        """A report of the reader's own that asks the same."""
        ready = _ready(visit, key)
        visit.allow(visit.work.module(Report), "create")
        id_ = await visit.work.create(
            Report,
            Report.name.to(visit.text(f"reports.ready.{key}")),
            Report.base.to(ready.question.base),
            Report.folder.to(ready.folder),
            Report.private.to(True),
            Report.question.to(write_question(ready.question)),
        )
        await visit.commit()
        return visit.go(f"/reports/{id_}", visit.text("reports.taken"))


def _ready(visit: Visit, key: str) -> Ready:
    """Raises NotFound, Denied."""
    if not visit.access.can("reports", "view"):
        raise Denied
    if key not in READY:
        raise NotFound
    return READY[key]


def _line(visit: Visit, ready: Ready) -> dict[str, str]:
    return {
        "name": visit.text(f"reports.ready.{ready.key}"),
        "href": f"/reports/ready/{ready.key}",
        "kind": visit.text(f"report_kind.{ready.question.kind}"),
        "icon": visit.work.registry[ready.question.base].icon,
        "base": visit.voice.module(visit.work.registry[ready.question.base]),
    }
