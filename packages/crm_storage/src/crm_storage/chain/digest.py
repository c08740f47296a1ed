"""What the chain is made of, as SQL: a digest of each event, and links that hang on each other.

Both must say the same of the same rows for ever, whatever the session's time zone or the table's later columns: a column
that comes later is appended where it is not NULL, so that the events of before keep their digests.
"""

FIRST_COLUMNS = ("id", "at", "actor_id", "source", "request_id", "module", "record_id", "action", "changes", "version")
LATER_COLUMNS = ("address", "support")
EVENT_COLUMNS = (*FIRST_COLUMNS, *LATER_COLUMNS)
DIGEST_LENGTH = 16
"""Bytes. Whoever wants another event with the same digest needs 2^128 tries."""


def _micros(column: str) -> str:
    return f"(extract(epoch FROM {column}) * 1000000)::bigint"


def _canonical() -> str:
    first = ", ".join(_micros(f"e.{name}") if name == "at" else f"e.{name}" for name in FIRST_COLUMNS)
    later = "".join(
        f" || CASE WHEN e.{name} IS NULL THEN '[]'::jsonb ELSE jsonb_build_array('{name}', e.{name}) END"
        for name in LATER_COLUMNS
    )
    return f"(jsonb_build_array({first}){later})"


DIGEST = f"substring(sha256(convert_to({_canonical()}::text, 'UTF8')) FOR {DIGEST_LENGTH})"
"""The digest of the event `e`."""
CHAIN = f"""sha256(before || int8send(number) || uuid_send(first_event) || uuid_send(last_event) || int4send(events)
  || int8send({_micros("sealed_at")}) || digests)"""
"""The link that a seal's own columns and `before`, the link of the seal before it, make."""
