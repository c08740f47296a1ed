"""Asking the questions of target lists again, each with the rights of who set it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from crm_domain.modules.list_rules import refresh_list
from crm_domain.problems import Denied, Invalid, NotFound
from crm_domain.tenancy import Tenant
from crm_storage.marketing.list_rules import ListRule, due_rules, note_refreshed, rules_of_run
from crm_worker.turns import in_turn
from crm_worker.workshop import Workshop

EVERY = timedelta(hours=1)


async def refresh_due(shop: Workshop) -> None:
    """The lists of every active tenant, those asked longest ago first."""

    async def refresh(tenant: Tenant) -> None:
        async with shop.database.tenant(tenant.number) as session:
            rules = await due_rules(session, shop.clock.now() - EVERY)
        await _refresh(shop, tenant, rules)

    await in_turn(shop.active(), "lists.unrefreshed", refresh)


async def refresh_for_run(shop: Workshop, tenant: Tenant, run: UUID) -> None:
    """The lists of a mailing that is about to be filled: it goes to whom the questions find now."""
    async with shop.database.tenant(tenant.number) as session:
        rules = await rules_of_run(session, run)
    await _refresh(shop, tenant, rules)


async def _refresh(shop: Workshop, tenant: Tenant, rules: Sequence[ListRule]) -> None:
    """Each by itself: what stands against one, such as an owner who has left, leaves its members and the other lists alone."""
    for rule in rules:
        problem = await _ask(shop, tenant, rule)
        if problem:
            async with shop.database.tenant(tenant.number) as session:
                await note_refreshed(session, rule, shop.clock.now(), problem)
                await session.commit()
            structlog.get_logger().warning("list.kept", tenant=tenant.number, list=str(rule.list), problem=problem)


async def _ask(shop: Workshop, tenant: Tenant, rule: ListRule) -> str:
    """Empty, or what stood against it."""
    async with shop.database.tenant(tenant.number) as session:
        actor = await shop.actor(session, tenant, rule.owner)
        if actor is None:
            return "list_rules.owner_gone"
        work = await shop.work(session, tenant, actor, "")
        try:
            await refresh_list(work, rule.list, rule.module, rule.question, shop.voice(actor, work.registry))
        except (Denied, NotFound):
            return "list_rules.not_allowed"
        except Invalid:
            return "list_rules.not_understood"
        await note_refreshed(session, rule, shop.clock.now())
        await session.commit()
        return ""
