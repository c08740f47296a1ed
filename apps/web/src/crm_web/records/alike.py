"""Records that what is being typed may already be, each with the reason, and what else may help while typing."""

from collections.abc import Mapping
from typing import Any

from litestar import Response

from crm_domain.definition import Module
from crm_domain.problems import Invalid
from crm_domain.query.page import Row
from crm_domain.records import save
from crm_domain.records.alike import Reason, compared, reasons
from crm_domain.records.forms import Form
from crm_web.lists.tables import field_label
from crm_web.records.hints import special_hints
from crm_web.records.picking import meta_of
from crm_web.visit import Visit


async def alike_part(visit: Visit, module: Module[Any], form: Form, row: Row | None) -> Response[str]:
    """For the form of a new record, or of `row`: then only what the changed fields have in common with others."""
    typed = _typed(module, form)
    changed = set(save.differing(module, row, typed)) if row else set(typed)
    whole = {**({key: row.values.get(key) for key in compared(module)} if row else {}), **typed}
    found: list[tuple[Row, list[Reason]]] = []
    if changed.intersection(compared(module)):
        rows = await visit.work.store.alike(module, whole, except_id=row.id if row else None)
        found = [(other, _speaking(reasons(module, whole, other), changed)) for other in rows]
    return visit.part(
        "records/alike.html",
        module=module,
        making=row is None,
        rows=[
            (other.id, other["name"], _line(visit, module, other), _why(visit, module, because))
            for other, because in found
            if because or row is None
        ],
        hints=await special_hints(visit, module, typed) if row is None else (),
    )


def _typed(module: Module[Any], form: Form) -> dict[str, Any]:
    """What was typed, without what makes no sense yet."""
    values = {key: value for key, value in form.values.items() if value}
    try:
        return save.cleaned(module, values)
    except Invalid as invalid:
        return {key: value for key, value in values.items() if key not in invalid.fields}


def _speaking(because: list[Reason], changed: set[str]) -> list[Reason]:
    """The reasons in which a changed field takes part."""
    return [reason for reason in because if any(path.partition(".")[0] in changed for path in reason.paths)]


def _why(visit: Visit, module: Module[Any], because: list[Reason]) -> str:
    """«تلفن یکسان، نام مشابه»."""
    separator = visit.text("record.list_separator")
    said: Mapping[str, None] = dict.fromkeys(
        visit.text(
            f"form.alike_{reason.how}",
            fields=separator.join(field_label(visit, module, path) for path in reason.paths),
        )
        for reason in because
    )
    return separator.join(said)


def _line(visit: Visit, module: Module[Any], row: Row) -> str:
    keys = (key for key in module.layout.picker if key != "name" and key in module.by_key)
    return " · ".join(part for key in keys if (part := meta_of(visit, module, key, row)))
