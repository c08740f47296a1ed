"""Backups of one tenant: its tables as of one moment and its files, sealed, and the ways back from them (REL-35 to -37)."""
