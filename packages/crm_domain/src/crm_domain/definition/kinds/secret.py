"""What only programs read: passwords and keys."""

from crm_domain.definition.field import Field
from crm_domain.definition.values import SecretMark


class Secret(Field[SecretMark | str | None], frozen=True, kw_only=True, eq=False):
    """Written by people, read by nobody: a reader learns only when it was set (SEC-41).

    It is kept encrypted and apart from the record's row (SEC-51), so no list, export, history or copy can hold it.
    """

    max_length: int = 4096
