"""Whoever acts: a signed-in user with his rights and preferences, read in one go for each request."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from crm_domain.access.rights import Access
from crm_domain.people.preferences import Preferences
from crm_domain.query.searched import Searched
from crm_domain.text.locale import Locale
from crm_domain.text.workdays import Workdays

TokenScope = Literal["read", "write"]
PROOF_LASTS = timedelta(minutes=10)


class Support(msgspec.Struct, frozen=True, kw_only=True):
    """The operator of the host in whose hands a session is, whether he may change anything, and until when."""

    id: UUID
    operator: str
    writes: bool
    until: datetime


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """`session` is the session's id; the token's where the API is used, the user's own in his jobs."""

    user: UUID
    user_name: str
    name: str
    email: str
    session: UUID
    access: Access
    preferences: Preferences
    workdays: Workdays
    """The company's, whoever acts and whichever calendar he reads."""
    base_currency: str
    searched: Searched = Searched()
    unread: int = 0
    """Notices he has not read."""
    near: Mapping[str, int] = {}
    """Of administrators only: the limits of the plan that are nearly used up, in per cent."""
    writes_here: bool = False
    """Whether he has a mailbox of his own, so that he writes his letters here."""
    must_change_password: bool = False
    has_factor: bool = False
    asked_for_factor: bool = False
    """Whether the company asks him for a second factor."""
    proven_at: datetime | None = None
    """When this session's password was given; None for tokens, which prove nothing anew (SEC-36)."""
    support: Support | None = None
    """Set while support of the host acts in the user's place."""
    token_scopes: frozenset[str] | None = None
    """What the API token allows of the user's rights; None for sessions, which allow everything."""

    def proven(self, now: datetime) -> bool:
        """Whether the password was given lately enough for what matters most."""
        return self.proven_at is not None and now - self.proven_at <= PROOF_LASTS

    @property
    def must_set_up_factor(self) -> bool:
        """Whether he can do nothing before he has set up a second factor."""
        return self.asked_for_factor and not self.has_factor

    @property
    def may_write(self) -> bool:
        """Whether this session or token may change anything at all."""
        return self.token_scopes is None or "write" in self.token_scopes

    @property
    def locale(self) -> Locale:
        return self.preferences.locale
