"""A list of records: what is asked of it, and its rows, lanes and files."""
