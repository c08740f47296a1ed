"""What the company asks of who signs in, among its settings."""

from crm_domain.people.sign_in_policy import KEY, SignInPolicy, policy_of
from crm_storage.database import Session
from crm_storage.people.preferences import setting


async def sign_in_policy(session: Session) -> SignInPolicy:
    """What the company settled, or what is usual."""
    return policy_of(await setting(session, KEY))
