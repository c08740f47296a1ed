"""Text blocks: words that stand in many documents, written once; put into PDF templates by a tag, or into one document as a
copy that is its own from then on."""

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from crm_domain.definition import Arrangement, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, Integer, LongText, RichText, Text
from crm_domain.query.filter import Condition, both
from crm_domain.query.page import ListQuery, Sort

if TYPE_CHECKING:
    from crm_domain.records.work import Work

MOST_STANDARD = 50
GROUP = "text"
TAG = re.compile(r"\{\{\s*text\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}")


class TextBlock(Record):
    """`tag` is its name in templates, as `{{ text.<tag> }}`; `body` may have tags of the record itself. New quotes and
    contracts begin with those that are `standard`, by their `position`."""

    name = required(Text(max_length=255, search=True))
    tag = required(Text(max_length=80, check="tracker_name", unique=True, copied=False))
    active = Boolean(default=True)
    standard = Boolean()
    position = Integer(minimum=0)
    body = required(RichText(max_length=100_000))
    description = LongText()

    layout = Arrangement(
        columns=(name, tag, active, standard, Record.modified_at, Record.modified_by),
        offered=(position, Record.assigned_to, Record.team, Record.created_at, Record.created_by),
        panels=(
            panel(
                "overview",
                (name, tag),
                (body,),
                (active,),
                (standard, position),
                (description,),
                (Record.assigned_to, Record.team),
            ),
        ),
        quick=((name, tag), (body,), (active,)),
        picker=(name, tag),
        basic=(name,),
        advanced=(name, tag, active, standard, Record.created_at, Record.modified_at),
        highlights=(tag, active, Record.modified_at),
        sort="name",
    )


async def standard_texts(work: "Work") -> str:
    """What a new document begins with: the standard blocks that the actor may see, one after the other."""
    asked = both(Condition("active", "eq", True), Condition("standard", "eq", True))
    query = ListQuery(filter=asked, columns=("position", "body"), sort=(Sort("name"),), limit=MOST_STANDARD)
    rows = (await work.store.page(work.module(TextBlock), query)).rows
    rows = sorted(rows, key=lambda row: (row["position"] is None, row["position"] or 0))
    return "".join(str(row["body"] or "") for row in rows)


def blocks_named(sources: Iterable[str]) -> set[str]:
    """The tags of blocks in a template's sources."""
    return {found.lower() for source in sources for found in TAG.findall(source)}


def with_blocks(source: str, blocks: Mapping[str, str]) -> str:
    """The source with the words of blocks in the places of their tags; a tag without a block stays."""
    return TAG.sub(lambda found: blocks.get(found[1].lower(), found[0]), source)


TEXT_BLOCKS = Module(key="text_blocks", record=TextBlock, icon="text-quote")
