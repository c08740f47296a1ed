"""What the worker can do: messages by subject, and long work by kind, one a file."""

from collections.abc import Mapping

from crm_domain.following import CHANGED
from crm_domain.modules.cases.tell import SUBJECT as TELL_CUSTOMER
from crm_domain.modules.emails.write import SUBJECT
from crm_domain.modules.tracker_urls import TELL as TELL_PUBLIC
from crm_domain.records import import_many, run_many
from crm_domain.tenancy import NOTICES, STATE_MAIL
from crm_storage.jobs.rows import RUN
from crm_storage.letters.send import COPY
from crm_storage.reports.schedules import MAIL as MAIL_REPORT
from crm_storage.sending.account_trial import SUBJECT as TRY_ACCOUNT
from crm_storage.sending.checkup import SUBJECT as CHECK_UP
from crm_storage.tracking.links import TELL
from crm_storage.web_forms.submissions import TAKE
from crm_worker.slices import Handlers, Task
from crm_worker.tasks.accounts import check_mail, try_outbound
from crm_worker.tasks.bulk import run_bulk, undo_bulk
from crm_worker.tasks.cases import tell_of_case
from crm_worker.tasks.following import tell_followers
from crm_worker.tasks.gathering import gather_records
from crm_worker.tasks.imports import run_import, undo_import
from crm_worker.tasks.letters import copy_letter, send_letter
from crm_worker.tasks.links import tell_links, tell_public_link
from crm_worker.tasks.mail import send_mail
from crm_worker.tasks.reports import mail_report
from crm_worker.tasks.turns import run_turn
from crm_worker.tasks.web_forms import take_submission

TASKS: Mapping[str, Task] = {
    RUN: run_turn,
    NOTICES: send_mail,
    STATE_MAIL: send_mail,
    TELL: tell_links,
    TELL_PUBLIC: tell_public_link,
    SUBJECT: send_letter,
    COPY: copy_letter,
    TAKE: take_submission,
    TELL_CUSTOMER: tell_of_case,
    TRY_ACCOUNT: try_outbound,
    CHECK_UP: check_mail,
    CHANGED: tell_followers,
    MAIL_REPORT: mail_report,
}
LIMIT_S = 120.0
LIMITS_S: Mapping[str, float] = {SUBJECT: 600.0, COPY: 600.0, CHECK_UP: 300.0, MAIL_REPORT: 300.0}
"""How long one message of a subject may take, those that wait for others' servers longer: what hangs is ended and its lease given
back, to be tried again. A turn of long work has a limit for each of its slices besides."""
JOBS: Handlers = {
    run_many.RUN: run_bulk,
    run_many.UNDO: undo_bulk,
    import_many.RUN: run_import,
    import_many.UNDO: undo_import,
    "gather": gather_records,
}
"""Each kind is worded by `jobs.kind.<kind>`."""
