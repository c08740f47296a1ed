"""The same two companies as the web tests'."""

from tests.web.conftest import site

__all__ = ["site"]
