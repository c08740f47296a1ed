"""The site that all tests share, under the names its pages' tests know."""

from tests.site import PASSWORD, TOKEN, Browser, Site

__all__ = ["PASSWORD", "TOKEN", "Browser", "Site"]
