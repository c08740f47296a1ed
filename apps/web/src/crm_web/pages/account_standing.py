"""How an outbound account stands with large receivers: their rules, one by one, and what would mend what is missing."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.modules.mail_accounts import OutboundAccount
from crm_domain.problems import NotFound
from crm_domain.sending.standing import Rule
from crm_storage.sending.standing import sender_of, standing
from crm_web.reach import one
from crm_web.records.view import heading
from crm_web.visit import Visit

TONES = {"good": "ok", "bad": "bad", "unknown": "info"}


class AccountStandingPages(Controller):
    """/outbound_accounts/<id>/standing; for whoever may change the account."""

    path = "/outbound_accounts"

    @get("/{record_id:uuid}/standing")
    async def show(self, visit: Visit, record_id: UUID) -> Response[str]:
        module = visit.work.module(OutboundAccount)
        visit.allow(module, "edit")
        row = await one(visit, module, record_id)
        sender = await sender_of(visit.context, record_id)
        if sender is None:
            raise NotFound
        head = await heading(visit, module, row)
        await visit.session.rollback()  # no connection is held while others are asked
        rules = await standing(sender, visit.installation.names.texts)
        return await visit.page(
            "outbound_accounts/standing.html",
            current="admin",
            **head,
            tab="standing",
            domain=sender.domain,
            rules=[_shown(visit, rule) for rule in rules],
        )


def _shown(visit: Visit, rule: Rule) -> dict[str, Any]:
    return {
        "tone": TONES[rule.state],
        "state": visit.text(f"standing.state.{rule.state}"),
        "title": visit.text(f"standing.rule.{rule.key}"),
        "text": visit.text(f"standing.why.{rule.why}") if rule.why else visit.text(f"standing.good.{rule.key}"),
        "name": rule.name,
        "value": rule.value,
    }
