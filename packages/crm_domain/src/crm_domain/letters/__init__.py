"""Letters between people: read as they arrive, answered, and written as they leave."""
