"""What documents of sale have in common: their arithmetic, their numbers, what becomes of them."""
