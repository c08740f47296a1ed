"""The boxes of the first page, and what they show."""
