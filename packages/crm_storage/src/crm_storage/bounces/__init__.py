"""Returned mail: read from the bounce accounts, judged, and applied to queue, log and addresses."""
