"""Mailboxes: read over IMAP into the tenant's e-mails, and what people write sent on its way."""
