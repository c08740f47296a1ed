"""News feeds: what others publish, gathered for those who read it."""

from crm_domain.definition import Module
from crm_domain.modules.feeds.fields import Feed, FeedItem
from crm_domain.modules.feeds.follow import (
    begins_anew,
    leads_outside,
    on_the_web,
    published_by_administrators,
    read_by_its_maker,
)

FEEDS = Module(
    key="feeds",
    record=Feed,
    icon="rss",
    group="activities",
    before_save=(on_the_web, begins_anew),
    with_work=(published_by_administrators, leads_outside),
    after_save=(read_by_its_maker,),
)
FEED_ITEMS = Module(key="feed_items", record=FeedItem, icon="newspaper", group="", part_of="feed", kept=True)

__all__ = ["FEEDS", "FEED_ITEMS", "Feed", "FeedItem"]
