"""The chain over a tenant's audit log: what was noted can be shown to be whole, in order and as it was (SEC-52)."""
