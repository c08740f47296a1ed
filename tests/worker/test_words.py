"""Whatever the worker can do has a name in both languages."""

import pytest

from crm_domain.messages.catalogue import LANGUAGES, catalogue
from crm_worker.tasks import JOBS, TASKS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_task_and_every_kind_of_job_is_worded(language: str) -> None:
    words = catalogue(language)
    named = [f"jobs.message.{subject}" for subject in TASKS] + [f"jobs.kind.{kind}" for kind in JOBS]
    assert [id_ for id_ in named if not words.has(id_)] == []
