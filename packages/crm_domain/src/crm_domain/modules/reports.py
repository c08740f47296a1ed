"""Reports: questions over the records, kept under a name; everybody who runs one gets what he himself may see."""

from typing import TYPE_CHECKING, Any

from crm_domain.definition import Arrangement, Change, Module, Options, Privacy, Record, option, panel, plain, required
from crm_domain.definition.kinds import Boolean, Choice, LongText, Text
from crm_domain.meaning.voice import Voice
from crm_domain.messages.catalogue import catalogue
from crm_domain.problems import BadValue, Invalid
from crm_domain.reports.check import check_question
from crm_domain.reports.question import LONGEST, Question, read_question, write_question

if TYPE_CHECKING:
    from crm_domain.records.work import Work

BASES = plain(
    "report_base",
    "leads accounts contacts opportunities products quotes invoices contracts tasks calls meetings emails campaigns targets"
    " target_lists email_marketing web_forms projects project_tasks notes documents cases bugs knowledge_articles employees"
    " users",
    fixed=True,
)
"""The modules that people ask about; what belongs to them is joined."""
KINDS = Options(
    "report_kind",
    (
        option("list", hue="gray"),
        option("summary", hue="blue"),
        option("matrix", hue="violet"),
        option("number", hue="teal"),
        option("funnel", hue="amber"),
    ),
    fixed=True,
)
FOLDERS = plain("report_folder", "sales leads marketing service activities projects administration other")


class Report(Record):
    """`question` is its JSON. A `private` one is its owner's and, where it has one, its team's."""

    name = required(Text(max_length=255, search=True))
    base = required(Choice(options=BASES, default="opportunities", indexed=True, mass=False))
    kind = Choice(options=KINDS, readonly=True, indexed=True)
    folder = required(Choice(options=FOLDERS, default="other", indexed=True))
    private = Boolean()
    description = LongText(max_length=2000)
    question = LongText(max_length=LONGEST)

    layout = Arrangement(
        columns=(name, kind, base, folder, Record.assigned_to, Record.modified_at),
        offered=(private, Record.team, Record.created_at, Record.created_by, Record.modified_by),
        panels=(
            panel(
                "overview", (name, base), (folder, private), (Record.assigned_to, Record.team), (description,)
            ),
        ),
        quick=((name, base), (folder, private)),
        picker=(name, base, folder),
        basic=(name,),
        advanced=(name, base, kind, folder, private, Record.assigned_to, Record.team, Record.created_at, Record.modified_at),
        highlights=(kind, base, folder, Record.assigned_to),
        sort="name",
    )  # fmt: skip


def first_question(module: Module[Any]) -> Question:
    """What a report asks until somebody says more: the module's list."""
    return Question(base=module.key, columns=module.layout.columns, sort=module.layout.sort)


async def asks_sense(work: "Work", change: Change[Report]) -> None:
    """The question is one that the company's modules can answer; a new base begins a new one."""
    base = work.registry[change.after.base]
    try:
        question = read_question(change.after.question or write_question(first_question(base)))
    except BadValue as bad:
        raise Invalid({"question": (bad.problem,)}) from None
    if question.base != base.key and not change.touches(Report.question):
        question = first_question(base)
    voice = Voice(catalogue(work.locale.language), work.locale, work.now(), work.base_currency)
    try:
        check_question(question, work.registry, voice)
    except Invalid as invalid:
        raise Invalid({"question": tuple(one for part in invalid.fields.values() for one in part)}) from None
    if question.base not in BASES:
        raise Invalid({"question": (BadValue("reports.problem.unknown_source", path=question.base).problem,)})
    change.set(Report.question, write_question(question))
    change.set(Report.base, question.base)
    change.set(Report.kind, question.kind)


REPORTS = Module(
    key="reports",
    record=Report,
    icon="chart-column",
    group="analysis",
    privacy=Privacy("private"),
    many_at_once=True,
    with_work=(asks_sense,),
)
