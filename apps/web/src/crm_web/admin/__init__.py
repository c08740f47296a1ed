"""What the pages of a tenant's administration and studio are made of."""
