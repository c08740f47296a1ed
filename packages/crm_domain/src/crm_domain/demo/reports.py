"""Reports of the demo company's own, beside those that are ready for everybody."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from crm_domain.demo.companies import owned
from crm_domain.demo.setting import Language
from crm_domain.demo.world import Batch, World
from crm_domain.reports.question import Grouping, Measure, Question, Source, write_question

WON = (("filter[stage]", "closed_won"),)
ASKED: tuple[tuple[str, Question], ...] = (
    (
        "sales",
        Question(
            base="opportunities",
            kind="summary",
            asked=(("filter[closes_on][period]", "this_year"),),
            asks=("filter[closes_on][period]",),
            groups=(Grouping("closes_on", "month"), Grouping("stage")),
            measures=(Measure(), Measure("sum", "amount"), Measure("avg", "probability")),
            chart="stacked",
        ),
    ),
    (
        "sales",
        Question(
            base="accounts",
            kind="summary",
            sources=(Source("opportunities", "with", WON),),
            groups=(Grouping("industry"),),
            measures=(Measure(), Measure("count", "opportunities"), Measure("sum", "opportunities.amount")),
            sort="-m2",
            chart="bar",
        ),
    ),
    (
        "sales",
        Question(
            base="accounts",
            sources=(Source("opportunities", "without", (("open", "1"),)),),
            columns=("name", "industry", "billing_address.city", "assigned_to", "created_at"),
            sort="name",
        ),
    ),
    (
        "service",
        Question(
            base="cases",
            kind="matrix",
            groups=(Grouping("priority"), Grouping("status")),
            measures=(Measure(), Measure("avg", "closed_at", "created_at")),
        ),
    ),
)
NAMES: Mapping[Language, tuple[str, ...]] = {
    "fa": (
        "فروش ماه به ماه و مرحله به مرحله",
        "فروش موفق بر پایهٔ صنعت مشتری",
        "مشتریان بی‌فرصت باز",
        "درخواست‌ها بر پایهٔ اولویت و وضعیت",
    ),
    "en": (
        "Sales by month and stage",
        "Won deals by the customer's industry",
        "Customers without an open deal",
        "Cases by priority and status",
    ),
}


def reports(world: World) -> Iterator[Batch]:
    """Four questions the company asks again and again."""
    rows = [
        {
            **owned(world.chance("report", place), world.setting.now - timedelta(days=40 - place), world.owners[0]),
            "name": name,
            "base": question.base,
            "kind": question.kind,
            "folder": folder,
            "private": False,
            "question": write_question(question),
        }
        for place, (name, (folder, question)) in enumerate(zip(NAMES[world.setting.language], ASKED, strict=True))
    ]
    yield Batch("reports", rows)
