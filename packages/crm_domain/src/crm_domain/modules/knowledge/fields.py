"""What the knowledge base holds: articles in a tree of categories, and what each published version said."""

from collections.abc import Mapping
from typing import Any

from crm_domain.definition import Arrangement, ManyToMany, Record, panel, required
from crm_domain.definition.kinds import Choice, Computed, Date, Files, Integer, Link, LongText, RichText, Text, UserLink
from crm_domain.modules.service_options import ARTICLE_LANGUAGES, ARTICLE_STATUSES
from crm_domain.text.rich import to_plain


def plain_words(values: Mapping[str, Any]) -> str:
    """The body without its looks, so that searching finds its words."""
    return to_plain(values.get("description") or "")


class Category(Record):
    name = required(Text(max_length=255, search=True))
    parent = Link(target="knowledge_categories", inverse="children", indexed=True)
    description = LongText()

    layout = Arrangement(
        columns=(name, parent, description, Record.created_at),
        offered=(Record.assigned_to, Record.modified_at, Record.created_by, Record.modified_by),
        panels=(panel("overview", (name, parent), (description,), (Record.assigned_to, Record.team)),),
        quick=((name, parent), (description,)),
        picker=(name, parent),
        basic=(name,),
        advanced=(name, parent, Record.assigned_to),
        highlights=(parent,),
        subpanels=("articles", "children"),
        sort="name",
    )


class Article(Record):
    name = required(Text(max_length=255, search=True))
    status = required(Choice(options=ARTICLE_STATUSES, default="draft", indexed=True, copied=False))
    revision = Integer(readonly=True, copied=False)
    description = RichText()
    words = Computed[str](
        by=plain_words, of=("description",), search=True, readonly=True, audited=False, copied=False, mass=False
    )
    additional_info = LongText()
    attachments = Files()
    author = required(UserLink(indexed=True, mine=True))
    approver = UserLink(copied=False)
    published_on = Date(copied=False, indexed=True)
    expires_on = Date(copied=False, indexed=True)
    language = Choice(options=ARTICLE_LANGUAGES)

    layout = Arrangement(
        columns=(name, status, author, approver, revision, Record.created_at, Record.modified_at),
        offered=(
            published_on,
            expires_on,
            language,
            Record.assigned_to,
            Record.team,
            Record.created_by,
            Record.modified_by,
        ),
        panels=(
            panel("overview", (name,), (status, language), (description,), (additional_info,), (attachments,)),
            panel(
                "publishing",
                (author, approver),
                (published_on, expires_on),
                (revision,),
                (Record.assigned_to, Record.team),
            ),
        ),
        quick=((name,), (status, author), (description,), (additional_info,)),
        picker=(name, status, author),
        basic=(name,),
        advanced=(name, status, author, approver, language, published_on, expires_on, Record.assigned_to, Record.team),
        highlights=(status, author, revision, published_on, expires_on),
        board=status,
        card=(name, author, expires_on),
        subpanels=("categories", "cases", "revisions"),
    )


class Revision(Record):
    """A version as it was published."""

    name = required(Text(max_length=255, search=True))
    article = required(
        Link(target="knowledge_articles", inverse="revisions", on_delete="cascade", indexed=True, copied=False)
    )
    number = required(Integer(minimum=1, indexed=True, copied=False))
    description = RichText()
    additional_info = LongText()
    published_on = Date(copied=False)

    layout = Arrangement(
        columns=(number, name, article, published_on, Record.created_by),
        offered=(Record.assigned_to, Record.created_at),
        panels=(panel("overview", (name,), (article, number), (published_on,), (description,), (additional_info,)),),
        quick=((name,), (article, number)),
        picker=(name, article, number),
        basic=(name,),
        advanced=(name, article, number, published_on),
        highlights=(article, number, published_on),
        sort="-number",
    )


ARTICLE_CATEGORIES = ManyToMany(
    key="article_categories",
    left="knowledge_categories",
    right="knowledge_articles",
    left_key="articles",
    right_key="categories",
)
