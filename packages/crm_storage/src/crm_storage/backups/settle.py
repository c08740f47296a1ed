"""What must not come back with a tenant's past: mail that went out since, sessions and links, passwords that were changed,
second factors that were set up, people who were shut out or want no mail, numbers that were given.

In place, what is known now is laid aside in temporary tables before the schema goes and laid over the restored one after.
"""

from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from crm_storage.database import Session
from crm_storage.jobs.run import broken
from crm_storage.people.second_factor import FIELD, MODULE
from crm_storage.sealing import Seals, Unreadable
from crm_storage.sending import quarantine
from crm_storage.vault import Vault

ADDRESS_FACTS = (
    "opted_out",
    "opted_out_at",
    "opted_out_source",
    "invalid",
    "invalid_at",
    "invalid_reason",
    "complained_at",
)
SUPPRESSION = "id, kind, value, include_subdomains, reason, note, expires_at, paused_until, created_at, created_by"
CREDENTIAL = "user_id, password_hash, changed_at, must_change, version, failed, locked_until"
FACTOR = "user_id, step, recovery, set_at"
KEY = "number, wrapped, created_at"
"""Of the tenant's secrets: keys only come, so those of now open what was sealed then."""
SEALED = "record_id, field, module, sealed, set_at"
LAY_ASIDE = f"""
CREATE TEMP TABLE kept_address ON COMMIT DROP AS SELECT address_key, {", ".join(ADDRESS_FACTS)} FROM email_address
  WHERE opted_out OR invalid OR complained_at IS NOT NULL;
CREATE TEMP TABLE kept_suppression ON COMMIT DROP AS SELECT {SUPPRESSION} FROM suppression;
CREATE TEMP TABLE kept_optout ON COMMIT DROP AS
  SELECT o.campaign_id, a.address_key, o.marketing_id, o.source, o.at FROM newsletter_optout o
  JOIN email_address a ON a.id = o.address_id;
CREATE TEMP TABLE kept_mail ON COMMIT DROP AS SELECT id FROM email_queue WHERE state <> 'ready';
CREATE TEMP TABLE kept_credential ON COMMIT DROP AS SELECT {CREDENTIAL} FROM user_credential;
CREATE TEMP TABLE kept_factor ON COMMIT DROP AS SELECT {FACTOR} FROM second_factor;
CREATE TEMP TABLE kept_key ON COMMIT DROP AS SELECT {KEY} FROM data_key;
CREATE TEMP TABLE kept_secret ON COMMIT DROP AS SELECT {SEALED} FROM secret WHERE module = '{MODULE}' AND field = '{FIELD}';
CREATE TEMP TABLE kept_device ON COMMIT DROP AS SELECT token_hash FROM device;
CREATE TEMP TABLE kept_identity ON COMMIT DROP AS SELECT issuer, subject, user_id FROM sso_identity;
CREATE TEMP TABLE kept_people ON COMMIT DROP AS SELECT id FROM users;
CREATE TEMP TABLE kept_out ON COMMIT DROP AS SELECT id FROM users WHERE status IS DISTINCT FROM 'active' OR deleted_at IS NOT NULL;
CREATE TEMP TABLE kept_token ON COMMIT DROP AS SELECT token_hash FROM personal_token;
CREATE TEMP TABLE kept_feed ON COMMIT DROP AS SELECT secret_hash FROM calendar_feed;
"""
LAY_OVER = f"""
UPDATE email_address a SET {", ".join(f"{name} = k.{name}" for name in ADDRESS_FACTS)}
  FROM kept_address k WHERE k.address_key = a.address_key;
INSERT INTO suppression ({SUPPRESSION}) SELECT * FROM kept_suppression ON CONFLICT DO NOTHING;
INSERT INTO newsletter_optout (campaign_id, address_id, marketing_id, source, at)
  SELECT k.campaign_id, a.id, k.marketing_id, k.source, k.at FROM kept_optout k
  JOIN email_address a ON a.address_key = k.address_key JOIN campaigns c ON c.id = k.campaign_id ON CONFLICT DO NOTHING;
UPDATE email_queue q SET state = 'begun' FROM kept_mail k WHERE k.id = q.id AND q.state = 'ready';
DELETE FROM user_credential c USING kept_credential k WHERE k.user_id = c.user_id;
INSERT INTO user_credential ({CREDENTIAL}) SELECT k.* FROM kept_credential k JOIN users u ON u.id = k.user_id;
DELETE FROM data_key; INSERT INTO data_key ({KEY}) OVERRIDING SYSTEM VALUE SELECT * FROM kept_key;
DELETE FROM second_factor; DELETE FROM secret WHERE module = '{MODULE}' AND field = '{FIELD}';
INSERT INTO second_factor ({FACTOR}) SELECT k.* FROM kept_factor k JOIN users u ON u.id = k.user_id;
INSERT INTO secret ({SEALED}) SELECT k.* FROM kept_secret k JOIN users u ON u.id = k.record_id;
DELETE FROM device WHERE token_hash NOT IN (SELECT token_hash FROM kept_device);
UPDATE device SET trusted_until = NULL WHERE trusted_until IS NOT NULL;
DELETE FROM sso_identity i WHERE NOT EXISTS (
  SELECT FROM kept_identity k WHERE (k.issuer, k.subject, k.user_id) = (i.issuer, i.subject, i.user_id));
UPDATE users SET status = 'inactive' WHERE status = 'active'
  AND (id IN (SELECT id FROM kept_out) OR id NOT IN (SELECT id FROM kept_people));
DELETE FROM personal_token WHERE token_hash NOT IN (SELECT token_hash FROM kept_token);
DELETE FROM calendar_feed WHERE secret_hash NOT IN (SELECT secret_hash FROM kept_feed);
UPDATE mailboxes SET auto_reply = false WHERE auto_reply;
"""
"""A mailbox reads again what came since the backup, and nobody is to be answered a second time by itself."""
END_WHAT_WAITED = """
DELETE FROM support_access; DELETE FROM session; DELETE FROM one_time_token; DELETE FROM login_throttle;
UPDATE outbox SET handled_at = now(), published_at = coalesce(published_at, now()), payload = '{}' WHERE handled_at IS NULL;
UPDATE emails SET status = 'uncertain' WHERE status IN ('queued', 'sending');
DELETE FROM letter_handing; DELETE FROM mailbox_reading; UPDATE bounce_reading SET claimed_until = NULL;
"""
"""Messages of before are done with: what they were to send may have been sent since."""
HAVE_FACTOR = f"SELECT record_id FROM secret WHERE module = '{MODULE}' AND field = '{FIELD}'"
OPEN_JOBS = "SELECT id FROM job WHERE finished_at IS NULL"
ONLY_TO_LOOK_AT = """
DELETE FROM personal_token; DELETE FROM calendar_feed; DELETE FROM device; DELETE FROM secret; DELETE FROM data_key;
UPDATE mailboxes SET active = false; UPDATE bounce_accounts SET active = false;
UPDATE outbound_accounts SET state = 'disabled';
DELETE FROM outbox WHERE handled_at IS NULL;
"""
"""A copy reads nobody's mailbox, sends no mail and lets no program of the original in."""
RAISE = """
SELECT setval(format('%%I', sequencename)::regclass, greatest(last_value, %(last)s)) FROM pg_sequences
WHERE schemaname = current_schema() AND sequencename = %(name)s
"""


async def lay_aside(session: Session) -> None:
    """Before the schema goes: what is known now, in tables of this transaction."""
    await session.script(LAY_ASIDE)


async def settle_in_place(session: Session, numbers: Mapping[str, int]) -> None:
    """After a restoration in place; `numbers` are the last of each sequence before it. The caller commits."""
    await session.script(LAY_OVER)
    for name, last in numbers.items():
        await session.execute(RAISE, {"name": name, "last": last})
    await _end_what_waited(session)
    await quarantine.impose(session)


async def settle_copy(session: Session, seals: Seals, original: int, copy: int) -> None:
    """After a restoration into a new tenant, which is there to be looked at. Of all secrets only second factors go along, sealed
    for the new tenant. The caller commits."""
    await _end_what_waited(session)
    await quarantine.impose(session)
    factors: dict[UUID, str] = {}
    for (user,) in await session.rows(HAVE_FACTOR):
        with suppress(Unreadable):
            factors[user] = await Vault(seals, original).read(session, MODULE, user, FIELD) or ""
    await session.script(ONLY_TO_LOOK_AT)
    for user, secret in factors.items():
        await Vault(seals, copy).put(session, MODULE, user, FIELD, secret)


async def _end_what_waited(session: Session) -> None:
    await session.script(END_WHAT_WAITED)
    for (id_,) in await session.rows(OPEN_JOBS):
        await broken(session, id_)
