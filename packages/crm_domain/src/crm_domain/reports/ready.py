"""The reports that every company has: shipped with the product, worded `reports.ready.<key>`, taken over to be changed."""

import msgspec

from crm_domain.reports.question import NOW, Asked, Bucket, Chart, Grouping, Kind, Measure, Question, Source

OPEN: Asked = (("open", "1"),)
WON: Asked = (("filter[stage]", "closed_won"),)
ENDED: Asked = (("filter[stage][in]", "closed_won,closed_lost"),)
COUNT = Measure()
AMOUNT = Measure("sum", "amount")
AGES = (7, 30, 90)


class Ready(msgspec.Struct, frozen=True):
    """One of them, in its folder."""

    key: str
    folder: str
    question: Question


def _of(
    base: str,
    *groups: Grouping,
    measures: tuple[Measure, ...] = (COUNT,),
    kind: Kind = "summary",
    chart: Chart = "",
    asked: Asked = (),
    asks: tuple[str, ...] = (),
    sources: tuple[Source, ...] = (),
    sort: str = "",
    top: int = 0,
) -> Question:
    return Question(
        base=base,
        kind=kind,
        groups=groups,
        measures=measures,
        chart=chart,
        asked=asked,
        asks=asks,
        sources=sources,
        sort=sort,
        top=top,
    )


def _list(base: str, columns: str, sort: str, asked: Asked = (), asks: tuple[str, ...] = ()) -> Question:
    return Question(base=base, columns=tuple(columns.split()), sort=sort, asked=asked, asks=asks)


def _by(path: str, bucket: Bucket = "") -> Grouping:
    return Grouping(path, bucket)


def _age(since: str, *bands: int) -> Grouping:
    """How many days ago, in bands."""
    return Grouping(NOW, since=since, bands=bands)


def _days(until: str, since: str = "created_at") -> Measure:
    return Measure("avg", until, since)


def _filled(path: str) -> Measure:
    """How many of all have something in a field."""
    return Measure("share", only=((f"filter[{path}][empty]", "0"),), label=f"filled_{path}")


CONVERTED = Measure("share", only=(("filter[converted]", "1"),), label="converted")
WIN_RATE = Measure("share", only=WON, label="win_rate")
SALES = (
    ("pipeline_by_stage", _of("opportunities", _by("stage"), measures=(COUNT, AMOUNT), chart="bar", asked=OPEN)),
    (
        "pipeline_by_owner",
        _of("opportunities", _by("assigned_to"), measures=(COUNT, AMOUNT), chart="bar", asked=OPEN, sort="-m1"),
    ),
    (
        "pipeline_by_source",
        _of("opportunities", _by("lead_source"), measures=(COUNT, AMOUNT), chart="pie", asked=OPEN, sort="-m1"),
    ),
    (
        "forecast_by_month",
        _of(
            "opportunities",
            _by("closes_on", "month"),
            _by("stage"),
            measures=(COUNT, AMOUNT, Measure("avg", "probability")),
            chart="stacked",
            asked=OPEN,
        ),
    ),
    (
        "won_and_lost_by_month",
        _of(
            "opportunities",
            _by("closed_at", "month"),
            _by("stage"),
            measures=(COUNT, AMOUNT),
            chart="stacked",
            asked=ENDED,
        ),
    ),
    (
        "lost_reasons",
        _of(
            "opportunities",
            _by("lost_reason"),
            measures=(COUNT, AMOUNT),
            chart="pie",
            asked=(("filter[stage]", "closed_lost"),),
            sort="-m1",
        ),
    ),
    (
        "win_rate_by_owner",
        _of(
            "opportunities",
            _by("assigned_to"),
            measures=(COUNT, WIN_RATE, AMOUNT),
            chart="bar",
            asked=ENDED,
            sort="-m1",
        ),
    ),
    (
        "sales_cycle",
        _of(
            "opportunities",
            _by("closed_at", "month"),
            measures=(_days("closed_at"), COUNT),
            chart="column",
            asked=WON,
        ),
    ),
    ("stage_conversion", _of("opportunities", _by("stage"), kind="funnel")),
    (
        "top_customers",
        _of("opportunities", _by("account"), measures=(AMOUNT, COUNT), chart="bar", asked=WON, sort="-m0", top=10),
    ),
    (
        "deals_by_industry",
        _of(
            "opportunities",
            _by("account.industry"),
            measures=(COUNT, AMOUNT),
            chart="bar",
            asked=OPEN,
            sort="-m1",
        ),
    ),
    ("new_deals", _of("opportunities", _by("created_at", "month"), measures=(COUNT, AMOUNT), chart="column")),
    (
        "stale_deals",
        _of("opportunities", _age("modified_at", *AGES), _by("stage"), measures=(COUNT, AMOUNT), asked=OPEN),
    ),
    (
        "longest_untouched",
        _list("opportunities", "name account stage amount assigned_to modified_at", "modified_at", OPEN),
    ),
    ("quotes_by_stage", _of("quotes", _by("stage"), measures=(COUNT, Measure("sum", "total_amount")), chart="bar")),
    (
        "unpaid_invoices",
        _of(
            "invoices",
            _age("due_on", 0, *AGES),
            _by("account"),
            measures=(COUNT, Measure("sum", "remaining_amount")),
            asked=(("filter[status][in]", "unpaid,partly_paid"),),
        ),
    ),
    (
        "contracts_ending",
        _list("contracts", "name account status contract_value ends_on assigned_to", "ends_on", OPEN),
    ),
)
LEADS = (
    (
        "leads_by_source",
        _of("leads", _by("lead_source"), measures=(COUNT, CONVERTED), chart="bar", sort="-m0"),
    ),
    ("lead_conversion", _of("leads", _by("created_at", "month"), measures=(COUNT, CONVERTED), chart="column")),
    ("lead_ageing", _of("leads", _age("created_at", *AGES), _by("status"), asked=OPEN)),
    (
        "lead_time",
        _of(
            "leads",
            _by("lead_source"),
            measures=(_days("converted_at"), COUNT),
            chart="bar",
            asked=(("filter[converted]", "1"),),
        ),
    ),
    ("leads_by_owner", _of("leads", _by("assigned_to"), _by("status"), kind="matrix")),
)
MARKETING = (
    (
        "campaign_return",
        _of(
            "campaigns",
            _by("name"),
            measures=(
                Measure("sum", "actual_cost"),
                Measure("sum", "opportunities.amount"),
                Measure("count", "opportunities"),
                Measure("count", "leads"),
            ),
            sources=(Source("opportunities", asked=WON), Source("leads")),
            chart="bar",
            sort="-m1",
        ),
    ),
    ("campaign_leads", _of("leads", _by("campaign"), measures=(COUNT, CONVERTED), chart="bar", sort="-m0")),
    (
        "campaign_budgets",
        _list("campaigns", "name campaign_type status budget actual_cost expected_revenue end_date", "-end_date"),
    ),
    ("mailings_by_month", _of("email_marketing", _by("starts_at", "month"), _by("run_state"), chart="stacked")),
    ("new_targets", _of("targets", _by("created_at", "month"), chart="line")),
)
SERVICE = (
    ("cases_by_priority", _of("cases", _by("priority"), _by("status"), kind="matrix")),
    ("case_ageing", _of("cases", _age("created_at", 1, 3, *AGES), _by("priority"), asked=OPEN)),
    ("new_cases", _of("cases", _by("created_at", "month"), _by("case_type"), chart="stacked")),
    (
        "first_response",
        _of("cases", _by("priority"), measures=(_days("first_response_at"), COUNT), chart="bar"),
    ),
    (
        "resolution_time",
        _of(
            "cases",
            _by("closed_at", "month"),
            measures=(_days("closed_at"), COUNT),
            chart="column",
            asked=(("filter[closed_at][empty]", "0"),),
        ),
    ),
    ("late_cases", _list("cases", "name account priority status due_at assigned_to", "due_at", (("late", "1"),))),
    ("cases_by_customer", _of("cases", _by("account"), chart="bar", sort="-m0", top=10)),
    ("bugs_by_release", _of("bugs", _by("found_in_release"), _by("status"), kind="matrix")),
)
ACTIVITIES = (
    ("overdue_tasks", _of("tasks", _by("assigned_to"), chart="bar", asked=(("late", "1"),), sort="-m0")),
    (
        "calls_per_user",
        Question(
            base="calls",
            kind="matrix",
            groups=(_by("assigned_to"), _by("status")),
            measures=(COUNT,),
            asked=(("filter[starts_at][period]", "this_month"),),
            asks=("filter[starts_at][period]",),
        ),
    ),
    (
        "meeting_load",
        _of(
            "meetings",
            _by("assigned_to"),
            measures=(COUNT, Measure("sum", "duration")),
            chart="bar",
            asked=(("filter[starts_at][period]", "this_month"),),
            asks=("filter[starts_at][period]",),
            sort="-m0",
        ),
    ),
    ("calls_by_week", _of("calls", _by("starts_at", "week"), _by("direction"), chart="line")),
)
PROJECTS = (
    (
        "project_progress",
        _list("projects", "name status percent_complete starts_on ends_on budget cost assigned_to", "ends_on", OPEN),
    ),
    ("overdue_project_tasks", _of("project_tasks", _by("project"), chart="bar", asked=(("late", "1"),), sort="-m0")),
)
ADMINISTRATION = (
    (
        "account_completeness",
        _of("accounts", _by("assigned_to"), measures=(COUNT, _filled("industry"), _filled("phone_office"))),
    ),
    (
        "contact_completeness",
        _of(
            "contacts",
            _by("assigned_to"),
            measures=(COUNT, _filled("emails"), _filled("phone_mobile"), _filled("account")),
        ),
    ),
    ("repeated_names", _of("accounts", _by("name"), sort="-m0", top=20)),
    ("users_by_state", _of("users", _by("status"), _by("user_type"), kind="matrix")),
)
READY: dict[str, Ready] = {
    key: Ready(key, folder, question)
    for folder, reports in (
        ("sales", SALES),
        ("leads", LEADS),
        ("marketing", MARKETING),
        ("service", SERVICE),
        ("activities", ACTIVITIES),
        ("projects", PROJECTS),
        ("administration", ADMINISTRATION),
    )
    for key, question in reports
}
