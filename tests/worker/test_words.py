"""Whatever the worker can do has a name in both languages."""

import pytest

from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_domain.notices import NOTICES
from crm_worker.tasks import JOBS, TASKS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_task_kind_of_job_and_notice_is_worded(language: str) -> None:
    words = catalogue(language)
    named = [f"jobs.message.{subject}" for subject in TASKS] + [f"jobs.kind.{kind}" for kind in JOBS]
    named += [f"notices.{part}.{kind.key}" for kind in NOTICES for part in ("kind", "text")]
    named += [f"mail.notice_{kind.key}.{part}" for kind in NOTICES for part in ("subject", "text")]
    assert [id_ for id_ in named if not words.has(id_)] == []
