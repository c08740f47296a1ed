"""The host plane: which tenants there are, how one is opened, changed, closed and found."""
