"""The installation that all tests share, under the name its tenants' tests know."""

from tests.installation import Installation

__all__ = ["Installation"]
