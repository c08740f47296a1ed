"""A report's records with everything joined to them, each within the reader's reach."""

from typing import Any

from sqlalchemy import ColumnElement, and_

from crm_domain.access.rights import Scope
from crm_domain.definition import ManyToAny, kinds
from crm_domain.query.filter import EVERYTHING, Filter
from crm_domain.reports.narrow import Narrowed, source_of
from crm_domain.reports.paths import Place, Step, place_of, right_to
from crm_storage.records.compile import Where, no_joins
from crm_storage.records.context import Context
from crm_storage.records.reach import Clause, From, allowed, around
from crm_storage.records.reads import shape_of
from crm_storage.records.select_rows import Build
from crm_storage.records.shape import Values, shape


class Joined:
    """The FROM and WHERE of one report. `values` are the parameters of its conditions."""

    def __init__(self, context: Context, asked: Narrowed) -> None:
        self.context, self.asked = context, asked
        self.base = asked.question.base
        self.values = Values()
        module = context.registry[self.base]
        filter_ = shape(asked.filters[""], self.values, context.access.hidden(self.base))
        base = shape_of(context, module, columns=(), filter=filter_, sort=(), action="list")
        self._build = Build(context.schema.selector, base)
        self._conditions = self._build.conditions()
        self.tables: dict[str, From] = {"": self._build.table}
        """The aliases by source."""
        for number, step in enumerate(asked.steps):
            self.tables[step.path] = context.tables[step.target].alias(f"s{number}")

    def place(self, path: str) -> tuple[Place, From]:
        """A field, and the table it stands in."""
        place = place_of(self.context.registry, self.base, path)
        return place, self.tables[place.source]

    def step(self, source: str) -> Step:
        """How a source is joined."""
        return next(step for step in self.asked.steps if step.path == source)

    def condition(self, source: str, filter_: Filter) -> Clause:
        """A filter of a source's own fields."""
        registry, access = self.context.registry, self.context.access
        module = registry[self.step(source).target if source else self.base]
        shaped = shape(filter_, self.values, access.hidden(module.key))
        return Where(registry, self.context.tables, module, self.tables[source], no_joins).clause(shaped)

    def source(self) -> Any:
        """The base joined with every source, parents first."""
        found = self._build.source()
        for step in self.asked.steps:
            right, on = self._tie(step)
            on = and_(on, self._reach(step), self.condition(step.path, self.asked.filters.get(step.path, EVERYTHING)))
            inner = source_of(self.asked.question, step.path).how == "with"
            found = found.join(right, on) if inner else found.outerjoin(right, on)
        return found

    def conditions(self) -> list[Clause]:
        """What the base's rows must be, and which sources must have none."""
        without = [source.path for source in self.asked.question.sources if source.how == "without"]
        return [*self._conditions, *(self.tables[path].c.id.is_(None) for path in without)]

    def _tie(self, step: Step) -> tuple[Any, Clause]:
        """What is joined, and how it hangs on its parent."""
        mine, other = self.tables[step.parent], self.tables[step.path]
        relation = step.relation
        if relation is None:
            return other, other.c.id == mine.c[step.link]
        if relation.table is None:
            field = self.context.registry[relation.target].field(relation.link_field)
            if isinstance(field, kinds.AnyLink):
                return other, and_(
                    other.c[f"{field.key}_id"] == mine.c.id, other.c[f"{field.key}_module"] == step.owner
                )
            return other, other.c[field.key] == mine.c.id
        links = self.context.tables[relation.table.key].alias(f"{other.name}_links")
        near, far = (links.c.left_id, links.c.right_id) if relation.left else (links.c.right_id, links.c.left_id)
        on: ColumnElement[bool] = far == other.c.id
        if isinstance(relation.table, ManyToAny):
            on = and_(on, links.c.module == relation.right_module)
        return links.join(other, on), near == mine.c.id

    def _reach(self, step: Step) -> Clause:
        """Related records as their list has them; a linked one, as lists name it, from the trash too."""
        context, table = self.context, self.tables[step.path]
        module, right = context.registry[step.target], right_to(step)
        scope = Scope.ALL if step.target == "users" else context.access.scope(step.target, right)
        near = around(context.access, context.registry, module, right)
        reached = allowed(context.tables, module, table, scope, near)
        return and_(reached, table.c.deleted_at.is_(None)) if step.many else reached
