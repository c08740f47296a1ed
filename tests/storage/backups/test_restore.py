"""The ways back from a backup (REL-35 to REL-37, scenario 56)."""

from datetime import timedelta

import pytest

from crm_domain.problems import BadValue, Refused
from crm_storage.backups.digest import Rows
from crm_storage.backups.manifest import Manifest
from crm_storage.backups.restore import new_number, rehearse, restore_copy, restore_in_place
from crm_storage.backups.rows import Backup
from crm_storage.backups.shape import copy_of, shape
from crm_storage.chain.anchor import anchor
from crm_storage.chain.seal import seal
from crm_storage.chain.verify import verify
from crm_storage.people.second_factor import FIELD, MODULE
from crm_storage.sealing import Seals
from crm_storage.sending import quarantine
from crm_storage.tenants.events import read_events
from crm_storage.tenants.revisions import TENANT, History
from crm_storage.vault import Vault
from tests.installation import Installation
from tests.storage.mailing import Mailing

from .conftest import FILE, HARD, Company

SETTLED = {
    *(
        "setting",
        "outbox",
        "session",
        "one_time_token",
        "job",
        "mkt_run",
        "email_marketing",
        "email_queue",
        "mailboxes",
    ),
    *("personal_token", "calendar_feed", "secret", "data_key", "login_throttle", "notification", "mailbox_reading"),
    *("outbound_accounts", "bounce_accounts", "emails", "device"),
}
"""Tables in which a restoration changes what must not come back."""
NAMES = "SELECT name FROM accounts ORDER BY id"


async def sums(company: Company, number: int) -> dict[str, tuple[int, str]]:
    """Rows and digest of every table."""
    found: dict[str, tuple[int, str]] = {}
    async with company.room.database.tenant(number) as session:
        for table, columns in (await shape(session)).items():
            seen = Rows()
            ordered = tuple(sorted(columns, key=lambda column: column.name))
            async for row in session.copied(f"COPY {copy_of(table, ordered)} TO STDOUT"):
                seen.add(row)
            found[table] = (seen.number, seen.digest)
    return found


async def manifest_of(company: Company, backup: Backup) -> Manifest:
    return await company.room.crate(company.tenant.number).manifest(backup.name)


async def copied(company: Company, backup: Backup, slug: str, history: History = TENANT) -> int:
    number = await new_number(company.room)
    crate = company.room.crate(company.tenant.number)
    await restore_copy(
        company.room,
        crate,
        await crate.manifest(backup.name),
        slug=slug,
        name="Copy",
        number=number,
        actor="tests",
        history=history,
    )
    return number


async def put_back(company: Company, backup: Backup) -> None:
    crate = company.room.crate(backup.tenant)
    manifest = await crate.manifest(backup.name)
    await restore_in_place(company.room, crate, manifest, company.tenant, actor="tests", reason="a wrong import")


async def test_56_a_copy_has_the_same_rows_and_the_same_files(company: Company, installation: Installation) -> None:
    other = await installation.tenant(company.room.database)
    backup, before = await company.backup(), await sums(company, company.tenant.number)
    others = await sums(company, other.number)
    number = await copied(company, backup, f"copy-{company.tenant.number}")
    after = await sums(company, number)
    assert {table: seen for table, seen in after.items() if table not in SETTLED} == {
        table: seen for table, seen in before.items() if table not in SETTLED
    }
    assert [row[0] for row in await company.run(NAMES, number)] == list(HARD)
    assert await company.run(f"SELECT DISTINCT {company.field} FROM accounts", number) == [(7,)]
    assert await company.bytes_of(company.blob, number) == FILE
    assert await sums(company, company.tenant.number) == before and await sums(company, other.number) == others
    copy = await company.of(f"copy-{company.tenant.number}")
    assert (copy.state, copy.language, copy.currency) == ("read_only", "fa", "IRR")
    assert await company.run("SELECT count(*) FROM outbox WHERE handled_at IS NULL", number) == [(0,)]


async def test_56_a_rehearsal_compares_everything_and_leaves_nothing(company: Company) -> None:
    backup = await company.backup()
    crate = company.room.crate(company.tenant.number)
    said = await rehearse(company.room, crate, await crate.manifest(backup.name))
    assert said["rows"] == backup.rows and said["files"] == 1 and said["tables"] > 100
    number = await new_number(company.room) - 1
    async with company.room.database.host() as session:
        assert await session.rows(f"SELECT 1 FROM pg_roles WHERE rolname = 't_{number}'") == []


async def test_rel_37_in_place_what_was_lost_is_back_and_what_came_since_is_gone(company: Company) -> None:
    backup = await company.backup()
    await company.run("DELETE FROM accounts; DELETE FROM blob_link; DELETE FROM blob")
    await company.door.drop(company.tenant.number, [company.blob])
    await company.run("INSERT INTO accounts (id, name) VALUES (uuidv7(), 'Since')")
    await company.run("INSERT INTO bugs (id, name) VALUES (uuidv7(), 'One'), (uuidv7(), 'Two')")
    await company.room.files.put(company.tenant.number, "00" * 24, b"since")
    with pytest.raises(Refused, match="not_suspended"):
        await put_back(company, backup)
    await company.moved("suspended")
    await put_back(company, backup)
    assert [row[0] for row in await company.run(NAMES)] == list(HARD)
    assert await company.bytes_of(company.blob) == FILE
    assert await company.room.files.keys(company.tenant.number) == {company.blob}
    await company.run("INSERT INTO bugs (id, name) VALUES (uuidv7(), 'Three')")
    assert await company.run("SELECT bug_number FROM bugs") == [(3,)], "numbers are never given twice"
    async with company.room.database.host() as session:
        events = await read_events(session, company.tenant.number)
    assert events[0].action == "restored_backup" and events[0].reason == "a wrong import"
    restored = await company.of(company.tenant.slug)
    assert restored.state == "suspended" and restored.overlay_version > company.tenant.overlay_version


async def test_in_place_nothing_goes_out_twice_and_nobody_is_let_in_again(
    company: Company, installation: Installation
) -> None:
    mailing = await Mailing(company.room.database, company.tenant).open()
    [sent], [waits] = await mailing.sent(1, "a", state="ready"), await mailing.sent(1, "later", state="ready")
    await company.run(
        "INSERT INTO session (user_id, token_hash, expires_at) SELECT id, '\\x01', now() + '1 day' FROM users;"
        "INSERT INTO personal_token (user_id, name, prefix, token_hash) SELECT id, 'old', 'o', '\\x02' FROM users;"
        "INSERT INTO personal_token (user_id, name, prefix, token_hash) SELECT id, 'kept', 'k', '\\x03' FROM users;"
        "INSERT INTO outbox (subject, payload) VALUES ('mail.send', '{\"to\": \"a@b.example\"}');"
        "INSERT INTO users (id, user_name, status, last_name) VALUES (uuidv7(), 'leaver', 'active', 'L')"
    )
    backup = await company.backup()
    await company.run(
        f"UPDATE email_queue SET state = 'sent' WHERE id = {sent};"
        "UPDATE email_address SET opted_out = true, opted_out_at = now() WHERE address_key LIKE 'later%';"
        "INSERT INTO suppression (kind, value) VALUES ('domain', 'since.example');"
        "DELETE FROM personal_token WHERE name = 'old'; UPDATE users SET status = 'inactive' WHERE user_name = 'leaver';"
        "UPDATE user_credential SET password_hash = 'changed'"
    )
    await company.moved("suspended")
    await put_back(company, backup)
    assert await company.run("SELECT id, state FROM email_queue ORDER BY id") == [(sent, "uncertain"), (waits, "ready")]
    assert await company.run("SELECT state, reason FROM mkt_run") == [("paused", "quarantine")]
    assert await company.run("SELECT count(*) FROM email_address WHERE opted_out") == [(1,)]
    assert await company.run("SELECT value FROM suppression") == [("since.example",)]
    assert await company.run("SELECT count(*) FROM session") == [(0,)]
    assert await company.run("SELECT name FROM personal_token") == [("kept",)]
    assert await company.run("SELECT status FROM users WHERE user_name = 'leaver'") == [("inactive",)]
    assert await company.run("SELECT DISTINCT password_hash FROM user_credential") == [("changed",)]
    assert await company.run("SELECT payload ->> 'template' FROM outbox WHERE handled_at IS NULL") == [
        ("sending_quarantine",)
    ]
    async with company.room.database.tenant(company.tenant.number) as session:
        assert await quarantine.holds(session)


async def test_sec_30_second_factors_go_along_and_those_set_up_since_stay(company: Company) -> None:
    database, number, seals = company.room.database, company.tenant.number, Seals(company.room.keys)
    [(user,)] = await company.run("SELECT id FROM users")
    await company.run(
        "INSERT INTO device (token_hash, user_id, trusted_until) SELECT '\\x05', id, now() + interval '1 day' FROM users;"
        "INSERT INTO sso_identity (issuer, subject, user_id) SELECT 'https://id.example', 'unlinked', id FROM users"
    )
    backup = await company.backup()
    await company.run("DELETE FROM sso_identity; UPDATE device SET trusted_until = NULL")
    async with database.tenant(number) as session:
        await Vault(seals, number).put(session, MODULE, user, FIELD, "SECRET")
        await session.execute("INSERT INTO second_factor (user_id, step, recovery) SELECT id, 1, '{}' FROM users")
        await session.commit()
    copy = await copied(company, await company.backup(), f"factor-{number}")
    async with database.tenant(copy) as session:
        assert await Vault(Seals(company.room.keys), copy).read(session, MODULE, user, FIELD) == "SECRET"
    await company.moved("suspended")
    await put_back(company, backup)
    async with database.tenant(number) as session:
        assert await Vault(Seals(company.room.keys), number).read(session, MODULE, user, FIELD) == "SECRET"
        assert await session.one("SELECT count(*) FROM second_factor") == (1,)
        assert await session.one("SELECT count(trusted_until) FROM device") == (0,), "no browser is trusted again"
        assert await session.one("SELECT count(*) FROM sso_identity") == (0,)


async def test_sec_52_the_audit_log_is_whole_after_a_restoration(company: Company) -> None:
    database, number = company.room.database, company.tenant.number
    note = "INSERT INTO audit_event (source, request_id, module, action) VALUES ('web', '', 'accounts', 'create')"
    await company.run(note)
    await seal(database, number, settling=timedelta(0))
    backup = await company.backup()
    await company.run(note)
    await seal(database, number, settling=timedelta(0))
    async with database.host() as session:
        now = (await session.rows("SELECT now()"))[0][0]
    await anchor(database, number, now)
    await company.moved("suspended")
    await put_back(company, backup)
    verdict = await verify(database, number)
    assert (verdict.faults, verdict.seals, verdict.anchors) == ([], 1, 0)


async def test_rel_41_a_backup_of_the_release_before_is_raised_to_this_one(company: Company, coming: History) -> None:
    await company.run(
        "UPDATE role SET grants = grants - 'reports' WHERE shipped IS NOT NULL;"
        "UPDATE setting SET value = value - 'reports' WHERE key = 'offered_rights'"
    )
    backup = await company.backup()
    number = await copied(company, backup, f"raised-{company.tenant.number}", coming)
    rights = await company.run("SELECT grants ? 'reports' FROM role WHERE shipped = 'sales_rep'", number)
    assert rights == [(True,)], "what the release brings reaches the product's roles on this way too"
    assert await company.run("SELECT version_num FROM alembic_version", number) == [("9999",)]
    assert [row[0] for row in await company.run(NAMES, number)] == list(HARD)
    await company.run("SELECT motto FROM teams", number)
    async with company.room.database.host() as session:
        await session.execute(f"DELETE FROM host.tenant WHERE number = {number}")
        await session.commit()


async def test_a_name_that_is_taken_is_refused_and_leaves_nothing(company: Company) -> None:
    backup = await company.backup()
    with pytest.raises(BadValue, match="slug_taken"):
        await copied(company, backup, company.tenant.slug)


async def test_a_second_backup_holds_only_the_files_that_are_new(company: Company) -> None:
    first, second = await company.backup(), await company.backup()
    assert second.files == first.files == 1 and second.size < first.size - len(FILE) // 1000
    assert (await manifest_of(company, second)).files == (await manifest_of(company, first)).files
