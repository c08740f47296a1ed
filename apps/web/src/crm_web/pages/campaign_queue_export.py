"""The message queue of a campaign as a file, narrowed as its page is."""

import csv
import io
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.modules.marketing_options import QUEUE_STATES
from crm_domain.problems import Denied
from crm_domain.text.spreadsheet import neutralise
from crm_storage.marketing import queue
from crm_storage.marketing.queue import Queued
from crm_web.campaigns.frame import Frame, frame
from crm_web.files import attachment
from crm_web.pages.campaign_queue import MOST_LETTERS, line_of, names_of
from crm_web.pages.exports import BATCH, BOM, MOST_ROWS, PROOF_ROWS
from crm_web.proof import prove
from crm_web.visit import Visit

COLUMNS = {
    "name": "message_queue.recipient",
    "address": "message_queue.address",
    "mailing": "campaign_status_page.marketing",
    "list": "message_queue.list",
    "state": "message_queue.state",
    "when": "message_queue.when",
    "attempts": "message_queue.attempts",
    "reason": "message_queue.reason",
    "reply": "message_queue.reply",
}
"""What a line says, and the head of its column."""


class CampaignQueueExportPages(Controller):
    """/campaigns/<id>/queue/export; for whoever may take campaigns out of the house."""

    path = "/campaigns"

    @get("/{record_id:uuid}/queue/export")
    async def export(
        self, visit: Visit, record_id: UUID, marketing: str = "", status: str = "", address: str = ""
    ) -> Response[bytes]:
        found = await frame(visit, record_id, marketing or "all")
        if not await visit.work.store.fetch(found.module, [record_id], action="export", columns=("name",)):
            raise Denied
        state = status if status in QUEUE_STATES else ""
        rows = await _rows(visit, found, state, address.strip()[:MOST_LETTERS])
        if len(rows) > PROOF_ROWS:
            await prove(visit)
        body = await _file(visit, found, rows)
        told = {"format": "csv", "rows": len(rows), "part": "queue"}
        await visit.work.store.note(found.module, record_id, "export", told)
        await visit.commit()
        name = f"{found.campaign.name} - {visit.text('campaigns.view_queue')}.csv"
        return attachment(name, "text/csv; charset=utf-8", body)


async def _rows(visit: Visit, found: Frame, state: str, address: str) -> list[Queued]:
    """All of them, in the order in which they are sent. Raises Denied beyond what leaves in one file."""
    rows: list[Queued] = []
    while True:
        more = await queue.page(
            visit.session,
            found.campaign.id,
            marketing=found.marketing,
            state=state,
            address=address,
            after=rows[-1].id if rows else 0,
            limit=BATCH,
        )
        rows += more
        if len(rows) > MOST_ROWS:
            raise Denied("list.too_many", number=MOST_ROWS)
        if len(more) < BATCH:
            return rows


async def _file(visit: Visit, found: Frame, rows: list[Queued]) -> bytes:
    mailings = {mailing.id: mailing.name for mailing in found.mailings}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([neutralise(visit.text(head)) for head in COLUMNS.values()])
    for start in range(0, len(rows), BATCH):
        part = rows[start : start + BATCH]
        named = await names_of(visit, part)
        for row in part:
            line = line_of(visit, row, named, mailings)
            writer.writerow([neutralise(str(line[key])) for key in COLUMNS])
    return (BOM + out.getvalue()).encode()
