"""The file door: the only place that stores, names, opens and serves files (SEC-20 to SEC-23)."""
