"""Jobs between processes: PostgreSQL is the truth, the bus only carries."""
