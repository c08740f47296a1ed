"""Whether a report's answer may leave the house in its reader's hands."""

from crm_domain.access.rights import Access
from crm_domain.definition import Registry
from crm_domain.reports.paths import fans_out, place_of
from crm_domain.reports.question import NOW, Question


def may_leave(question: Question, registry: Registry, access: Access) -> bool:
    """Whether he may take out all that he sees of the base, and of every module whose related records stand in the answer."""
    paths = (*question.columns, *(group.path for group in question.groups if group.path != NOW))
    places = (place_of(registry, question.base, path) for path in paths)
    beside = {place.module.key for place in places if fans_out(registry, question.base, place.source)}
    return all(
        access.can(key, "export") and access.scope(key, "export") >= access.scope(key, "list")
        for key in {question.base, *beside}
    )
