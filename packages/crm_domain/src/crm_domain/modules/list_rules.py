"""Target lists that keep themselves: the records of a module that a question finds, with the rights of who set it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.meaning.voice import Voice
from crm_domain.problems import NotFound
from crm_domain.query.read import read_filter
from crm_domain.query.resolve import resolve
from crm_domain.records.gather import Choice, Refreshed, gathering, refresh
from crm_domain.records.work import Work

Question = Sequence[tuple[str, str]]


def chosen(work: Work, key: str, question: Question, voice: Voice) -> Choice:
    """The records a question means to the acting user. Raises NotFound for a module that no list holds."""
    module = work.registry.get(key)
    if module is None or gathering(work, key) is None:
        raise NotFound
    asked = read_filter(work.registry, module, list(question), voice)
    return Choice(filter=resolve(asked, work.registry, module, work.access, voice).filter)


async def refresh_list(work: Work, list_: UUID, key: str, question: Question, voice: Voice) -> Refreshed:
    """Asks again; the caller commits. Raises NotFound, Denied."""
    relation = gathering(work, key)
    if relation is None:
        raise NotFound
    done = await refresh(work, relation, list_, chosen(work, key, question, voice))
    if done.joined or done.left:
        facts = {"joined": done.joined, "left": done.left}
        await work.store.note(work.registry[relation.module], list_, "refresh", facts)
    return done


def ruled(work: Work) -> list[Module[Any]]:
    """The modules whose records a list may hold by a rule and the acting user may list."""
    modules = work.registry.modules.values()
    return [module for module in modules if gathering(work, module.key) and work.access.can(module.key, "list")]
