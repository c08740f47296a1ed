"""What a news feed and its entries hold."""

from crm_domain.definition import Arrangement, Record, panel, required
from crm_domain.definition.kinds import Boolean, DateTime, Integer, Link, LongText, RichText, Text, Url


class Feed(Record):
    """`published` feeds are in everybody's news; the others are read by whoever stars them."""

    name = required(Text(max_length=100, search=True))
    url = required(Url(max_length=500, unique=True, copied=False))
    folder = Text(max_length=60, indexed=True)
    published = Boolean(default=False)
    active = Boolean(default=True)
    description = LongText()
    fetched_at = DateTime(readonly=True, audited=False, copied=False, indexed=True)
    failures = Integer(readonly=True, audited=False, copied=False)

    layout = Arrangement(
        columns=(name, url, folder, published, active, fetched_at, Record.assigned_to),
        offered=(failures, Record.team, Record.created_at, Record.created_by, Record.modified_at),
        panels=(
            panel(
                "overview",
                (name, folder),
                (url,),
                (active, published),
                (description,),
                (fetched_at, failures),
                (Record.assigned_to, Record.team),
            ),
        ),
        quick=((name, folder), (url,), (published, active)),
        picker=(name, url, folder),
        basic=(name,),
        advanced=(name, url, folder, published, active, Record.assigned_to),
        highlights=(folder, active, fetched_at, failures),
        subpanels=("items",),
        sort="name",
    )


class FeedItem(Record):
    """One entry of a feed, as it was when it came. `guid` is what its feed calls it by."""

    name = required(Text(max_length=255, search=True))
    feed = required(Link(target="feeds", inverse="items", on_delete="cascade", indexed=True))
    link = Url(max_length=2000)
    author = Text(max_length=255)
    published_at = required(DateTime(indexed=True))
    summary = RichText(max_length=65_535)
    guid = Text(max_length=500, indexed=True)

    layout = Arrangement(
        columns=(name, feed, author, published_at),
        offered=(link, Record.created_at),
        panels=(panel("overview", (name, feed), (author, published_at), (link,), (summary,)),),
        picker=(name, feed, published_at),
        basic=(name,),
        advanced=(name, feed, author, published_at),
        highlights=(feed, author, published_at, link),
        sort="-published_at",
    )
