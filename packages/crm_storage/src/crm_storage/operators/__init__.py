"""The people who run the installation: apart from every tenant, with a password and a second factor (SEC-08)."""
