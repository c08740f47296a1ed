"""The demo company as a stream of rows, part by part, so that any number of them fits in memory."""

from collections.abc import Iterator

from crm_domain.demo.activities import activities
from crm_domain.demo.canned_replies import canned_replies
from crm_domain.demo.catalogues import catalogues
from crm_domain.demo.companies import customers
from crm_domain.demo.documents import documents
from crm_domain.demo.leads import open_leads
from crm_domain.demo.letters import letters
from crm_domain.demo.marketing import marketing
from crm_domain.demo.news import news
from crm_domain.demo.notes import notes
from crm_domain.demo.paper_templates import paper_templates, text_blocks
from crm_domain.demo.project_templates import project_templates
from crm_domain.demo.projects import colleagues, projects
from crm_domain.demo.reports import reports
from crm_domain.demo.selling import selling
from crm_domain.demo.service import service
from crm_domain.demo.setting import Setting
from crm_domain.demo.web_forms import web_forms
from crm_domain.demo.world import Batch, Owner, Part, World

PARTS: tuple[Part, ...] = (
    customers,
    open_leads,
    paper_templates,
    text_blocks,
    selling,
    catalogues,
    service,
    canned_replies,
    activities,
    notes,
    documents,
    news,
    projects,
    colleagues,
    marketing,
    letters,
    project_templates,
    web_forms,
    reports,
)
"""In order: a part hangs its rows on those before it."""


def batches(setting: Setting, seed: int, scale: int, owners: list[Owner], *, again: bool = False) -> Iterator[Batch]:
    """All records besides the staff; the same for the same seed, scale, language and day. `again` after another load."""
    world = World(setting, seed, scale, owners, again=again)
    for part in PARTS:
        for batch in part(world):
            world.remember(batch)
            yield batch
