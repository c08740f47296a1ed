"""Web forms as rows: what each asks, what trackers show, what came in and what became of it."""
