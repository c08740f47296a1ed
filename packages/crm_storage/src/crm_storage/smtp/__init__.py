"""SMTP as a client, for many mails over one connection: envelopes pipelined, one message in flight."""
