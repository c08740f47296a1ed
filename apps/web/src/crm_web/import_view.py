"""An import in the reader's words: counts, reasons, the columns with samples, the file of errors."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from crm_domain.definition import Module
from crm_domain.meaning.raw import ID
from crm_domain.problems import NotFound
from crm_domain.records.import_match import target_label
from crm_domain.records.import_saved import SavedMapping
from crm_domain.records.imports import Import, ImportRow
from crm_domain.text import format as formats
from crm_domain.text import numbers
from crm_domain.text.spreadsheet import neutralise
from crm_web.pages.exports import BOM
from crm_web.visit import Visit

STATUSES = ("waiting", "created", "updated", "unchanged", "skipped", "failed", "undone", "kept")
LONGEST_SAMPLE = 60


async def import_of(visit: Visit, module: Module[Any], id_: UUID) -> Import:
    """An import of that module within reach. Raises NotFound."""
    run = await visit.work.store.imports.get(id_)
    if run.module != module.key:
        raise NotFound
    return run


def counts_of(visit: Visit, counts: Mapping[str, int], place: str) -> list[tuple[str, str]]:
    """Each status that there is, worded, with its number."""
    return [
        (visit.text(f"{place}.{status}"), numbers.format_number(counts[status], visit.voice.locale))
        for status in STATUSES
        if counts.get(status)
    ]


def words_of(visit: Visit, id_: str, facts: Mapping[str, Any], module: Module[Any] | None = None) -> str:
    """A reason, with the field it is about before it."""
    said = visit.text(id_, **{name: fact for name, fact in facts.items() if name != "of_field"})
    of = str(facts.get("of_field", ""))
    return f"{target_label(visit.voice, module, of)}: {said}" if module and (of == ID or of in module.by_key) else said


def samples_of(run: Import, mapping: Sequence[str], rows: Sequence[ImportRow]) -> list[tuple[str, str, list[str]]]:
    """Each column: its head, the target chosen, and what its first rows say."""
    return [
        (head, mapping[number], [row.cells[number][:LONGEST_SAMPLE] for row in rows if row.cells[number].strip()])
        for number, head in enumerate(run.heads)
    ]


def history_of(visit: Visit, module: Module[Any], runs: Sequence[Import]) -> list[tuple[str, str, str, str, str]]:
    """Address, file, number of rows, state, time."""
    return [
        (
            f"/{module.key}/import/{run.id}",
            run.file,
            numbers.format_number(run.total, visit.voice.locale),
            visit.text(f"imports.state.{run.state}"),
            formats.relative_time(run.created_at, visit.voice.now, visit.voice.locale, visit.voice.catalogue),
        )
        for run in runs
    ]


def mappings_of(visit: Visit, saved: Sequence[SavedMapping]) -> list[tuple[str, str, bool, bool]]:
    """Id and name of each mapping that was kept, whether all may use it, and whether the reader may forget it."""
    me, admin = visit.access.user, visit.access.admin
    return [(str(one.id), one.name, one.shared, one.owner == me or (one.shared and admin)) for one in saved]


async def lines_of(visit: Visit, module: Module[Any], rows: Sequence[ImportRow]) -> list[tuple[str, str]]:
    """Address and name of the records of these rows that are within reach."""
    ids = [row.record_id for row in rows if row.record_id]
    found = await visit.work.store.fetch(module, ids, columns=("name",)) if ids else []
    return [(f"/{module.key}/{row.id}", row["name"]) for row in found]


def as_csv(visit: Visit, module: Module[Any], run: Import, rows: Sequence[ImportRow]) -> bytes:
    """Rows with the file's own columns and two more: the reason's code and its sentence."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*map(neutralise, run.heads), "error_code", "error_message"])
    for row in rows:
        why = words_of(visit, row.reason, row.facts, module)
        writer.writerow([*map(neutralise, row.cells), row.reason, neutralise(why)])
    return (BOM + out.getvalue()).encode()
