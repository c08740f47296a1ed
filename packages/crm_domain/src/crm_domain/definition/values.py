"""The values of composite kinds: what a record holds where one plain Python value is not enough."""

from datetime import datetime
from decimal import Decimal
from typing import Literal
from uuid import UUID

import msgspec


class Ref(msgspec.Struct, frozen=True, eq=False):
    """A record another one points at. `name` is empty when the reader may not see it; `gone` when it is in the trash."""

    module: str
    id: UUID
    name: str = ""
    gone: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ref) and (self.module, self.id) == (other.module, other.id)

    def __hash__(self) -> int:
        return hash((self.module, self.id))


class Amount(msgspec.Struct, frozen=True):
    """Money: an exact amount in an ISO 4217 currency. Rial is stored, toman is a display unit."""

    value: Decimal
    currency: str


class PostalAddress(msgspec.Struct, frozen=True):
    """An address in its five stored parts, large to small in Persian, small to large in English."""

    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""

    def __bool__(self) -> bool:
        return any((self.street, self.city, self.state, self.postal_code, self.country))


ADDRESS_PARTS = ("street", "city", "state", "postal_code", "country")


class EmailEntry(msgspec.Struct, frozen=True):
    """One e-mail address of a record. `opted_out` and `invalid` belong to the address, shared by all its owners."""

    address: str
    primary: bool = False
    opted_out: bool = False
    invalid: bool = False


class Blob(msgspec.Struct, frozen=True):
    """A stored file: `key` names the content in the file door, `name` is only a label. Size in bytes.

    `pictured` files have a preview and a thumbnail beside them.
    """

    key: str
    name: str
    media_type: str
    size: int
    pictured: bool = False


class Upload(msgspec.Struct, frozen=True):
    """A file named by its key alone, as forms and the API do; the save makes a `Blob` of it, if the actor may open it."""

    key: str


class SecretMark(msgspec.Struct, frozen=True):
    """What can be known of a secret: that there is one, and since when."""

    set_at: datetime


Scalar = str | int | Decimal | bool | None
OnDelete = Literal["keep", "block", "cascade"]
