"""How far a mailing is, in words: done of all, and while it goes on its pace and the time that is left."""

from crm_domain.sending.going import going
from crm_storage.marketing.responses import Run
from crm_web.campaigns.frame import number
from crm_web.visit import Visit

HOURS_FROM = 120
"""Minutes from which hours say it better."""


def how_far(visit: Visit, run: Run) -> str:
    """One line for the panel of a run."""
    done = visit.text("campaign_status_page.progress", done=number(visit, run.done), total=number(visit, run.total))
    found = None
    if run.state == "sending":
        tried, left = run.attempted - run.judged_from, run.total - run.done
        found = going(tried=tried, left=left, since=run.state_at, now=visit.voice.now)
    if found is None:
        return done
    hours = found.minutes >= HOURS_FROM
    span = number(visit, round(found.minutes / 60) if hours else found.minutes)
    pace = number(visit, found.a_minute)
    return visit.text("run_progress.hours" if hours else "run_progress.minutes", done=done, pace=pace, left=span)
