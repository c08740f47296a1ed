"""Choosing the guests of an event while its form is being filled in."""

from typing import Any, ClassVar

from litestar import Controller, Response, post
from litestar.datastructures import FormMultiDict

from crm_domain.definition import Module
from crm_domain.problems import NotFound, Refused
from crm_domain.records.forms import Form
from crm_ui.inputs import Draft
from crm_web.calendar.new_guests import DRAWER, FIND, PAGE, found_free, new_guest_facts
from crm_web.pages.forms import currencies, read_posted
from crm_web.records.form import form_page
from crm_web.visit import Visit


class NewGuestPages(Controller):
    """POST /<module>/new/guests for what has guests: no event is saved, the form comes back with the guests it names."""

    module_key: ClassVar[str]

    @post("/new/guests", status_code=200)
    async def choose(self, visit: Visit, posted: FormMultiDict) -> Response[Any]:
        module = visit.module(self.module_key)
        visit.allow(module, "create")
        if module.schedule is None or not module.schedule.guests:
            raise NotFound
        form = await read_posted(visit, module, posted)
        answer = await self._chosen(visit, module, form, posted)
        await visit.commit()
        return answer

    async def _chosen(self, visit: Visit, module: Module[Any], form: Form, posted: FormMultiDict) -> Response[Any]:
        """The form again; somebody named by his address alone is an invitee from here on."""
        if posted.get(FIND):
            return await _free(visit, module, form, posted)
        if visit.fragment:
            place = DRAWER if posted.get("guests_form") == DRAWER else PAGE
            facts = await new_guest_facts(visit, module, form.values, posted, form=place)
            return visit.part("records/new_guests.html", **facts)
        draft = Draft(module, visit.voice, form.values, raw=form.raw, currencies=await currencies(visit))
        return await form_page(visit, module, draft, None, posted=posted)


async def _free(visit: Visit, module: Module[Any], form: Form, posted: FormMultiDict) -> Response[Any]:
    """The form with the first time as its start when everybody is free."""
    found = await found_free(visit, module, form.values, posted)
    if found is None or module.schedule is None:
        raise Refused("guests.no_free_time")
    start = module.schedule.start
    raw = {key: value for key, value in form.raw.items() if key != start}
    draft = Draft(module, visit.voice, {**form.values, start: found}, raw=raw, currencies=await currencies(visit))
    return await form_page(visit, module, draft, None, posted=posted)
