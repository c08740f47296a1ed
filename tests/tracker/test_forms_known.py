"""What the tracker knows of a form it asks for once in a while, open or closed, answered or not."""

from typing import Any, cast

import msgspec
import pytest

from crm_domain.tracking.answers import Question
from crm_domain.tracking.tokens import Content
from crm_domain.web_forms.shown import Shown
from crm_tracker import forms
from crm_tracker.forms import WebForms

FORM = Content(7, 3)
SHOWN = Shown(company="Ropes", language="en", heading="Ask us")


class Bus:
    """Answers as it is told, and counts the questions."""

    def __init__(self) -> None:
        self.told, self.questions = b"", 0

    async def ask(self, subject: str, question: Question) -> bytes:
        self.questions += 1
        return self.told


@pytest.mark.parametrize("known", [SHOWN, None])
async def test_a_form_open_or_closed_is_asked_for_once_while_it_is_fresh(
    known: Shown | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = Bus()
    found = WebForms(cast(Any, None), cast(Any, bus), cast(Any, Keeping()))
    assert await found.find(FORM) is None and await found.find(FORM) is None
    assert bus.questions == 2, "nothing was told yet"
    bus.told = msgspec.msgpack.encode(known)
    assert [await found.find(FORM) for _ in range(3)] == [known] * 3
    assert bus.questions == 3
    now = forms.time.monotonic() + forms.FRESH_S
    monkeypatch.setattr(forms.time, "monotonic", lambda: now)
    bus.told = b""
    assert [await found.find(FORM) for _ in range(3)] == [known] * 3
    assert bus.questions == 4, "as it was, and not asked again at every request"
    bus.told = msgspec.msgpack.encode(None if known else SHOWN)
    monkeypatch.setattr(forms.time, "monotonic", lambda: now + forms.SILENT_S)
    assert await found.find(FORM) == (None if known else SHOWN)


class Keeping:
    """Nothing is filled in here."""

    keep = None
