CREATE INDEX ix_audit_event_at ON audit_event (at DESC, id DESC);
