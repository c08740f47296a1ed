"""Whoever something is worded for: somebody at a page, or somebody a mail goes to."""

from typing import Any, Protocol

from crm_domain.meaning.voice import Voice
from crm_domain.records.work import Work


class Reader(Protocol):
    """His words, and what he reaches. A visit is one."""

    @property
    def work(self) -> Work: ...

    @property
    def voice(self) -> Voice: ...

    def text(self, id_: str, **facts: Any) -> str: ...
