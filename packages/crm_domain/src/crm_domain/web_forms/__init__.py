"""Forms that people outside fill in: what may be asked, how it is shown and read, and what comes of it."""
