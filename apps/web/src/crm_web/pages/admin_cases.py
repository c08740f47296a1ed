"""What the company settles about its support: mails that customers get by themselves, what their answers lead to, and who may
publish articles."""

from typing import Any

import msgspec
from litestar import Controller, Response, get, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition.kinds import DependentChoice
from crm_domain.messages.catalogue import LANGUAGES
from crm_domain.modules.canned_replies import PLACES
from crm_domain.modules.cases import Case
from crm_domain.modules.cases.rules import CASES, OCCASIONS, CaseRules, Mail, Occasion, case_rules
from crm_domain.modules.cases.tell import standard_words
from crm_domain.modules.cases.updates import answerable
from crm_domain.modules.knowledge.rules import KNOWLEDGE, ArticleRules, article_rules
from crm_domain.problems import FieldProblem, Invalid
from crm_storage.people.preferences import settle
from crm_web.admin.frame import need_administrator, said
from crm_web.visit import Visit

MOST = 4000
"""Letters of a mail's words."""


class AdminCasePages(Controller):
    """/admin/cases."""

    path = "/admin/cases"

    @get("/")
    async def index(self, visit: Visit) -> Response[str]:
        need_administrator(visit)
        return await _page(visit, await case_rules(visit.work), await article_rules(visit.work))

    @post("/")
    async def save(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        need_administrator(visit)
        rules = CaseRules(
            opened=_mail(posted, "opened"), closed=_mail(posted, "closed"), answered=_answered(visit, posted)
        )
        articles = ArticleRules(four_eyes=bool(posted.get("four_eyes")))
        try:
            _check(rules)
        except Invalid as problem:
            return await _page(visit, rules, articles, said(visit, problem))
        for key, there, wanted in (
            (CASES, await case_rules(visit.work), rules),
            (KNOWLEDGE, await article_rules(visit.work), articles),
        ):
            if there != wanted:
                kept = msgspec.to_builtins(wanted)
                await settle(visit.session, key, kept, by=visit.access.user, request=visit.request_id)
        await visit.commit()
        return visit.go("/admin/cases", visit.text("settings.saved"))


def _mail(posted: FormMultiDict, occasion: Occasion) -> Mail:
    """What is left as the product words it is not the company's own, so that it follows the product."""
    words = {
        language: text
        for language in LANGUAGES
        if (text := posted.get(f"{occasion}.{language}", "").replace("\r\n", "\n").strip())
        and text != standard_words(occasion, language)
    }
    return Mail(sent=bool(posted.get(f"{occasion}.sent")), words=words)


def _answered(visit: Visit, posted: FormMultiDict) -> dict[str, str]:
    """Raises Invalid for what no case can become by an answer."""
    found: dict[str, str] = {}
    there = answerable(visit.work.module(Case))
    for item in _statuses(visit).options.items:
        becomes = posted.get(f"answered.{item.key}", "")
        if becomes and becomes not in there:
            raise Invalid({"answered": (FieldProblem("problems.not_an_option", {"value": becomes}),)})
        if becomes and becomes != item.key:
            found[item.key] = becomes
    return found


def _check(rules: CaseRules) -> None:
    words = [text for occasion in OCCASIONS for text in rules.mail(occasion).words.values()]
    if any(len(text) > MOST for text in words):
        raise Invalid({"words": (FieldProblem("problems.too_long", {"most": MOST}),)})


def _statuses(visit: Visit) -> DependentChoice:
    field = visit.work.module(Case).field(Case.status.key)
    assert isinstance(field, DependentChoice)
    return field


async def _page(
    visit: Visit, rules: CaseRules, articles: ArticleRules, problems: list[str] | None = None
) -> Response[str]:
    options = _statuses(visit).options
    there = answerable(visit.work.module(Case)).values()
    return await visit.page(
        "admin/cases.html",
        status=422 if problems else 200,
        current="admin",
        tab="cases",
        problems=problems or [],
        mails=[
            (
                occasion,
                rules.mail(occasion).sent,
                [(one, rules.mail(occasion).words.get(one) or standard_words(occasion, one)) for one in LANGUAGES],
            )
            for occasion in OCCASIONS
        ],
        places=[(place, visit.text(f"cases.place.{place}")) for place in PLACES],
        statuses=[
            (item.key, visit.voice.option_label(options, item), rules.answered.get(item.key, ""))
            for item in options.items
            if item.active
        ],
        four_eyes=articles.four_eyes,
        becomes=[(item.key, visit.voice.option_label(options, item)) for item in there if item.active],
    )
