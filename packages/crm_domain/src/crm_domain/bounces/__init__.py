"""Returned mail: what it is, which of our mails it speaks of, and what follows for the address."""
