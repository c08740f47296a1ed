"""Which pages there are: the generic ones for every module, then the written ones."""

from collections.abc import Mapping
from typing import Any

from litestar import Controller

from crm_domain.modules import REGISTRY
from crm_web.pages.account import AccountPages
from crm_web.pages.account_standing import AccountStandingPages
from crm_web.pages.account_trial import AccountTrialPages
from crm_web.pages.activities import ActivityPages
from crm_web.pages.addresses import AddressPages
from crm_web.pages.admin_audit import AdminAuditPages
from crm_web.pages.admin_backups import AdminBackupPages
from crm_web.pages.admin_cases import AdminCasePages
from crm_web.pages.admin_conversion import AdminConversionPages
from crm_web.pages.admin_hours import AdminHourPages
from crm_web.pages.admin_index import AdminIndexPages
from crm_web.pages.admin_jobs import AdminJobPages
from crm_web.pages.admin_keeping import AdminKeepingPages
from crm_web.pages.admin_mail import AdminMailPages
from crm_web.pages.admin_organisation import AdminOrganisationPages
from crm_web.pages.admin_people import AdminPeoplePages
from crm_web.pages.admin_roles import AdminRolePages
from crm_web.pages.admin_search import AdminSearchPages
from crm_web.pages.admin_security import AdminSecurityPages
from crm_web.pages.admin_single_sign_on import AdminSingleSignOnPages
from crm_web.pages.admin_teams import AdminTeamPages
from crm_web.pages.at_hand import AtHandPages
from crm_web.pages.bills import BillPages
from crm_web.pages.bulk import BulkPages
from crm_web.pages.bulk_runs import BulkRunPages
from crm_web.pages.calendar import CalendarPages
from crm_web.pages.calendar_feed import CalendarFeedPages
from crm_web.pages.calendar_new import CalendarNewPages
from crm_web.pages.calendar_settings import CalendarSettingsPages
from crm_web.pages.campaign_actions import CampaignActionPages
from crm_web.pages.campaign_behind import CampaignBehindPages
from crm_web.pages.campaign_left_out import CampaignLeftOutPages
from crm_web.pages.campaign_links import CampaignLinkPages, QrCodePages
from crm_web.pages.campaign_mail import CampaignMailPages
from crm_web.pages.campaign_queue import CampaignQueuePages
from crm_web.pages.campaign_queue_export import CampaignQueueExportPages
from crm_web.pages.campaign_roi import CampaignRoiPages
from crm_web.pages.campaign_status import CampaignStatusPages
from crm_web.pages.campaign_wizard import CampaignWizardPages
from crm_web.pages.cards import CardPages
from crm_web.pages.cases import CasePages
from crm_web.pages.catalogues import CataloguePages
from crm_web.pages.conversion import ConversionPages
from crm_web.pages.details import DetailPages
from crm_web.pages.exports import ExportPages
from crm_web.pages.field_rights import FieldRightPages
from crm_web.pages.files import FilePages
from crm_web.pages.form_drafts import FormDraftPages
from crm_web.pages.forms import FormPages
from crm_web.pages.gantt import GanttPages
from crm_web.pages.gantt_forms import GanttFormPages
from crm_web.pages.gantt_moves import GanttMovePages
from crm_web.pages.gathering import GatheringPages
from crm_web.pages.guests import GuestPages, InvitationPages
from crm_web.pages.guide import GuidePages
from crm_web.pages.handing_over import HandingOverPages
from crm_web.pages.history import HistoryPages
from crm_web.pages.home import HomePages
from crm_web.pages.imports import ImportPages
from crm_web.pages.jobs import JobPages
from crm_web.pages.link_rows import LinkRowPages
from crm_web.pages.list_entries import ListEntryPages
from crm_web.pages.list_rules import ListRulePages
from crm_web.pages.list_views import ListViewPages
from crm_web.pages.lists import ListPages
from crm_web.pages.live import LivePages
from crm_web.pages.mail import MailPages
from crm_web.pages.mail_compose import ComposePages
from crm_web.pages.mail_consent import MailConsentPages
from crm_web.pages.mail_folders import MailFolderPages
from crm_web.pages.mail_leaving import LeavingPages
from crm_web.pages.mail_many import ManyPages
from crm_web.pages.mail_marks import MarkPages
from crm_web.pages.mail_people import PeoplePages
from crm_web.pages.mail_setup import MailSetupPages
from crm_web.pages.mailings import MailingPages
from crm_web.pages.merging import MergePages
from crm_web.pages.new_guests import NewGuestPages
from crm_web.pages.news import NewsPages
from crm_web.pages.notifications import NotificationPages
from crm_web.pages.org_chart import OrgChartPages
from crm_web.pages.own_sessions import OwnSessionPages
from crm_web.pages.paper_editor import PaperEditorPages
from crm_web.pages.papers import PaperPages
from crm_web.pages.plain_filter import PlainFilterPages
from crm_web.pages.project_templates import ProjectTemplatePages
from crm_web.pages.proof import ProofPages
from crm_web.pages.purchases import PurchasePages
from crm_web.pages.quotes import ContractPages, QuotePages
from crm_web.pages.related import RelatedPages
from crm_web.pages.report_files import ReportFilePages
from crm_web.pages.report_schedules import ReportSchedulePages
from crm_web.pages.reports import ReportPages
from crm_web.pages.reports_build import ReportBuilderPages
from crm_web.pages.reports_ready import ReadyReportPages
from crm_web.pages.reschedule import ReschedulePages
from crm_web.pages.revisions import RevisionPages
from crm_web.pages.search import SearchPages
from crm_web.pages.second_factor import SecondFactorPages
from crm_web.pages.sending_rules import SendingRulePages
from crm_web.pages.session import SessionPages
from crm_web.pages.sign_in import SignInPages
from crm_web.pages.signature import SignaturePages
from crm_web.pages.single_sign_on import SingleSignOnPages
from crm_web.pages.studio_changes import StudioChangePages
from crm_web.pages.studio_fields import StudioFieldPages
from crm_web.pages.studio_layouts import StudioLayoutPages
from crm_web.pages.studio_lists import StudioListPages
from crm_web.pages.studio_menu import StudioMenuPages
from crm_web.pages.studio_modules import StudioModulePages
from crm_web.pages.subscriptions import SubscriptionPages
from crm_web.pages.support import AdminSupportPages, SupportEntryPages
from crm_web.pages.suppressions import SuppressionPages
from crm_web.pages.target_conversion import TargetConversionPages
from crm_web.pages.template_editor import TemplateEditorPages
from crm_web.pages.text_blocks import TextBlockPages
from crm_web.pages.web_form_submissions import WebFormSubmissionPages
from crm_web.pages.web_forms import WebFormPages

GENERIC: tuple[Any, ...] = (
    ListPages,
    ListViewPages,
    PlainFilterPages,
    FormPages,
    FormDraftPages,
    DetailPages,
    HistoryPages,
    RelatedPages,
    ActivityPages,
    GuestPages,
    NewGuestPages,
    LinkRowPages,
    ReschedulePages,
    BulkPages,
    BulkRunPages,
    GatheringPages,
    SubscriptionPages,
    ExportPages,
    ImportPages,
    PaperPages,
    MergePages,
    CardPages,
)
WRITTEN: tuple[Any, ...] = (
    HomePages,
    CalendarPages,
    CalendarFeedPages,
    CalendarNewPages,
    CalendarSettingsPages,
    InvitationPages,
    SearchPages,
    AtHandPages,
    SignInPages,
    SessionPages,
    AccountPages,
    SecondFactorPages,
    OwnSessionPages,
    SingleSignOnPages,
    SignaturePages,
    ProofPages,
    AdminIndexPages,
    AdminOrganisationPages,
    AdminPeoplePages,
    AdminRolePages,
    AdminTeamPages,
    AdminSecurityPages,
    AdminSingleSignOnPages,
    FieldRightPages,
    AddressPages,
    SendingRulePages,
    MailSetupPages,
    SuppressionPages,
    AccountStandingPages,
    AccountTrialPages,
    GuidePages,
    ConversionPages,
    RevisionPages,
    JobPages,
    AdminJobPages,
    AdminMailPages,
    MailConsentPages,
    AdminCasePages,
    AdminHourPages,
    AdminSearchPages,
    AdminKeepingPages,
    AdminSupportPages,
    SupportEntryPages,
    AdminBackupPages,
    AdminAuditPages,
    AdminConversionPages,
    StudioModulePages,
    StudioFieldPages,
    StudioLayoutPages,
    StudioListPages,
    StudioMenuPages,
    StudioChangePages,
    MailFolderPages,
    LeavingPages,
    MarkPages,
    PeoplePages,
    ManyPages,
    FilePages,
    LivePages,
    NotificationPages,
    NewsPages,
    ReadyReportPages,
    ReportBuilderPages,
    ReportSchedulePages,
    CasePages,
    BillPages,
    QuotePages,
    PurchasePages,
    ContractPages,
    CampaignStatusPages,
    CampaignBehindPages,
    CampaignRoiPages,
    CampaignLinkPages,
    CampaignMailPages,
    CampaignWizardPages,
    QrCodePages,
    TemplateEditorPages,
    PaperEditorPages,
    TextBlockPages,
    ListEntryPages,
    ListRulePages,
    TargetConversionPages,
    HandingOverPages,
    CataloguePages,
    CampaignActionPages,
    CampaignQueuePages,
    CampaignQueueExportPages,
    CampaignLeftOutPages,
    MailingPages,
    MailPages,
    ComposePages,
    GanttPages,
    GanttFormPages,
    GanttMovePages,
    ProjectTemplatePages,
    OrgChartPages,
    WebFormPages,
    WebFormSubmissionPages,
)


OWN: Mapping[str, tuple[Any, ...]] = {"reports": (ReportPages, ReportFilePages)}
"""What stands in the place of a module's generic pages."""


def pages_of(key: str) -> type[Controller]:
    """A module's controller: all aspects of the generic pages in one, its own before them, bound to its key."""
    return type(f"{key}_pages", (*OWN.get(key, ()), *GENERIC), {"path": f"/{key}", "module_key": key})


def _check_names() -> None:
    """Aspects become one class, so a name that two of them use would silently hide a page."""
    owners: dict[str, str] = {}
    for aspect in GENERIC:
        for name in (name for name in vars(aspect) if not name.startswith("_") and name != "module_key"):
            if name in owners:
                raise TypeError(f"{aspect.__name__}.{name} hides that of {owners[name]}")
            owners[name] = aspect.__name__


def page_routes() -> list[type[Controller]]:
    """Every page, for the app to mount. Raises TypeError where two generic pages share a name."""
    _check_names()
    return [*map(pages_of, REGISTRY.modules), *WRITTEN]
