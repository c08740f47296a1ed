"""What recipients did, taken from the bus into the tables, and what follows from it."""
