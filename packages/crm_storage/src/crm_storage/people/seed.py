"""What a new tenant starts with: roles, currencies, a team and the first administrator."""

from decimal import Decimal
from uuid import UUID

import msgspec

from crm_domain.messages.catalogue import Catalogue, catalogue
from crm_storage.database import Params, Session
from crm_storage.people import mail, once
from crm_storage.people.actor import LOCALE
from crm_storage.people.shipped_roles import add_shipped_roles

PER_DOLLAR = {"USD": Decimal(1), "EUR": Decimal("0.86"), "IRR": Decimal(1_150_000)}
"""Where a tenant starts; its administrator keeps the rates."""
SYMBOLS = {"USD": "$", "EUR": "€"}
RATE_STEP = Decimal("0.0000000001")
CURRENCY = """
INSERT INTO currencies (id, name, symbol, iso4217, conversion_rate, status, decimals, symbol_position, is_base)
VALUES (uuidv7(), %(name)s, %(symbol)s, %(code)s, %(rate)s, 'active', %(decimals)s, %(position)s, %(base)s)
"""
TAX_RATES = {
    "fa": (("exempt", Decimal(0)), ("standard", Decimal(10))),
    "en": (("exempt", Decimal(0)), ("reduced", Decimal(5)), ("standard", Decimal(20))),
}
"""Per cent, by the tenant's language; `standard` is the usual one."""
TAX_RATE = """
INSERT INTO tax_rates (id, name, rate, status, is_default) VALUES (uuidv7(), %(name)s, %(rate)s, 'active', %(usual)s)
"""
TEAM = "INSERT INTO teams (id, name) VALUES (uuidv7(), %(name)s) RETURNING id"
SETTING = "INSERT INTO setting (key, value) VALUES (%(key)s, %(value)s::jsonb)"
USER = """
INSERT INTO users (id, user_name, status, user_type, employee_status, last_name, name, show_on_employees,
  receive_notifications)
VALUES (uuidv7(), 'admin', 'active', 'administrator', 'active', %(name)s, %(name)s, true, true) RETURNING id
"""
ADDRESS = """
WITH address AS (
  INSERT INTO email_address (address, address_key) VALUES (%(address)s, lower(%(address)s))
  ON CONFLICT (address_key) DO UPDATE SET address = excluded.address RETURNING id
)
INSERT INTO email_link (module, record_id, address_id, is_primary, position)
SELECT 'users', %(user)s, id, true, 0 FROM address
"""
CREDENTIAL = "INSERT INTO user_credential (user_id, password_hash) VALUES (%(user)s, %(hash)s)"
IN_ROLE = "INSERT INTO user_role (user_id, role_id) VALUES (%(user)s, %(role)s)"
IN_TEAM = "INSERT INTO team_member (user_id, team_id, is_leader) VALUES (%(user)s, %(team)s, true)"


class Administrator(msgspec.Struct, frozen=True, kw_only=True):
    """The first one, with the user name `admin`. Without a password hash he gets an invitation by mail."""

    email: str
    password_hash: str = ""
    company: str = ""
    invite_at: str = ""
    """The address on the tenant's host that the invitation's secret is put behind, such as `https://…/invite/`."""


async def seed_people(
    session: Session, language: str, currency: str, admin: Administrator, *, time_zone: str = ""
) -> UUID:
    """Fills a new tenant's tables about people; the administrator's id. Does not commit."""
    words = catalogue(language)
    roles = await add_shipped_roles(session, words)
    await _currencies(session, words, currency)
    await _tax_rates(session, words)
    locale = {"language": language} | ({"time_zone": time_zone} if time_zone else {})
    await session.execute(SETTING, {"key": LOCALE, "value": msgspec.json.encode(locale).decode()})
    team = await _made(session, TEAM, {"name": words.text("people.first_team")})
    name = words.text("people.first_administrator")
    user = await _made(session, USER, {"name": name})
    await session.execute(ADDRESS, {"user": user, "address": admin.email})
    await session.execute(IN_ROLE, {"user": user, "role": roles["administrator"]})
    await session.execute(IN_TEAM, {"user": user, "team": team})
    await session.execute(CREDENTIAL, {"user": user, "hash": admin.password_hash or None})
    if not admin.password_hash:
        secret = await once.issue(session, user, "invite")
        to = mail.Recipient(admin.email, name, language)
        await mail.send(session, "invite", to, admin.company, admin.invite_at + secret)
    return user


async def _tax_rates(session: Session, words: Catalogue) -> None:
    """Where a tenant starts; the administrator keeps them as the law goes."""
    for key, rate in TAX_RATES[words.language]:
        facts = {"name": words.text(f"people.tax_rate.{key}"), "rate": rate, "usual": key == "standard"}
        await session.execute(TAX_RATE, facts)


async def _currencies(session: Session, words: Catalogue, base: str) -> None:
    for code, per_dollar in PER_DOLLAR.items():
        rate = Decimal(1) if code == base else (per_dollar / PER_DOLLAR[base]).quantize(RATE_STEP)
        facts = {
            "name": words.text(f"people.currency.{code}"),
            "symbol": SYMBOLS.get(code) or words.text(f"people.symbol.{code}"),
            "code": code,
            "rate": rate,
            "decimals": 0 if code == "IRR" else 2,
            "position": "after" if words.language == "fa" or code == "IRR" else "before",
            "base": code == base,
        }
        await session.execute(CURRENCY, facts)


async def _made(session: Session, statement: str, facts: Params) -> UUID:
    [(id_,)] = await session.rows(statement, facts)
    return id_
