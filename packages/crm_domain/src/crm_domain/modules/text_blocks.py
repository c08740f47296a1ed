"""Text blocks: words that stand in many documents, written once and put into PDF templates by a tag."""

import re
from collections.abc import Iterable, Mapping

from crm_domain.definition import Arrangement, Module, Record, panel, required
from crm_domain.definition.kinds import Boolean, LongText, RichText, Text

GROUP = "text"
TAG = re.compile(r"\{\{\s*text\.([A-Za-z][A-Za-z0-9_]*)\s*\}\}")


class TextBlock(Record):
    """`tag` is its name in templates, as `{{ text.<tag> }}`; `body` may have tags of the record itself."""

    name = required(Text(max_length=255, search=True))
    tag = required(Text(max_length=80, check="tracker_name", unique=True, copied=False))
    active = Boolean(default=True)
    body = required(RichText(max_length=100_000))
    description = LongText()

    layout = Arrangement(
        columns=(name, tag, active, Record.modified_at, Record.modified_by),
        offered=(Record.assigned_to, Record.team, Record.created_at, Record.created_by),
        panels=(panel("overview", (name, tag), (body,), (active,), (description,), (Record.assigned_to, Record.team)),),
        quick=((name, tag), (body,), (active,)),
        picker=(name, tag),
        basic=(name,),
        advanced=(name, tag, active, Record.created_at, Record.modified_at),
        highlights=(tag, active, Record.modified_at),
        sort="name",
    )


def blocks_named(sources: Iterable[str]) -> set[str]:
    """The tags of blocks in a template's sources."""
    return {found.lower() for source in sources for found in TAG.findall(source)}


def with_blocks(source: str, blocks: Mapping[str, str]) -> str:
    """The source with the words of blocks in the places of their tags; a tag without a block stays."""
    return TAG.sub(lambda found: blocks.get(found[1].lower(), found[0]), source)


TEXT_BLOCKS = Module(key="text_blocks", record=TextBlock, icon="text-quote")
