"""Following a feed: its address leads out into the web, and only administrators put it before everybody."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crm_domain.definition import Change, Ref
from crm_domain.modules.feeds.fields import Feed
from crm_domain.problems import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm_domain.records.work import Work

SCHEMES = ("http", "https")


def on_the_web(change: Change[Feed]) -> None:
    """An address without a scheme is a secure one; anything but the web is refused."""
    if not change.touches(Feed.url) or not change.after.url:
        return
    url = change.after.url if "://" in change.after.url else f"https://{change.after.url}"
    try:
        parts = urlsplit(url)
        good = parts.scheme.lower() in SCHEMES and bool(parts.hostname) and not parts.username
    except ValueError:
        good = False
    if not good:
        raise Invalid({"url": (FieldProblem("feeds.not_web"),)})
    change.set(Feed.url, url)


def begins_anew(change: Change[Feed]) -> None:
    """Failures of another address, or before a pause, count no more."""
    if change.touches(Feed.url) or (change.touches(Feed.active) and change.after.active):
        change.set(Feed.failures, 0)


async def leads_outside(work: "Work", change: Change[Feed]) -> None:
    """Nothing that lies inside can be followed (SEC-24)."""
    if change.touches(Feed.url) and change.after.url and not await work.store.may_reach(change.after.url):
        raise Invalid({"url": (FieldProblem("feeds.not_allowed"),)})


async def published_by_administrators(work: "Work", change: Change[Feed]) -> None:
    """What is in everybody's news is an administrator's choice."""
    before = bool(change.before and change.before.published)
    if bool(change.after.published) != before and not work.access.admin:
        raise Invalid({"published": (FieldProblem("feeds.only_administrators"),)})


async def read_by_its_maker(work: "Work", change: Change[Feed]) -> None:
    """Whoever adds a feed reads it."""
    if change.new:
        await work.store.shelf.star(Ref("feeds", change.after.id), on=True)
