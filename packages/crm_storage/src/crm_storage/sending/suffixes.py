"""Domains with those they lie under, so that sub-domains are found by equality and `ab.com` is never taken for `b.com`."""


def suffixes(domain: str) -> str:
    """An SQL array of a domain and every domain above it: `{mail.a.co, a.co, co}`."""
    labels = f"string_to_array({domain}, '.')"
    return f"ARRAY(SELECT array_to_string(({labels})[n:], '.') FROM generate_subscripts({labels}, 1) n)"
