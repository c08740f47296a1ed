"""Becoming a user by coming for the first time with the company's account elsewhere."""

import re
from typing import TYPE_CHECKING
from uuid import UUID

from crm_domain.definition import EmailEntry
from crm_domain.modules.users import User
from crm_domain.people.single_sign_on import USER_NAME_MAX, Stranger
from crm_domain.query.filter import Condition

if TYPE_CHECKING:
    from crm_domain.records.work import Work

UNFIT = re.compile(r"[^a-z0-9._@-]+")
MOST_NAMESAKES = 100


async def join(work: "Work", stranger: Stranger) -> UUID:
    """A regular user for him, with no password. Raises Refused where the plan has no room, Invalid for an address taken."""
    return await work.create(
        User,
        User.user_name.to(await _free_name(work, stranger)),
        User.first_name.to(stranger.first_name or None),
        User.last_name.to(stranger.last_name or stranger.email.partition("@")[0]),
        User.status.to("active"),
        User.user_type.to("regular"),
        User.emails.to((EmailEntry(stranger.email, primary=True),)),
    )


async def _free_name(work: "Work", stranger: Stranger) -> str:
    """The name he has there, as it may be here, with a number when somebody has it."""
    wished = (
        UNFIT.sub("", stranger.user_name.lower()).lstrip("._@-")[: USER_NAME_MAX - 4]
        or stranger.email.partition("@")[0]
    )
    for number in range(1, MOST_NAMESAKES):
        name = wished if number == 1 else f"{wished}-{number}"
        if not (await work.store.count(work.module(User), Condition("user_name", "eq", name), cap=1)).number:
            return name
    return stranger.email[:USER_NAME_MAX]
