"""Filling a queue: memberships a second, with this process's memory before and after, beside copying the finished rows.

The floor is one INSERT of as many ready rows into the same table with the same indexes.
"""

import asyncio
import json
import resource
import time

from tests.bench.mail_arena import arena

PEOPLE = 200_000
TWICE = 20_000
SPARED = 10_000
COPY = """
INSERT INTO email_queue (run_id, marketing_id, campaign_id, is_test, dedupe_key, address_id, module, record_id, list_id, class,
  mailbox_id, provider, not_before)
SELECT run_id, %(other)s, campaign_id, is_test, dedupe_key, address_id, module, record_id, list_id, class, mailbox_id, provider,
  not_before FROM email_queue WHERE run_id = %(run)s
"""


async def main() -> None:
    async with arena() as office:
        await office.campaign()
        first, second = await office.list_of("default"), await office.list_of("default")
        step = 20_000
        for start in range(1, PEOPLE + 1, step):
            await office.many(first, start, start + step - 1)
        await office.many(second, 1, TWICE, module="contacts")
        sparing = await office.list_of("exempt")
        await office.run(
            "INSERT INTO target_list_member (left_id, right_id, module) SELECT %(to)s, right_id, module FROM target_list_member"
            " WHERE left_id = %(of)s ORDER BY right_id LIMIT %(number)s",
            to=sparing, of=first, number=SPARED,
        )  # fmt: skip
        domains = await office.list_of("exempt_domain")
        for number in range(50):
            await office.run(
                "INSERT INTO target_list_domain VALUES (%(l)s, %(d)s, true)", l=domains, d=f"spared{number}.example"
            )
        before = _memory()
        started = time.perf_counter()
        run, report = await office.filled()
        took = time.perf_counter() - started
        after = _memory()
        started = time.perf_counter()
        copied = await office.run(COPY, run=run, other=office.campaign_id)
        floor = time.perf_counter() - started
        rate = report.memberships / took
        print(
            f"{report.memberships} memberships, {report.audience} rows, {rate:.0f} memberships/s; memory {before:.0f} to {after:.0f} MiB"
        )
        print(
            json.dumps(
                {
                    "name": "fill, a membership",
                    "figure": 1e6 * took / report.memberships,
                    "unit": "us",
                    "floor": 1e6 * floor / copied,
                }
            )
        )


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    asyncio.run(main())
