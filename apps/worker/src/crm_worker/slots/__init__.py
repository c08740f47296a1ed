"""What the worker does by the clock, one a file. Append to SLOTS: a name that stays for ever, how often, and what."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from crm_storage.schedule import Slot
from crm_worker.list_rules import refresh_due
from crm_worker.slots.audit import anchor_audits, seal_audits
from crm_worker.slots.bounces import read_bounces
from crm_worker.slots.clicks import settle_clicks
from crm_worker.slots.expire import expire
from crm_worker.slots.feeds import gather_news
from crm_worker.slots.files import sweep_files
from crm_worker.slots.letters import watch_letters
from crm_worker.slots.mailboxes import read_mailboxes
from crm_worker.slots.mailings import watch_mailings
from crm_worker.slots.notices import mail_notices
from crm_worker.slots.prune import prune
from crm_worker.slots.remind import remind
from crm_worker.slots.reports import hand_out_reports
from crm_worker.slots.series import extend_series
from crm_worker.slots.trash import clear_trashes
from crm_worker.slots.usage import measure_usage
from crm_worker.workshop import Workshop

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TEN_MINUTES = timedelta(minutes=10)
SLOTS: tuple[tuple[str, timedelta, timedelta, Callable[[Workshop], Awaitable[None]]], ...] = (
    ("seal", TEN_MINUTES, timedelta(minutes=4), seal_audits),
    ("anchor", DAY, timedelta(hours=3), anchor_audits),
    ("bounces", MINUTE, timedelta(), read_bounces),
    ("clicks", MINUTE, timedelta(seconds=30), settle_clicks),
    ("letters", MINUTE, timedelta(seconds=40), watch_letters),
    ("list_rules", MINUTE, timedelta(seconds=50), refresh_due),
    ("mailboxes", MINUTE, timedelta(seconds=20), read_mailboxes),
    ("mailings", HOUR, timedelta(minutes=7), watch_mailings),
    ("prune", HOUR, timedelta(minutes=17), prune),
    ("documents", HOUR, timedelta(minutes=2), expire),
    ("feeds", MINUTE, timedelta(seconds=20), gather_news),
    ("files", HOUR, timedelta(minutes=37), sweep_files),
    ("notices", MINUTE, timedelta(seconds=10), mail_notices),
    ("reports", MINUTE, timedelta(seconds=15), hand_out_reports),
    ("remind", MINUTE, timedelta(), remind),
    ("series", DAY, timedelta(hours=2), extend_series),
    ("trash", DAY, timedelta(hours=4), clear_trashes),
    ("usage", DAY, timedelta(hours=1), measure_usage),
)
"""Name, every, after the beginning of the period, what."""


def slots_of(shop: Workshop) -> tuple[Slot, ...]:
    """The slots with the parts they work with."""

    def bound(what: Callable[[Workshop], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        return lambda: what(shop)

    return tuple(Slot(name, every, bound(what), after) for name, every, after, what in SLOTS)
