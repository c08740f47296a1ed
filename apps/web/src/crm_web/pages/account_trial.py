"""Trying an outbound account: a mail to oneself, whose fate the worker tells."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post

from crm_domain.modules.mail_accounts import OutboundAccount
from crm_storage.sending.account_trial import ask
from crm_web.visit import Visit
from crm_web.written import writable


class AccountTrialPages(Controller):
    """/outbound_accounts/<id>/try; for whoever may change the account."""

    path = "/outbound_accounts"

    @post("/{record_id:uuid}/try")
    async def try_it(self, visit: Visit, record_id: UUID) -> Response[Any]:
        module = visit.work.module(OutboundAccount)
        visit.allow(module, "edit")
        await writable(visit, module, record_id)
        await ask(visit.session, record_id, by=visit.access.user)
        await visit.work.store.note(module, record_id, "try", {})
        await visit.commit()
        return visit.go(f"/outbound_accounts/{record_id}", visit.text("account_trial.asked"))
