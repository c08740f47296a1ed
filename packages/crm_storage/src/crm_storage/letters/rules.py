"""Keeping what a company settled about letters."""

import msgspec

from crm_domain.letters.rules import LetterRules, rules_of
from crm_storage.database import Session
from crm_storage.people.preferences import save_setting, setting

KEY = "letters"


async def letter_rules(session: Session) -> LetterRules:
    """The company's rules."""
    return rules_of(await setting(session, KEY))


async def keep_letter_rules(session: Session, rules: LetterRules) -> None:
    """Keeps them from now on; letters that left stay as they were."""
    await save_setting(session, KEY, msgspec.to_builtins(rules))
