"""What the worker does by the clock, on a real company."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from crm_domain.modules import REGISTRY
from crm_domain.records import save
from crm_domain.tenancy import Tenant
from crm_storage.chain.verify import verify
from crm_worker.slots.audit import anchor_audits, seal_audits
from crm_worker.slots.expire import expire
from crm_worker.slots.files import sweep_files
from crm_worker.slots.prune import prune
from crm_worker.slots.series import extend_series
from crm_worker.slots.usage import measure_usage
from crm_worker.turns import Unfinished, in_turn
from crm_worker.workshop import Workshop
from tests.worker.conftest import Plant
from tests.worker.test_bulk import working


async def opened(plant: Plant) -> Workshop:
    shop = Workshop(plant.settings, {})
    await shop.database.open()
    await shop.directory.read()
    return shop


async def test_one_tenants_trouble_keeps_nobody_from_his_turn_and_is_tried_again(plant: Plant) -> None:
    shop = await opened(plant)
    await shop.database.close()
    tenant = shop.kept()[0]
    other = msgspec.structs.replace(tenant, number=tenant.number + 1)
    served: list[int] = []

    async def serve(one: Tenant) -> None:
        if one is tenant:
            raise ConnectionError
        served.append(one.number)

    with pytest.raises(Unfinished):
        await in_turn([tenant, other], "unserved", serve)
    assert served == [other.number]


async def test_pruning_takes_what_has_served_its_time_and_nothing_else(plant: Plant) -> None:
    await plant.change(
        "INSERT INTO login_throttle (key, until) VALUES ('old', now() - interval '2 days'), ('new', now())"
    )
    await plant.change(
        "INSERT INTO outbox (subject, payload, handled_at) VALUES ('old', '{}', now() - interval '3 days'), "
        "('new', '{}', now()), ('waiting', '{}', NULL)"
    )
    await plant.change(
        "WITH run AS (INSERT INTO import_run (user_id, module, file, heads, mapping, mode, key, total, created_at) "
        "SELECT uuidv7(), 'leads', age || ' days', '[]', '[]', 'create', '', 1, now() - make_interval(days => age) "
        "FROM unnest('{29,31}'::int[]) AS age RETURNING id) "
        "INSERT INTO import_row (run_id, number, cells) SELECT id, 2, '[]' FROM run"
    )
    shop = await opened(plant)
    await prune(shop)
    await shop.database.close()
    kept = await plant.rows("SELECT r.file, i.number FROM import_run r LEFT JOIN import_row i ON i.run_id = r.id")
    assert kept == [("29 days", 2)] and await plant.rows("SELECT count(*) FROM import_row") == [(1,)]
    assert await plant.rows("SELECT key FROM login_throttle") == [("new",)]
    assert await plant.rows("SELECT subject FROM outbox ORDER BY subject") == [("new",), ("waiting",)]


async def test_pruning_forgets_whom_old_mailings_left_out_and_what_returned_mail_said(plant: Plant) -> None:
    await plant.change(
        "WITH c AS (INSERT INTO campaigns (id, name) VALUES (uuidv7(), 'Spring') RETURNING id), "
        "m AS (INSERT INTO email_marketing (id, name, campaign) SELECT uuidv7(), d, c.id FROM c, unnest('{6,8,91}'::text[]) d "
        "RETURNING id, name, campaign), r AS (INSERT INTO mkt_run (marketing_id, campaign_id, reason, finished_at) "
        "SELECT id, campaign, name, now() - make_interval(days => name::int) FROM m RETURNING id, reason AS days), "
        "x AS (INSERT INTO run_exempt_address (run_id, address_key) SELECT id, days FROM r) "
        "INSERT INTO email_skip (run_id, module, record_id, reason) SELECT id, 'leads', uuidv7(), days FROM r"
    )
    await plant.change(
        "INSERT INTO inbound_mail (id, account_id, digest, raw, sort) SELECT uuidv7(- make_interval(days => d)), uuidv7(), '', 'said', d "
        "FROM unnest('{170,190}'::int[]) d"
    )
    await plant.change(
        "INSERT INTO outbox (subject, payload, published_at, dead_at) SELECT d, '{}', now(), now() - make_interval(days => d) "
        "FROM unnest('{170,190}'::int[]) d"
    )
    shop = await opened(plant)
    await prune(shop)
    await shop.database.close()
    assert await plant.rows("SELECT address_key FROM run_exempt_address") == [("6",)]
    assert await plant.rows("SELECT reason FROM email_skip ORDER BY id") == [("6",), ("8",)]
    assert await plant.rows("SELECT sort, raw FROM inbound_mail ORDER BY sort") == [("170", b"said"), ("190", b"")]
    assert await plant.rows("SELECT subject FROM outbox WHERE dead_at IS NOT NULL") == [("170",)]


async def test_the_days_usage_is_kept_under_the_workers_own_rights(plant: Plant) -> None:
    shop = await opened(plant)
    await measure_usage(shop)
    await measure_usage(shop)
    await shop.database.close()
    facts = {"tenant": plant.tenant.number}
    async with plant.database.host() as session:
        kept = await session.rows("SELECT users FROM host.usage WHERE tenant = %(tenant)s", facts)
    assert kept == [(1,)]


async def test_documents_past_their_day_are_marked_and_the_history_says_so(plant: Plant) -> None:
    await plant.change(
        "INSERT INTO documents (name, id, file, revision, status, published_on, expires_on) "
        "SELECT 'Past', uuidv7(), '{}'::jsonb, '1', 'active', current_date - 9, current_date - 2 "
        "UNION ALL SELECT 'Lasting', uuidv7(), '{}'::jsonb, '1', 'active', current_date - 9, current_date + 2"
    )
    shop = await opened(plant)
    await expire(shop)
    await expire(shop)
    await shop.database.close()
    assert await plant.rows("SELECT name, status FROM documents ORDER BY name") == [
        ("Lasting", "active"),
        ("Past", "expired"),
    ]
    assert await plant.rows("SELECT source FROM audit_event WHERE module = 'documents'") == [("job",)]


async def test_files_that_nobody_holds_are_swept_under_the_workers_own_rights(plant: Plant) -> None:
    await plant.change(
        "INSERT INTO blob (key, name, media_type, size, sha256, state, created_at) VALUES "
        "('old', 'a', 'b', 1, '', 'stored', now() - interval '2 days'), ('new', 'a', 'b', 1, '', 'stored', now())"
    )
    shop = await opened(plant)
    await sweep_files(shop)
    await shop.database.close()
    assert await plant.rows("SELECT key FROM blob") == [("new",)]


async def test_a_series_without_an_end_is_made_further_once(plant: Plant) -> None:
    async with working(plant) as work:
        start = datetime.now(UTC) + timedelta(days=1)
        await save.create(work, REGISTRY["meetings"], {"name": "Weekly", "starts_at": start, "repeat": "weekly"})
    of_it = "FROM meetings WHERE name = 'Weekly' AND deleted_at IS NULL"
    [(full,)] = await plant.rows(f"SELECT count(*) {of_it}")
    await plant.change("DELETE FROM meetings WHERE name = 'Weekly' AND starts_at > now() + interval '300 days'")
    await plant.change("UPDATE meetings SET made_until = current_date + 300 WHERE repeat IS NOT NULL")
    shop = await opened(plant)
    await extend_series(shop)
    await extend_series(shop)
    await shop.database.close()
    assert await plant.rows(f"SELECT count(*), count(DISTINCT starts_at) {of_it}") == [(full, full)]


async def test_sec_52_audit_logs_are_sealed_and_anchored_under_the_workers_own_rights(plant: Plant) -> None:
    await plant.change(
        "INSERT INTO audit_event (id, source, request_id, module, action) "
        "SELECT uuidv7(interval '-1 hour'), 'web', '', 'leads', 'update' FROM generate_series(1, 3)"
    )
    shop = await opened(plant)
    for work in (seal_audits, anchor_audits) * 2:
        await work(shop)
    await shop.database.close()
    verdict = await verify(plant.database, plant.tenant.number)
    assert (verdict.seals, verdict.events, verdict.anchors, verdict.faults) == (1, 3, 1, [])
