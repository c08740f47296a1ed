"""A unit of work as use cases see it: who acts, when, in which tenant, on which records."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from crm_domain.access.rights import Access
from crm_domain.definition import Module, Record, Registry, Relation, Set
from crm_domain.ids import new_id
from crm_domain.ports import Clock, Store
from crm_domain.problems import NotFound
from crm_domain.records import remove, save
from crm_domain.tenancy import Quotas
from crm_domain.text.locale import Locale
from crm_domain.text.workdays import Workdays

R = TypeVar("R", bound=Record)
UNLIMITED = Quotas()


class Work:
    """Everything a use case needs. It never commits: whoever opened the work does, once."""

    def __init__(
        self,
        store: Store,
        registry: Registry,
        clock: Clock,
        locale: Locale,
        base_currency: str,
        quotas: Quotas = UNLIMITED,
        workdays: Workdays | None = None,
    ) -> None:
        self.store = store
        self.registry = registry
        self.clock = clock
        self.locale = locale
        self.base_currency = base_currency
        self.quotas = quotas
        self.workdays = workdays or Workdays(locale)
        """The company's, whichever calendar its people read."""

    @property
    def access(self) -> Access:
        return self.store.access

    def now(self) -> datetime:
        return self.clock.now()

    def module(self, record: type[R]) -> Module[R]:
        """The tenant's effective module of that record."""
        return self.registry.of(record)

    def relation(self, module: str, key: str) -> Relation:
        """Raises NotFound for a relation the module does not have."""
        try:
            return self.registry.relations(module)[key]
        except KeyError:
            raise NotFound from None

    async def get(self, record: type[R], id_: UUID, *, action: str = "view", lock: bool = False) -> R:
        """One record. Raises NotFound, also where the actor may not reach it."""
        rows = await self.store.fetch(self.module(record), [id_], action=action, lock=lock)
        if not rows:
            raise NotFound
        return record(id_, rows[0].values)

    async def create(self, record: type[R], *sets: Set[Any]) -> UUID:
        """A new record with its rules applied. Raises Denied, Invalid, Refused."""
        return await save.create(self, self.module(record), _values(sets))

    async def update(self, record: type[R], id_: UUID, *sets: Set[Any]) -> None:
        """Changes a record with its rules applied. Raises NotFound, Denied, Invalid, Refused."""
        await save.update(self, self.module(record), id_, _values(sets))

    async def remove(self, record: type[R], ids: Sequence[UUID]) -> UUID:
        """Moves records to the trash; the removal's id, by which they come back."""
        return await remove.remove(self, self.module(record), ids)

    def new_id(self) -> UUID:
        return new_id(self.now())


def _values(sets: Sequence[Set[Any]]) -> Mapping[str, Any]:
    return {item.key: item.value for item in sets}
