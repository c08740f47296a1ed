"""Target lists that keep themselves: which saved question each asks, when it last did, and asking it now."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.modules.list_rules import chosen, refresh_list, ruled
from crm_domain.modules.target_lists import TargetList
from crm_domain.problems import NotFound
from crm_domain.query.page import COUNT_CAP
from crm_domain.records.shelf import SavedView
from crm_domain.text import format as formats
from crm_storage.marketing.list_rules import ListRule, drop_rule, keep_rule, note_refreshed, rules_of
from crm_web.campaigns.frame import number
from crm_web.records.view import heading
from crm_web.visit import Visit
from crm_web.written import writable


class ListRulePages(Controller):
    """/target_lists/<id>/rules."""

    path = "/target_lists"

    @get("/{record_id:uuid}/rules")
    async def show(self, visit: Visit, record_id: UUID) -> Response[str]:
        return await _page(visit, record_id)

    @post("/{record_id:uuid}/rules")
    async def keep(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """The list follows a saved view from now on, as that view asks today."""
        await writable(visit, visit.work.module(TargetList), record_id)
        view = next((view for view in await _views(visit) if str(view.id) == posted.get("view")), None)
        if view is None:
            return await _page(visit, record_id, visit.text("list_rules.no_view"))
        rule = ListRule(record_id, view.module, view.name, view.state.params, visit.access.user)
        await keep_rule(visit.session, rule)
        return await _asked(visit, rule)

    @post("/{record_id:uuid}/rules/refresh")
    async def refresh(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """Asks again with the rights of who set it: at once for him, by the worker for others."""
        await writable(visit, visit.work.module(TargetList), record_id)
        rule = await _rule(visit, record_id, posted.get("module", ""))
        await keep_rule(visit.session, rule)
        return await _asked(visit, rule)

    @post("/{record_id:uuid}/rules/drop")
    async def drop(self, visit: Visit, record_id: UUID, posted: FormMultiDict) -> Response[Any]:
        """The list stays as it is."""
        await writable(visit, visit.work.module(TargetList), record_id)
        await drop_rule(visit.session, record_id, posted.get("module", ""))
        await visit.commit()
        return visit.go(f"/target_lists/{record_id}/rules", visit.text("list_rules.dropped"))


async def _rule(visit: Visit, list_: UUID, module: str) -> ListRule:
    found = next((rule for rule in await rules_of(visit.session, list_) if rule.module == module), None)
    if found is None:
        raise NotFound
    return found


async def _views(visit: Visit) -> list[SavedView]:
    """The reader's saved views of modules whose records a list holds."""
    keys = {module.key for module in ruled(visit.work)}
    return [view for view in await visit.work.store.shelf.views() if view.module in keys]


async def _asked(visit: Visit, rule: ListRule) -> Response[Any]:
    """At once while a person waits gladly; what is large, or another's, within a minute by the worker."""
    at_once = rule.owner == visit.access.user and await _is_small(visit, rule)
    said = visit.text("list_rules.soon")
    if at_once:
        done = await refresh_list(visit.work, rule.list, rule.module, rule.question, visit.voice)
        await note_refreshed(visit.session, rule, visit.voice.now)
        said = visit.text("list_rules.done", joined=number(visit, done.joined), left=number(visit, done.left))
    await visit.commit()
    return visit.go(f"/target_lists/{rule.list}/rules", said)


async def _is_small(visit: Visit, rule: ListRule) -> bool:
    module = visit.module(rule.module)
    choice = chosen(visit.work, rule.module, rule.question, visit.voice)
    return (await visit.work.store.count(module, choice.filter, cap=COUNT_CAP + 1)).number <= COUNT_CAP


async def _page(visit: Visit, list_: UUID, problem: str = "") -> Response[str]:
    module = visit.work.module(TargetList)
    row = await writable(visit, module, list_)
    views = await _views(visit)
    offered = [
        (visit.voice.module(one), [(str(view.id), view.name) for view in views if view.module == one.key])
        for one in ruled(visit.work)
    ]
    return await visit.page(
        "target_lists/rules.html",
        status=422 if problem else 200,
        current=module.key,
        **await heading(visit, module, row),
        tab="rules",
        url=f"/target_lists/{list_}/rules",
        problem=problem,
        rules=[_shown(visit, rule) for rule in await rules_of(visit.session, list_)],
        offered=[(label, found) for label, found in offered if found],
        modules=[(visit.voice.module(one), f"/{one.key}") for one in ruled(visit.work)],
    )


def _shown(visit: Visit, rule: ListRule) -> dict[str, Any]:
    module = visit.work.registry[rule.module]
    locale, catalogue = visit.voice.locale, visit.voice.catalogue
    return {
        "module": rule.module,
        "modules": visit.voice.module(module),
        "icon": module.icon,
        "name": rule.name,
        "href": f"/{rule.module}?{urlencode(rule.question)}" if visit.access.can(rule.module, "list") else "",
        "at": formats.format_datetime(rule.refreshed_at, locale, catalogue) if rule.refreshed_at else "",
        "problem": visit.text(rule.problem) if rule.problem else "",
    }
