"""The REST API of every module, under /api/v1."""

from typing import Any

from litestar import Router
from litestar.di import Provide

from crm_domain.modules import REGISTRY
from crm_web.api.bulk import BulkApi
from crm_web.api.campaigns import CampaignApi
from crm_web.api.conversion import LeadActions
from crm_web.api.exports import ExportApi
from crm_web.api.files import FileApi
from crm_web.api.guests import GuestActions
from crm_web.api.imports import ImportApi
from crm_web.api.jobs import JobApi
from crm_web.api.merging import MergeApi
from crm_web.api.openapi import OpenApi
from crm_web.api.papers import PaperApi
from crm_web.api.project_templates import ProjectActions, ProjectTemplateActions
from crm_web.api.records import RecordApi, RelationApi
from crm_web.api.reports import ReportApi
from crm_web.api.sending import CampaignActions, MailingActions
from crm_web.wiring import provide_api_visit

ASPECTS: tuple[Any, ...] = (RecordApi, RelationApi, BulkApi, ExportApi, ImportApi, PaperApi, MergeApi)


def api_routes() -> list[Router]:
    """One router with a token's rights instead of a session's."""
    controllers = [
        type(f"{key}_{aspect.__name__}", (aspect,), {"path": f"/v1/{key}", "module_key": key})
        for key in REGISTRY.modules
        for aspect in ASPECTS
    ]
    events = [
        type(f"{key}_GuestActions", (GuestActions,), {"path": f"/v1/{key}", "module_key": key})
        for key, module in REGISTRY.modules.items()
        if module.schedule and module.schedule.guests
    ]
    actions = [LeadActions, MailingActions, CampaignActions, ProjectActions, ProjectTemplateActions]
    handlers = [*controllers, *events, *actions, CampaignApi, ReportApi, FileApi, JobApi, OpenApi]
    return [Router("/api", route_handlers=handlers, dependencies={"visit": Provide(provide_api_visit)})]
