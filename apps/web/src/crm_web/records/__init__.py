"""A record's own page and form: how it is shown and written, and what single modules add to both."""
