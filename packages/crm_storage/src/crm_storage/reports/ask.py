"""One reader's answer to a report's question, from what it says to the order of its lines."""

import msgspec

from crm_domain.meaning.voice import Voice
from crm_domain.problems import Denied
from crm_domain.query.read import still_known
from crm_domain.reports.answer import MOST_ON_SCREEN, Answer
from crm_domain.reports.arrange import arranged
from crm_domain.reports.check import check_question
from crm_domain.reports.narrow import narrow
from crm_domain.reports.question import Question
from crm_storage.records.context import Context
from crm_storage.reports.run import run


async def answered(
    context: Context, question: Question, voice: Voice, *, limit: int = MOST_ON_SCREEN, offset: int = 0
) -> Answer:
    """Without conditions on fields of the tenant's own that have gone since.

    Raises Denied without the right to list the base, Invalid for what makes no sense any more, Refused for what takes too long.
    """
    registry = context.registry
    if not context.access.can(question.base, "list"):
        raise Denied
    known = still_known(registry, registry[question.base], question.asked) if question.base in registry else ()
    question = msgspec.structs.replace(question, asked=known)
    check_question(question, registry, voice)
    asked = narrow(question, registry, context.access, voice)
    found = await run(context, asked, voice, limit=limit, offset=offset)
    return arranged(found, registry, voice.locale)
