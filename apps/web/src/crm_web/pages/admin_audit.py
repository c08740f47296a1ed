"""The company's audit: who did what to which record and when, searched by administrators and taken along as a file."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get

from crm_domain.definition import Ref
from crm_domain.definition.kinds import Date
from crm_domain.meaning.parse import parse
from crm_domain.problems import BadValue, FieldProblem
from crm_domain.text.spreadsheet import neutralise
from crm_storage.people.preferences import noted
from crm_storage.records.audit_search import AuditLine, AuditQuestion, audited
from crm_ui.inputs import Draft
from crm_web.admin.frame import by_name, need_administrator
from crm_web.files import attachment
from crm_web.pages.exports import BOM, PROOF_ROWS
from crm_web.proof import prove
from crm_web.records.history import entry_facts
from crm_web.supported import CLOSED
from crm_web.visit import Visit

PAGE = 50
MOST_ROWS = 10_000
"""Events of one file; a narrower question gives the others."""
DAYS = (Date(key="since"), Date(key="until"))
ACTIONS = ("create", "update", "delete", "restore", "merge", "link", "unlink", "export", "print")
OTHERS = ("settings", "roles", "customise", "support")
"""What is audited and is no module."""
HEADS = (
    "audit.time",
    "audit.who",
    "audit.what",
    "audit.kind",
    "audit.record",
    "audit.source",
    "audit.address",
    "audit.changes",
)


class AdminAuditPages(Controller):
    """/admin/audit; for administrators."""

    path = "/admin/audit"

    @get("/")
    async def index(self, visit: Visit, before: UUID | None = None) -> Response[str]:
        need_administrator(visit)
        typed, question, problems = _asked(visit, before)
        lines = [] if problems else await audited(visit.session, question, limit=PAGE + 1)
        asked = {name: value for name, value in typed.items() if value}
        draft = Draft(
            visit.module("users"), visit.voice, {}, raw={key.key: typed[key.key] for key in DAYS}, problems=problems
        )
        people, _ = await by_name(visit, "users", (), "")
        return await visit.page(
            "admin/audit.html",
            current="admin",
            tab="audit",
            lines=await _lines(visit, lines[:PAGE]),
            asked=asked,
            chosen=typed,
            kinds=_kinds(visit),
            actions=[(action, visit.text(f"history.{action}")) for action in ACTIONS],
            people=[(str(row.id), row["name"]) for row in people],
            days=[draft.input_of(day, visit.text(f"history.{day.key}")) for day in DAYS],
            query=urlencode(asked),
            first=f"?{urlencode(asked)}" if before else "",
            next=f"?{urlencode({**asked, 'before': str(lines[PAGE - 1].entry.id)})}" if len(lines) > PAGE else "",
        )

    @get("/export", opt=CLOSED)
    async def export(self, visit: Visit) -> Response[bytes]:
        """The newest of what was asked for, as a file; that it was taken along is itself an event."""
        need_administrator(visit)
        _, question, problems = _asked(visit, None)
        lines = [] if problems else await audited(visit.session, question, limit=MOST_ROWS)
        if len(lines) > PROOF_ROWS:
            await prove(visit)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow([neutralise(visit.text(head)) for head in HEADS])
        for line in await _lines(visit, lines):
            changes = "; ".join(f"{label}: {old} → {new}" for label, old, new in line["changes"])
            about = line["name"] or line["id"]
            cells = (
                line["time"],
                line["who"],
                line["what"],
                line["kind"],
                about,
                line["source"],
                line["address"],
                changes,
            )
            writer.writerow([neutralise(str(cell)) for cell in cells])
        request = visit.request_id
        await noted(visit.session, "audit_export", {"rows": len(lines)}, by=visit.access.user, request=request)
        await visit.commit()
        return attachment(
            f"{visit.text('admin.tab.audit')}.csv", "text/csv; charset=utf-8", (BOM + out.getvalue()).encode()
        )


def _asked(
    visit: Visit, before: UUID | None
) -> tuple[dict[str, str], AuditQuestion, dict[str, tuple[FieldProblem, ...]]]:
    """What was typed, the question it makes, and what of it makes none."""
    names = ("module", "action", "user", "record", "since", "until")
    typed = {name: str(visit.request.query_params.get(name, "")).strip() for name in names}
    problems: dict[str, tuple[FieldProblem, ...]] = {}
    days: dict[str, date] = {}
    for kind in DAYS:
        try:
            if day := parse(kind, typed[kind.key], visit.voice):
                days[kind.key] = day
        except BadValue as bad:
            problems[kind.key] = (bad.problem,)
    question = AuditQuestion(
        module=typed["module"] if typed["module"] in dict(_kinds(visit)) else "",
        action=typed["action"] if typed["action"] in ACTIONS else "",
        actor=_id(typed["user"]),
        record=_id(typed["record"].rstrip("/").rpartition("/")[2]),
        since=_start(visit, days["since"]) if "since" in days else None,
        until=_start(visit, days["until"] + timedelta(days=1)) if "until" in days else None,
        before=before,
    )
    return typed, question, problems


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _start(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(), visit.voice.locale.zone).astimezone(UTC)


def _kinds(visit: Visit) -> list[tuple[str, str]]:
    modules = [(module.key, visit.voice.module(module)) for module in visit.work.registry.modules.values()]
    return [*sorted(modules, key=lambda pair: pair[1]), *((key, visit.text(f"audit.of.{key}")) for key in OTHERS)]


async def _lines(visit: Visit, lines: Sequence[AuditLine]) -> list[dict[str, Any]]:
    """Events in words. Of records that are nobody's business but their owner's, not even administrators read what changed."""
    registry = visit.work.registry
    refs = [line.about for line in lines if line.about and line.module in registry]
    names = await visit.names(refs)
    return [_line(visit, line, names) for line in lines]


def _line(visit: Visit, line: AuditLine, names: Mapping[Ref, Ref]) -> dict[str, Any]:
    module = visit.work.registry.get(line.module)
    named = names.get(line.about) if line.about else None
    told = f"audit.of.{line.module}"
    if module is not None:
        facts = entry_facts(visit, module, line.entry)
        kind = visit.voice.module(module, "one")
    else:
        facts = entry_facts(visit, visit.module("users"), line.entry)
        kind = visit.text(told) if visit.voice.catalogue.has(told) else line.module
    shown = module is not None and named is not None
    return {
        **facts,
        "kind": kind,
        "id": str(line.record or ""),
        "name": named.name if named else "",
        "href": f"/{line.module}/{line.record}" if named and not named.gone else "",
        "changes": facts["changes"] if shown else [],
    }
