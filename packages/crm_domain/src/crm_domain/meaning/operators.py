"""Which questions a filter may ask of each kind, in the order they are offered."""

from typing import assert_never

from crm_domain.definition import kinds
from crm_domain.definition.kinds import Kind
from crm_domain.query.filter import Op

TEXT: tuple[Op, ...] = ("contains", "starts", "eq", "ne", "in", "nin", "empty")
NUMBER: tuple[Op, ...] = ("eq", "ne", "lt", "le", "gt", "ge", "between", "empty")
TIME: tuple[Op, ...] = ("period", "eq", "lt", "le", "gt", "ge", "between", "empty")
CHOICE: tuple[Op, ...] = ("in", "nin", "eq", "ne", "empty")


def operators(kind: Kind) -> tuple[Op, ...]:
    """The operators a kind understands; none means that it cannot be filtered."""
    match kind:
        case kinds.Text() | kinds.Url():
            return TEXT
        case kinds.LongText() | kinds.RichText():
            return ("contains", "empty")
        case (
            kinds.Integer()
            | kinds.AutoNumber()
            | kinds.DecimalNumber()
            | kinds.Percent()
            | kinds.Money()
            | kinds.Duration()
        ):
            return NUMBER
        case kinds.Boolean():
            return ("eq",)
        case kinds.Date() | kinds.DateTime():
            return TIME
        case kinds.Choice() | kinds.DependentChoice():
            return CHOICE
        case kinds.MultiChoice():
            return ("has_any", "has_all", "has_none", "empty")
        case kinds.Link():
            return ("eq", "ne", "in", "nin", "empty")
        case kinds.UserLink():
            return ("me", "my_team", "eq", "ne", "in", "nin", "empty")
        case kinds.AnyLink():
            return ("eq", "empty")
        case kinds.Emails():
            return ("contains", "starts", "eq", "domain", "opted_out", "empty")
        case kinds.Phone():
            return ("contains", "ends", "eq", "empty")
        case kinds.Address():
            return ("contains", "starts", "eq", "empty")
        case kinds.File() | kinds.Files() | kinds.Image() | kinds.Secret():
            return ("empty",)
        case kinds.Bill():
            return ()
        case kinds.Computed():
            return TEXT if kind.result == "text" else TIME if kind.result == "date" else NUMBER
        case _:
            assert_never(kind)
